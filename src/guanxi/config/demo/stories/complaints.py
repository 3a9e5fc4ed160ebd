"""Complaints of the last weeks: closed, rejected once, explained, judged, and some that wait."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from guanxi.complaints.models import Complaint
from guanxi.complaints.services import handling, intake, judging, revisit
from guanxi.complaints.services.intake import NewComplaint
from guanxi.complaints.services.judging import Verdict
from guanxi.config.demo.stories.stage import Stage, read

# How long after it was taken in each step is done; in a later round counted from the word of the customer.
CONTACT, VALID, CAUSE, PLAN, DONE = (datetime.timedelta(minutes=number) for number in (35, 50, 120, 180, 420))
ASKED, JUDGED = datetime.timedelta(days=2), datetime.timedelta(days=3)
CALLER, JUDGE = "callback", "gm"


def tell(stage: Stage) -> int:
    """Carry out the complaints of the file; return how many there are."""
    stories = read("complaints")["complaint"]
    for number, story in enumerate(stories):
        _tell(stage, number, story)
    return len(stories)


def _tell(stage: Stage, number: int, story: Mapping[str, Any]) -> None:
    at = stage.moment(story["days"], story.get("time"))
    customer, vehicle = stage.owners[number % len(stage.owners)]
    new = NewComplaint(
        outlet_id=stage.home.pk, angle=story["angle"], words=story["words"], token=f"demo:{number}",
        kind=story.get("kind", "COMPLAINT"), category=story.get("category", ""), level=story.get("level", "NORMAL"),
        channel=story.get("channel", "PHONE"), customer_id=customer.pk, vehicle_id=vehicle.pk,
        parties=story.get("parties", ()), is_another=True,
    )  # fmt: skip
    row = intake.open_complaint(actor=stage.actor(CALLER), new=new, at=at)
    if "contact" in story:
        _handle(stage, row, story, at)


def _handle(stage: Stage, row: Complaint, story: Mapping[str, Any], at: datetime.datetime) -> None:
    who = stage.actor(stage.name_of(row.owner_id or 0))
    handling.record_contact(actor=who, complaint_id=row.pk, words=story["contact"], at=at + CONTACT)
    if "valid" not in story and "invalid" not in story:
        return
    said = story.get("valid", story.get("invalid"))
    handling.decide_validity(
        actor=who, complaint_id=row.pk, is_valid="valid" in story, words=said, at=at + VALID
    )  # fmt: skip
    for part in story.get("round", ()):
        at = _round(stage, row, part, at)
    if "judged" in story:
        judged = story["judged"]
        verdict = Verdict(judged["liability"], judged["words"], judged["liable"])
        judging.judge(actor=stage.actor(JUDGE), complaint_id=row.pk, verdict=verdict, at=at + JUDGED - ASKED)


def _round(stage: Stage, row: Complaint, part: Mapping[str, Any], at: datetime.datetime) -> datetime.datetime:
    """Carry one round as far as it is told; return when the customer was asked, or when it began."""
    who, pk = stage.actor(stage.name_of(row.owner_id or 0)), row.pk
    handling.name_cause(
        actor=who, complaint_id=pk, cause=part["cause"], category=part.get("category", ""),
        words=part["analysis"], at=at + CAUSE,
        where=handling.Where(part.get("system", ""), part.get("part", ""), part.get("fault_code", "")),
    )  # fmt: skip
    if "plan" in part:
        handling.agree_plan(actor=who, complaint_id=pk, words=part["plan"], at=at + PLAN)
    if "measure" not in part:
        return at
    paid = Decimal(part["compensation"]) if "compensation" in part else None
    handling.resolve(actor=who, complaint_id=pk, words=part["measure"], compensation=paid, at=at + DONE)
    if "verdict" not in part:
        return at
    revisit.record_revisit(
        actor=stage.actor(CALLER), complaint_id=row.pk, is_satisfied=part["is_satisfied"], words=part["verdict"],
        at=at + ASKED,
    )  # fmt: skip
    return at + ASKED
