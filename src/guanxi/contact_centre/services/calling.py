"""Recording a call: once, with everything that follows from it."""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.contact_centre import queries
from guanxi.contact_centre.events import CallRecorded
from guanxi.contact_centre.models import Call, Script, Terms
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.policy import calls, scripts
from guanxi.contact_centre.services import findings
from guanxi.contact_centre.states import Outcome
from guanxi.customers import queries as customers
from guanxi.customers.models import ContactPoint, Customer
from guanxi.customers.services import reaching
from guanxi.customers.states import PointState
from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid, Problem
from guanxi.foundation.personal_data import mask_phone
from guanxi.records import services as records
from guanxi.verification.services import checking
from guanxi.verification.states import Said
from guanxi.worklist.models import Task
from guanxi.worklist.services import working

PROMISED = gettext_noop("Promised to call back")
LONGEST = 2000


@dataclass(frozen=True)
class Report:
    """What the agent writes down about a call; ``correction`` and ``purchase`` are words that become work, those of
    ``problem_words`` a notice to a department; ``record`` is how the fields of the record were found.
    """

    token: uuid.UUID
    script_id: int
    outcome: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    started_at: datetime.datetime | None = None
    point_id: int | None = None
    vehicle_id: int | None = None
    is_broken_off: bool = False
    note: str = ""
    promised_at: datetime.datetime | None = None
    promised_to: str = ""
    correction: str = ""
    purchase: str = ""
    problem: str = ""
    problem_words: str = ""
    record: Mapping[str, Said] = field(default_factory=dict)


def record_call(*, actor: Actor, task_id: int, report: Report, at: datetime.datetime) -> Call:
    """Record the call that a task asks for, in one transaction: checks, locks the task, returns the call of the same
    token if there is one, checks what was typed, decides what it counts as and what follows, writes the call, marks
    the number as proven or wrong, writes the attempt and ends the task or lets it wait for the next try or the
    promise, passes on what was found, records how the fields of the record were found, audits, publishes CallRecorded.

    :raises NotFound: no such call to a customer, or not for this actor.
    :raises NotAllowed: the actor may call nowhere.
    :raises Conflict: the task is over, or somebody else has it, or the form was sent for another one.
    :raises Invalid: an answer, the outcome, the number or the promise cannot be accepted.
    """
    check(actor, Verb.CALL)
    with db.atomic():
        task = db.lock(queries.to_call(actor), task_id)
        known = Call.objects.filter(token=report.token).first()
        if known is not None:
            return _same(known, task)
        if not queries.may_record(actor, task):
            raise Conflict(_("This call is over, or somebody else has it."))
        customer = customers.customer(actor, task.subject_id or 0)
        script = Script.objects.filter(pk=report.script_id).first()
        if script is None:
            raise Invalid(_("There is no such script."), field="script")
        stands = _answers(script, report)
        _refuse_promise(report, at)
        point = _point(customer.pk, report.point_id)
        call = _write(actor, task, customer, point, script, (report, stands), at)
        _mark(actor, call, point, at)
        terms = queries.terms_on(clock.day_of(at))
        _work(actor, task, call, terms, at)
        _pass_on(actor, call, customer, report, terms, at)
        _verify(actor, task, call, customer, report, at)
        _tell(actor, call, customer)
    return call


def _same(known: Call, task: Task) -> Call:
    if known.task_id != task.pk:
        raise Conflict(_("This form was sent for another call already."))
    return known


def _answers(script: Script, report: Report) -> scripts.Answers:
    """Return the answers that stand.

    :raises Invalid: an outcome or an answer that is none, or a mandatory question left open although nobody broke off.
    """
    if report.outcome not in Outcome.values:
        raise Invalid(_("There is no such outcome."), field="outcome")
    stands = scripts.settle(script.asked, report.answers)
    problems = [Problem(_("This is no answer to the question."), f"answers.{key}") for key in stands.wrong]
    if report.outcome == Outcome.REACHED and not report.is_broken_off:
        problems += [
            Problem(_("Ask this, or say that the call was broken off."), f"answers.{key}") for key in stands.missing
        ]
    if problems:
        raise Invalid(problems=problems)
    return stands


def _refuse_promise(report: Report, at: datetime.datetime) -> None:
    if report.promised_at is None:
        if report.promised_to.strip():
            raise Invalid(_("Say when you promised to call."), field="promised_at")
        return
    if not calls.may_promise(report.outcome, is_broken_off=report.is_broken_off):
        raise Invalid(_("Another call is promised to who asked for it, or broke off."), field="promised_at")
    if not at < report.promised_at <= at + calls.MOST_AHEAD:
        raise Invalid(_("The next try lies in the future, at most sixty days ahead."), field="promised_at")


def _point(customer_id: int, point_id: int | None) -> ContactPoint | None:
    if point_id is None:
        return None
    found = next((row for row in queries.phones(customer_id) if row.pk == point_id), None)
    if found is None:
        raise Invalid(_("This is no number of the customer that may be called."), field="point")
    return found


def _write(
    actor: Actor, task: Task, customer: Customer, point: ContactPoint | None, script: Script,
    said: tuple[Report, scripts.Answers], at: datetime.datetime,
) -> Call:  # fmt: skip
    report, stands = said
    if report.vehicle_id is not None and report.vehicle_id not in {car.pk for car in queries.cars_of(task)}:
        raise Invalid(_("The task is not about this car."), field="vehicle")
    return Call.objects.create(
        token=report.token, customer=customer, vehicle_id=report.vehicle_id, task_id=task.pk, node_id=task.node_id,
        agent_id=actor.user_id, agent_name=actor.name[:160], script=script, point=point,
        number=mask_phone(point.value) if point else "",
        started_at=calls.began(report.started_at, at), ended_at=at, outcome=report.outcome,
        disposition=calls.disposition(report.outcome, answered=len(stands.given), missing=len(stands.missing)),
        answers=dict(stands.given), note=report.note.strip()[:LONGEST], promised_at=report.promised_at,
        promised_to=report.promised_to.strip()[:80],
    )  # fmt: skip


def _mark(actor: Actor, call: Call, point: ContactPoint | None, at: datetime.datetime) -> None:
    """Say what the call proved of the number."""
    if point is None:
        return
    if call.outcome in calls.PROVEN:
        reaching.set_point_state(
            actor=actor, customer_id=call.customer_id, point_id=point.pk, state=PointState.VALID, reached=True, at=at
        )  # fmt: skip
    elif call.outcome == Outcome.WRONG_NUMBER:
        reaching.set_point_state(
            actor=actor, customer_id=call.customer_id, point_id=point.pk, state=PointState.WRONG, at=at
        )  # fmt: skip


def _work(actor: Actor, task: Task, call: Call, terms: Terms, at: datetime.datetime) -> None:
    """Write the attempt, and end the task or let it wait."""
    others = [row for row in queries.phones(call.customer_id) if row.state != PointState.WRONG]
    ended = calls.Ended(
        call.outcome, call.disposition, task.tries + 1, at, call.promised_at,
        has_other_number=any(row.pk != call.point_id for row in others),
    )  # fmt: skip
    following = calls.follow(ended, terms.plan, timezone.get_current_timezone())
    working.record_attempt(
        actor=actor, task_id=task.pk, outcome=call.outcome, note=call.note, next_try_at=following.at, at=at
    )
    if following.result:
        ending = working.Ending(following.result, call.note)
        working.finish(actor=actor, task_id=task.pk, ending=ending, at=at)
    elif call.promised_at is not None and call.promised_at > task.due_at:
        _move_deadline(actor, task, call.promised_at, at)


def _move_deadline(actor: Actor, task: Task, to: datetime.datetime, at: datetime.datetime) -> None:
    """Move the deadline to the promise as far as deadlines may be moved; beyond that it is late, but not lost."""
    try:
        working.postpone(actor=actor, task_id=task.pk, to=to, reason=PROMISED, at=at)
    except (Conflict, Invalid):
        return


def _pass_on(actor: Actor, call: Call, customer: Customer, report: Report, terms: Terms, at: datetime.datetime) -> None:
    if report.correction.strip():
        findings.order_correction(actor=actor, call=call, words=report.correction, terms=terms, at=at)
    if report.purchase.strip():
        findings.pass_on(actor=actor, call=call, customer=customer.name, words=report.purchase, terms=terms, at=at)
    if report.problem or report.problem_words.strip():
        if not report.problem_words.strip():
            raise Invalid(_("Say what is wrong."), field="problem_words")
        findings.put_before(actor=actor, call=call, problem=report.problem, words=report.problem_words, at=at)


def _verify(actor: Actor, task: Task, call: Call, customer: Customer, report: Report, at: datetime.datetime) -> None:
    """Record what was found of the record, if this call verifies one; who broke off was not asked the rest."""
    if call.outcome != Outcome.REACHED:
        return
    subject = queries.verified_in(actor, task, customer, clock.day_of(at))
    if subject is None:
        if report.record:
            raise Invalid(_("This call verifies no record."), field="record")
        return
    new = checking.NewCheck(subject, call.pk, call.node_id, report.record, report.is_broken_off)
    checking.record_check(actor=actor, new=new, at=at)


def _tell(actor: Actor, call: Call, customer: Customer) -> None:
    records.audit(
        actor=actor, verb=Verb.CALL, subject_type="call", subject_id=call.pk, subject_label=customer.name,
        node_id=call.node_id, after={
            "task": call.task_id, "script": str(call.script), "outcome": call.outcome, "counts_as": call.disposition,
            "promised_at": call.promised_at, "number": call.number,
        },
    )  # fmt: skip
    events.publish(
        CallRecorded(
            call.pk, call.task_id, call.customer_id, call.vehicle_id, call.node_id, str(call.script), call.outcome,
            call.disposition,
        )
    )  # fmt: skip
