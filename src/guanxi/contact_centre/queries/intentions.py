"""Reads of what customers said of wanting to buy."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from guanxi.contact_centre.models import PurchaseIntention
from guanxi.contact_centre.permissions import Verb
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.worklist.models import Task


def visible_to(actor: Actor) -> QuerySet[PurchaseIntention]:
    """Return the intentions that were said where the actor sees calls, and those of the outlets there."""
    where = actor.where(Verb.VIEW)
    if where is None:
        return PurchaseIntention.objects.all()
    return PurchaseIntention.objects.filter(Q(db.among("outlet_id", where)) | Q(db.among("place_id", where)))


def of_customer(actor: Actor, customer_id: int, limit: int) -> list[PurchaseIntention]:
    """Return the newest intentions of a customer that the actor may see; one query."""
    return list(visible_to(actor).filter(customer_id=customer_id).order_by("-said_at", "-pk")[:limit])


def followed(rows: Iterable[PurchaseIntention]) -> dict[int, Task]:
    """Return the tasks by which intentions are followed, as far as row-level security shows them; one query."""
    return Task.objects.in_bulk([row.task_id for row in rows])
