"""The list of workshop visits."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries as customers
from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable
from guanxi.vehicles.queries import cars, finding
from guanxi.workshop import queries
from guanxi.workshop.permissions import Verb

MOST, MOST_FOUND = 10_000, 200


def prepare(rows: list[Any], _actor: Actor) -> None:
    """Give each visit its car and customer, if still in sight, and the word of its category; three queries."""
    held = cars.named(row.vehicle_id for row in rows)
    people = customers.names(row.customer_id for row in rows if row.customer_id)
    names = queries.category_names(clock.today())
    for row in rows:
        row.car = held.get(row.vehicle_id)
        row.customer_name = people.get(row.customer_id, "")
        row.category_name = names.get(row.category, row.category)


def _search(rows: Rows, text: str, actor: Actor) -> Rows:
    found = finding.ending(actor, text, MOST_FOUND).values_list("pk", flat=True)[:MOST_FOUND]
    return rows.filter(Q(order_no=text.strip()) | Q(vehicle_id__in=list(found)))


def _categories(actor: Actor) -> Sequence[tuple[str, Text]]:
    return [choice for _group, choices in queries.categories(actor, clock.today()) for choice in choices]


def _outlets(actor: Actor) -> Sequence[tuple[str, Text]]:
    return [(str(row.pk), row.name) for row in queries.workshops(actor, Verb.VIEW)]


def _valid(rows: Rows, value: str) -> Rows:
    return rows.filter(counts={"valid": True, "invalid": False}.get(value))


def _since(rows: Rows, value: str) -> Rows:
    return rows.filter(entered_on__gte=datetime.date.fromisoformat(value))


def _until(rows: Rows, value: str) -> Rows:
    return rows.filter(entered_on__lte=datetime.date.fromisoformat(value))


VALIDITY = selectable((("valid", _("Valid")), ("invalid", _("Invalid")), ("unknown", _("Not known"))))

VISITS = Table(
    key="workshop.visits",
    title=_("Workshop visits"),
    columns=(
        Column("entered", _("Came on"), lambda row: row.entered_on, sort=("entered_on",), cell="visit"),
        Column("car", _("Car"), lambda row: str(row.car or ""), cell="car", personal=True),
        Column("customer", _("Customer"), lambda row: row.customer_name, cell="customer", personal=True),
        Column("category", _("Category"), lambda row: row.category_name, sort=("category",), cell="category"),
        Column("km", _("Mileage (km)"), lambda row: row.km, sort=("km",), cell="number"),
        Column("total", _("Total"), lambda row: row.total, sort=("total",), cell="number"),
        Column("advisor", _("Service advisor"), lambda row: row.advisor_name, sort=("advisor_name",)),
        Column("outlet", _("Outlet"), lambda row: row.outlet.name),
        Column("order", _("Order number"), lambda row: row.order_no, sort=("order_no",), cell="code"),
        Column("valid", _("Valid visit"), lambda row: row.counts, cell="check", hidden=True),
        Column("left", _("Left on"), lambda row: row.left_on, cell="date", hidden=True),
        Column("labour", _("Labour"), lambda row: row.labour, cell="number", hidden=True),
        Column("parts", _("Parts"), lambda row: row.parts, cell="number", hidden=True),
        Column("words", _("The customer's words"), lambda row: row.words, hidden=True, personal=True),
    ),
    filters=(
        Filter("category", _("Category"), lambda rows, value: rows.filter(category=value), _categories),
        Filter("valid", _("Visit"), _valid, VALIDITY),
        Filter("since", _("From"), _since, kind="date"),
        Filter("until", _("Until"), _until, kind="date"),
        Filter("outlet", _("Outlet"), lambda rows, value: rows.filter(outlet_id=int(value)), _outlets, primary=False),
    ),  # fmt: skip
    search=_search,
    search_hint=_("Order number, end of plate or VIN"),
    default_sort="-entered",
    row_url=lambda row: reverse("workshop:visit", args=[row.pk]),
    prepare=prepare,
    most=MOST,
)
