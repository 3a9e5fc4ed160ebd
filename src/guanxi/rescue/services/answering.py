"""What a provider does with a rescue: accepts or refuses, arrives, helps, or cannot (RESC-05, RESC-06)."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Conflict, Invalid
from guanxi.records import services as records
from guanxi.rescue.events import RescueDone
from guanxi.rescue.models import Rescue
from guanxi.rescue.permissions import Verb
from guanxi.rescue.queries import providers, rescues
from guanxi.rescue.services import steps
from guanxi.rescue.services.steps import ANSWER, CALL_BACK, CHASE, NAME, RECEIVE
from guanxi.rescue.states import Ending, Result, Sending, State
from guanxi.worklist.services.deadlines import Term

MOST_MINUTES, RECEIVED_WITHIN = 600, datetime.timedelta(hours=2)
MOST_MONEY = Decimal(100_000)


@dataclass(frozen=True)
class Crew:
    """Who comes, and when."""

    minutes: int
    name: str = ""
    phone: str = ""
    truck: str = ""


@dataclass(frozen=True)
class Report:
    """How it ended at the place: towed to which outlet, what it cost, and what the customer paid of it."""

    result: str
    destination_id: int | None = None
    settled: Decimal | None = None
    settled_customer: Decimal | None = None


def accept(*, actor: Actor, rescue_id: int, crew: Crew, at: datetime.datetime) -> Rescue:
    """Accept a rescue for a provider and say when he arrives: locks, checks, writes, ends the task to answer, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not answer for the provider.
    :raises Conflict: it stands elsewhere by now.
    :raises Invalid: minutes that cannot be.
    """
    if not 1 <= crew.minutes <= MOST_MINUTES:
        raise Invalid(_("Between 1 and 600 minutes."), field="minutes")
    with db.atomic():
        row, before = steps.moved(actor, rescue_id, Verb.ANSWER, State.ACCEPTED)
        sent = steps.running(row)
        sent.state, sent.answered_at, sent.answered_by = Sending.ACCEPTED, at, actor.name[:NAME]
        sent.eta_at = row.eta_at = row.due_at = at + datetime.timedelta(minutes=crew.minutes)
        sent.crew, sent.crew_phone, sent.truck = (
            crew.name.strip()[:80],
            crew.phone.strip()[:30],
            crew.truck.strip()[:12],
        )
        sent.save()
        row.save()
        steps.end(row, ANSWER, Ending.ANSWERED, at)
        records.audit(actor=actor, verb=Verb.ANSWER, **steps.line(row, before))
    return row


def refuse(*, actor: Actor, rescue_id: int, reason: str, at: datetime.datetime) -> Rescue:
    """Refuse a rescue for a provider with a reason, so that another is sent: locks, checks, writes, ends his task,
    gives the dispatcher his, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not answer for the provider.
    :raises Conflict: he accepted it, or it stands elsewhere by now.
    :raises Invalid: no reason.
    """
    return _given_back(actor, rescue_id, reason, at, Sending.REFUSED, "rescue.refuse")


def fail(*, actor: Actor, rescue_id: int, reason: str, at: datetime.datetime) -> Rescue:
    """Say that the provider cannot help at the place, with a reason, so that another is sent: as ``refuse``.

    :raises Conflict: he is not at the place.
    """
    return _given_back(actor, rescue_id, reason, at, Sending.FAILED, "rescue.fail")


def _given_back(
    actor: Actor, rescue_id: int, reason: str, at: datetime.datetime, state: Sending, verb: str
) -> Rescue:  # fmt: skip
    words = steps.reason_of(reason)
    with db.atomic():
        row, before = steps.moved(actor, rescue_id, Verb.ANSWER, State.TAKEN)
        sent = steps.running(row)
        expected = Sending.SENT if state == Sending.REFUSED else Sending.ARRIVED
        if sent.state != expected:
            raise Conflict(_("This cannot follow on how the sending stands."))
        sent.state, sent.reason, sent.answered_at = state, words, sent.answered_at or at
        sent.answered_by = sent.answered_by or actor.name[:NAME]
        sent.save()
        db.widen(row.place_id)  # the rescue goes back to who took it, out of the provider's sight
        steps.end(row, ANSWER, Ending.ANSWERED, at)
        steps.to_be_sent(row, at)
        row.save()
        records.audit(actor=actor, verb=verb, **steps.line(row, before, {"reason": words}))
    return row


def arrive(*, actor: Actor, rescue_id: int, at: datetime.datetime) -> Rescue:
    """Note that the provider is at the place: locks, checks, writes, ends what chased him, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not answer for the provider.
    :raises Conflict: he is not on the way.
    """
    with db.atomic():
        row, before = steps.moved(actor, rescue_id, Verb.ANSWER, State.ARRIVED)
        sent = steps.running(row)
        sent.state, sent.arrived_at, row.arrived_at = Sending.ARRIVED, at, at
        sent.save()
        row.save()
        steps.end(row, CHASE, Ending.ARRIVED, at)
        records.audit(actor=actor, verb="rescue.arrive", **steps.line(row, before))
    return row


def finish(*, actor: Actor, rescue_id: int, report: Report, at: datetime.datetime) -> Rescue:
    """Note how a rescue ended at the place: locks, checks, writes result and money, announces a towed car to the
    workshop, gives whoever calls back his task, audits, publishes RescueDone.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not answer for the provider.
    :raises Conflict: nobody is at the place.
    :raises Invalid: no result, no workshop for a tow, or sums that cannot be.
    """
    _refuse_unfit(report, clock.day_of(at))
    with db.atomic():
        row, before = steps.moved(actor, rescue_id, Verb.ANSWER, State.DONE)
        sent = steps.running(row)
        sent.state = Sending.FINISHED
        sent.save()
        row.result, row.destination_id, row.done_at = report.result, report.destination_id, at
        row.settled, row.settled_customer = report.settled, report.settled_customer
        terms = rescues.terms_on(clock.day_of(at))
        if row.destination_id is not None:
            steps.ask(row, RECEIVE, row.destination_id, terms.receiver_id, at + RECEIVED_WITHIN, at)
        row.due_at = steps.ask(row, CALL_BACK, row.place_id, terms.caller_id, Term(days=terms.call_back_days), at)
        row.save()
        said = {"result": row.result, "settled": str(report.settled) if report.settled is not None else None}
        records.audit(actor=actor, verb="rescue.finish", **steps.line(row, before, said))
        events.publish(
            RescueDone(row.pk, row.provider_id or 0, row.destination_id, row.customer_id, row.vehicle_id)
        )  # fmt: skip
    return row


def _refuse_unfit(report: Report, day: datetime.date) -> None:
    if report.result not in Result.values:
        raise Invalid(_("Choose one of the values offered."), field="result")
    if report.result == Result.TOWED and str(report.destination_id) not in dict(providers.workshops(day)):
        raise Invalid(_("Say to which workshop."), field="destination")
    if report.result != Result.TOWED and report.destination_id is not None:
        raise Invalid(_("Only a towed car goes to a workshop."), field="destination")
    for name in ("settled", "settled_customer"):
        sum_ = getattr(report, name)
        if sum_ is not None and not 0 <= sum_ <= MOST_MONEY:
            raise Invalid(_("A sum between 0 and 100,000."), field=name)
    if report.settled_customer is not None and (report.settled is None or report.settled_customer > report.settled):
        raise Invalid(_("The customer pays no more than the whole."), field="settled_customer")
