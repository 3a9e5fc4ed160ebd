"""Reads of complaints: the list, one with its rounds and all that was said, those of a customer, who may be meant."""

from collections.abc import Sequence

from django.db.models import F, Q, QuerySet

from guanxi.complaints.models import Complaint, Deed, Round
from guanxi.complaints.permissions import Verb
from guanxi.complaints.states import State
from guanxi.customers import queries as customers
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound
from guanxi.vehicles.queries import cars
from guanxi.worklist.models import Task

SUBJECT = "complaints.complaint"
MOST_DEEDS, MOST_ALIKE = 200, 5


def visible_to(actor: Actor) -> QuerySet[Complaint]:
    """Return the complaints about outlets where the actor may see them, and those taken in where he may."""
    where = actor.where(Verb.VIEW)
    if where is None:
        return Complaint.objects.all()
    return Complaint.objects.filter(Q(db.among("outlet_id", where)) | Q(db.among("place_id", where)))


def complaint(actor: Actor, pk: int) -> Complaint:
    """Return one visible complaint with its outlet, category and process.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("outlet", "category", "process").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def rounds(row: Complaint) -> list[Round]:
    """Return the rounds of a visible complaint, the newest first; one query."""
    return list(row.passes.select_related("cause").order_by("-number"))


def deeds(row: Complaint) -> list[Deed]:
    """Return what was said and done about a visible complaint, the oldest first; one query."""
    return list(row.deeds.order_by("at", "pk")[:MOST_DEEDS])


def owed(row: Complaint) -> list[Task]:
    """Return the living tasks about a visible complaint, as far as they are in sight; one query."""
    rows = Task.objects.filter(subject_type=SUBJECT, subject_id=row.pk, finished_at__isnull=True)
    return list(rows.select_related("owner", "role").order_by("due_at", "pk"))


def customer_of(actor: Actor, row: Complaint) -> str:
    """Return the name of the customer, if the actor sees him."""
    if row.customer_id is None:
        return ""
    return customers.visible_to(actor).filter(pk=row.customer_id).values_list("name", flat=True).first() or ""


def car_of(row: Complaint) -> str:
    """Return the car in words; one query."""
    if row.vehicle_id is None:
        return row.caller_car
    return str(cars.named([row.vehicle_id]).get(row.vehicle_id, ""))


def models_of(row: Complaint) -> tuple[str, ...]:
    """Return what the model of the car is called; one query."""
    car = cars.named([row.vehicle_id]).get(row.vehicle_id) if row.vehicle_id else None
    if car is None:
        return ()
    model = car.trim.model if car.trim else None
    called = (model.name_zh, model.name_en, car.model_text) if model else (car.model_text,)
    return tuple(name for name in called if name)


def of_customer(actor: Actor, customer_id: int, limit: int) -> list[Complaint]:
    """Return the newest complaints of a customer; one query."""
    rows = visible_to(actor).filter(customer_id=customer_id).select_related("outlet", "category")
    return list(rows.order_by("-opened_at")[:limit])


def of_car(actor: Actor, vehicle_id: int, limit: int) -> list[Complaint]:
    """Return the newest complaints about a visible car, those that are open first; one query.

    :raises NotFound: there is no such car, or not for this actor.
    """
    cars.seen(actor, vehicle_id)
    rows = visible_to(actor).filter(vehicle_id=vehicle_id).select_related("outlet", "category")
    return list(rows.order_by(F("due_at").asc(nulls_last=True), "-opened_at")[:limit])


def alike(
    actor: Actor, *, customer_id: int | None = None, vehicle_id: int | None = None, phone: str = ""
) -> Sequence[Complaint]:  # fmt: skip
    """Return the open complaints that may be about the same matter: of the customer, the car, or the number of the
    caller; one query.
    """
    same = Q()
    if customer_id is not None:
        same |= Q(customer_id=customer_id)
    if vehicle_id is not None:
        same |= Q(vehicle_id=vehicle_id)
    if phone:
        same |= Q(caller_phone=phone)
    if not same:
        return []
    rows = visible_to(actor).exclude(state=State.CLOSED).filter(same).select_related("outlet", "category")
    return list(rows.order_by("-opened_at")[:MOST_ALIKE])
