"""Reads of what media report: the list, one, those of a crisis."""

import datetime
from collections.abc import Iterable

from django.db import connection
from django.db.models import Q, QuerySet

from guanxi.crisis.models import Crisis, Report
from guanxi.crisis.permissions import Verb, entered
from guanxi.crisis.queries import rooms
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound

MOST = 100


def visible_to(actor: Actor) -> QuerySet[Report]:
    """Return what media report about places where the actor may see crises, without what belongs to
    a room that is closed to him.
    """
    rows = Report.objects.filter(Q(crisis=None) | Q(crisis__in=Crisis.objects.filter(entered(actor))))
    where = actor.where(Verb.VIEW)
    return rows if where is None else rows.filter(db.among("place_id", where))


def report(actor: Actor, pk: int) -> Report:
    """Return one visible report.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("place", "complaint", "crisis").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def of_crisis(actor: Actor, row: Crisis) -> list[Report]:
    """Return what media report about a crisis, the newest first; one query."""
    return list(visible_to(actor).filter(crisis=row).order_by("-day", "-pk")[:MOST])


def insiders_of(ids: Iterable[int], day: datetime.date) -> dict[int, frozenset[int]]:
    """Return who alone may know of which of these reports, for those of rooms that are closed; three queries."""
    rows = dict(Report.objects.filter(pk__in=list(ids), crisis__isnull=False).values_list("pk", "crisis_id"))
    closed = rooms.insiders_of({pk for pk in rows.values() if pk}, day)
    return {pk: closed[crisis] for pk, crisis in rows.items() if crisis in closed}


def is_registered(address: str) -> bool:
    """Say whether an address is registered, also with a room that nobody here may know of; one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT crisis_registered(%s)", [address])
        return bool(cursor.fetchone()[0])
