"""Pages of care: owners by state and cars by phase with their numbers, the two lists behind them, panels."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import HttpResponseBase
from django.urls import reverse

from guanxi.care.models import CarState, OwnerState
from guanxi.care.panels import states as panels
from guanxi.care.permissions import Verb
from guanxi.care.queries import states as queries
from guanxi.care.queries import tiers
from guanxi.care.states.owners import Kind, Phase, Record, State
from guanxi.care.states.tiers import Tier
from guanxi.care.tables.states import CARS, OWNERS, outlets
from guanxi.customers import queries as customers
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import NotFound, Text
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, Rows, Table, listing
from guanxi.foundation.values.months import later
from guanxi.records import services as records

HISTORY = 5


@dataclass(frozen=True)
class Number:
    """One figure of the page with what explains it and where its rows are."""

    figure: queries.Figure
    explain: Text
    href: str


@dataclass(frozen=True)
class StatesPage:
    states: list[Number]
    beside: list[Number]
    tiers: list[Number]
    phases: list[Number]
    outlets: Sequence[tuple[str, Text]]
    outlet: str
    is_network: bool
    compared_with: datetime.date | None


@dataclass(frozen=True)
class ListPage:
    listing: Listing
    can_export: bool


@dataclass(frozen=True)
class CarLine:
    """A car with what it is reckoned to have driven, why its maintenance is due, and whether the day has passed."""

    state: CarState
    km: int | None
    why: str
    is_overdue: bool


@dataclass(frozen=True)
class CustomerPanel:
    states: list[tuple[OwnerState, str, str]]
    tiers: list[tuple[OwnerState, str, str]]
    history: list[tuple[datetime.date, str, str]]
    cars: list[CarLine] = field(default_factory=list)


@dataclass(frozen=True)
class VehiclePanel:
    car: CarLine | None


def _asked(request: Request) -> int | None:
    """Return the outlet that the address asks for, if it is one in sight."""
    value = request.GET.get("outlet", "")
    if not value:
        return None
    if value not in dict(outlets(request.actor)):
        raise NotFound
    return int(value)


def states(request: Request) -> HttpResponseBase:
    """How many owners are in each state and cars in each phase, today and a month ago."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.VIEW)
    outlet = _asked(request)
    held = [outlet] if outlet is not None else customers.outlets(actor, Verb.VIEW)
    before, day = queries.counts_on(held, later(today, -1))
    terms = queries.terms_of(today, "")
    query = f"&outlet={outlet}" if outlet is not None else ""
    rows = queries.listed(actor, outlet)
    now = queries.states_now(rows)
    kpi = queries.figures(
        Kind.LOST, [(Kind.LOST.value, Kind.LOST.label)], {"LOST": rows.filter(kpi_lost=True).count()}, before
    )
    phases = queries.figures(Kind.PHASE, Phase.choices, queries.phases_now(queries.listed_cars(actor, outlet)), before)
    owners, cars = reverse("care:owners"), reverse("care:cars")
    page = StatesPage(
        states=[
            Number(item, panels.state_explained(item.code, terms), f"{owners}?state={item.code}{query}")
            for item in queries.figures(Kind.STATE, State.choices, now, before)
        ],
        beside=[
            Number(kpi[0], panels.kpi_explained(terms), f"{owners}?kpi=yes{query}"),
            Number(
                queries.out_of_reach(rows), panels.out_of_reach_explained(),
                f"{owners}?state={State.LOST}&record={Record.OUT_OF_REACH}{query}",
            ),
        ],
        tiers=_tiers(queries.tiers_now(rows), before, today, query),
        phases=[
            Number(item, panels.phase_explained(item.code, terms), f"{cars}?phase={item.code}{query}")
            for item in phases
        ],
        outlets=outlets(actor), outlet=str(outlet or ""), is_network=held is None, compared_with=day,
    )  # fmt: skip
    return pages.render(request, "care/states.html", page)


def _tiers(
    now: Mapping[str, int], before: Mapping[tuple[str, str], int], today: datetime.date, query: str
) -> list[Number]:  # fmt: skip
    bounds, owners = tiers.bounds_on(today), reverse("care:owners")
    return [
        Number(item, panels.tier_explained(item.code, bounds), f"{owners}?tier={item.code}{query}")
        for item in queries.figures(Kind.TIER, Tier.choices, now, before)
    ]


def owners(request: Request) -> HttpResponseBase:
    """The list of owners by state."""
    check(request.actor, Verb.VIEW)
    rows = queries.listed(request.actor, _asked(request)).select_related("customer__quality", "outlet")
    return _list(request, OWNERS, rows, "care/owners.html")


def cars(request: Request) -> HttpResponseBase:
    """The list of cars by phase and next maintenance."""
    check(request.actor, Verb.VIEW)
    rows = queries.listed_cars(request.actor, _asked(request))
    return _list(request, CARS, rows.select_related("step", "vehicle__trim__model"), "care/cars.html")


def _list(request: Request, table: Table, rows: Rows, template: str) -> HttpResponseBase:
    actor = request.actor
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=table, rows=rows, asked=request.GET)
        return pages.download(file)
    page = ListPage(listing(table, rows, request.GET, actor), actor.can(Verb.EXPORT))
    return pages.render(request, template, page, block="list")


def _line(row: CarState, today: datetime.date) -> CarLine:
    return CarLine(row, row.km_on(today), panels.why_due(row), bool(row.due_on and row.due_on < today))


def customer_panel(request: Request, subject_id: int) -> HttpResponseBase:
    """The panel of a customer: what he is to each outlet and why, how that changed, what is due for his cars."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.VIEW)
    customers.customer(actor, subject_id)
    found = queries.of_customer(actor, subject_id)
    bounds = tiers.bounds_on(today) if found else {}
    page = CustomerPanel(
        states=[(row, panels.reason(row), panels.TONES[row.state]) for row in found],
        tiers=[(row, panels.tier_reason(row, bounds), panels.tier_tone(row.tier)) for row in found],
        history=panels.history(queries.changes_of(actor, subject_id, HISTORY)),
        cars=[_line(row, today) for row in queries.cars_of(subject_id)],
    )
    return pages.render(request, "care/customer_panel.html", page)


def vehicle_panel(request: Request, subject_id: int) -> HttpResponseBase:
    """The panel of a car: where it stands, how far it goes, what is due when and why."""
    check(request.actor, Verb.VIEW)
    row = queries.car(request.actor, subject_id)
    return pages.render(
        request, "care/vehicle_panel.html", VehiclePanel(_line(row, clock.today()) if row else None)
    )  # fmt: skip
