"""The list of crises."""

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.crisis.queries import choosing
from guanxi.crisis.states import RUNNING, Risk, State
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable


def _stands(rows: Rows, value: str) -> Rows:
    return rows.filter(state__in=RUNNING) if value == "running" else rows.filter(state=value)


def _types(_actor: Actor) -> Sequence[tuple[str, Text]]:
    return choosing.types()


def _search(rows: Rows, text: str, _actor: Actor) -> Rows:
    number = text.strip().upper().removeprefix("WJ")
    found = Q(title__icontains=text) | Q(authority__icontains=text)
    if number.isdecimal() and len(number) <= 18:  # noqa: PLR2004 -- digits of a key
        found |= Q(pk=int(number))
    return rows.filter(found)


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
)  # fmt: skip
