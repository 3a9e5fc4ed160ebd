"""The reports on information quality and on the truth of warranty repairs, a line for each outlet or branch."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable
from guanxi.network.models import Node
from guanxi.network.states import Kind
from guanxi.verification.policy import Period, Share, back_from, month_of, ranks, week_of
from guanxi.verification.queries import record
from guanxi.verification.queries.reports import Figures
from guanxi.verification.tables.lists import below, places

MONTHS, WEEKS, TREND, FEW, LAST = 13, 13, 6, 3, 1_000_000
LEVELS = ((Kind.OUTLET, _("Outlets")), (Kind.BRANCH, _("Branches")))
BY: dict[str, tuple[Text, Callable[[Figures], float | None]]] = {
    "accurate": (_("Accurate"), lambda found: found.accurate.percent),
    "true": (_("True"), lambda found: found.true.percent),
    "retained": (_("Valid records of sold customers (KPI-05)"), lambda found: found.retained.percent),
    "complete": (_("Complete"), lambda found: found.mean("complete")),
    "valid": (_("Valid"), lambda found: found.mean("valid")),
    "fresh": (_("Fresh"), lambda found: found.mean("fresh")),
    "score": (_("Quality of records"), lambda found: found.mean("score")),
}


@dataclass(frozen=True)
class Asked:
    """What a report is asked for: of which time, of outlets or branches, ranked by what."""

    period: Period
    trend: Sequence[Period]
    kind: str
    by: str


def periods(day: datetime.date) -> dict[str, Period]:
    """Return the months and weeks to choose from, the newest first."""
    months = back_from(month_of(day), MONTHS)[::-1]
    weeks = back_from(week_of(day), WEEKS)[::-1]
    return {period.key: period for period in (*months, *weeks)}


def asked(params: Mapping[str, Any]) -> Asked:
    """Return what the address asks for; what cannot be chosen counts as not asked, as in every list."""
    known = periods(clock.today())
    period = known.get(str(params.get("time", "")), next(iter(known.values())))
    kind = str(params.get("level", ""))
    by = str(params.get("by", ""))
    kind = kind if kind in dict(LEVELS) else Kind.OUTLET
    return Asked(period, back_from(period, TREND), kind, by if by in BY else "accurate")


def _times(_actor: Actor) -> Sequence[tuple[str, Text]]:
    return [
        (period.key, f"{period.key} ({period.first:%m-%d} – {period.last:%m-%d})" if "W" in period.key else period.key)
        for period in periods(clock.today()).values()
    ]


def _same(rows: Rows, _value: str) -> Rows:
    """Keep the rows: the view chose what they count by this value already."""
    return rows


def _within(rows: Rows, value: str) -> Rows:
    """Keep a place and what stands below it."""
    under = below(Node.objects.annotate(outlet_id=F("pk")), value)
    return rows.filter(pk__in=under.values("pk"))


FILTERS = (
    Filter("time", _("Week or month"), _same, _times, usual=lambda: month_of(clock.today()).key),
    Filter("level", _("Figures of"), _same, selectable(LEVELS), usual=lambda: str(Kind.OUTLET)),
    Filter("place", _("Outlet or branch"), _within, places),
)
RANKED = Filter("by", _("Ranked by"), _same, selectable((key, label) for key, (label, _of) in BY.items()))


def ranked(rows: QuerySet[Node], values: Mapping[int, float | None]) -> QuerySet[Node]:
    """Return places with their rank by a value, the greatest first; unknown ones last, without one."""
    keys = list(values)
    found = ranks(values[key] for key in keys)
    whens = [When(pk=key, then=Value(rank)) for key, rank in zip(keys, found, strict=True) if rank is not None]
    whens = whens or [When(pk=0, then=Value(LAST))]  # without any the order would be a number, a place in the list
    return rows.annotate(rank=Case(*whens, default=Value(LAST), output_field=IntegerField()))


def _percent(of: Callable[[Figures], Share]) -> Callable[[Any], float | None]:
    return lambda row: of(row.found).percent


def _low(of: Callable[[Figures], Share]) -> Callable[[Any], float | None]:
    return lambda row: of(row.found).low


def _high(of: Callable[[Figures], Share]) -> Callable[[Any], float | None]:
    return lambda row: of(row.found).high


def _count(name: str) -> Callable[[Any], int]:
    return lambda row: int(row.found.counts[name])


def _mean(name: str) -> Callable[[Any], float | None]:
    return lambda row: row.found.mean(name)


def _shares(key: str, label: Text, of: Callable[[Figures], Share]) -> tuple[Column, ...]:
    """Return the columns of a share: as it is shown, and the two ends of its interval for the export."""
    return (
        Column(key, label, _percent(of), cell="share"),
        Column(f"{key}_low", _("%(what)s: at least") % {"what": label}, _low(of), cell="number", hidden=True),
        Column(f"{key}_high", _("%(what)s: at most") % {"what": label}, _high(of), cell="number", hidden=True),
    )


def _change(row: Any) -> float | None:
    """Return how many points the share changed since the period before."""
    held = [share.percent for share in row.trend[-2:]]
    return round(held[1] - held[0], 1) if len(held) == 2 and None not in held else None  # noqa: PLR2004 -- two periods


def with_figures(
    found: Mapping[int, Figures], trend: Sequence[Period]
) -> Callable[[list[Any], Actor], None]:  # fmt: skip
    """Return what gives each place its figures, the names of the fields most often wrong, and its trend."""
    names = record.fields()

    def prepare(rows: list[Any], _actor: Actor) -> None:
        for row in rows:
            row.found = found.get(row.pk, Figures())
            most = row.found.fields.most_common(FEW)
            row.wrong = "、".join(f"{names[code].name if code in names else code} {many}" for code, many in most)
            row.trend = [row.found.history.get(period.key, Share(0, 0)) for period in trend]

    return prepare


def _rank(row: Any) -> int | None:
    return None if row.rank == LAST else int(row.rank)


QUALITY = Table(
    key="verification.quality",
    title=_("Information quality"),
    columns=(
        Column("rank", _("Rank"), _rank, sort=("rank", "code"), cell="number"),
        Column("unit", _("Outlet or branch"), lambda row: row.name, sort=("code",), cell="unit"),
        Column("sold", _("Sold customers"), _count("sold"), cell="number"),
        Column("checked", _("Records checked"), _count("checked"), cell="number"),
        Column("complete", _("Complete"), _mean("complete"), cell="mark"),
        Column("valid", _("Valid"), _mean("valid"), cell="mark"),
        Column("fresh", _("Fresh"), _mean("fresh"), cell="mark"),
        *_shares("accurate", _("Accurate"), lambda found: found.accurate),
        *_shares("true", _("True"), lambda found: found.true),
        *_shares("retained", _("KPI-05"), lambda found: found.retained),
        Column("trend", _("Change (points)"), _change, cell="trend"),
        Column("wrong", _("Most often wrong"), lambda row: row.wrong, hidden=True),
        Column("ordered", _("Corrections ordered"), _count("ordered"), cell="number", hidden=True),
        Column("closed", _("Corrections closed"), _count("closed"), cell="number", hidden=True),
        Column("open", _("Not corrected yet"), _count("open"), cell="number"),
        Column("overdue", _("Overdue"), _count("overdue"), cell="number", hidden=True),
        Column("days", _("Days until corrected"), lambda row: row.found.mean_days, cell="number", hidden=True),
        Column("false_files", _("False files"), _count("false_files"), cell="number"),
        Column("decided", _("Checks that decided"), _count("decided"), cell="number", hidden=True),
        Column("score", _("Quality of records"), _mean("score"), cell="mark", hidden=True),
        Column("records", _("Customer records"), _count("records"), cell="number", hidden=True),
    ),
    filters=(*FILTERS, RANKED),
    default_sort="rank",
    row_url=lambda row: f"{reverse('verification:checks')}?place={row.pk}",
)
TRUTH = Table(
    key="verification.truth",
    title=_("Truth of warranty repairs"),
    columns=(
        Column("rank", _("Rank"), _rank, sort=("rank", "code"), cell="number"),
        Column("unit", _("Outlet or branch"), lambda row: row.name, sort=("code",), cell="unit"),
        Column("repairs", _("Warranty repairs"), _count("repairs"), cell="number"),
        Column("asked", _("Customers asked"), _count("asked"), cell="number"),
        *_shares("confirmed", _("Confirmed by customers"), lambda found: found.confirmed),
        Column("doubtful", _("Doubtful"), _count("doubtful"), cell="number"),
        Column("false", _("False"), _count("false"), cell="number"),
        Column("unknown", _("Not known"), _count("unknown"), cell="number", hidden=True),
        Column("trend", _("Change (points)"), _change, cell="trend"),
        Column("wrong", _("What was doubted"), lambda row: row.wrong),
        Column("amount", _("Amount concerned"), lambda row: round(row.found.amount, 2), cell="money"),
        Column("ordered", _("Corrections ordered"), _count("ordered"), cell="number"),
    ),
    filters=FILTERS,
    default_sort="rank",
    row_url=lambda row: f"{reverse('verification:checks')}?place={row.pk}&occasion=WARRANTY",
)
