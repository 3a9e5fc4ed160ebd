"""Taking a complaint in: once, with one responsible person and the clocks (CMP-10, CMP-19, CMP-22, CMP-42)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from guanxi.complaints import policy
from guanxi.complaints.events import ComplaintEscalated, ComplaintOpened
from guanxi.complaints.models import Category, Complaint, Process, Round
from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries import cases, choosing, visits
from guanxi.complaints.services import caution_rule, steps
from guanxi.complaints.services.steps import CONTACT
from guanxi.complaints.states import Act, Angle, Kind, Level, Party, State
from guanxi.customers import queries as customers
from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Invalid, Problem, words_of
from guanxi.network.models import Ancestry, Node
from guanxi.records import services as records
from guanxi.vehicles.queries import cars


@dataclass(frozen=True)
class NewComplaint:
    """What is taken in. ``token`` names the form that was sent: the same one again is the same complaint. With
    ``is_another`` it is another matter than the open ones of this customer, car or number. What came through an outside
    desk (``desk``, such as 12315) has its number there and the day by which it is answered there. ``visit_id`` is a
    visit of the car (or of the customer, without a car) at the outlet.
    """

    outlet_id: int
    angle: str
    words: str
    token: str
    kind: str = Kind.COMPLAINT
    category: str = ""
    level: str = Level.NORMAL
    channel: str = "PHONE"
    customer_id: int | None = None
    vehicle_id: int | None = None
    visit_id: int | None = None
    caller_name: str = ""
    caller_phone: str = ""
    caller_car: str = ""
    desk: str = ""
    desk_number: str = ""
    answer_by: datetime.date | None = None
    named: str = ""
    parties: Sequence[str] = ()
    amount: Decimal | None = None
    is_another: bool = False


@dataclass(frozen=True)
class _Decided:
    """What was decided of it before it is written."""

    process: Process
    category: Category | None
    level: str
    signs: Sequence[str]
    owner_id: int | None
    owner_name: str


def open_complaint(*, actor: Actor, new: NewComplaint, at: datetime.datetime) -> Complaint:
    """Take a complaint in: checks the right at the outlet and what was said, offers the open ones of the same matter,
    decides process, signs of a crisis and the responsible person, writes it with its first round and the tasks of the
    first contact and the solution, proposes a caution about the customer where the process says so, audits, publishes
    ComplaintOpened, and ComplaintEscalated if it is significant or a crisis. The same form again returns what it made.

    :raises NotAllowed: the actor may not take complaints in for this outlet.
    :raises NotFound: the customer or car is none that the actor sees.
    :raises Conflict: no process is in force.
    :raises Invalid: something is none of what is offered, or it may be the same matter as an open one.
    """
    check(actor, Verb.OPEN, new.outlet_id)
    words = words_of(new.words, message=_("Write down what the customer says."))
    _refuse_unknown(new, clock.day_of(at))
    _refuse_unseen(actor, new)
    with db.atomic():
        db.serialise(f"complaints.{new.token}")
        earlier = Complaint.objects.filter(token=new.token[:64], opened_by_id=actor.user_id).first()
        if earlier is not None:
            return earlier
        if not new.is_another:
            _offer_alike(actor, new)
        row = _write(actor, new, words, _decide(new, words, clock.day_of(at)), at)
        caution_rule.follow(actor=actor, row=row, signs=row.signs, at=at)
        records.audit(actor=actor, verb=Verb.OPEN, **steps.line(row, {}))
        events.publish(ComplaintOpened(row.pk, row.outlet_id, row.customer_id, row.kind))
        if row.level != Level.NORMAL:
            events.publish(ComplaintEscalated(row.pk, is_outside=False))
    return row


def _refuse_unknown(new: NewComplaint, day: datetime.date) -> None:
    offered = {
        "kind": (new.kind, Kind.values), "angle": (new.angle, Angle.values), "level": (new.level, Level.values),
        "channel": (new.channel, [code for code, _name in choosing.channels(day)]),
        "desk": (new.desk, ["", *(code for code, _name in choosing.desks(day))]),
    }  # fmt: skip
    wrong = [field for field, (value, known) in offered.items() if value not in known]
    if not set(new.parties) <= set(Party.values):
        wrong.append("parties")
    if not Node.objects.filter(pk=new.outlet_id).exists():
        wrong.append("outlet")
    if wrong:
        raise Invalid(problems=[Problem(_("Choose one of the values offered."), field) for field in wrong])
    if new.customer_id is None and not (new.caller_name.strip() or new.caller_phone.strip()):
        raise Invalid(_("Say who calls: find the customer, or write down a name or a number."), field="caller_name")
    if not new.desk and (new.desk_number.strip() or new.answer_by):
        raise Invalid(_("Say which desk it is."), field="desk")
    if new.answer_by is not None and new.answer_by < day:
        raise Invalid(_("This day is over."), field="answer_by")
    if new.amount is not None and new.amount < 0:
        raise Invalid(_("An amount is not below zero."), field="amount")


def _refuse_unseen(actor: Actor, new: NewComplaint) -> None:
    if new.customer_id is not None:
        customers.customer(actor, new.customer_id)
    if new.vehicle_id is not None:
        cars.seen(actor, new.vehicle_id)
    if new.visit_id is not None:
        ids = [new.vehicle_id] if new.vehicle_id is not None else []
        held = visits.fitting(actor, vehicle_ids=ids, customer_id=new.customer_id, outlet_id=new.outlet_id)
        if not held.filter(pk=new.visit_id).exists():
            raise Invalid(_("This is no visit of this car at this outlet."), field="visit")


def _offer_alike(actor: Actor, new: NewComplaint) -> None:
    found = cases.alike(
        actor, customer_id=new.customer_id, vehicle_id=new.vehicle_id, phone=new.caller_phone.strip()
    )  # fmt: skip
    if found:
        raise Invalid(
            _("Perhaps the same matter: %(numbers)s. Add the words there, or say that it is another one.")
            % {"numbers": ", ".join(row.number for row in found)},
            field="is_another",
        )


def _decide(new: NewComplaint, words: str, day: datetime.date) -> _Decided:
    signs = policy.crisis(choosing.signs(), kind=new.kind, words=words, parties=new.parties, amount=new.amount)
    process = choosing.process_for(angle=new.angle, channel=new.channel, signs=signs)
    category = Category.objects.filter(pk=new.category, is_active=True).first() if new.category else None
    if new.category and category is None:
        raise Invalid(_("Choose one of the values offered."), field="category")
    held = choosing.candidates(new.outlet_id, day)
    owner = policy.choose_person((item for item, _name in held), process.handlers[new.angle])
    names = {item.person_id: name for item, name in held}
    level = policy.level_of(new.level, signs)
    return _Decided(process, category, level, signs, owner, names.get(owner, "") if owner else "")


def _write(actor: Actor, new: NewComplaint, words: str, decided: _Decided, at: datetime.datetime) -> Complaint:
    process = decided.process
    is_complaint = new.kind == Kind.COMPLAINT
    row = Complaint(
        outlet_id=new.outlet_id, place_id=_place(actor, new.outlet_id, at), process=process, kind=new.kind,
        angle=new.angle, category=decided.category, level=decided.level, channel=new.channel,
        customer_id=new.customer_id, vehicle_id=new.vehicle_id, visit_id=new.visit_id,
        caller_name=new.caller_name.strip()[:80],
        caller_phone=new.caller_phone.strip()[:40], caller_car=new.caller_car.strip()[:40], words=words,
        desk=new.desk, desk_number=new.desk_number.strip()[:40], answer_by=new.answer_by,
        named=new.named.strip()[:200], parties=list(new.parties), amount=new.amount, signs=list(decided.signs),
        token=new.token[:64], opened_at=at, opened_by_id=actor.user_id, opened_by=actor.name[:160],
        owner_id=decided.owner_id, owner_name=decided.owner_name,
    )  # fmt: skip
    row.contact_due_at = steps.due(new.outlet_id, CONTACT, process.first_contact, at)
    row.solve_due_at = steps.solve_due(row, at)
    row.due_at = min(row.contact_due_at, row.solve_due_at) if is_complaint else row.solve_due_at
    row.save(force_insert=True)
    if is_complaint:
        steps.ask(row, CONTACT, process.first_contact, steps.owner_of(row), at)
    steps.ask_solution(row, at)
    Round.objects.create(complaint=row, number=1, began_at=at, due_at=row.solve_due_at)
    steps.say(actor, row, Act.OPENED, words, at)
    return row


def _place(actor: Actor, outlet_id: int, at: datetime.datetime) -> int:
    """Return where it was taken in: at the outlet itself, if the actor belongs there, else where he belongs."""
    if actor.home_id is None:
        return outlet_id
    above = {"ancestor_id": outlet_id, "descendant_id": actor.home_id, "during__contains": clock.day_of(at)}
    return outlet_id if Ancestry.objects.filter(**above).exists() else actor.home_id


def join(*, actor: Actor, complaint_id: int, words: str, at: datetime.datetime) -> Complaint:
    """Add to an open complaint what the customer said again: locks, checks, looks for signs of a crisis, notes it,
    proposes a caution if the process names one of them, audits, publishes ComplaintEscalated if it has become one.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not take complaints in for this outlet.
    :raises Conflict: it is closed.
    :raises Invalid: no words.
    """
    said = words_of(words, message=_("Write down what the customer says."))
    with db.atomic():
        row = steps.locked(actor, complaint_id)
        check(actor, Verb.OPEN, row.place_id if actor.can(Verb.OPEN, row.place_id) else row.outlet_id)
        steps.need(row, *(state for state in State if state != State.CLOSED))
        before = steps.plain(row)
        found = policy.crisis(choosing.signs(), kind=row.kind, words=said)
        new_signs = [code for code in found if code not in row.signs]
        row.signs += new_signs
        row.level = policy.level_of(row.level, row.signs)
        steps.say(actor, row, Act.JOINED, said, at)
        row.save()
        if new_signs:
            caution_rule.follow(actor=actor, row=row, signs=new_signs, at=at)
            events.publish(ComplaintEscalated(row.pk, is_outside=False))
        records.audit(actor=actor, verb="complaints.join", **steps.line(row, before, {"words": said}))
    return row
