"""The lists of customers."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.customers import policy, queries
from guanxi.customers.models import ContactPoint, Quality, Relation
from guanxi.customers.states import Category, Doubt, Kind
from guanxi.foundation import clock, db, slots
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable
from guanxi.network import queries as network

WORST, FAIR = 60, 80
MOST_FOUND = 1000  # a search that finds more is no search


def _search(rows: Rows, text: str, actor: Actor) -> Rows:
    """Keep the customers found by what was typed, in any of the ways that it can be meant."""
    return rows.filter(db.among("pk", queries.found(actor, text, MOST_FOUND)))


def _related(rows: Rows, **conditions: Any) -> Rows:
    return rows.filter(Exists(Relation.objects.filter(customer=OuterRef("pk"), ended_on__isnull=True, **conditions)))


def _outlets(actor: Actor) -> Sequence[tuple[str, Text]]:
    rows = network.open_on(network.outlets(actor), clock.today()).order_by("code")[:300]
    return [(str(row.pk), row.name) for row in rows]


def _graded(rows: Rows, value: str) -> Rows:
    low, high = {"low": (0, WORST - 1), "fair": (WORST, FAIR - 1), "good": (FAIR, 100)}[value]
    return rows.filter(quality__score__range=(low, high))


def _doubt(rows: Rows, value: str) -> Rows:
    return rows.filter(Exists(Quality.objects.filter(customer=OuterRef("pk"), doubts__contains=[value])))


def prepare(rows: list[Any], actor: Actor) -> None:
    """Give each row its main number, its relations and its cars; three queries for the page."""
    ids = [row.pk for row in rows]
    main = ContactPoint.objects.filter(customer_id__in=ids, channel="MOBILE").order_by("customer_id", "-is_primary")
    numbers = {point.customer_id: point.value for point in reversed(main)}
    held: dict[int, list[Relation]] = {}
    for relation in queries.relations(actor, ids):
        held.setdefault(relation.customer_id, []).append(relation)
    cars: dict[int, str] = slots.ask("customer_cars", actor, ids, default={})
    for row in rows:
        row.mobile = numbers.get(row.pk, "")
        row.held = held.get(row.pk, [])
        row.car_names = cars.get(row.pk, "")


def _joined(row: Any, read: Any) -> str:
    return ", ".join(dict.fromkeys(str(text) for relation in row.held if (text := read(relation))))


def _masked(row: Any) -> str:
    return policy.mask_contact("MOBILE", row.mobile) if row.mobile else ""


def _since(row: Any) -> datetime.date | None:
    return min((relation.since for relation in row.held), default=None)


def consultant(relation: Relation) -> str:
    return relation.consultant.name if relation.consultant else relation.consultant_name


def share(part: int, whole: int) -> float | None:
    """Return a share in per cent with one digit, or None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def add_trend(rows: list[Any], actor: Actor) -> None:
    """Give each row the scores of its last days, oldest first; one query."""
    ids = [row.outlet_id for row in rows]
    history: dict[int, list[float]] = {}
    past = queries.qualities(actor).filter(db.among("outlet_id", ids)).order_by("day")
    for outlet_id, score in past.values_list("outlet_id", "score"):
        history.setdefault(outlet_id, []).append(float(score))
    for row in rows:
        row.history = history.get(row.outlet_id, [])[-30:]


def trend(row: Any) -> str:
    """Say how the score changed over the days that are kept."""
    history: list[float] = getattr(row, "history", [])
    if len(history) < 2:  # noqa: PLR2004 -- a change needs two days
        return ""
    return f"{history[-1] - history[0]:+.1f}"


CUSTOMERS = Table(
    key="customers.customers",
    title=_("Customers"),
    columns=(
        Column("name", _("Customer"), lambda row: row.name, sort=("reading",), cell="customer", personal=True),
        Column("mobile", _("Mobile"), _masked, cell="phone", personal=True),
        Column("category", _("Category"), lambda row: _joined(row, Relation.get_category_display), cell="tag"),
        Column("cars", _("Cars"), lambda row: row.car_names),
        Column("outlet", _("Outlet"), lambda row: _joined(row, lambda held: held.outlet.name)),
        Column("consultant", _("Consultant"), lambda row: _joined(row, consultant)),
        Column("since", _("Since"), _since, cell="date"),
        Column("score", _("Quality"), lambda row: row.quality.score if hasattr(row, "quality") else None, cell="score"),
        Column("touched", _("Changed"), lambda row: row.touched_at, cell="ago", hidden=True),
        Column("number", _("Number"), lambda row: row.pk, sort=("pk",), hidden=True),
        Column("kind", _("Kind"), lambda row: row.get_kind_display(), hidden=True),
        Column("tags", _("Tags"), lambda row: _joined(row, lambda held: ", ".join(held.tags)), hidden=True),
    ),  # fmt: skip
    filters=(
        Filter(
            "category", _("Category"), lambda rows, value: _related(rows, category=value), selectable(Category.choices)
        ),
        Filter("outlet", _("Outlet"), lambda rows, value: _related(rows, outlet_id=int(value)), _outlets),
        Filter("kind", _("Kind"), lambda rows, value: rows.filter(kind=value), selectable(Kind.choices), primary=False),
        Filter(
            "quality",
            _("Quality"),
            _graded,
            selectable((("low", _("Below 60")), ("fair", _("60 to 79")), ("good", _("80 and more")))),
            primary=False,
        ),
        Filter("doubt", _("What is wrong"), _doubt, selectable(Doubt.choices), primary=False),
    ),  # fmt: skip
    search=_search,
    search_hint=_("Name, pinyin, phone, plate, VIN"),
    default_sort="-number",
    most=10_000,
    row_url=lambda row: reverse("customers:customer", args=[row.pk]),
    prepare=prepare,
)
QUALITY = Table(
    key="customers.quality",
    title=_("Data quality by outlet"),
    columns=(
        Column("outlet", _("Outlet"), lambda row: row.outlet.name, sort=("outlet__code",)),
        Column("customers", _("Customers"), lambda row: row.customers, sort=("customers",), cell="number"),
        Column("score", _("Quality"), lambda row: row.score, sort=("score",), cell="score"),
        Column("complete", _("Complete"), lambda row: row.complete, sort=("complete",), cell="mark"),
        Column("valid", _("Valid"), lambda row: row.valid, sort=("valid",), cell="mark"),
        Column("fresh", _("Fresh"), lambda row: row.fresh, sort=("fresh",), cell="mark"),
        Column("unique", _("Unique"), lambda row: row.unique, sort=("unique",), cell="mark"),
        Column("proven", _("Proven by use"), lambda row: row.proven, sort=("proven",), cell="mark"),
        Column("usable", _("Valid ratio (KPI-06)"), lambda row: share(row.usable, row.customers), cell="share"),
        Column("verified", _("Verified ratio (KPI-05)"), lambda row: share(row.verified, row.customers), cell="share"),
        Column("trend", _("Trend"), trend, cell="trend"),
    ),
    default_sort="score",
    search=lambda rows, text, _actor: rows.filter(
        Q(outlet__name_zh__icontains=text) | Q(outlet__name_en__icontains=text) | Q(outlet__code__istartswith=text)
    ),
    search_hint=_("Name or code of the outlet"),
    row_url=lambda row: reverse("customers:customers") + f"?outlet={row.outlet_id}&quality=low",
    prepare=add_trend,
)
