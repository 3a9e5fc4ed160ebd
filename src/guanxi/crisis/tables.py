"""The lists of crises: crises, the care list of one, alarms, what media report."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.crisis.queries import choosing
from guanxi.crisis.states import RUNNING, AlarmState, Cell, Medium, Reached, ReportState, Risk, State
from guanxi.customers import queries as customers
from guanxi.foundation import db, numbers
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable
from guanxi.vehicles.queries import cars

MOST_FOUND = 1000


def _stands(rows: Rows, value: str) -> Rows:
    return rows.filter(state__in=RUNNING) if value == "running" else rows.filter(state=value)


def _types(_actor: Actor) -> Sequence[tuple[str, Text]]:
    return choosing.types()


def _search(rows: Rows, text: str, _actor: Actor) -> Rows:
    return rows.filter(Q(title__icontains=text) | Q(authority__icontains=text) | numbers.matching(text, "WJ"))


CRISES = Table(
    key="crisis.crises",
    title=_("Crises"),
    columns=(
        Column("number", _("Number"), lambda row: row.number, sort=("pk",), cell="number_link"),
        Column("title", _("What it is about"), lambda row: row.title, sort=("title",), personal=True),
        Column("risk", _("Risk"), lambda row: row.get_risk_display(), sort=("risk",), cell="risk"),
        Column("place", _("Place"), lambda row: row.place.name, sort=("place__code",)),
        Column("owner", _("In charge"), lambda row: row.owner_name, sort=("owner_name",)),
        Column("state", _("State"), lambda row: row.get_state_display(), sort=("state",), cell="state"),
        Column("opened", _("Opened on"), lambda row: row.opened_at, sort=("opened_at",), cell="moment"),
        Column("authority", _("Authority or media"), lambda row: row.authority, hidden=True, personal=True),
        Column("amount", _("Possible damage"), lambda row: row.amount, sort=("amount",), cell="number", hidden=True),
        Column("currency", _("Currency"), lambda row: row.currency, hidden=True),
        Column("closed", _("Closed on"), lambda row: row.closed_at, sort=("closed_at",), cell="moment", hidden=True),
        Column("conclusion", _("Conclusion"), lambda row: row.conclusion, hidden=True, personal=True),
    ),
    filters=(
        Filter("state", _("State"), _stands, selectable((("running", _("All that run")), *State.choices))),
        Filter("type", _("Types of crisis"), lambda rows, value: rows.filter(types__contains=[value]), _types),
        Filter("risk", _("Risk"), lambda rows, value: rows.filter(risk=value), selectable(Risk.choices)),
    ),
    search=_search,
    search_hint=_("Number, words, authority"),
    default_sort="-opened",
    row_url=lambda row: reverse("crisis:room", args=[row.pk]),
    empty=_("A crisis is opened by a complaint with its signs, by an alarm, by a media report or by hand."),
)  # fmt: skip


def add_owners(rows: list[Any], actor: Actor) -> None:
    """Give each line of a care list the name of the owner, as far as he is in sight, and the car; two queries."""
    ids = {row.customer_id for row in rows}
    names = dict(customers.visible_to(actor).filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    named = cars.named(row.vehicle_id for row in rows) if rows else {}
    for row in rows:
        row.owner_name, row.car_name = names.get(row.customer_id, ""), str(named.get(row.vehicle_id, ""))


def _find_owner(rows: Rows, text: str, actor: Actor) -> Rows:
    return rows.filter(db.among("customer_id", customers.found(actor, text, MOST_FOUND)))


CARE_LIST = Table(
    key="crisis.care_list",
    title=_("Care list"),
    columns=(
        Column("owner", _("Owner"), lambda row: row.owner_name, cell="owner", personal=True),
        Column("car", _("Car"), lambda row: row.car_name, cell="car", personal=True),
        Column("outlet", _("Outlet"), lambda row: row.outlet.name, sort=("outlet__code",)),
        Column("state", _("State"), lambda row: row.get_state_display(), sort=("state",), cell="state"),
        Column("asked", _("Call asked for"), lambda row: row.asked_at, sort=("asked_at",), cell="moment"),
        Column("since", _("Since"), lambda row: row.since, sort=("since",), cell="moment"),
        Column("by", _("By"), lambda row: row.by, hidden=True),
        Column("note", _("Note"), lambda row: row.note, personal=True),
    ),
    filters=(
        Filter("state", _("State"), lambda rows, value: rows.filter(state=value), selectable(Reached.choices)),
    ),
    search=_find_owner,
    search_hint=_("Name, pinyin, phone, plate, VIN"),
    default_sort="outlet",
    row_url=lambda row: reverse("crisis:mark", args=[row.pk]),
    prepare=add_owners,
)  # fmt: skip

ALARMS = Table(
    key="crisis.alarms",
    title=_("Alarms"),
    columns=(
        Column("label", _("Which"), lambda row: row.label, sort=("label",), cell="alarm_link"),
        Column("cell", _("Counted by"), lambda row: row.get_cell_display(), sort=("cell",)),
        Column("day", _("Day"), lambda row: row.day, sort=("day",), cell="date"),
        Column("seen", _("Seen"), lambda row: row.seen, sort=("seen",), cell="number"),
        Column("expected", _("Expected number"), lambda row: round(row.expected, 1), sort=("expected",), cell="number"),
        Column("chance", _("Probability by chance"), lambda row: row.odds, sort=("chance",)),
        Column("place", _("Place"), lambda row: row.place.name, sort=("place__code",)),
        Column("state", _("State"), lambda row: row.get_state_display(), sort=("state",), cell="state"),
        Column("reason", _("Why dismissed"), lambda row: row.reason, hidden=True),
    ),
    filters=(
        Filter("state", _("State"), lambda rows, value: rows.filter(state=value), selectable(AlarmState.choices)),
        Filter("cell", _("Counted by"), lambda rows, value: rows.filter(cell=value), selectable(Cell.choices)),
    ),
    default_sort="-day",
    row_url=lambda row: reverse("crisis:alarm", args=[row.pk]),
    empty=_(
        "Each night complaints are compared with what is usual for a model, part and outlet; what stands out "
        "appears here."
    ),
)


def _said(rows: Rows, text: str, _actor: Actor) -> Rows:
    return rows.filter(Q(title__icontains=text) | Q(source__icontains=text) | Q(address__icontains=text))


REPORTS = Table(
    key="crisis.reports",
    title=_("Media reports"),
    columns=(
        Column("title", _("Title"), lambda row: row.title, sort=("title",), cell="report_link", personal=True),
        Column("source", _("Newspaper, site or account"), lambda row: row.source, sort=("source",)),
        Column("medium", _("Medium"), lambda row: row.get_medium_display(), sort=("medium",)),
        Column("day", _("Published on"), lambda row: row.day, sort=("day",), cell="date"),
        Column("place", _("Place"), lambda row: row.place.name, sort=("place__code",)),
        Column("crisis", _("Crisis event"), lambda row: row.crisis.number if row.crisis else ""),
        Column("state", _("State"), lambda row: row.get_state_display(), sort=("state",), cell="state"),
        Column("address", _("Address on the network"), lambda row: row.address, hidden=True),
        Column("answer", _("Answer given"), lambda row: row.answer, hidden=True, personal=True),
        Column("conclusion", _("Conclusion"), lambda row: row.conclusion, hidden=True, personal=True),
    ),
    filters=(
        Filter("state", _("State"), lambda rows, value: rows.filter(state=value), selectable(ReportState.choices)),
        Filter("medium", _("Medium"), lambda rows, value: rows.filter(medium=value), selectable(Medium.choices)),
    ),
    search=_said,
    search_hint=_("Title, source, address"),
    default_sort="-day",
    row_url=lambda row: reverse("crisis:report", args=[row.pk]),
    empty=_("Register what newspapers, forums and videos say about us; it can be attached to a complaint or a crisis."),
)
