"""The lists of owners by state, of cars by phase and next maintenance, of rounds, and of outlets by their rounds."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.care.models import CarState
from guanxi.care.permissions import Verb
from guanxi.care.queries import checklists
from guanxi.care.states.owners import DueBy, Phase, State
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


def _since(field: str, comparison: str) -> Any:
    return lambda rows, value: rows.filter(**{f"{field}__{comparison}": datetime.date.fromisoformat(value)})


def _due(rows: Rows, value: str) -> Rows:
    today = clock.today()
    if value == "past":
        return rows.filter(due_on__lt=today)
    return rows.filter(due_on__range=(today, today + datetime.timedelta(days=int(value))))


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
        Column("visits", _("Visits in a year"), lambda row: row.visits, sort=("visits",), cell="number"),
        Column("last", _("Last valid visit"), lambda row: row.last_visit, sort=("last_visit",), cell="date"),
        Column("before", _("Before"), lambda row: row.get_before_display() if row.before else ""),
        Column("kpi", _("Lost by half a year"), lambda row: row.kpi_lost, cell="check"),
        Column("outlet", _("Outlet"), lambda row: row.outlet.name if row.outlet else _("Whole network")),
        Column("number", _("Number"), lambda row: row.customer_id, sort=("pk",), hidden=True),
    ),
    filters=(
        Filter("state", _("State"), lambda rows, value: rows.filter(state=value), selectable(State.choices)),
        Filter("outlet", _("Outlet"), _same, outlets),
        Filter("since", _("Since"), _since("since", "gte"), kind="date"),
        Filter(
            "phase", _("Phase of a car"), lambda rows, value: rows.filter(_has_car(phase=value)),
            selectable(Phase.choices), primary=False,
        ),
        Filter("kpi", _("Half a year"), _kpi, KPI, primary=False),
        Filter(
            "before", _("Before"), lambda rows, value: rows.filter(before=value), selectable(State.choices),
            primary=False,
        ),
        Filter("until", _("Until"), _since("since", "lte"), kind="date", primary=False),
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
        Filter("since", _("Since"), _since("phase_since", "gte"), kind="date", primary=False),
    ),
    search=_search_cars,
    search_hint=_("Owner, plate, VIN"),
    default_sort="-number",
    most=MOST,
    row_url=lambda row: reverse("vehicles:vehicle", args=[row.pk]),
    prepare=add_owners,
)  # fmt: skip


def places(actor: Actor) -> Sequence[tuple[str, Text]]:
    """Return the open outlets where the actor may see rounds, to choose from; one query."""
    rows = checklists.places(actor, Verb.VIEW_ROUNDS, clock.today()).order_by("code")[:300]
    return [(str(row.pk), row.name) for row in rows]


def lists(_actor: Actor) -> Sequence[tuple[str, Text]]:
    """Return the check lists of today, to choose from; two queries."""
    return [(row.code, row.name) for row in checklists.in_force(clock.today())]


def add_branches(rows: list[Any], actor: Actor) -> None:
    """Give each outlet its branch of today; one query for the page."""
    ways = network.ways_up(actor, [row.pk for row in rows], clock.today())
    for row in rows:
        row.branch = ", ".join(step.name for step in ways.get(row.pk, ()) if step.kind == "BRANCH")


def _standing(rows: Rows, value: str) -> Rows:
    if value == "missed":
        return rows.filter(filed_at__isnull=True, day__lt=clock.today())
    return rows.filter(missing__gt=0) if value == "wanting" else rows.filter(filed_at__isnull=value == "open")


STANDING = selectable((
    ("filed", _("Filed")), ("wanting", _("With shortcomings")), ("missed", _("Missed")), ("open", _("Not filed")),
))  # fmt: skip

ROUNDS = Table(
    key="care.rounds",
    title=_("Rounds"),
    columns=(
        Column("day", _("Day"), lambda row: row.day, sort=("day",), cell="round"),
        Column("outlet", _("Outlet"), lambda row: row.outlet.name),
        Column("list", _("Check list"), lambda row: row.list.name),
        Column("filed", _("Filed"), lambda row: row.filed_at, cell="filed"),
        Column("person", _("By whom"), lambda row: row.person_name),
        Column("fulfilled", _("Fulfilled"), lambda row: row.fulfilled if row.filed_at else None, cell="number"),
        Column("missing", _("Not fulfilled"), lambda row: row.missing if row.filed_at else None, cell="missing"),
        Column("due", _("Due"), lambda row: row.due_at, cell="moment", hidden=True),
        Column("corrected", _("Corrected"), lambda row: row.corrected_at, cell="moment", hidden=True),
        Column("number", _("Number"), lambda row: row.pk, sort=("pk",), hidden=True),
    ),
    filters=(
        Filter("list", _("Check list"), lambda rows, value: rows.filter(code=value), lists),
        Filter("outlet", _("Outlet"), lambda rows, value: rows.filter(outlet_id=int(value)), places),
        Filter("state", _("State"), _standing, STANDING),
        Filter("since", _("Since"), _since("day", "gte"), kind="date", primary=False),
        Filter("until", _("Until"), _since("day", "lte"), kind="date", primary=False),
    ),
    search=lambda rows, text, _actor: rows.filter(
        Q(outlet__name_zh__icontains=text) | Q(outlet__name_en__icontains=text) | Q(outlet__code__istartswith=text)
        | Q(person_name__icontains=text)
    ),
    search_hint=_("Outlet or person"),
    default_sort="-day",
    most=MOST,
    row_url=lambda row: reverse("care:round", args=[row.pk]),
)  # fmt: skip
SCORES = Table(
    key="care.round_scores",
    title=_("Outlets by their rounds"),
    columns=(
        Column("outlet", _("Outlet"), lambda row: row.name, sort=("code",)),
        Column("branch", _("Branch"), lambda row: row.branch),
        Column("share", _("Rounds done (%)"), lambda row: row.done_share, sort=("done_share",), cell="share"),
        Column("done", _("Filed"), lambda row: row.done, cell="number", hidden=True),
        Column("due", _("Asked for"), lambda row: row.due, cell="number", hidden=True),
        Column(
            "fulfilled", _("Items fulfilled (%)"), lambda row: row.fulfilled_share, sort=("fulfilled_share",),
            cell="share",
        ),
        Column("missing", _("Not fulfilled"), lambda row: row.missing, sort=("missing",), cell="number"),
        Column("open", _("Open shortcomings"), lambda row: row.still_open, sort=("still_open",), cell="open"),
        Column("since", _("Open since"), lambda row: row.open_since, sort=("open_since",), cell="date"),
    ),
    default_sort="share",
    row_url=lambda row: f"{reverse('care:rounds')}?outlet={row.pk}",
    prepare=add_branches,
)  # fmt: skip
