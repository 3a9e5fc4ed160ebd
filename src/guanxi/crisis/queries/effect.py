"""The effect over time: complaints a week before a crisis and since, as a chart and a table."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek

from guanxi.complaints.models import Complaint
from guanxi.complaints.states import Kind
from guanxi.crisis.models import Crisis, Link
from guanxi.foundation import clock
from guanxi.network.models import Ancestry
from guanxi.vehicles.models import Vehicle

BEFORE, MOST = 8, 26  # weeks
WEEK = datetime.timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """The complaints of a week; ``is_since``: the crisis was open in it."""

    monday: datetime.date
    count: int
    is_since: bool


def weeks(row: Crisis, today: datetime.date) -> Sequence[Week]:
    """Return the complaints a week, from eight weeks before the crisis until today or half a year on: those about its
    model and its part at and below its place, or its own where neither is named; one query.
    """
    opened = clock.day_of(row.opened_at)
    first = opened - datetime.timedelta(days=opened.weekday()) - BEFORE * WEEK
    last = min(today - datetime.timedelta(days=today.weekday()), first + (BEFORE + MOST - 1) * WEEK)
    rows = Complaint.objects.filter(
        _about(row, opened), kind=Kind.COMPLAINT, opened_at__gte=clock.start_of(first),
        opened_at__lt=clock.start_of(last + WEEK),
    )  # fmt: skip
    found = rows.annotate(week=TruncWeek("opened_at")).values_list("week").annotate(many=Count("pk"))
    counts = {clock.day_of(week): many for week, many in found}
    mondays = [first + number * WEEK for number in range((last - first) // WEEK + 1)]
    return [Week(day, counts.get(day, 0), day + WEEK > opened) for day in mondays]


def _about(row: Crisis, day: datetime.date) -> Q:
    if row.model_id is None and row.matter_id is None:
        return Q(pk__in=Link.objects.filter(crisis=row, off_at__isnull=True).values("complaint_id"))
    below = Ancestry.objects.filter(ancestor_id=row.place_id, during__contains=day).values("descendant_id")
    about = Q(outlet_id__in=below)
    if row.model_id is not None:
        about &= Q(vehicle_id__in=Vehicle.objects.filter(trim__model_id=row.model_id).values("pk"))
    if row.matter_id is not None:
        about &= Q(category_id=row.matter_id)
    return about
