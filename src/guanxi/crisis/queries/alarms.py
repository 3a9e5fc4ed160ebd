"""Reads of alarms, of the terms of the watch, and of complaints that normal handling does not remove."""

import datetime

from django.db.models import Count, Q, QuerySet

from guanxi.complaints.models import Complaint
from guanxi.complaints.states import OPEN, Act, Kind
from guanxi.crisis.models import Alarm, Crisis, Link, Report, Terms
from guanxi.crisis.permissions import Verb, entered
from guanxi.crisis.states import AlarmState
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound

MOST = 50


def visible_to(actor: Actor) -> QuerySet[Alarm]:
    """Return the alarms of places where the actor may see crises, without what belongs to
    a room that is closed to him.
    """
    rows = Alarm.objects.filter(Q(crisis=None) | Q(crisis__in=Crisis.objects.filter(entered(actor))))
    where = actor.where(Verb.VIEW)
    return rows if where is None else rows.filter(db.among("place_id", where))


def alarm(actor: Actor, pk: int) -> Alarm:
    """Return one visible alarm.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("place", "crisis").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def terms(day: datetime.date) -> Terms | None:
    """Return the terms of the watch on a day; one query."""
    return Terms.objects.filter(valid_from__lte=day).order_by("-valid_from").first()


def lately(since: datetime.date) -> frozenset[tuple[str, str]]:
    """Return what has an open alarm, or had one since a day; one query."""
    rows = Alarm.objects.filter(Q(state=AlarmState.OPEN) | Q(day__gt=since))
    return frozenset(rows.values_list("cell", "key"))


def repeated(held: Terms) -> list[int]:
    """Return the open complaints that were said again, or whose solution was rejected, too often, and that were in no
    crisis yet; one query.
    """
    rows = Complaint.objects.filter(state__in=OPEN, kind=Kind.COMPLAINT).exclude(
        pk__in=Link.objects.values("complaint_id")
    )
    again = Count("deeds", filter=Q(deeds__act=Act.JOINED))
    rows = rows.annotate(again=again).filter(Q(again__gte=held.said_again) | Q(rounds__gt=held.rejected))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:MOST])


def reported(place_id: int, day: datetime.date, held: Terms) -> tuple[int, int]:
    """Return how many media reports about a place were published in the days looked at, and in those before; one
    query.
    """
    mid = day - datetime.timedelta(days=held.window_days)
    start = mid - datetime.timedelta(days=held.base_days)
    rows = Report.objects.filter(place_id=place_id, day__gt=start, day__lte=day)
    found = rows.aggregate(now=Count("pk", filter=Q(day__gt=mid)), before=Count("pk", filter=Q(day__lte=mid)))
    return found["now"], found["before"]
