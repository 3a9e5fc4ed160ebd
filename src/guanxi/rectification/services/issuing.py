"""Issuing a notice (FUP-06)."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries as customers
from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Invalid
from guanxi.network.models import Ancestry
from guanxi.records import services as records
from guanxi.rectification.events import NoticeIssued
from guanxi.rectification.models import Notice, Problem
from guanxi.rectification.permissions import Verb
from guanxi.rectification.services import steps
from guanxi.rectification.services.steps import ANSWER, LONGEST
from guanxi.vehicles.queries import cars
from guanxi.worklist.services.deadlines import Asked, Term, reckon


@dataclass(frozen=True)
class NewNotice:
    """What a notice says. ``days``: working days to answer; None: those of the problem. ``token`` names the form that
    was sent: the same one again is the same notice.
    """

    outlet_id: int
    problem: str
    words: str
    token: str
    department: str = ""
    days: int | None = None
    customer_id: int | None = None
    vehicle_id: int | None = None


def issue(*, actor: Actor, notice: NewNotice, at: datetime.datetime) -> Notice:
    """Issue a notice to a department of an outlet: checks the right there and what it says, reckons the deadline on
    the outlet's calendar, writes it with the task of the department, audits, publishes NoticeIssued. The same form
    again returns what it made.

    :raises NotAllowed: the actor may not issue notices there.
    :raises NotFound: the customer or car is none that the actor sees.
    :raises Invalid: no known problem, department or words, or days that cannot be.
    """
    check(actor, Verb.ISSUE, notice.outlet_id)
    words = notice.words.strip()[:LONGEST]
    problem = Problem.objects.filter(pk=notice.problem, is_active=True).first()
    if problem is None:
        raise Invalid(_("Choose one of the values offered."), field="problem")
    if not words:
        raise Invalid(_("Say what is wrong."), field="words")
    days = problem.answer_days if notice.days is None else notice.days
    if not 1 <= days <= 60:  # noqa: PLR2004 -- as the table says
        raise Invalid(_("Between one and sixty working days."), field="days")
    _refuse_unseen(actor, notice)
    with db.atomic():
        db.serialise(f"rectification.{notice.token}")
        earlier = Notice.objects.filter(token=notice.token, issued_by_id=actor.user_id).first()
        if earlier is not None:
            return earlier
        row = _made(actor, notice, problem, words, days, at)
        steps.ask(actor, row, ANSWER, row.outlet_id, Term(days=days), at)
        records.audit(actor=actor, verb=Verb.ISSUE, **steps.line(row, {}))
        events.publish(NoticeIssued(row.pk, row.outlet_id, row.customer_id))
    return row


def _refuse_unseen(actor: Actor, notice: NewNotice) -> None:
    if notice.customer_id is not None:
        customers.customer(actor, notice.customer_id)
    if notice.vehicle_id is not None:
        cars.seen(actor, notice.vehicle_id)


def _made(
    actor: Actor, notice: NewNotice, problem: Problem, words: str, days: int, at: datetime.datetime
) -> Notice:  # fmt: skip
    department = steps.department_of(notice.department or problem.department_id)
    asked = Asked(ANSWER, notice.outlet_id, at, None, days, None)
    place_id = _place(actor, notice.outlet_id, at)
    return Notice.objects.create(
        outlet_id=notice.outlet_id, place_id=place_id, department=department, problem=problem,
        customer_id=notice.customer_id, vehicle_id=notice.vehicle_id, words=words, token=notice.token[:64],
        issued_at=at, issued_by_id=actor.user_id, issued_by=actor.name[:160], due_at=reckon([asked], at)[asked].due_at,
    )  # fmt: skip


def _place(actor: Actor, outlet_id: int, at: datetime.datetime) -> int:
    """Return where a notice is verified: at the outlet itself, if the actor belongs there, else where he belongs."""
    if actor.home_id is None:
        return outlet_id
    above = {"ancestor_id": outlet_id, "descendant_id": actor.home_id, "during__contains": clock.day_of(at)}
    return outlet_id if Ancestry.objects.filter(**above).exists() else actor.home_id
