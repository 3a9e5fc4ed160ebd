"""Reads of what media report: the list, one, those of a crisis."""

from django.db.models import QuerySet

from guanxi.crisis.models import Crisis, Report
from guanxi.crisis.permissions import Verb
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound

MOST = 100


def visible_to(actor: Actor) -> QuerySet[Report]:
    """Return what media report about places where the actor may see crises."""
    where = actor.where(Verb.VIEW)
    if where is None:
        return Report.objects.all()
    return Report.objects.filter(db.among("place_id", where))


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
