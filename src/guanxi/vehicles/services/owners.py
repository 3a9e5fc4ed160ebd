"""Who owns, drives and pays for a car: from a day to a day, and doubts about it."""

import datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries as customers
from guanxi.foundation import db, events
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid, NotFound
from guanxi.records import services as records
from guanxi.vehicles import policy
from guanxi.vehicles.events import OwnerChanged
from guanxi.vehicles.models import OwnerDoubt, Participant, Vehicle
from guanxi.vehicles.permissions import Verb
from guanxi.vehicles.queries import cars, finding
from guanxi.vehicles.services import deriving
from guanxi.vehicles.services.cars import refuse_future
from guanxi.vehicles.states import DoubtState, Role


def add_participant(
    *, actor: Actor, vehicle_id: int, customer_id: int, role: str, since: datetime.date, at: datetime.datetime
) -> Participant:
    """Let somebody drive, pay for or answer for a car from a day on (INFO-11): checks, locks, writes, derives the
    search words, audits. Whoever sees this customer sees the car from then on.

    :raises Invalid: the role is that of an owner, or the day has not come.
    :raises Conflict: he is this already.
    """
    if role not in Role.values or role == Role.OWNER:
        raise Invalid(_("An owner comes in by a change of the owner."), field="role")
    refuse_future(since, at, "since")
    with db.atomic():
        row = db.lock(cars.visible_to(actor), vehicle_id)
        outlet = cars.check_vehicle(actor, Verb.CHANGE, vehicle_id)
        customers.customer(actor, customer_id)
        held = Participant.objects.filter(vehicle=row, customer_id=customer_id, role=role, until__isnull=True)
        if held.exists():
            raise Conflict(_("He is this already."), field="customer")
        made = _begin(row, customer_id, role, since=since, at=at)
        deriving.refresh(row.pk)
        records.audit(
            actor=actor, verb=Verb.CHANGE, subject_type="vehicle", subject_id=row.pk, subject_label=str(row),
            node_id=outlet, after={"customer": customer_id, "role": role, "since": since},
        )  # fmt: skip
    return made


def _begin(row: Vehicle, customer_id: int, role: str, *, since: datetime.date, at: datetime.datetime) -> Participant:
    try:
        with db.atomic():
            return Participant.objects.create(
                vehicle=row, customer_id=customer_id, role=role, since=since, touched_at=at
            )
    except IntegrityError as error:
        if "vehicles_one_owner" in str(error):
            message = _("The present owner lies outside what you may see: ask the call centre or headquarters.")
            raise Conflict(message, field="customer") from error
        raise Conflict(_("This was recorded already, from the same day."), field="since") from error


def end_participant(*, actor: Actor, participant_id: int, on: datetime.date, at: datetime.datetime) -> Participant:
    """Let somebody drive, pay for or answer for a car no longer: checks, locks, writes, derives the search words,
    audits.

    :raises NotFound: there is no such participation, or it is not visible.
    :raises Invalid: it is that of the owner or over, or the day does not fit.
    """
    refuse_future(on, at, "on")
    with db.atomic():
        found = Participant.objects.filter(pk=participant_id).first()
        if found is None:
            raise NotFound
        row = db.lock(cars.visible_to(actor), found.vehicle_id)
        outlet = cars.check_vehicle(actor, Verb.CHANGE, row.pk)
        if found.role == Role.OWNER or found.until is not None:
            raise Invalid(_("An owner goes by a change of the owner; what is over cannot end again."), field="on")
        _end(found, on, at)
        deriving.refresh(row.pk, found.customer_id)
        records.audit(
            actor=actor, verb=Verb.CHANGE, subject_type="vehicle", subject_id=row.pk, subject_label=str(row),
            node_id=outlet, before={"customer": found.customer_id, "role": found.role, "until": None},
            after={"customer": found.customer_id, "role": found.role, "until": on},
        )  # fmt: skip
    return found


def _end(row: Participant, on: datetime.date, at: datetime.datetime) -> None:
    if row.since and on < row.since:
        raise Invalid(_("He takes part in the car only from a later day on."), field="on")
    row.until, row.touched_at = on, at
    row.save(update_fields=["until", "touched_at"])


def change_owner(
    *,
    actor: Actor,
    vehicle_id: int,
    customer_id: int,
    on: datetime.date,
    at: datetime.datetime,
    others_leave: bool = True,
) -> Vehicle:
    """Give a car to a new owner on a day (LIFE-18, INFO-11): checks, locks, ends the old owner's participation and,
    with ``others_leave``, those of the drivers and payers too, begins the new owner's, confirms open doubts, derives
    the search words of all of them, audits, publishes OwnerChanged. Outlets that know only the old owner do not see
    the car any more.

    :raises NotFound: the car or the new owner is not visible.
    :raises Invalid: the day has not come, or lies before the old owner's.
    :raises Conflict: he owns it already, or the present owner is outside what the actor may see.
    """
    refuse_future(on, at, "on")
    with db.atomic():
        row = db.lock(cars.visible_to(actor), vehicle_id)
        outlet = cars.check_vehicle(actor, Verb.CHANGE_OWNER, vehicle_id)
        customers.customer(actor, customer_id)
        held = list(Participant.objects.select_for_update().filter(vehicle=row, until__isnull=True).order_by("pk"))
        old = next((item for item in held if item.role == Role.OWNER), None)
        if old and old.customer_id == customer_id:
            raise Conflict(_("He owns it already."), field="customer")
        leaving = [item for item in held if others_leave or item.role == Role.OWNER]
        OwnerDoubt.objects.filter(vehicle=row, state=DoubtState.OPEN).update(state=DoubtState.CONFIRMED, decided_at=at)
        for item in leaving:
            _end(item, on if item.role == Role.OWNER else max(on, item.since or on), at)
        _begin(row, customer_id, Role.OWNER, since=on, at=at)
        Vehicle.objects.filter(pk=row.pk).update(touched_at=at)
        deriving.refresh(row.pk, *(item.customer_id for item in leaving))
        old_id = old.customer_id if old else None
        records.audit(
            actor=actor, verb=Verb.CHANGE_OWNER, subject_type="vehicle", subject_id=row.pk, subject_label=str(row),
            node_id=outlet, before={"owner": old_id}, after={"owner": customer_id, "on": on},
        )  # fmt: skip
        events.publish(OwnerChanged(row.pk, old_id, customer_id, on.isoformat()))
    return row


def raise_doubt(
    *, actor: Actor, row: Vehicle, outlet_id: int, seen_on: datetime.date, name: str, phone: str
) -> OwnerDoubt | None:
    """Note that somebody brought a car who is none of its people (LIFE-18), for a caller who may record what happened
    at the outlet: compares name and number, writes or renews the one open doubt of the outlet, audits. None: there
    is no doubt.
    """
    people = list(cars.participants(row.pk).filter(until__isnull=True))
    numbers = finding.phones([item.customer_id for item in people])
    known = [policy.Known(item.customer.name, tuple(numbers[item.customer_id])) for item in people]
    if not policy.is_stranger(name, phone, known):
        return None
    made, _is_new = OwnerDoubt.objects.update_or_create(
        vehicle=row, outlet_id=outlet_id, state=DoubtState.OPEN,
        defaults={"seen_on": seen_on, "name": name[:80], "phone": phone[:30]},
    )  # fmt: skip
    records.audit(
        actor=actor, verb=Verb.CHANGE_OWNER, subject_type="vehicle", subject_id=row.pk, subject_label=str(row),
        node_id=outlet_id, after={"doubt": made.pk, "seen_on": seen_on},
    )  # fmt: skip
    return made


def dismiss_doubt(*, actor: Actor, doubt_id: int, at: datetime.datetime) -> OwnerDoubt:
    """Decide that a car still has the same owner: checks, locks, closes the doubt, audits.

    :raises Conflict: the doubt was decided already.
    """
    with db.atomic():
        row = db.lock(cars.doubts(actor).select_related(None), doubt_id)
        check(actor, Verb.CHANGE_OWNER, row.outlet_id)
        if row.state != DoubtState.OPEN:
            raise Conflict(_("This doubt was decided already."))
        row.state, row.decided_at = DoubtState.DISMISSED, at
        row.save(update_fields=["state", "decided_at"])
        records.audit(
            actor=actor, verb=Verb.CHANGE_OWNER, subject_type="vehicle", subject_id=row.vehicle_id,
            subject_label=str(row), node_id=row.outlet_id, before={"doubt": DoubtState.OPEN},
            after={"doubt": DoubtState.DISMISSED},
        )  # fmt: skip
    return row
