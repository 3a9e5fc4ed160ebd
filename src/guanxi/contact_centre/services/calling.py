"""Recording a call or a visit: once, with everything that follows from it."""

import datetime
import uuid
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.contact_centre.events import CallRecorded
from guanxi.contact_centre.models import Call, Script, Terms
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.policy import calls, scripts
from guanxi.contact_centre.queries import calls as queries
from guanxi.contact_centre.queries import enquiries
from guanxi.contact_centre.services import enquiring, findings, rating, reports
from guanxi.contact_centre.services.reports import Report
from guanxi.contact_centre.states import Aim, EnquiryKind, Outcome, Way
from guanxi.customers import queries as customers
from guanxi.customers.models import ContactPoint, Customer
from guanxi.customers.services import reaching
from guanxi.customers.states import PointState
from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid
from guanxi.foundation.personal_data import mask_phone
from guanxi.foundation.tables import parse_date_or_none
from guanxi.records import services as records
from guanxi.vehicles.queries import cars
from guanxi.verification.services import checking
from guanxi.worklist.models import Task
from guanxi.worklist.queries import calendars
from guanxi.worklist.services import adding, working
from guanxi.worklist.services.deadlines import Term

PROMISED = gettext_noop("Promised to call back")
PROMISED_IN = gettext_noop("Promised in the call of %(day)s to call back")
PROMISED_VISIT = gettext_noop("Promised to come again")
PROMISED_ON_VISIT = gettext_noop("Promised on the visit of %(day)s to come again")
CALL_BACK, VISIT_AGAIN = "contact_centre.call_back", "contact_centre.visit_again"
LONGEST, HIGH = 2000, 2


@dataclass(frozen=True)
class _Setting:
    """Whom a call is with, where it is made, for which task, about which cars it may be."""

    customer: Customer
    node_id: int
    task: Task | None
    cars: frozenset[int]


def record_call(*, actor: Actor, task_id: int, report: Report, at: datetime.datetime) -> Call:
    """Record the call or the visit that a task asks for, in one transaction: checks, locks the task, returns the call
    of the same token if there is one, checks what was typed, decides what it counts as and what follows, writes the
    call, marks the number as proven or wrong, keeps what answers are worth for whose work they judge, writes the
    attempt and ends the task or lets it wait for the next try or the promise, passes on what was found or suggested,
    records how the fields of the record were found, audits, publishes CallRecorded.

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
            return _same(known, task_id=task.pk, customer_id=known.customer_id)
        if not queries.may_record(actor, task):
            raise Conflict(_("This call is over, or somebody else has it."))
        customer = customers.customer(actor, task.subject_id or 0)
        held = frozenset(car.pk for car in queries.cars_of(task))
        return _recorded(actor, _Setting(customer, task.node_id, task, held), report, at)


def log_call(*, actor: Actor, customer_id: int, report: Report, at: datetime.datetime) -> Call:
    """Record a call or a visit that no task asked for, in one transaction: checks, returns the call of the same token
    if there is one, then as ``record_call``; a promise becomes a task of whoever gave it.

    :raises NotFound: the customer is none that the actor sees.
    :raises NotAllowed: the actor may not call at the place where the call is made.
    :raises Conflict: the form was sent for another call.
    :raises Invalid: an answer, the outcome, the number or the promise cannot be accepted.
    """
    check(actor, Verb.CALL)
    with db.atomic():
        db.serialise(f"contact_centre.{report.token}")
        customer = customers.customer(actor, customer_id)
        known = Call.objects.filter(token=report.token).first()
        if known is not None:
            return _same(known, task_id=None, customer_id=customer.pk)
        node_id = queries.place_of_call(actor, customer.pk, clock.day_of(at))
        check(actor, Verb.CALL, node_id)
        held = frozenset(car.pk for car in cars.held_by([customer.pk]).get(customer.pk, []))
        return _recorded(actor, _Setting(customer, node_id, None, held), report, at)


def _recorded(actor: Actor, setting: _Setting, report: Report, at: datetime.datetime) -> Call:
    script = Script.objects.filter(pk=report.script_id).first() if report.script_id else None
    if script is None and (report.script_id or setting.task):
        raise Invalid(_("There is no such script."), field="script")
    reports.refuse_means(report, setting.task, at)
    stands = reports.settled(script, report)
    reports.refuse_promise(report, at)
    point = _point(setting.customer.pk, report.point_id)
    call = _write(actor, setting, point, script, (report, stands), at)
    _mark(actor, call, point, at)
    _rate(actor, call, setting)
    terms = queries.terms_on(clock.day_of(at))
    if setting.task is not None:
        _work(actor, setting.task, call, terms, at)
    elif call.promised_at is not None:
        _call_back(actor, call, setting.customer, call.promised_at, at)
    _pass_on(actor, call, setting.customer, report, terms, at)
    _suggest(actor, call, report, at)
    _verify(actor, call, setting, report, at)
    _tell(actor, call, setting.customer)
    return call


def _same(known: Call, *, task_id: int | None, customer_id: int) -> Call:
    if known.task_id != task_id or known.customer_id != customer_id:
        raise Conflict(_("This form was sent for another call already."))
    return known


def _point(customer_id: int, point_id: int | None) -> ContactPoint | None:
    if point_id is None:
        return None
    found = next((row for row in queries.phones(customer_id) if row.pk == point_id), None)
    if found is None:
        raise Invalid(_("This is no number of the customer that may be called."), field="point")
    return found


def _write(
    actor: Actor, setting: _Setting, point: ContactPoint | None, script: Script | None,
    said: tuple[Report, scripts.Answers], at: datetime.datetime,
) -> Call:  # fmt: skip
    report, stands = said
    started_at, ended_at = report.span(at)
    if report.vehicle_id is not None and report.vehicle_id not in setting.cars:
        raise Invalid(_("This call is not about this car."), field="vehicle")
    return Call.objects.create(
        token=report.token, customer=setting.customer, vehicle_id=report.vehicle_id,
        task_id=setting.task.pk if setting.task else None, node_id=setting.node_id,
        agent_id=actor.user_id, agent_name=actor.name[:160], script=script, point=point,
        number=mask_phone(point.value) if point else "",
        means=report.means, met_at=report.met_at, started_at=started_at, ended_at=ended_at, outcome=report.outcome,
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


def _rate(actor: Actor, call: Call, setting: _Setting) -> None:
    """Say what the answers are worth for whose work they judge; a task about one car is about that one."""
    only = next(iter(setting.cars)) if setting.task is not None and len(setting.cars) == 1 else None
    day = parse_date_or_none(str(setting.task.values.get("day", ""))) if setting.task is not None else None
    rating.rate(actor=actor, call=call, vehicle_id=call.vehicle_id or only, day=day)


def _work(actor: Actor, task: Task, call: Call, terms: Terms, at: datetime.datetime) -> None:
    """Write the attempt, and end the task or let it wait."""
    others = [row for row in queries.phones(call.customer_id) if row.state != PointState.WRONG]
    ended = calls.Ended(
        call.outcome, call.disposition, task.tries + 1, at, call.promised_at,
        has_other_number=any(row.pk != call.point_id for row in others),
    )  # fmt: skip
    today = clock.day_of(at)
    openings = calendars.openings([task.node_id], today, today + calls.LOOKS_AHEAD).get(task.node_id, {})
    following = calls.follow(ended, terms.plan, timezone.get_current_timezone(), openings)
    working.record_attempt(
        actor=actor, task_id=task.pk, outcome=call.outcome, note=call.note, next_try_at=following.at, at=at
    )
    if following.result:
        ending = working.Ending(following.result, call.note)
        working.finish(actor=actor, task_id=task.pk, ending=ending, at=at)
    elif call.promised_at is not None and call.promised_at > task.due_at:
        _move_deadline(actor, task, call, call.promised_at, at)


def _call_back(
    actor: Actor, call: Call, customer: Customer, promised_at: datetime.datetime, at: datetime.datetime
) -> None:
    """Write the task of a promise that no task waits for: it opens at its moment, for whoever gave it."""
    kind, reason = (VISIT_AGAIN, PROMISED_ON_VISIT) if call.is_visit else (CALL_BACK, PROMISED_IN)
    task = adding.NewTask(
        kind=kind, key=f"{kind}:{call.pk}", node_id=call.node_id, reason=reason, due=Term(days=0),
        owner_id=actor.user_id, role=None, opens_at=promised_at, subject_type=queries.CUSTOMER,
        subject_id=customer.pk, subject_label=customer.name, note=call.note,
        values={"day": clock.day_of(at).isoformat(), "cars": [call.vehicle_id] if call.vehicle_id else []},
        priority=HIGH,
    )  # fmt: skip
    adding.add_task(actor=actor, task=task, at=at)


def _move_deadline(actor: Actor, task: Task, call: Call, to: datetime.datetime, at: datetime.datetime) -> None:
    """Move the deadline to the promise as far as deadlines may be moved; beyond that it is late, but not lost."""
    reason = PROMISED_VISIT if call.is_visit else PROMISED
    try:
        working.postpone(actor=actor, task_id=task.pk, to=to, reason=reason, at=at)
    except (Conflict, Invalid):
        return


def _pass_on(actor: Actor, call: Call, customer: Customer, report: Report, terms: Terms, at: datetime.datetime) -> None:
    origin = findings.Origin(
        str(call.pk), f"call-{call.token}", call.node_id, customer.pk, customer.name, call.vehicle_id, call.task_id
    )
    found = findings.Found(
        report.correction, report.purchase, report.problem, report.problem_words, report.purchase_kind
    )
    findings.pass_all_on(actor=actor, origin=origin, found=found, terms=terms, at=at)


def _suggest(actor: Actor, call: Call, report: Report, at: datetime.datetime) -> None:
    """Put what the customer suggests before the department that is responsible (FUP-08): an enquiry with a deadline,
    whose ladder urges it on; then the customer is told.
    """
    words, about = report.suggestion.strip(), report.suggestion_about
    if not (words or about or report.suggestion_aim):
        return
    if not words:
        raise Invalid(_("Say what the customer suggests."), field="suggestion")
    if about not in {row.pk for row in enquiries.categories()}:
        raise Invalid(_("Say what the suggestion is about."), field="suggestion_about")
    if report.suggestion_aim and report.suggestion_aim not in Aim.values:
        raise Invalid(_("Choose one of the values offered."), field="suggestion_aim")
    held = {car.pk for car in cars.held_by([call.customer_id]).get(call.customer_id, [])}
    new = enquiring.NewEnquiry(
        uuid.uuid5(call.token, "suggestion"), about, words, is_resolved=False, kind=EnquiryKind.SUGGESTION,
        way=Way.VISIT if call.is_visit else Way.PHONE, customer_id=call.customer_id,
        vehicle_id=call.vehicle_id if call.vehicle_id in held else None,
        outlet_id=queries.outlet_of(actor, call.customer_id, call.node_id), started_at=call.started_at,
        aim=report.suggestion_aim,
    )  # fmt: skip
    enquiring.take(actor=actor, enquiry=new, at=at)


def _verify(actor: Actor, call: Call, setting: _Setting, report: Report, at: datetime.datetime) -> None:
    """Record what was found of the record, if this call verifies one; who broke off was not asked the rest."""
    if call.outcome != Outcome.REACHED:
        return
    task, day = setting.task, clock.day_of(at)
    subject = queries.verified_in(actor, task, setting.customer, day) if task is not None else None
    if subject is None:
        if report.record:
            raise Invalid(_("This call verifies no record."), field="record")
        return
    new = checking.NewCheck(subject, call.pk, call.node_id, report.record, report.is_broken_off)
    checking.record_check(actor=actor, new=new, at=at)


def _tell(actor: Actor, call: Call, customer: Customer) -> None:
    script = str(call.script or "")
    records.audit(
        actor=actor, verb=Verb.CALL, subject_type="call", subject_id=call.pk, subject_label=customer.name,
        node_id=call.node_id, after={
            "task": call.task_id, "script": script, "outcome": call.outcome, "counts_as": call.disposition,
            "means": call.means,
            "promised_at": call.promised_at, "number": call.number,
        },
    )  # fmt: skip
    events.publish(
        CallRecorded(
            call.pk, call.task_id, call.customer_id, call.vehicle_id, call.node_id, script, call.outcome,
            call.disposition,
        )
    )  # fmt: skip
