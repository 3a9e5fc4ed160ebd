"""What the responsible person does: calls, finds the cause, agrees a plan, resolves (CMP-12, CMP-13, CMP-22 …)."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from guanxi.complaints import policy
from guanxi.complaints.events import ComplaintClosed, ComplaintResolved
from guanxi.complaints.models import Category, Cause, Complaint, Round
from guanxi.complaints.permissions import Verb, check_handling
from guanxi.complaints.queries import choosing
from guanxi.complaints.services import compensating, steps
from guanxi.complaints.services.steps import CONTACT, REVISIT, SOLVE
from guanxi.complaints.states import Act, Caused, Ending, Kind, Result, RevisitBy, State
from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Conflict, Invalid, words_of
from guanxi.records import services as records


def record_contact(*, actor: Actor, complaint_id: int, words: str, at: datetime.datetime) -> Complaint:
    """Record the first contact with a customer who complained: locks, checks, notes what was said, ends the task of the
    contact, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle complaints there.
    :raises Conflict: somebody else is responsible, he was contacted already, or he did not complain.
    :raises Invalid: no words.
    """
    said = words_of(words, message=_("Write down what was said."))
    with db.atomic():
        row = steps.locked(actor, complaint_id)
        check_handling(actor, row)
        before = steps.plain(row)
        if row.kind != Kind.COMPLAINT:
            raise Conflict(_("Nobody complained: answer it."))
        steps.move(row, State.ANALYSING)
        row.contacted_at, row.due_at = at, row.solve_due_at
        steps.end(row, CONTACT, Result.CONTACTED, at)
        steps.say(actor, row, Act.CONTACTED, said, at)
        row.save()
        records.audit(actor=actor, verb="complaints.record_contact", **steps.line(row, before, {"words": said}))
    return row


def decide_validity(
    *, actor: Actor, complaint_id: int, is_valid: bool, words: str, at: datetime.datetime
) -> Complaint:  # fmt: skip
    """Decide whether a complaint is valid (CMP-23): locks, checks, notes it, audits. One that is not, and was
    explained to the customer, is closed: its tasks end, and ComplaintClosed is published.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle complaints there.
    :raises Conflict: somebody else is responsible, its process does not ask, or it stands elsewhere.
    :raises Invalid: no words.
    """
    said = words_of(words, message=_("Say why, and what was explained to the customer."))
    with db.atomic():
        row = steps.locked(actor, complaint_id)
        check_handling(actor, row)
        steps.need(row, State.ANALYSING)
        if not row.process.asks_validity:
            raise Conflict(_("The process of this complaint does not ask whether it is valid."))
        if row.rounds > 1:
            raise Conflict(_("It was found valid before; only the customer's word closes it now."))
        before = steps.plain(row)
        row.is_valid = is_valid
        steps.say(actor, row, Act.VALID if is_valid else Act.INVALID, said, at)
        if not is_valid:
            steps.move(row, State.CLOSED)
            close(row, Ending.EXPLAINED, said, at)
        row.save()
        records.audit(actor=actor, verb="complaints.decide_validity", **steps.line(row, before, {"words": said}))
    return row


def close(row: Complaint, ending: Ending, summary: str, at: datetime.datetime) -> None:
    """Write how a complaint ended, unsaved; end the tasks that are left, publish ComplaintClosed."""
    row.ending, row.ended_at, row.due_at = ending, at, None
    row.summary = summary or row.summary
    for kind in (CONTACT, SOLVE, REVISIT):
        steps.end(row, kind, Result.CLOSED, at)
    events.publish(ComplaintClosed(row.pk, row.outlet_id, row.customer_id, ending, row.rounds))


@dataclass(frozen=True)
class Where:
    """Where in the car a fault is: a code of the list ``car_systems``, a part by number or name, a fault code."""

    system: str = ""
    part: str = ""
    fault_code: str = ""


NOWHERE = Where()


def name_cause(
    *, actor: Actor, complaint_id: int, cause: str, words: str, category: str = "", where: Where = NOWHERE,
    at: datetime.datetime,
) -> Round:  # fmt: skip
    """Name the cause that was found in this round, where in the car it lies, and perhaps the category: locks, checks,
    writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle complaints there.
    :raises Conflict: somebody else is responsible, its validity is not decided, or it stands elsewhere.
    :raises Invalid: no known cause, category or system, no analysis, or a product problem without a system.
    """
    said = words_of(words, message=_("Say how the cause was found."))
    found = Cause.objects.filter(pk=cause, is_active=True).first()
    if found is None:
        raise Invalid(_("Choose one of the values offered."), field="cause")
    _refuse_system(found, where.system, clock.day_of(at))
    with db.atomic():
        row = steps.locked(actor, complaint_id)
        check_handling(actor, row)
        before = steps.plain(row)
        if row.state == State.ANALYSING and row.process.asks_validity and row.is_valid is None:
            raise Conflict(_("First decide whether the complaint is valid."))
        steps.move(row, State.RESOLVING)
        row.category = _category(category) or row.category
        if row.category is None:
            raise Invalid(_("Say what the complaint is about."), field="category")
        made = steps.this_round(row)
        made.cause, made.analysis, made.system = found, said, where.system
        made.part, made.fault_code = " ".join(where.part.split())[:80], where.fault_code.strip().upper()[:40]
        made.save()
        steps.say(actor, row, Act.CAUSE, f"{found.name}: {said}", at)
        row.save()
        records.audit(
            actor=actor, verb="complaints.name_cause",
            **steps.line(row, before, {
                "cause": found.pk, "words": said, "system": made.system, "part": made.part,
                "fault_code": made.fault_code,
            }),
        )  # fmt: skip
    return made


def _refuse_system(cause: Cause, system: str, day: datetime.date) -> None:
    """Refuse a system that is none, and a product problem that lies nowhere in the car."""
    if not system and cause.kind == Caused.PRODUCT:
        raise Invalid(_("A product problem lies in a system of the car: say in which."), field="system")
    if system and system not in dict(choosing.systems(day)):
        raise Invalid(_("Choose one of the values offered."), field="system")


def _category(code: str) -> Category | None:
    if not code:
        return None
    found = Category.objects.filter(pk=code, is_active=True).first()
    if found is None:
        raise Invalid(_("Choose one of the values offered."), field="category")
    return found


def agree_plan(*, actor: Actor, complaint_id: int, words: str, at: datetime.datetime) -> Round:
    """Write down the plan that was agreed with the customer: locks, checks, writes, audits. A later one replaces it;
    both stay in the history.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle complaints there.
    :raises Conflict: somebody else is responsible, or no cause is named.
    :raises Invalid: no words.
    """
    said = words_of(words, message=_("Say what was agreed with the customer."))
    with db.atomic():
        row = steps.locked(actor, complaint_id)
        check_handling(actor, row)
        steps.need(row, State.RESOLVING)
        made = steps.this_round(row)
        made.plan = said
        made.save()
        steps.say(actor, row, Act.PLAN, said, at)
        row.save()
        records.audit(actor=actor, verb="complaints.agree_plan", **steps.line(row, steps.plain(row), {"words": said}))
    return made


def resolve(
    *, actor: Actor, complaint_id: int, words: str, compensation: Decimal | None = None, at: datetime.datetime
) -> Round:  # fmt: skip
    """Say what was done, and what compensation was given: locks, checks, writes, ends the task of the solution, asks
    whoever the process names to ask the customer, audits, publishes ComplaintResolved.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle complaints there.
    :raises Conflict: somebody else is responsible, no plan was agreed, or a decision that the process asks for is open.
    :raises Invalid: no words, or a compensation that nobody who may has approved.
    """
    said = words_of(words, message=_("Say what was done."))
    with db.atomic():
        row = steps.locked(actor, complaint_id)
        check_handling(actor, row)
        before = steps.plain(row)
        steps.move(row, State.TO_REVISIT)
        made = steps.this_round(row)
        if not made.plan:
            raise Conflict(_("First agree a plan with the customer."))
        if row.process.asks_inside and row.is_inside is None:
            raise Conflict(_("First decide whether it can be solved inside."))
        if compensation is not None:
            compensating.refuse_beyond(actor, row, compensation)
        made.measure, made.compensation = said, compensation
        made.resolved_at, made.resolved_by_id, made.resolved_by = at, actor.user_id, actor.name[:160]
        steps.end(row, SOLVE, Result.RESOLVED, at)
        row.due_at = made.revisit_due_at = steps.ask(row, REVISIT, row.process.revisit, _who_asks(row, at), at)
        made.save()
        steps.say(actor, row, Act.RESOLVED, said, at)
        row.save()
        records.audit(
            actor=actor,
            verb="complaints.resolve",
            **steps.line(row, before, {"words": said, "compensation": str(compensation or 0)}),
        )
        events.publish(ComplaintResolved(row.pk, row.outlet_id, row.customer_id))
    return made


def _who_asks(row: Complaint, at: datetime.datetime) -> steps.Whose:
    """Return who asks the customer: whoever handled it, or of those who do so the first who did not; if there is
    none, the role.
    """
    process = row.process
    if process.revisit_by == RevisitBy.OWNER:
        return steps.owner_of(row)
    held = choosing.candidates(row.outlet_id, clock.day_of(at), Verb.REVISIT)
    others = (item for item, _name in held if item.person_id != row.owner_id)
    return steps.Whose(policy.choose_person(others, process.revisit_roles), process.revisit_roles[0])


def answer(
    *, actor: Actor, complaint_id: int, words: str, at: datetime.datetime, outcome: str = "", is_told: bool = True
) -> Complaint:
    """Answer what is no complaint and close it: locks, checks, writes, ends its tasks, audits, publishes
    ComplaintClosed. ``outcome`` says what came of a suggestion or of praise, ``is_told`` whether the customer knows.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle complaints there.
    :raises Conflict: somebody else is responsible, it is closed, or the customer complained: then only he closes it.
    :raises Invalid: no words, or an outcome that this kind does not have.
    """
    said = words_of(words, message=_("Write down the answer."))
    with db.atomic():
        row = steps.locked(actor, complaint_id)
        check_handling(actor, row)
        before = steps.plain(row)
        if not policy.may_answer(row.kind, row.state):
            raise Conflict(_("A complaint is closed by the customer's word, not by an answer."))
        if not policy.fits_outcome(row.kind, outcome):
            raise Invalid(_("Say what came of the matter."), field="outcome")
        steps.move(row, State.CLOSED)
        row.outcome, row.is_told = outcome, is_told
        steps.say(actor, row, Act.ANSWERED, said, at)
        close(row, Ending.ANSWERED, said, at)
        row.save()
        after = {"words": said, "outcome": outcome, "is_told": is_told}
        records.audit(actor=actor, verb="complaints.answer", **steps.line(row, before, after))
    return row
