"""Taking a call for help: safety first, then where, what and who (RESC-02, RESC-08)."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries as customers
from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Invalid, Problem
from guanxi.foundation.values import phones, plates
from guanxi.network.models import Node
from guanxi.records import services as records
from guanxi.rescue.events import RescueTaken
from guanxi.rescue.models import Help, Rescue
from guanxi.rescue.permissions import Verb
from guanxi.rescue.queries import rescues
from guanxi.rescue.services import steps
from guanxi.rescue.services.steps import LONGEST, NAME
from guanxi.rescue.states import Claim
from guanxi.vehicles.models import Vehicle
from guanxi.vehicles.queries import cars

MOST_PEOPLE = 99


@dataclass(frozen=True)
class NewRescue:
    """What the caller says. ``position``: latitude and longitude. ``token`` names the form that was sent."""

    place_id: int
    token: str
    help: str
    caller: str
    phone: str
    where: str
    words: str
    is_hurt: bool
    is_safe: bool
    on_expressway: bool = False
    can_move: bool = False
    people: int = 1
    plate: str = ""
    position: tuple[Decimal, Decimal] | None = None
    customer_id: int | None = None
    vehicle_id: int | None = None


def take(*, actor: Actor, new: NewRescue, at: datetime.datetime) -> Rescue:
    """Take a rescue: checks the right and what was said, finds the one car with the plate and its owner, works out who
    pays, writes it with the task to send somebody, audits, publishes RescueTaken. The same form again returns what it
    made.

    :raises NotAllowed: the actor may not take rescues there.
    :raises NotFound: the customer or car is none that the actor sees.
    :raises Invalid: something is not said, or cannot be; each at its field.
    """
    check(actor, Verb.TAKE, new.place_id)
    problems = list(_flaws(new))
    if problems:
        raise Invalid(problems=problems)
    with db.atomic():
        db.serialise(f"rescue.{new.token}")
        earlier = Rescue.objects.filter(token=new.token, taken_by_id=actor.user_id).first()
        if earlier is not None:
            return earlier
        row = _made(actor, new, at)
        row.save(force_insert=True)
        steps.to_be_sent(row, at)
        row.save()
        records.audit(actor=actor, verb=Verb.TAKE, **steps.line(row, {}, {"claim": row.claim}))
        events.publish(RescueTaken(row.pk, row.place_id, row.customer_id, row.vehicle_id))
    return row


def _flaws(new: NewRescue) -> Iterator[Problem]:
    if not Node.objects.filter(pk=new.place_id).exists():
        yield Problem(_("Choose one of the values offered."), "place")
    if not Help.objects.filter(pk=new.help, is_active=True).exists():
        yield Problem(_("Choose one of the values offered."), "help")
    read = phones.clean(new.phone).value
    if read is None or not (read.mobile or read.landline):
        yield Problem(_("A number under which he can be called back."), "phone")
    for name in ("caller", "where", "words"):
        if not getattr(new, name).strip():
            yield Problem(_("This is needed."), name)
    if not 1 <= new.people <= MOST_PEOPLE:
        yield Problem(_("Between 1 and 99 people."), "people")


def _car(actor: Actor, new: NewRescue, plate: str) -> Vehicle | None:
    if new.vehicle_id is not None:
        return cars.seen(actor, new.vehicle_id)[0]
    return rescues.car_with(actor, plate)


def _made(actor: Actor, new: NewRescue, at: datetime.datetime) -> Rescue:
    day = clock.day_of(at)
    terms, read = rescues.terms_on(day), phones.clean(new.phone).value
    plate = plates.clean(new.plate).value
    car = _car(actor, new, plate or "")
    customer_id = new.customer_id
    if customer_id is not None:
        customers.customer(actor, customer_id)
    elif car is not None:
        customer_id = rescues.owner_of(actor, car.pk)
    claim = rescues.claim_of(car, terms, at, day)
    north, east = new.position or (None, None)
    return Rescue(
        place_id=new.place_id, token=new.token[:64], help=Help.objects.get(pk=new.help), is_hurt=new.is_hurt,
        is_safe=new.is_safe, on_expressway=new.on_expressway, can_move=new.can_move, people=new.people,
        caller=" ".join(new.caller.split())[:80], phone=(read and (read.mobile or read.landline)) or "",
        plate=(car.plate if car else (plate or new.plate.strip()))[:12], customer_id=customer_id,
        vehicle=car, where=" ".join(new.where.split())[:200], latitude=north, longitude=east,
        words=new.words.strip()[:LONGEST], claim=claim, share=terms.cover_share if claim == Claim.ENTITLED else 0,
        taken_at=at, taken_by_id=actor.user_id, taken_by=actor.name[:NAME], due_at=at,
    )  # fmt: skip
