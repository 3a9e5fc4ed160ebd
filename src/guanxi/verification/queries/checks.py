"""Reads of checks: which are visible, one with its fields, the newest of a customer."""

from django.db.models import Q, QuerySet

from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound
from guanxi.verification.models import Check, Line
from guanxi.verification.permissions import Verb


def visible_to(actor: Actor) -> QuerySet[Check]:
    """Return the checks of records of outlets where the actor may see them, and those made where he may."""
    where = actor.where(Verb.VIEW)
    if where is None:
        return Check.objects.all()
    return Check.objects.filter(Q(db.among("outlet_id", where)) | Q(db.among("place_id", where)))


def one(actor: Actor, pk: int) -> Check:
    """Return one visible check with its outlet and occasion.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("outlet", "occasion").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def lines(row: Check) -> list[Line]:
    """Return the fields of a visible check in their order; one query."""
    return list(row.lines.select_related("field").order_by("field__position", "field_id"))


def of_customer(actor: Actor, customer_id: int, limit: int) -> list[Check]:
    """Return the newest checks of a customer's record; one query."""
    rows = visible_to(actor).filter(customer_id=customer_id).select_related("outlet", "occasion")
    return list(rows.order_by("-checked_at")[:limit])
