"""Changes of what a car is: adding it, its marks, its plate, its papers' ends, its end."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries as customers
from guanxi.foundation import db, events
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Conflict, Invalid
from guanxi.foundation.values import plates, vins
from guanxi.foundation.values.flaws import Flaw
from guanxi.records import services as records
from guanxi.vehicles.events import VehicleAdded, VehicleLeft
from guanxi.vehicles.models import Participant, Plate, Trim, Vehicle
from guanxi.vehicles.permissions import Verb
from guanxi.vehicles.queries import cars
from guanxi.vehicles.services import deriving
from guanxi.vehicles.states import Condition, Role

FIELDS = ("vin", "trim_id", "model_text", "colour", "engine_no", "made_on")
ENDS = ("insured_until", "inspected_until")


@dataclass(frozen=True)
class NewCar:
    """What is known of a car that is added."""

    vin: str
    plate: str = ""
    trim_id: int | None = None
    model_text: str = ""
    colour: str = ""
    engine_no: str = ""
    made_on: datetime.date | None = None
    since: datetime.date | None = None


class Known(Conflict):
    """The car is there already; ``vehicle_id`` says which."""

    def __init__(self, vehicle_id: int) -> None:
        self.vehicle_id = vehicle_id
        super().__init__(_("A car with this VIN is there already: change its owner instead."), field="vin")


def read_vin(text: str) -> tuple[str, bool]:
    """Return a VIN in its one form and whether its check digit is wrong.

    :raises Invalid: it is no VIN.
    """
    found = vins.clean(text)
    if found.value is None:
        raise Invalid(_("A VIN has 17 letters and digits, without I, O and Q."), field="vin")
    return found.value, found.flaw is Flaw.VIN_CHECK


def read_plate(text: str) -> str:
    """Return a plate in its one form; empty for none, and for words such as 临牌.

    :raises Invalid: it is no plate.
    """
    found = plates.clean(text)
    if found.flaw:
        raise Invalid(_("This is not a plate: a province, a letter and five or six signs."), field="plate")
    return found.value or ""


def refuse_future(day: datetime.date | None, at: datetime.datetime, field: str) -> None:
    """Refuse a day after today.

    :raises Invalid: it has not come yet.
    """
    if day is not None and day > timezone.localdate(at):
        raise Invalid(_("This day has not come yet."), field=field)


def _trim(trim_id: int | None) -> Trim | None:
    if trim_id is None:
        return None
    found = Trim.objects.select_related("model").filter(pk=trim_id).first()
    if found is None:
        raise Invalid(_("The catalogue has no such trim."), field="trim")
    return found


def facts(row: Vehicle) -> dict[str, Any]:
    """Return what the trail keeps of a car."""
    names = (*FIELDS, *ENDS, "plate", "condition", "condition_on", "sold_on", "warranty_until", "warranty_km")
    return {name: getattr(row, name) for name in names}


def add_vehicle(*, actor: Actor, customer_id: int, car: NewCar, at: datetime.datetime) -> Vehicle:
    """Add a car with its owner (INFO-11): checks, writes the owner's participation, the car and its plate, derives
    the search words, audits, publishes VehicleAdded.

    :raises Invalid: the VIN, the plate, the trim or a day cannot be accepted.
    :raises Known: the actor sees a car with this VIN already.
    :raises Conflict: a car with this VIN is known to others alone.
    """
    customers.customer(actor, customer_id)
    outlet = cars.place(actor, Verb.ADD, cars.outlets_knowing([customer_id]))
    vin, is_doubtful = read_vin(car.vin)
    plate = read_plate(car.plate)
    refuse_future(car.since, at, "since")
    refuse_future(car.made_on, at, "made_on")
    _trim(car.trim_id)
    if (known := cars.by_vin(actor, vin)) is not None:
        raise Known(known.pk)
    row = Vehicle(
        pk=db.next_id("vehicles_vehicle")[0], vin=vin, is_vin_doubtful=is_doubtful, plate=plate, trim_id=car.trim_id,
        model_text=car.model_text, colour=car.colour, engine_no=car.engine_no, made_on=car.made_on, touched_at=at,
    )  # fmt: skip
    with db.atomic():
        _insert(row, customer_id, car.since)
        if plate:
            Plate.objects.create(vehicle=row, number=plate, since=car.since, touched_at=at)
        deriving.refresh(row.pk)
        records.audit(
            actor=actor, verb=Verb.ADD, subject_type="vehicle", subject_id=row.pk, subject_label=str(row),
            node_id=outlet, after=facts(row) | {"owner": customer_id},
        )  # fmt: skip
        events.publish(VehicleAdded(row.pk, customer_id))
    return row


def _insert(row: Vehicle, customer_id: int, since: datetime.date | None) -> None:
    """Write the owner first: he is what makes the car visible to its writer."""
    try:
        with db.atomic():
            Participant.objects.create(
                vehicle_id=row.pk, customer_id=customer_id, role=Role.OWNER, since=since, touched_at=row.touched_at
            )
            row.save(force_insert=True)
    except IntegrityError as error:
        message = _(
            "This car is known elsewhere in the network. Its owner is changed by the call centre or headquarters."
        )
        raise Conflict(message, field="vin") from error


def change_vehicle(*, actor: Actor, vehicle_id: int, values: Mapping[str, Any], at: datetime.datetime) -> Vehicle:
    """Change the marks of a car, its VIN too: checks, locks, writes, derives the search words, audits.

    :raises Invalid: a field is unknown or a value cannot be accepted.
    :raises Conflict: another car has this VIN.
    """
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise Invalid(_("Unknown field."), field=min(unknown))
    with db.atomic():
        row = db.lock(cars.visible_to(actor), vehicle_id)
        outlet = cars.check_vehicle(actor, Verb.CHANGE, vehicle_id)
        before = facts(row)
        _trim(values.get("trim_id"))
        refuse_future(values.get("made_on"), at, "made_on")
        for name, value in values.items():
            setattr(row, name, value)
        row.vin, row.is_vin_doubtful = read_vin(row.vin)
        _save(row, at)
        deriving.refresh(vehicle_id)
        _audit(actor, row, outlet, before)
    return row


def _save(row: Vehicle, at: datetime.datetime) -> None:
    row.touched_at = at
    try:
        with db.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict(_("Another car has this VIN."), field="vin") from error


def _audit(actor: Actor, row: Vehicle, outlet: int | None, before: Mapping[str, Any]) -> None:
    records.audit(
        actor=actor, verb=Verb.CHANGE, subject_type="vehicle", subject_id=row.pk, subject_label=str(row),
        node_id=outlet, before=before, after=facts(row),
    )  # fmt: skip


def set_plate(*, actor: Actor, vehicle_id: int, number: str, since: datetime.date, at: datetime.datetime) -> Vehicle:
    """Give a car a plate from a day on, or take it away with an empty one: checks, locks, closes the old plate,
    writes the new one, derives the search words, audits.

    :raises Invalid: it is no plate, or the day lies before the old plate or has not come.
    """
    plate = read_plate(number)
    refuse_future(since, at, "since")
    with db.atomic():
        row = db.lock(cars.visible_to(actor), vehicle_id)
        outlet = cars.check_vehicle(actor, Verb.CHANGE, vehicle_id)
        if plate == row.plate:
            raise Invalid(_("The car has this plate already."), field="number")
        old = Plate.objects.filter(vehicle=row, until__isnull=True).first()
        if old and old.since and since < old.since:
            raise Invalid(_("The plate before it is younger than this day."), field="since")
        before = facts(row)
        Plate.objects.filter(vehicle=row, until__isnull=True).update(until=since, touched_at=at)
        if plate:
            Plate.objects.create(vehicle=row, number=plate, since=since, touched_at=at)
        row.plate = plate
        _save(row, at)
        deriving.refresh(vehicle_id)
        _audit(actor, row, outlet, before)
    return row


def set_dates(
    *, actor: Actor, vehicle_id: int, insured_until: datetime.date | None, inspected_until: datetime.date | None,
    at: datetime.datetime,
) -> Vehicle:  # fmt: skip
    """Write until when a car is insured and inspected (FORM-08): checks, locks, writes, audits."""
    with db.atomic():
        row = db.lock(cars.visible_to(actor), vehicle_id)
        outlet = cars.check_vehicle(actor, Verb.CHANGE, vehicle_id)
        before = facts(row)
        row.insured_until, row.inspected_until = insured_until, inspected_until
        _save(row, at)
        _audit(actor, row, outlet, before)
    return row


def set_condition(
    *, actor: Actor, vehicle_id: int, condition: str, on: datetime.date, at: datetime.datetime
) -> Vehicle:
    """Record that a car was scrapped or left the country, or that it is in use after all (LIFE-18): checks, locks,
    writes, audits, publishes VehicleLeft. Its people and its history stay.

    :raises Invalid: it stands so already, or the day has not come.
    """
    refuse_future(on, at, "on")
    with db.atomic():
        row = db.lock(cars.visible_to(actor), vehicle_id)
        outlet = cars.check_vehicle(actor, Verb.CHANGE, vehicle_id)
        if condition not in Condition.values or condition == row.condition:
            raise Invalid(_("Choose another condition than the present one."), field="condition")
        before = facts(row)
        row.condition, row.condition_on = condition, on
        _save(row, at)
        _audit(actor, row, outlet, before)
        if condition != Condition.IN_USE:
            events.publish(VehicleLeft(row.pk, condition, on.isoformat()))
    return row
