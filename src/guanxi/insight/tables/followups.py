"""The list of outlets by how they follow up."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.care.states.rules import Anchor
from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table
from guanxi.insight.policy import spans
from guanxi.insight.queries.followups import INTENTION, RESCUE
from guanxi.network import queries as network
from guanxi.worklist.permissions import Verb as Worklist

SPANS: Sequence[tuple[str, Text]] = (
    (spans.USUAL, _("Last 30 days")), ("this_week", _("This week")), ("last_week", _("Last week")),
    ("this_month", _("This month")), ("last_month", _("Last month")), ("this_year", _("This year")),
)  # fmt: skip
KINDS: Sequence[tuple[str, Text]] = (
    ("care.call", _("Calls")), ("care.visit", _("Personal visits")), ("care.message", _("Messages")),
    ("care.letter", _("Letters")),
)  # fmt: skip

AFTER: Sequence[tuple[str, Text]] = (
    *((str(anchor), anchor.label) for anchor in (Anchor.DELIVERY, Anchor.VISIT, Anchor.COMPLAINT)),
    (INTENTION, _("Intention to buy")), (RESCUE, _("Rescue on the road")),
)  # fmt: skip


def branches(actor: Actor) -> Sequence[tuple[str, Text]]:
    """Return the branches to choose from; one query."""
    return [(str(row.pk), row.name) for row in network.branches(actor, Worklist.VIEW_TEAM, clock.today())]


def _same(rows: Rows, _value: str) -> Rows:
    """Keep the rows: the view chose what they count by this value already."""
    return rows


def add_branches(rows: list[Any], actor: Actor) -> None:
    """Give each outlet its branch of today; one query for the page."""
    names = network.branch_names(actor, [row.pk for row in rows], clock.today())
    for row in rows:
        row.branch = names.get(row.pk, "")


FOLLOW_UPS = Table(
    key="insight.followups",
    title=_("Outlets by follow-up"),
    columns=(
        Column("rank", _("Rank"), lambda row: row.rank if row.due else None, sort=("rank", "code"), cell="number"),
        Column("outlet", _("Outlet"), lambda row: row.name, sort=("code",)),
        Column("branch", _("Branch"), lambda row: row.branch, hidden=True),
        Column("due", _("Follow-ups due"), lambda row: row.due, sort=("due",), cell="number"),
        Column("made", _("Follow-ups made"), lambda row: row.made, sort=("made",), cell="number"),
        Column("made_share", _("Follow-up ratio (%)"), lambda row: row.made_share, sort=("made_share",), cell="share"),
        Column("reached", _("Successful"), lambda row: row.reached, sort=("reached",), cell="number"),
        Column(
            "reached_share", _("Success rate (%)"), lambda row: row.reached_share, sort=("reached_share",), cell="share"
        ),
        Column("unhappy", _("Not content"), lambda row: row.unhappy, sort=("unhappy",), cell="number", hidden=True),
        Column(
            "content_share", _("Satisfaction (%)"), lambda row: row.content_share, sort=("content_share",), cell="share"
        ),
        Column("late", _("Not in time"), lambda row: row.late, sort=("late",), cell="number"),
        Column("waiting", _("Still waiting"), lambda row: row.waiting, sort=("waiting",), cell="number"),
    ),
    filters=(
        Filter("span", _("Which days"), _same, lambda _actor: SPANS, usual=lambda: spans.USUAL),
        Filter("kind", _("Kind of contact"), _same, lambda _actor: KINDS),
        Filter("after", _("After what"), _same, lambda _actor: AFTER),
        Filter("branch", _("Branch"), _same, branches),
    ),
    search=lambda rows, text, _actor: rows.filter(
        Q(name_zh__icontains=text) | Q(name_en__icontains=text) | Q(code__istartswith=text)
    ),
    search_hint=_("Outlet"),
    default_sort="rank",
    row_url=lambda row: f"{reverse('worklist:team')}?place={row.pk}",
    prepare=add_branches,
)  # fmt: skip
