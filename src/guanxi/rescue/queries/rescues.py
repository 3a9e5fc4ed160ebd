"""Reads of rescues: the list, one with its sendings, what holds on a day, what a car may claim."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries as customers
from guanxi.customers.models import Relation
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Conflict, NotFound, Text
from guanxi.network.states import Kind
from guanxi.rescue import policy
from guanxi.rescue.models import Discount, Dispatch, Help, Rescue, Tariff, Terms
from guanxi.rescue.permissions import Verb
from guanxi.rescue.states import Claim, State
from guanxi.vehicles.models import Participant, Vehicle
from guanxi.vehicles.queries import cars
from guanxi.vehicles.states import Role

YEAR = datetime.timedelta(days=365)


def visible_to(actor: Actor) -> QuerySet[Rescue]:
    """Return the rescues taken where the actor may see them, and those that such a place has or awaits."""
    where = actor.where(Verb.VIEW)
    if where is None:
        return Rescue.objects.all()
    return Rescue.objects.filter(
        Q(db.among("place_id", where)) | Q(db.among("provider_id", where)) | Q(db.among("destination_id", where))
    )


def rescue(actor: Actor, pk: int) -> Rescue:
    """Return one visible rescue with its help, and its provider and destination as far as they are seen.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("provider", "destination", "help", "discount").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def dispatches(row: Rescue) -> list[Dispatch]:
    """Return the sendings of a visible rescue, newest first; one query."""
    return list(row.dispatches.select_related("provider").order_by("-number"))


def terms_on(day: datetime.date) -> Terms:
    """Return the terms that hold on a day; one query.

    :raises Conflict: none are in force.
    """
    found = Terms.objects.filter(valid_from__lte=day).order_by("-valid_from").first()
    if found is None:
        raise Conflict(_("No terms of rescues are in force: apply the preset base first."))
    return found


def tariff_on(help_code: str, day: datetime.date) -> Tariff | None:
    """Return what a kind of help costs on a day; one query."""
    return Tariff.objects.filter(help_id=help_code, valid_from__lte=day).order_by("-valid_from").first()


def discounts_for(row: Rescue, day: datetime.date) -> list[Discount]:
    """Return the discounts of a rescue's customer on a day: those of his tags and classes at outlets of the network,
    as far as they are in sight; two queries.
    """
    if row.customer_id is None:
        return []
    held = Relation.objects.filter(customer_id=row.customer_id, ended_on__isnull=True)
    found = list(held.values_list("category", "tags"))
    classes, tags = {category for category, _tags in found}, {tag for _category, tags in found for tag in tags}
    newest = Discount.objects.filter(valid_from__lte=day).order_by("code", "-valid_from").distinct("code")
    return [
        one
        for one in newest
        if (one.valid_until is None or day <= one.valid_until)
        and (one.tag in tags or one.category in classes)
        and (not one.helps or row.help_id in one.helps)
    ]


def helps() -> Sequence[tuple[str, Text]]:
    """Return the kinds of help to choose from; one query."""
    return [(row.pk, row.name) for row in Help.objects.filter(is_active=True).order_by("position", "code")]


def car_with(actor: Actor, plate: str) -> Vehicle | None:
    """Return the one visible car with a plate; None if there is none, or several."""
    if not plate:
        return None
    found = list(cars.visible_to(actor).filter(plate=plate)[:2])
    return found[0] if len(found) == 1 else None


def owner_of(actor: Actor, vehicle_id: int) -> int | None:
    """Return the visible owner of a car today; one query."""
    rows = Participant.objects.filter(vehicle_id=vehicle_id, role=Role.OWNER, until__isnull=True)
    rows = rows.filter(customer_id__in=customers.visible_to(actor).values("pk"))
    return rows.values_list("customer_id", flat=True).first()


def used(vehicle_id: int, at: datetime.datetime) -> int:
    """Return how many rescues of a car the house paid a share of in the year before a moment; one query.

    Beyond the scope of whoever asks nothing is counted: the call centre sees them all.
    """
    rows = Rescue.objects.filter(vehicle_id=vehicle_id, claim=Claim.ENTITLED, taken_at__gt=at - YEAR)
    return rows.exclude(state=State.CANCELLED).count()


def claim_of(car: Vehicle | None, terms: Terms, at: datetime.datetime, day: datetime.date) -> Claim:
    """Say whether the house pays its share for a car, and if not, why; one query."""
    if car is None:
        return Claim.NO_CAR
    return policy.claim(terms.cover, sold_on=car.sold_on, km=car.odometer_km, used=used(car.pk, at), day=day)


def of_customer(actor: Actor, customer_id: int, limit: int) -> list[Rescue]:
    """Return the newest rescues of a customer; one query."""
    rows = visible_to(actor).filter(customer_id=customer_id).select_related("help", "provider")
    return list(rows.order_by("-taken_at")[:limit])


@dataclass(frozen=True)
class Verdict:
    """What somebody said of a rescue, who he is and where he was helped: at an outlet, or by a partner."""

    number: str
    words: str
    caller: str
    phone: str
    plate: str
    vehicle_id: int | None
    place_id: int
    outlet_id: int | None


def verdict(pk: int) -> Verdict | None:
    """Return what was said of a rescue when the customer was called back, for who takes news of it in; one query."""
    row = Rescue.objects.select_related("provider").filter(pk=pk).exclude(verdict="").first()
    if row is None:
        return None
    at_outlet = row.provider is not None and row.provider.kind == Kind.OUTLET
    return Verdict(
        row.number, row.verdict, row.caller, row.phone, row.plate, row.vehicle_id, row.place_id,
        row.provider_id if at_outlet else row.destination_id,
    )  # fmt: skip


@dataclass(frozen=True)
class Named:
    """Whom a rescue is about, as far as the actor sees."""

    customer: str
    car: str


def named(actor: Actor, row: Rescue) -> Named:
    """Return customer and car of a rescue in words; two queries."""
    customer = ""
    if row.customer_id:
        held = customers.visible_to(actor).filter(pk=row.customer_id)
        customer = held.values_list("name", flat=True).first() or ""
    car = str(cars.named([row.vehicle_id]).get(row.vehicle_id, "")) if row.vehicle_id else ""
    return Named(customer, car)
