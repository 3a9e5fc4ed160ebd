"""The list of outlets."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import clock, slots
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable
from guanxi.network import queries
from guanxi.network.states import Kind


def _search(rows: Rows, text: str, _actor: Actor) -> Rows:
    return rows.filter(
        Q(code__istartswith=text)
        | Q(name_zh__icontains=text)
        | Q(name_en__icontains=text)
        | Q(profile__city_zh__icontains=text)
        | Q(profile__city_en__istartswith=text)
        | Q(profile__address__icontains=text)
    )


def _does(rows: Rows, value: str) -> Rows:
    return {
        "sales": rows.filter(profile__sells=True),
        "service": rows.filter(profile__serves=True),
        "both": rows.filter(profile__sells=True, profile__serves=True),
    }[value]


def _state(rows: Rows, value: str) -> Rows:
    today = clock.today()
    if value == "open":
        return queries.open_on(rows, today)
    return rows.filter(valid_to__lte=today) if value == "closed" else rows.filter(valid_from__gt=today)


def _branches(actor: Actor) -> Sequence[tuple[str, Text]]:
    rows = queries.visible_to(actor).filter(kind=Kind.BRANCH).order_by("code")
    return [(str(row.pk), row.name) for row in rows]


def _brands(actor: Actor) -> Sequence[tuple[str, Text]]:
    rows = queries.visible_to(actor).filter(kind=Kind.BRAND).order_by("code")
    return [(str(row.pk), row.name) for row in rows]


def _provinces(_actor: Actor) -> Sequence[tuple[str, Text]]:
    return [(code, label) for code, label in slots.ask("provinces", default={}).items()]


def _below(rows: Rows, value: str) -> Rows:
    return queries.under(rows, int(value), clock.today())


def add_ways(rows: list[Any], actor: Actor) -> None:
    """Give each row the places above it today; one query for the page."""
    ways = queries.ways_up(actor, [row.pk for row in rows], clock.today())
    for row in rows:
        row.way = ways.get(row.pk, [])


def above(row: Any, kind: str) -> str:
    """Return the names of the places of a kind above a row, as prepared by ``add_ways``."""
    way: list[queries.Step] = getattr(row, "way", [])
    return ", ".join(step.name for step in way if step.kind == kind)


def does(row: Any) -> str:
    profile = row.profile
    parts = [_("Sales")] * profile.sells + [_("Service")] * profile.serves
    return " · ".join(str(part) for part in parts)


def city(profile: Any) -> str:
    english = (get_language() or "").startswith("en")
    return str((profile.city_en or profile.city_zh) if english else (profile.city_zh or profile.city_en))


OUTLETS = Table(
    key="network.outlets",
    title=_("Outlets"),
    columns=(
        Column("name", _("Outlet"), lambda row: row.name, sort=("name_zh",), cell="outlet"),
        Column("code", _("Code"), lambda row: row.code, sort=("code",), cell="code"),
        Column("does", _("Business"), does),
        Column("city", _("City"), lambda row: city(row.profile), sort=("profile__city_zh",)),
        Column("brand", _("Brand"), lambda row: above(row, Kind.BRAND)),
        Column("branch", _("Branch"), lambda row: above(row, Kind.BRANCH)),
        Column("office", _("Market office"), lambda row: above(row, Kind.MARKET_OFFICE)),
        Column("key", _("Key outlet"), lambda row: row.profile.is_key, sort=("profile__is_key",), cell="check"),
        Column("since", _("Open from"), lambda row: row.valid_from, sort=("valid_from",), cell="date"),
        Column("closed", _("Closed from"), lambda row: row.valid_to, sort=("valid_to",), cell="date", hidden=True),
        Column("phone", _("Telephone"), lambda row: row.profile.phone, hidden=True),
        Column("address", _("Address"), lambda row: row.profile.address, hidden=True),
    ),
    filters=(
        Filter("brand", _("Brand"), _below, _brands),
        Filter("branch", _("Branch"), _below, _branches),
        Filter(
            "does",
            _("Business"),
            _does,
            selectable((("sales", _("Sales")), ("service", _("Service")), ("both", _("Sales and service")))),
        ),
        Filter("province", _("Province"), lambda rows, value: rows.filter(profile__province=value), _provinces),
        Filter(
            "key",
            _("Key outlet"),
            lambda rows, _value: rows.filter(profile__is_key=True),
            selectable((("yes", _("Key outlets only")),)),
            primary=False,
        ),
        Filter(
            "state",
            _("State"),
            _state,
            selectable((("open", _("Open")), ("closed", _("Closed")), ("planned", _("Planned")))),
            primary=False,
        ),
    ),  # fmt: skip
    search=_search,
    search_hint=_("Name, code, city"),
    default_sort="code",
    row_url=lambda row: reverse("network:node", args=[row.pk]),
    prepare=add_ways,
)
