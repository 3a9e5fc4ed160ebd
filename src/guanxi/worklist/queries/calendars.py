"""The working calendars of places, put together from what each place and those above it wrote."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language

from guanxi.foundation.actor import Actor
from guanxi.network import queries as network
from guanxi.network.models import Ancestry, Node
from guanxi.worklist.models import HolidayYear, PublicHoliday, Rung, SpecialDay, WorkingWeek
from guanxi.worklist.policy.calendar import Calendar, Holiday, Layer, Special, WeekRule
from guanxi.worklist.policy.hours import read_day, read_week
from guanxi.worklist.policy.ladders import Ladder, Step
from guanxi.worklist.policy.reckoning import Stretch, stretches_of

BACK = datetime.timedelta(days=60)


@dataclass(frozen=True)
class Kept:
    """What is the same for all places: the announced holidays from a day on."""

    holidays: dict[datetime.date, Holiday]
    years: frozenset[int]


def places(actor: Actor, verb: str, day: datetime.date) -> list[Node]:
    """Return the open places at which the actor holds a verb, without departments, at most 300; one query."""
    rows = network.open_on(Node.objects.exclude(kind__in=["UNIT", "PARTNER"]), day).order_by("kind", "code")
    where = actor.where(verb)
    return list((rows if where is None else rows.filter(pk__in=where))[:300])


def zone() -> ZoneInfo:
    """Return the zone of the business."""
    return ZoneInfo(settings.TIME_ZONE)


def holidays(since: datetime.date) -> Kept:
    """Return the announced holidays from a day on; two queries."""
    english = (get_language() or "").startswith("en")
    rows = PublicHoliday.objects.filter(day__gte=since).values_list("day", "name_zh", "name_en", "is_off")
    days = {day: Holiday(en if english else zh, off) for day, zh, en, off in rows}
    return Kept(days, frozenset(HolidayYear.objects.values_list("pk", flat=True)))


def calendars(
    node_ids: Iterable[int | None], day: datetime.date, *, since: datetime.date | None = None
) -> dict[int | None, Calendar]:
    """Return the calendar of each place as the network stands on ``day``; five queries, whatever their number.

    Announced holidays are read from ``since`` on, or from two months before.
    """
    wanted = set(node_ids)
    ways = _ways_up([pk for pk in wanted if pk is not None], day)
    layers = _layers({above for way in ways.values() for above in way})
    kept = holidays(since or day - BACK)
    whole = layers.get(None, Layer(None))
    return {
        pk: Calendar(
            (*(layers[above] for above in ways.get(pk, ()) if above in layers), whole),
            kept.holidays, kept.years, zone(),
        )
        for pk in wanted
    }  # fmt: skip


def openings(
    node_ids: Iterable[int], first: datetime.date, last: datetime.date
) -> dict[int, dict[datetime.date, Stretch]]:
    """Return for each place the days on which it works, from a day to a day, with when it opens first and closes last;
    five queries, and each calendar is walked once however many places share it.
    """
    known: dict[tuple[int | None, ...], dict[datetime.date, Stretch]] = {}
    found = {}
    for pk, held in calendars(node_ids, last, since=first).items():
        layers = tuple(layer.node_id for layer in held.layers)
        if layers not in known:
            known[layers] = _openings(held, first, last)
        if pk is not None:
            found[pk] = known[layers]
    return found


def _openings(held: Calendar, first: datetime.date, last: datetime.date) -> dict[datetime.date, Stretch]:
    days = (first + datetime.timedelta(days=number) for number in range((last - first).days + 1))
    stretches = ((day, stretches_of(held, day)) for day in days)
    return {day: (open_times[0][0], open_times[-1][1]) for day, open_times in stretches if open_times}


def calendar(node_id: int | None, day: datetime.date, *, since: datetime.date | None = None) -> Calendar:
    """Return the calendar of one place, or of the whole network."""
    return calendars([node_id], day, since=since)[node_id]


def _ways_up(node_ids: list[int], day: datetime.date) -> dict[int | None, list[int]]:
    """Return each place with those above it, the nearest first; one query."""
    rows = Ancestry.objects.filter(descendant_id__in=node_ids, during__contains=day).order_by("depth", "ancestor_id")
    ways: dict[int | None, list[int]] = defaultdict(list)
    for above, below in rows.values_list("ancestor_id", "descendant_id"):
        ways[below].append(above)
    return ways


def _layers(node_ids: set[int]) -> dict[int | None, Layer]:
    """Return what these places and the whole network wrote; two queries."""
    weeks: dict[int | None, list[WeekRule]] = defaultdict(list)
    days: dict[int | None, dict[datetime.date, Special]] = defaultdict(dict)
    for row in WorkingWeek.objects.filter(Q(node_id__in=node_ids) | of(None)):
        week = read_week(row.hours) if row.hours else None
        weeks[row.node_id].append(WeekRule(row.since, week, row.keeps_holidays))
    for special in SpecialDay.objects.filter(Q(node_id__in=node_ids) | of(None)):
        days[special.node_id][special.day] = Special(read_day(special.hours), special.reason)
    return {pk: Layer(pk, tuple(weeks[pk]), days[pk]) for pk in {*weeks, *days}}


def of(node_id: int | None) -> Q:
    """The condition 'written by this place' (None: for the whole network)."""
    return Q(node__isnull=True) if node_id is None else Q(node_id=node_id)


def weeks(node_id: int | None) -> list[WorkingWeek]:
    """Return the weeks that a place wrote itself, the latest first."""
    return list(WorkingWeek.objects.filter(of(node_id)).order_by("-since"))


def special_days(node_id: int | None, first: datetime.date, last: datetime.date) -> list[SpecialDay]:
    """Return the days that a place wrote itself, in order."""
    return list(SpecialDay.objects.filter(of(node_id), day__range=(first, last)).order_by("day"))


def ladders() -> dict[str, Ladder]:
    """Return the ladder of each kind of task; one query."""
    found: dict[str, list[Step]] = defaultdict(list)
    for row in Rung.objects.order_by("kind", "level"):
        found[row.kind].append(Step(row.level, row.minutes, row.to, tuple(row.roles), row.percent))
    return {kind: tuple(steps) for kind, steps in found.items()}
