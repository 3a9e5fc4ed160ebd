"""The lists of owners by state and of cars by phase and next maintenance."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.care.models import CarState
from guanxi.care.permissions import Verb
from guanxi.care.queries.states import BY_RECORD
from guanxi.care.states.owners import DueBy, Phase, Record, State
from guanxi.care.states.tiers import Tier
from guanxi.customers import queries as customers
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable
from guanxi.network import queries as network
from guanxi.vehicles.models import Participant
from guanxi.vehicles.queries.cars import model_name

MOST, MOST_FOUND = 10_000, 1000


def outlets(actor: Actor) -> Sequence[tuple[str, Text]]:
    """Return the open outlets where the actor may see states, to choose from; one query."""
    where = actor.where(Verb.VIEW)
    rows = network.open_on(network.outlets(actor), clock.today()).order_by("code")[:300]
    return [(str(row.pk), row.name) for row in rows if where is None or row.pk in where]


def _same(rows: Rows, _value: str) -> Rows:
    """Keep the rows: the view chose them by this value already."""
    return rows


def _search(rows: Rows, text: str, actor: Actor) -> Rows:
    return rows.filter(db.among("customer_id", customers.found(actor, text, MOST_FOUND)))


def _search_cars(rows: Rows, text: str, actor: Actor) -> Rows:
    found = customers.found(actor, text, MOST_FOUND)
    held = Participant.objects.filter(db.among("customer_id", found), until__isnull=True)
    return rows.filter(vehicle_id__in=held.values("vehicle_id"))


def _has_car(**conditions: Any) -> Exists:
    states = CarState.objects.filter(**conditions).values("vehicle_id")
    held = Participant.objects.filter(customer=OuterRef("customer"), role="OWNER", until__isnull=True)
    return Exists(held.filter(vehicle_id__in=states))


def since(field: str, comparison: str) -> Any:
    """Return a filter by a day: ``comparison`` is that of Django, gte or lte."""
    return lambda rows, value: rows.filter(**{f"{field}__{comparison}": datetime.date.fromisoformat(value)})


def _due(rows: Rows, value: str) -> Rows:
    today = clock.today()
    if value == "past":
        return rows.filter(due_on__lt=today)
    return rows.filter(due_on__range=(today, today + datetime.timedelta(days=int(value))))


def _by_record(rows: Rows, value: str) -> Rows:
    return rows.filter(BY_RECORD[Record(value)])


def _kpi(rows: Rows, value: str) -> Rows:
    return rows.filter(kpi_lost=value == "yes")


def add_owners(rows: list[Any], _actor: Actor) -> None:
    """Give each car its owner of today; one query for the page."""
    held = Participant.objects.filter(
        vehicle_id__in=[row.pk for row in rows], role="OWNER", until__isnull=True
    ).values_list("vehicle_id", "customer_id", "customer__name")
    owners = {vehicle: (customer, name) for vehicle, customer, name in held}
    for row in rows:
        row.owner_id, row.owner_name = owners.get(row.pk, (None, ""))


DUE = selectable(
    (("past", _("Past")), ("30", _("Within 30 days")), ("60", _("Within 60 days")), ("90", _("Within 90 days")))
)
KPI = selectable((("yes", _("Lost by half a year")), ("no", _("Not lost by half a year"))))

OWNERS = Table(
    key="care.owners",
    title=_("Owners by state"),
    columns=(
        Column("customer", _("Customer"), lambda row: row.customer.name, cell="customer", personal=True),
        Column("state", _("State"), lambda row: row.get_state_display(), sort=("state",), cell="state"),
        Column("since", _("Since"), lambda row: row.since, sort=("since",), cell="date"),
        Column("tier", _("Value tier"), lambda row: row.get_tier_display(), cell="tier"),
        Column("paid", _("Paid in a year (yuan)"), lambda row: row.paid, cell="number"),
        Column("visits", _("Visits in a year"), lambda row: row.visits, sort=("visits",), cell="number"),
        Column("last", _("Last valid visit"), lambda row: row.last_visit, sort=("last_visit",), cell="date"),
        Column("before", _("Before"), lambda row: row.get_before_display() if row.before else "", hidden=True),
        Column("kpi", _("Lost by half a year"), lambda row: row.kpi_lost, cell="check", hidden=True),
        Column("outlet", _("Outlet"), lambda row: row.outlet.name if row.outlet else _("Whole network")),
        Column("record", _("Risk from the record"), lambda row: "、".join(row.record_risks), hidden=True),
        Column("number", _("Number"), lambda row: row.customer_id, sort=("pk",), hidden=True),
    ),
    filters=(
        Filter("state", _("State"), lambda rows, value: rows.filter(state=value), selectable(State.choices)),
        Filter("tier", _("Value tier"), lambda rows, value: rows.filter(tier=value), selectable(Tier.choices)),
        Filter("record", _("Quality of the record"), _by_record, selectable(Record.choices)),
        Filter("outlet", _("Outlet"), _same, outlets),
        Filter("since", _("Since"), since("since", "gte"), kind="date"),
        Filter(
            "phase", _("Phase of a car"), lambda rows, value: rows.filter(_has_car(phase=value)),
            selectable(Phase.choices), primary=False,
        ),
        Filter("kpi", _("Half a year"), _kpi, KPI, primary=False),
        Filter(
            "before", _("Before"), lambda rows, value: rows.filter(before=value), selectable(State.choices),
            primary=False,
        ),
        Filter("until", _("Until"), since("since", "lte"), kind="date", primary=False),
    ),
    search=_search,
    search_hint=_("Name, pinyin, phone, plate, VIN"),
    default_sort="-number",
    most=MOST,
    row_url=lambda row: reverse("customers:customer", args=[row.customer_id]),
)  # fmt: skip
CARS = Table(
    key="care.cars",
    title=_("Cars and what is due"),
    columns=(
        Column("car", _("Car"), lambda row: str(row.vehicle), cell="car", personal=True),
        Column("model", _("Model"), lambda row: model_name(row.vehicle), hidden=True),
        Column("owner", _("Owner"), lambda row: row.owner_name, cell="owner", personal=True),
        Column("phase", _("Phase"), lambda row: row.get_phase_display(), sort=("phase",), cell="tag"),
        Column("since", _("Since"), lambda row: row.phase_since, sort=("phase_since",), cell="date", hidden=True),
        Column("due", _("Next maintenance"), lambda row: row.due_on, sort=("due_on",), cell="date"),
        Column("step", _("Which"), lambda row: row.step.name if row.step else ""),
        Column("by", _("By what"), lambda row: row.get_due_by_display() if row.due_by else "", hidden=True),
        Column("km", _("Reckoned today (km)"), lambda row: row.km_on(clock.today()), cell="number"),
        Column("warranty", _("Warranty ends"), lambda row: row.warranty_ends, sort=("warranty_ends",), cell="date"),
        Column("insured", _("Insured until"), lambda row: row.insured_until, cell="date", hidden=True),
        Column("inspected", _("Inspection due"), lambda row: row.inspected_until, cell="date", hidden=True),
        Column("number", _("Number"), lambda row: row.pk, sort=("pk",), hidden=True),
    ),
    filters=(
        Filter("phase", _("Phase"), lambda rows, value: rows.filter(phase=value), selectable(Phase.choices)),
        Filter("due", _("Due"), _due, DUE),
        Filter("outlet", _("Outlet"), _same, outlets),
        Filter(
            "by", _("By what"), lambda rows, value: rows.filter(due_by=value), selectable(DueBy.choices),
            primary=False,
        ),
        Filter("since", _("Since"), since("phase_since", "gte"), kind="date", primary=False),
    ),
    search=_search_cars,
    search_hint=_("Owner, plate, VIN"),
    default_sort="-number",
    most=MOST,
    row_url=lambda row: reverse("vehicles:vehicle", args=[row.pk]),
    prepare=add_owners,
)  # fmt: skip
