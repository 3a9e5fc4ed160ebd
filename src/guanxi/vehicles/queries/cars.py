"""Reads of cars: which are visible, one with all that is known of it, at which outlets it is known."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from guanxi.customers import queries as customers
from guanxi.customers.models import Relation
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotAllowed, NotFound
from guanxi.vehicles import policy
from guanxi.vehicles.models import (
    Cover,
    OwnerDoubt,
    Participant,
    Plate,
    Reading,
    Sale,
    Vehicle,
)
from guanxi.vehicles.permissions import Verb
from guanxi.vehicles.queries import catalogue
from guanxi.vehicles.states import Role

_MODEL = ("trim__model__series",)


def model_name(row: Vehicle) -> str:
    """Return what model a car is, as the catalogue says it or as somebody wrote it."""
    if row.trim is None:
        return row.model_text
    return f"{row.trim.model.name} {row.trim.name}"


def names_of_model(vehicle_id: int | None) -> tuple[str, ...]:
    """Return what the model of a car is called, in both languages and as somebody wrote it; one query."""
    car = named([vehicle_id]).get(vehicle_id) if vehicle_id else None
    if car is None:
        return ()
    model = car.trim.model if car.trim else None
    called = (model.name_zh, model.name_en, car.model_text) if model else (car.model_text,)
    return tuple(name for name in called if name)


def known_at(places: Sequence[int]) -> QuerySet[Participant]:
    """Return who takes part in a car today and has an open relation to one of some outlets."""
    related = Relation.objects.filter(customers.at(places)).values("customer_id")
    return Participant.objects.filter(until__isnull=True, customer_id__in=related)


def visible_at(places: Sequence[int] | None) -> QuerySet[Vehicle]:
    """Return the cars that some outlets know; None means all cars."""
    if places is None:
        return Vehicle.objects.all()
    return Vehicle.objects.filter(pk__in=known_at(places).values("vehicle_id"))


def visible_to(actor: Actor) -> QuerySet[Vehicle]:
    """Return the cars of which the actor may see an owner, driver or payer of today; one query for the outlets."""
    return visible_at(customers.outlets(actor, Verb.VIEW))


def seen(actor: Actor, pk: int) -> tuple[Vehicle, list[int]]:
    """Return one visible car with its trim, model and series, and the outlets in scope that know it; two queries.

    :raises NotFound: it does not exist or is not visible.
    """
    found = Vehicle.objects.select_related(*_MODEL).filter(pk=pk).first()
    outlets = outlets_of(pk) if found else []
    if found is None or not may(actor, Verb.VIEW, outlets):
        raise NotFound
    return found, outlets


def by_vin(actor: Actor, vin: str) -> Vehicle | None:
    return visible_to(actor).filter(vin=vin).first()


def outlets_of(vehicle_id: int) -> list[int]:
    """Return the outlets in scope that know a car, through somebody who takes part in it today; one query."""
    people = Participant.objects.filter(vehicle_id=vehicle_id, until__isnull=True).values("customer_id")
    return outlets_knowing(people)


def outlets_knowing(customer_ids: Any) -> list[int]:
    """Return the outlets in scope to which one of these customers has an open relation; one query."""
    rows = Relation.objects.filter(customer_id__in=customer_ids, ended_on__isnull=True)
    return sorted(set(rows.values_list("outlet_id", flat=True)))


def may(actor: Actor, verb: str, outlets: Iterable[int]) -> bool:
    """Say whether the actor holds ``verb`` at one of these outlets, or everywhere."""
    return actor.can_everywhere(verb) or any(actor.can(verb, outlet) for outlet in outlets)


def place(actor: Actor, verb: str, outlets: Sequence[int]) -> int | None:
    """Return the outlet at which the actor acts: the own one before others; None for what no outlet knows.

    :raises NotAllowed: the actor holds ``verb`` at none of them.
    """
    if not may(actor, verb, outlets):
        raise NotAllowed(verb)
    held = [outlet for outlet in outlets if actor.can(verb, outlet)]
    return actor.home_id if actor.home_id in held else next(iter(held), None)


def check_vehicle(actor: Actor, verb: str, vehicle_id: int) -> int | None:
    """Return the outlet at which the actor changes a car.

    :raises NotAllowed: the actor lacks ``verb`` at every outlet that knows it.
    """
    return place(actor, verb, outlets_of(vehicle_id))


@dataclass(frozen=True)
class Coverage:
    """What a car can claim: its warranty, and until when the last free maintenance."""

    warranty: policy.Warranty
    state: str
    state_label: str
    free: policy.Warranty | None


@dataclass(frozen=True)
class File:
    """All that is known of one car by who may see it; ``outlets`` are those in scope that know it."""

    vehicle: Vehicle
    outlets: list[int]
    participants: list[Participant]
    plates: list[Plate]
    readings: list[Reading]
    sales: list[Sale]
    covers: list[Cover]
    doubts: list[OwnerDoubt]
    coverage: Coverage

    @property
    def present(self) -> list[Participant]:
        return [row for row in self.participants if row.until is None]

    @property
    def past(self) -> list[Participant]:
        return [row for row in self.participants if row.until is not None]

    @property
    def owner(self) -> Participant | None:
        return next((row for row in self.present if row.role == Role.OWNER), None)


def file(actor: Actor, pk: int, today: datetime.date) -> File:
    """Return one visible car with its people, plates, readings, sales, covers, doubts and what it can claim; nine
    queries whatever its history.

    :raises NotFound: it does not exist or is not visible.
    """
    row, outlets = seen(actor, pk)
    readings = list(Reading.objects.filter(vehicle_id=pk).order_by("-read_on", "-pk")[:200])
    plan = catalogue.plans([row.trim.model.series_id] if row.trim else [], with_terms=False)
    return File(
        vehicle=row,
        outlets=outlets,
        participants=list(participants(pk)),
        plates=list(Plate.objects.filter(vehicle_id=pk).order_by("-since", "-pk")),
        readings=readings,
        sales=list(Sale.objects.filter(vehicle_id=pk).select_related("outlet").order_by("-sold_on")),
        covers=list(Cover.objects.filter(vehicle_id=pk).order_by("-until")),
        doubts=list(OwnerDoubt.objects.filter(vehicle_id=pk, state="OPEN")),
        coverage=_coverage(row, plan, today),
    )


def participants(vehicle_id: int) -> QuerySet[Participant]:
    """Return who takes and took part in a car, as far as row-level security shows these people; the present first."""
    rows = Participant.objects.filter(vehicle_id=vehicle_id).select_related("customer")
    return rows.order_by("-until", "role", "-since", "pk")


def _coverage(row: Vehicle, plan: catalogue.Plan, today: datetime.date) -> Coverage:
    held = policy.Warranty(row.warranty_until, row.warranty_km)
    state = policy.warranty_state(held, today=today, odometer_km=row.odometer_km)
    return Coverage(
        warranty=held,
        state=state.value if state else "",
        state_label=str(state.label) if state else "",
        free=policy.last_free(plan.steps_of_policy, row.sold_on) if row.sold_on else None,
    )


def coverage_of(rows: Sequence[Vehicle], today: datetime.date) -> dict[int, Coverage]:
    """Return what several cars (with trim and model loaded) can claim; one query."""
    plan = catalogue.plans({row.trim.model.series_id for row in rows if row.trim}, with_terms=False)
    return {row.pk: _coverage(row, plan.only(row.trim.model.series_id if row.trim else 0), today) for row in rows}


def of_customer(actor: Actor, customer_id: int) -> list[Participant]:
    """Return the present and past cars of a customer, each with its vehicle and model; one query.

    A past car is seen only by those who see somebody who has it now.
    """
    rows = Participant.objects.filter(customer_id=customer_id, vehicle__in=visible_to(actor))
    rows = rows.select_related(*(f"vehicle__{path}" for path in _MODEL))
    return sorted(rows, key=lambda row: (row.until is not None, row.role != Role.OWNER, -row.pk))


def held_by(customer_ids: Iterable[int]) -> dict[int, list[Vehicle]]:
    """Return the present cars of customers, with their models, as far as row-level security shows them; two queries."""
    rows = Participant.objects.filter(customer_id__in=list(customer_ids), until__isnull=True).order_by("pk")
    pairs = list(dict.fromkeys(rows.values_list("customer_id", "vehicle_id")))
    found, held = named(vehicle for _who, vehicle in pairs), dict[int, list[Vehicle]]()
    for who, vehicle in pairs:
        if vehicle in found:
            held.setdefault(who, []).append(found[vehicle])
    return held


def named(vehicle_ids: Iterable[int]) -> dict[int, Vehicle]:
    """Return cars by key, with their models, as far as row-level security shows them; one query.

    What an outlet did with a car stays with the outlet when the car goes out of its sight: so these rows are never
    joined with the cars, which would make them vanish, but looked up beside them.
    """
    rows = Vehicle.objects.filter(pk__in=set(vehicle_ids)).select_related(*_MODEL)
    return {row.pk: row for row in rows}


def owners(vehicle_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of the visible owners of today by car; one query."""
    rows = Participant.objects.filter(vehicle_id__in=list(vehicle_ids), role=Role.OWNER, until__isnull=True)
    return dict(rows.values_list("vehicle_id", "customer__name"))


def doubts(actor: Actor) -> QuerySet[OwnerDoubt]:
    """Return the doubts about owners at the outlets where the actor may see cars."""
    where = actor.where(Verb.VIEW)
    rows = OwnerDoubt.objects.select_related("outlet")
    return rows if where is None else rows.filter(db.among("outlet_id", where))


def doubt(actor: Actor, pk: int) -> OwnerDoubt:
    """Return one visible doubt.

    :raises NotFound: it does not exist or is not visible.
    """
    found = doubts(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
