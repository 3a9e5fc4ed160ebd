"""The lists of cars and of doubts about their owners."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable
from guanxi.network import queries as network
from guanxi.vehicles.permissions import Verb
from guanxi.vehicles.queries import cars, catalogue, finding
from guanxi.vehicles.queries.cars import model_name
from guanxi.vehicles.states import Condition, DoubtState

MOST = 2000  # under row-level security each car that is counted costs a look-up: more would take seconds
MOST_OUTLETS = 300


def add_owners(rows: list[Any], _actor: Actor) -> None:
    """Give each car the name of its owner of today; one query for the page."""
    names = cars.owners(row.pk for row in rows)
    for row in rows:
        row.owner_name = names.get(row.pk, "")


def _models(_actor: Actor) -> Sequence[tuple[str, Text]]:
    found: list[tuple[str, Text]] = []
    series = 0
    for model in catalogue.models():
        if model.series_id != series:
            series = model.series_id
            found.append((f"s{series}", model.series.name))
        found.append((f"m{model.pk}", f"  {model.name}"))
    return found


def _of_model(rows: Rows, value: str) -> Rows:
    key = int(value[1:])
    return rows.filter(trim__model__series_id=key) if value.startswith("s") else rows.filter(trim__model_id=key)


def _outlets(actor: Actor) -> Sequence[tuple[str, Text]]:
    where = actor.where(Verb.VIEW)
    rows = network.open_on(network.outlets(actor), clock.today()).order_by("code")[:MOST_OUTLETS]
    return [(str(row.pk), row.name) for row in rows if where is None or row.pk in where]


def _at(rows: Rows, value: str) -> Rows:
    return rows.filter(pk__in=cars.known_at([int(value)]).values("vehicle_id"))


def _ends(field: str) -> Any:
    """Return a filter's function: the day lies within so many days from today, or is past."""

    def within(rows: Rows, value: str) -> Rows:
        today = clock.today()
        if value == "past":
            return rows.filter(**{f"{field}__lt": today})
        last = today + datetime.timedelta(days=int(value))
        return rows.filter(**{f"{field}__range": (today, last)})

    return within


SPANS = selectable(
    (
        ("30", _("within 30 days")), ("90", _("within 90 days")), ("180", _("within 180 days")),
        ("365", _("within a year")), ("past", _("past")),
    )
)  # fmt: skip

CARS = Table(
    key="vehicles.cars",
    title=_("Cars"),
    columns=(
        Column("car", _("Car"), str, sort=("plate",), cell="car", personal=True),
        Column("model", _("Model"), model_name, sort=("trim__code",)),
        Column("vin", _("VIN"), lambda row: row.vin, sort=("vin",), cell="code", personal=True),
        Column("owner", _("Owner"), lambda row: row.owner_name, personal=True),
        Column("odometer", _("Mileage (km)"), lambda row: row.odometer_km, sort=("odometer_km",), cell="number"),
        Column("sold", _("Sold on"), lambda row: row.sold_on, sort=("sold_on",), cell="date"),
        Column("warranty", _("Warranty until"), lambda row: row.warranty_until, sort=("warranty_until",), cell="date"),
        Column("insured", _("Insured until"), lambda row: row.insured_until, sort=("insured_until",), cell="date"),
        Column(
            "inspected", _("Inspection due"), lambda row: row.inspected_until, sort=("inspected_until",), cell="date"
        ),
        Column("condition", _("Condition"), lambda row: row.get_condition_display(), cell="tag", hidden=True),
        Column("colour", _("Colour"), lambda row: row.colour, hidden=True),
        Column("number", _("No."), lambda row: row.pk, sort=("pk",), cell="number", hidden=True),
    ),  # fmt: skip
    filters=(
        Filter("model", _("Model"), _of_model, _models),
        Filter("warranty", _("Warranty ends"), _ends("warranty_until"), SPANS),
        Filter("insured", _("Insurance ends"), _ends("insured_until"), SPANS),
        Filter("inspected", _("Inspection due"), _ends("inspected_until"), SPANS, primary=False),
        Filter(
            "condition",
            _("Condition"),
            lambda rows, value: rows.filter(condition=value),
            selectable(Condition.choices),
            primary=False,
        ),
        Filter("outlet", _("Outlet"), _at, _outlets, primary=False),
        Filter(
            "vin",
            _("VIN"),
            lambda rows, _value: rows.filter(is_vin_doubtful=True),
            selectable((("doubtful", _("Check digit wrong")),)),
            primary=False,
        ),
    ),  # fmt: skip
    search=finding.matching,
    search_hint=_("End of plate or VIN, owner, phone"),
    default_sort="-number",
    row_url=lambda row: reverse("vehicles:vehicle", args=[row.pk]),
    prepare=add_owners,
    most=MOST,
)


def _search_doubts(rows: Rows, text: str, _actor: Actor) -> Rows:
    plain = text.strip().upper()
    return rows.filter(Q(vehicle__plate=plain) | Q(vehicle__vin=plain) | Q(name__startswith=text.strip()))


DOUBTS = Table(
    key="vehicles.doubts",
    title=_("Owner doubts"),
    columns=(
        Column("car", _("Car"), lambda row: str(row.car or ""), cell="car", personal=True),
        Column("owner", _("Owner known"), lambda row: row.owner_name, personal=True),
        Column("name", _("Brought by"), lambda row: row.name, personal=True),
        Column("seen", _("Seen on"), lambda row: row.seen_on, sort=("seen_on",), cell="date"),
        Column("outlet", _("Outlet"), lambda row: row.outlet.name),
        Column("state", _("State"), lambda row: row.get_state_display(), cell="tag"),
        Column("acts", _("Decide"), lambda _row: "", cell="acts"),
    ),
    filters=(
        Filter("state", _("State"), lambda rows, value: rows.filter(state=value), selectable(DoubtState.choices)),
    ),  # fmt: skip
    search=_search_doubts,
    search_hint=_("Plate, VIN, name"),
    default_sort="-seen",
    prepare=lambda rows, _actor: _owners_of_doubts(rows),
    most=MOST,
)


def _owners_of_doubts(rows: list[Any]) -> None:
    """Give each doubt its car, if it is still in sight, and the name of the owner of today; two queries."""
    held, names = cars.named(row.vehicle_id for row in rows), cars.owners(row.vehicle_id for row in rows)
    for row in rows:
        row.car, row.owner_name = held.get(row.vehicle_id), names.get(row.vehicle_id, "")
