"""Opening a crisis: from a complaint, by the system at once or by hand, or from nothing (CRIS-01, CRIS-02)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.complaints.models import Category, Complaint, Sign
from guanxi.complaints.queries import cases
from guanxi.complaints.states import Level
from guanxi.crisis import policy
from guanxi.crisis.events import ConcernedChanged, CrisisOpened
from guanxi.crisis.models import Crisis, Link
from guanxi.crisis.permissions import Verb
from guanxi.crisis.queries import choosing, rooms
from guanxi.crisis.queries.rooms import SUBJECT
from guanxi.crisis.services import steps
from guanxi.crisis.states import Act, Risk
from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import SYSTEM, Actor, check
from guanxi.foundation.errors import Conflict, Invalid, Problem, words_of
from guanxi.network.models import Node
from guanxi.records import services as records
from guanxi.vehicles.models import CarModel, Vehicle
from guanxi.worklist.services import adding

LEAD = "crisis.lead"
DECIDE = gettext_noop("Decide what is done about the crisis: %(what)s")
HOURS = 1  # until the first decision, where nobody said otherwise


@dataclass(frozen=True)
class NewCrisis:
    """What is known when a crisis is opened; ``complaint_id`` is the complaint it comes from."""

    place_id: int
    title: str
    types: Sequence[str]
    words: str = ""
    risk: str = Risk.HIGH
    model_id: int | None = None
    matter_id: str | None = None
    amount: Decimal | None = None
    currency: str = "CNY"
    owner_id: int | None = None
    spokesperson: str = ""
    authority: str = ""
    complaint_id: int | None = None


def open_crisis(*, actor: Actor, new: NewCrisis, at: datetime.datetime) -> Crisis:
    """Open a crisis: checks the right at the place and what is said, writes it with its complaint and its first line,
    writes the task of whoever is in charge, audits, publishes CrisisOpened and
    ConcernedChanged, by which those who have to know are told and those concerned are left alone.

    :raises NotAllowed: the actor may not open crises there.
    :raises NotFound: the complaint is none that the actor sees.
    :raises Conflict: the complaint is in a crisis already.
    :raises Invalid: something is none of what is offered, no type is named, or nothing is said.
    """
    check(actor, Verb.OPEN, new.place_id)
    title = words_of(new.title, "title", most=160)
    refuse_unknown(new, at)
    with db.atomic():
        complaint = cases.complaint(actor, new.complaint_id) if new.complaint_id else None
        if complaint is not None:
            db.serialise(f"crisis.{complaint.pk}")
            refuse_taken(complaint.pk)
        row = _write(actor, replace(new, title=title), complaint, at)
        records.audit(actor=actor, verb=Verb.OPEN, **steps.line(row, {}))
        events.publish(CrisisOpened(row.pk, row.place_id))
        events.publish(ConcernedChanged(row.pk))
    return row


def open_from_complaint(
    *, actor: Actor, complaint_id: int, is_repeated: bool = False, at: datetime.datetime
) -> Crisis | None:  # fmt: skip
    """Open a crisis at the outlet of a complaint that has become one, or that normal handling does not remove
    (``is_repeated``), led by whoever is responsible there; once for each complaint: nothing is done for one that is, or
    was, in a crisis, or is none. Checks the right, waits for
    others, writes it as ``open_crisis`` does, audits, publishes CrisisOpened and ConcernedChanged.

    :raises NotFound: there is no such complaint.
    :raises NotAllowed: the actor may not open crises there.
    """
    with db.atomic():
        complaint = cases.complaint(actor, complaint_id)
        check(actor, Verb.OPEN, complaint.outlet_id)
        db.serialise(f"crisis.{complaint.pk}")
        is_one = is_repeated or complaint.level == Level.CRISIS
        if not is_one or Link.objects.filter(complaint=complaint).exists():
            return None
        row = _write(actor, from_complaint(complaint, clock.day_of(at)), complaint, at)
        records.audit(actor=actor, verb=Verb.OPEN, **steps.line(row, {}))
        events.publish(CrisisOpened(row.pk, row.place_id))
        events.publish(ConcernedChanged(row.pk))
    return row


def from_complaint(complaint: Complaint, day: datetime.date) -> NewCrisis:
    """Return what a complaint says of the crisis that it is; three queries."""
    duty = choosing.duty()
    leader = choosing.first_leader(complaint.outlet_id, duty.responsible_id, day) if duty else None
    cars = Vehicle.objects.filter(pk=complaint.vehicle_id or 0)
    model = cars.values_list("trim__model_id", flat=True).first()
    title = complaint.category.name_zh if complaint.category else complaint.words[:40]
    return NewCrisis(
        complaint.outlet_id, title, list(complaint.signs), complaint.words,
        policy.risk_of(complaint.signs), model, complaint.category_id, complaint.amount,
        owner_id=leader[0] if leader else None, complaint_id=complaint.pk,
    )  # fmt: skip


def refuse_taken(complaint_id: int) -> None:
    """Refuse a complaint that is in a crisis that runs; of one that is closed to who asks, nothing is said.

    :raises Conflict: it is.
    """
    if Link.objects.filter(complaint_id=complaint_id, is_open=True).exists():
        raise Conflict(_("This complaint is in a crisis already."), field="complaint")
    if rooms.taken([complaint_id]):
        raise Conflict(_("This complaint cannot be put into a crisis at the moment."), field="complaint")


def refuse_unknown(new: NewCrisis, at: datetime.datetime) -> None:
    """Refuse what is none of what is offered.

    :raises Invalid: something is not, or no type is named.
    """
    named = set(new.types)
    wrong = {
        "types": not named or Sign.objects.filter(pk__in=named, is_active=True).count() < len(named),
        "risk": new.risk not in Risk.values,
        "model": new.model_id is not None and not CarModel.objects.filter(pk=new.model_id).exists(),
        "matter": new.matter_id is not None and not Category.objects.filter(pk=new.matter_id).exists(),
        "place": not Node.objects.filter(pk=new.place_id, kind__in=choosing.PLACES).exists(),
        "owner": new.owner_id is not None and new.owner_id not in choosing.leaders(new.place_id, clock.day_of(at)),
        "amount": new.amount is not None and new.amount < 0,
        "currency": not (len(new.currency) == 3 and new.currency.isascii() and new.currency.isupper()),  # noqa: PLR2004 -- ISO 4217
    }  # fmt: skip
    fields = [field for field, is_wrong in wrong.items() if is_wrong]
    if fields:
        raise Invalid(problems=[Problem(_("Choose one of the values offered."), field) for field in fields])


def _write(actor: Actor, new: NewCrisis, complaint: Complaint | None, at: datetime.datetime) -> Crisis:
    names = choosing.leaders(new.place_id, clock.day_of(at)) if new.owner_id else {}
    row = Crisis.objects.create(
        place_id=new.place_id, title=new.title, types=list(new.types), model_id=new.model_id, matter_id=new.matter_id,
        risk=new.risk, amount=new.amount, currency=new.currency, owner_id=new.owner_id,
        owner_name=names.get(new.owner_id or 0, ""), spokesperson=new.spokesperson.strip()[:160],
        authority=new.authority.strip()[:200], opened_at=at, opened_by_id=actor.user_id, opened_by=actor.name[:160],
    )  # fmt: skip
    steps.say(actor, row, Act.OPENED, new.words.strip() or new.title, at)
    if complaint is not None:
        Link.objects.create(crisis=row, complaint=complaint, at=at, by=actor.name[:160])
        steps.say(actor, row, Act.LINKED, complaint.number, at)
    ask_lead(row, at)
    return row


def ask_lead(row: Crisis, at: datetime.datetime) -> None:
    """Write the task of whoever is in charge, or of the role that leads crises; it climbs when it is late."""
    duty = choosing.duty()
    hours = duty.deadline_hours if duty else HOURS
    task = adding.NewTask(
        kind=LEAD, key=row.lead_key, node_id=row.place_id, reason=DECIDE, due=at + datetime.timedelta(hours=hours),
        owner_id=row.owner_id, role=duty.responsible_id if duty and not row.owner_id else None, subject_type=SUBJECT,
        subject_id=row.pk, subject_label=row.number, values={"what": row.title}, priority=1,
    )  # fmt: skip
    if task.owner_id or task.role:
        db.widen(row.place_id)
        adding.add_task(actor=SYSTEM, task=task, at=at)
