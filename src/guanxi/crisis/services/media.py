"""What media and the network report: registered, put to a complaint or a crisis, answered, closed (CRIS-07, CMP-38)."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.complaints.queries import cases
from guanxi.crisis.events import ReportRegistered
from guanxi.crisis.models import Report
from guanxi.crisis.permissions import Verb
from guanxi.crisis.queries import choosing, media, rooms
from guanxi.crisis.services import steps
from guanxi.crisis.services.opening import HOURS
from guanxi.crisis.states import Act, Medium, ReportResult, ReportState
from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import SYSTEM, Actor, check
from guanxi.foundation.errors import Conflict, Invalid, words_of
from guanxi.network.models import Node
from guanxi.records import services as records
from guanxi.worklist.services import adding, working

SUBJECT, KIND = "crisis.report", "crisis.media"
REASON = gettext_noop("Answer what media report: %(what)s")


@dataclass(frozen=True)
class NewReport:
    """An article or a post."""

    place_id: int
    medium: str
    source: str
    title: str
    day: datetime.date
    words: str
    address: str = ""


def register(*, actor: Actor, new: NewReport, at: datetime.datetime) -> Report:
    """Register an article or a post: checks the right at the place and what is said, writes it with the task to answer
    it, which climbs when it is late, audits, publishes ReportRegistered, by which many reports raise an alarm.

    :raises NotAllowed: the actor does not handle crises there.
    :raises Invalid: something is missing, none of what is offered, or a day ahead.
    :raises Conflict: this address is registered already.
    """
    check(actor, Verb.HANDLE, new.place_id)
    said = {
        "source": words_of(new.source, "source", most=120), "title": words_of(new.title, "title", most=200),
        "words": words_of(new.words),
    }  # fmt: skip
    if new.medium not in Medium.values or not Node.objects.filter(pk=new.place_id).exists():
        raise Invalid(_("Choose one of the values offered."), field="medium")
    if new.day > clock.day_of(at):
        raise Invalid(_("This day lies ahead."), field="day")
    address = new.address.strip()[:400]
    with db.atomic():
        db.serialise(f"crisis.report.{address}")
        if address and media.is_registered(address):
            raise Conflict(_("This address is registered already."), field="address")
        row = Report.objects.create(
            place_id=new.place_id, medium=new.medium, address=address, day=new.day, made_at=at,
            made_by=actor.name[:160], **said,
        )  # fmt: skip
        _ask(row, at)
        _audit(actor, "crisis.register", row)
        events.publish(ReportRegistered(row.pk, row.place_id))
    return row


def _ask(row: Report, at: datetime.datetime) -> None:
    duty = choosing.duty()
    if duty is None:
        return
    task = adding.NewTask(
        kind=KIND, key=row.task_key, node_id=row.place_id, reason=REASON, role=duty.responsible_id, priority=1,
        due=at + datetime.timedelta(hours=duty.deadline_hours or HOURS), subject_type=SUBJECT, subject_id=row.pk,
        subject_label=row.title[:160], values={"what": row.title},
    )  # fmt: skip
    db.widen(row.place_id)
    adding.add_task(actor=SYSTEM, task=task, at=at)


def attach(
    *, actor: Actor, report_id: int, complaint_id: int | None, crisis_id: int | None, at: datetime.datetime
) -> Report:  # fmt: skip
    """Put a report to a complaint, a crisis, or both: locks, checks, writes, notes it in the log of the crisis, audits.

    :raises NotFound: there is no such report, complaint or crisis, or not for this actor.
    :raises NotAllowed: the actor does not handle crises there.
    :raises Conflict: it is closed.
    """
    with db.atomic():
        row = _locked(actor, report_id, ReportState.NEW, ReportState.ANSWERED)
        row.complaint = cases.complaint(actor, complaint_id) if complaint_id else None
        crisis = rooms.crisis(actor, crisis_id) if crisis_id else None
        if crisis is not None and crisis.pk != row.crisis_id:
            steps.need_running(crisis)
            check(actor, Verb.HANDLE, crisis.place_id)
            steps.say(actor, crisis, Act.HEARD, f"{row.source}: {row.title}", at)
        row.crisis = crisis
        row.save()
        _audit(actor, "crisis.attach", row, complaint=complaint_id, crisis=crisis_id)
    return row


def answer(*, actor: Actor, report_id: int, words: str, at: datetime.datetime) -> Report:
    """Record what was answered: locks, checks, writes, ends the task, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle crises there.
    :raises Conflict: it was answered or closed already.
    :raises Invalid: no words.
    """
    said = words_of(words)
    with db.atomic():
        row = _locked(actor, report_id, ReportState.NEW)
        row.state, row.answer = ReportState.ANSWERED, said
        row.answered_at, row.answered_by = at, actor.name[:160]
        row.save()
        _end(row, ReportResult.ANSWERED, at)
        _audit(actor, "crisis.answer", row, answer=said)
    return row


def close_report(*, actor: Actor, report_id: int, words: str, at: datetime.datetime) -> Report:
    """Close a report with a conclusion, answered or not: locks, checks, writes, ends the task, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle crises there.
    :raises Conflict: it is closed already.
    :raises Invalid: no conclusion.
    """
    said = words_of(words)
    with db.atomic():
        row = _locked(actor, report_id, ReportState.NEW, ReportState.ANSWERED)
        row.state, row.conclusion = ReportState.CLOSED, said
        row.closed_at, row.closed_by = at, actor.name[:160]
        row.save()
        _end(row, ReportResult.CLOSED, at)
        _audit(actor, "crisis.close_report", row, conclusion=said)
    return row


def _locked(actor: Actor, report_id: int, *states: str) -> Report:
    row = db.lock(media.visible_to(actor), report_id)
    check(actor, Verb.HANDLE, row.place_id)
    if row.state not in states:
        raise Conflict(_("This cannot follow: it stands at “%(state)s”.") % {"state": row.get_state_display()})
    return row


def _end(row: Report, result: str, at: datetime.datetime) -> None:
    db.widen(row.place_id)
    working.settle(actor=SYSTEM, key=row.task_key, outcome=result, at=at)


def _audit(actor: Actor, verb: str, row: Report, **after: Any) -> None:
    records.audit(
        actor=actor, verb=verb, subject_type=SUBJECT, subject_id=row.pk, subject_label=row.title, node_id=row.place_id,
        after={"state": row.state, "source": row.source, "address": row.address} | after,
    )  # fmt: skip
