"""What the odometer says: readings that count, and readings that are kept but do not."""

import datetime

from django.utils.translation import gettext_lazy as _

from guanxi.foundation import db, events
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Invalid, NotFound
from guanxi.records import services as records
from guanxi.vehicles import policy
from guanxi.vehicles.events import MileageKnown
from guanxi.vehicles.models import Reading, Vehicle
from guanxi.vehicles.permissions import Verb
from guanxi.vehicles.queries import cars
from guanxi.vehicles.services import deriving
from guanxi.vehicles.services.cars import refuse_future

MOST_KM = 5_000_000


def record_reading(
    *, actor: Actor, vehicle_id: int, on: datetime.date, km: int, source: str, at: datetime.datetime
) -> Reading:
    """Record what the odometer of a car said on a day: checks, locks, writes, lets the car show its newest plausible
    reading, audits, publishes MileageKnown. What cannot be is kept and marked, and does not count.

    :raises Invalid: the day has not come, or no odometer shows that much.
    """
    with db.atomic():
        row = db.lock(cars.visible_to(actor), vehicle_id)
        outlet = cars.check_vehicle(actor, Verb.CHANGE, vehicle_id)
        reading = note_reading(actor=actor, row=row, outlet_id=outlet, on=on, km=km, source=source, at=at)
        events.publish(MileageKnown(vehicle_id))
    return reading


def note_reading(
    *, actor: Actor, row: Vehicle, outlet_id: int | None, on: datetime.date, km: int, source: str,
    at: datetime.datetime,
) -> Reading:  # fmt: skip
    """Write a reading of a car that the caller has locked and may change: judges it against its neighbours, writes it
    over one of the same day and source, lets the car show its newest plausible reading, audits.

    :raises Invalid: the day has not come, or no odometer shows that much.
    """
    refuse_future(on, at, "on")
    if not 0 <= km <= MOST_KM:
        raise Invalid(_("No odometer shows this mileage."), field="km")
    others = Reading.objects.filter(vehicle=row, is_plausible=True).exclude(read_on=on, source=source)
    known = [policy.Point(day, mileage) for day, mileage in others.values_list("read_on", "km")]
    is_plausible = policy.is_plausible(policy.Point(on, km), known, sold_on=row.sold_on)
    held = Reading.objects.filter(vehicle=row, read_on=on, source=source).first()
    values = {"km": km, "is_plausible": is_plausible, "touched_at": at}
    reading, _is_new = Reading.objects.update_or_create(vehicle=row, read_on=on, source=source, defaults=values)
    row.touched_at = at
    row.save(update_fields=[*deriving.odometer(row), "touched_at"])
    records.audit(
        actor=actor, verb=Verb.CHANGE, subject_type="vehicle", subject_id=row.pk, subject_label=str(row),
        node_id=outlet_id, before={"km": held.km, "on": held.read_on} if held else None,
        after={"km": km, "on": on, "source": source, "plausible": is_plausible},
    )  # fmt: skip
    return reading


def judge_reading(*, actor: Actor, reading_id: int, is_plausible: bool, at: datetime.datetime) -> Reading:
    """Let a reading count or not count, against what the rule said of it: checks, locks, writes, lets the car show
    its newest plausible reading, audits, publishes MileageKnown.

    :raises NotFound: there is none, or its car is not visible.
    """
    with db.atomic():
        reading = Reading.objects.filter(pk=reading_id).first()
        if reading is None:
            raise NotFound
        row = db.lock(cars.visible_to(actor), reading.vehicle_id)
        outlet = cars.check_vehicle(actor, Verb.CHANGE, row.pk)
        before = {"plausible": reading.is_plausible}
        reading.is_plausible, reading.touched_at = is_plausible, at
        reading.save(update_fields=["is_plausible", "touched_at"])
        row.touched_at = at
        row.save(update_fields=[*deriving.odometer(row), "touched_at"])
        records.audit(
            actor=actor, verb=Verb.CHANGE, subject_type="vehicle", subject_id=row.pk, subject_label=str(row),
            node_id=outlet, before=before,
            after={"plausible": is_plausible, "km": reading.km, "on": reading.read_on},
        )  # fmt: skip
        events.publish(MileageKnown(row.pk))
    return reading


def take_back(
    *, actor: Actor, row: Vehicle, outlet_id: int | None, on: datetime.date, km: int, source: str,
    at: datetime.datetime,
) -> None:  # fmt: skip
    """Take a reading back that was written by mistake, for a caller who has locked the car and may change it: deletes
    it if it still says the same, lets the car show its newest plausible reading, audits.
    """
    gone, _by_model = Reading.objects.filter(vehicle=row, read_on=on, source=source, km=km).delete()
    row.touched_at = at
    row.save(update_fields=[*deriving.odometer(row), "touched_at"])
    records.audit(
        actor=actor, verb=Verb.CHANGE, subject_type="vehicle", subject_id=row.pk, subject_label=str(row),
        node_id=outlet_id, before={"km": km, "on": on, "source": source}, after={"taken_back": gone},
    )  # fmt: skip
