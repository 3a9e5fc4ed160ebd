"""Reads of files that are said to be false."""

from django.db.models import QuerySet

from guanxi.customers import queries as customers
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound, Text
from guanxi.verification.models import FalseFile
from guanxi.verification.permissions import Verb
from guanxi.verification.queries import checks

FEW = 20


def visible_to(actor: Actor) -> QuerySet[FalseFile]:
    """Return the marks of files of outlets where the actor may see them."""
    where = actor.where(Verb.VIEW)
    return FalseFile.objects.all() if where is None else FalseFile.objects.filter(db.among("outlet_id", where))


def one(actor: Actor, pk: int) -> FalseFile:
    """Return one visible mark with its outlet.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("outlet", "check_of").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def of_customer(actor: Actor, customer_id: int, limit: int) -> list[FalseFile]:
    """Return the newest marks of the files of a customer; one query."""
    rows = visible_to(actor).filter(customer_id=customer_id).select_related("outlet")
    return list(rows.order_by("-marked_at")[:limit])


def outlets_to_mark(actor: Actor, customer_id: int) -> list[tuple[str, Text]]:
    """Return the outlets of a customer whose file of him the actor may mark; one query."""
    held = customers.relations(actor, [customer_id])
    return [(str(row.outlet_id), row.outlet.name) for row in held if actor.can(Verb.MARK_FALSE, row.outlet_id)]


def checks_to_show(actor: Actor, customer_id: int) -> list[tuple[str, Text]]:
    """Return the checks of a customer that may show that his file is false; one query."""
    rows = checks.of_customer(actor, customer_id, FEW)
    return [
        (str(row.pk), f"{row.occasion.name} · {row.checked_at:%Y-%m-%d} · {row.get_verdict_display()}") for row in rows
    ]
