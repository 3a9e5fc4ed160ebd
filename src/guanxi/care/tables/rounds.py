"""The lists of rounds, and of outlets by their rounds."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.care.permissions import Verb
from guanxi.care.queries import checklists
from guanxi.care.tables.states import MOST, since
from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable
from guanxi.network import queries as network


def places(actor: Actor) -> Sequence[tuple[str, Text]]:
    """Return the open outlets where the actor may see rounds, to choose from; one query."""
    rows = checklists.places(actor, Verb.VIEW_ROUNDS, clock.today()).order_by("code")[:300]
    return [(str(row.pk), row.name) for row in rows]


def lists(actor: Actor) -> Sequence[tuple[str, Text]]:
    """Return the check lists of today, to choose from; two queries."""
    return [(row.code, row.name) for row in checklists.in_force(actor, clock.today())]


def add_branches(rows: list[Any], actor: Actor) -> None:
    """Give each outlet its branch of today; one query for the page."""
    names = network.branch_names(actor, [row.pk for row in rows], clock.today())
    for row in rows:
        row.branch = names.get(row.pk, "")


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
        Filter("since", _("Since"), since("day", "gte"), kind="date", primary=False),
        Filter("until", _("Until"), since("day", "lte"), kind="date", primary=False),
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
