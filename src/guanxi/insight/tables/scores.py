"""The list of people by what customers say of their work."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.contact_centre.states import Judged
from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable
from guanxi.insight.policy import periods
from guanxi.insight.queries import scores as queries
from guanxi.network import queries as network
from guanxi.worklist.permissions import Verb as Worklist


def usual() -> str:
    """Return the quarter that counts when nobody chose."""
    return periods.quarter(clock.today())


def said(period: str) -> str:
    """Return a month or a quarter in words."""
    year, _dash, part = period.partition("-")
    if not part.startswith("Q"):
        return period
    return str(_("Quarter %(quarter)s of %(year)s") % {"quarter": part[1:], "year": year})


def offered(_actor: Actor | None = None) -> Sequence[tuple[str, Text]]:
    """Return the quarters and months to choose from."""
    return [(period, said(period)) for period in periods.offered(clock.today())]


def branches(actor: Actor) -> Sequence[tuple[str, Text]]:
    """Return the branches to choose from; one query."""
    return [(str(row.pk), row.name) for row in network.branches(actor, Worklist.VIEW_TEAM, clock.today())]


def places(actor: Actor) -> Sequence[tuple[str, Text]]:
    """Return the outlets to choose from; one query."""
    return [(str(row.pk), row.name) for row in queries.outlets(actor).order_by("code")[: queries.MOST_PLACES]]


def _same(rows: Rows, _value: str) -> Rows:
    """Keep the rows: the view chose what they count by this value already."""
    return rows


def _few(row: Any) -> bool:
    return bool(row.answered < queries.FEW)


SCORES = Table(
    key="insight.scores",
    title=_("Scores from call-backs"),
    columns=(
        Column("name", _("Name"), lambda row: row.name, sort=("name",), cell="rated"),
        Column("judged", _("Whose work"), lambda row: row.get_judged_display(), sort=("judged",)),
        Column("outlet", _("Outlet"), lambda row: row.outlet.name, sort=("outlet__code",)),
        Column("branch", _("Branch"), lambda row: row.branch, hidden=True),
        Column("answered", _("Questionnaires"), lambda row: row.answered, sort=("answered",), cell="number"),
        Column("score", _("Points of a hundred"), lambda row: row.score, sort=("score",), cell="number"),
        Column("few", _("Few answers"), _few, cell="few"),
        Column("weakest", _("Weakest question"), lambda row: row.weakest, cell="text"),
        Column("weakest_score", _("Points of the weakest"), lambda row: row.weakest_score, cell="number"),
    ),
    filters=(
        Filter("period", _("Month or quarter"), _same, offered, usual=usual),
        Filter("judged", _("Whose work"), _same, selectable(Judged.choices)),
        Filter("branch", _("Branch"), _same, branches),
        Filter("outlet", _("Outlet"), _same, places),
    ),
    search=lambda rows, text, _actor: rows.filter(name__icontains=text),
    search_hint=_("Name"),
    default_sort="-answered",
    row_url=lambda row: reverse("insight:person-scores", args=[row.pk]),
    empty=_("Scores come from calls by a questionnaire whose questions judge the consultant or the advisor."),
)  # fmt: skip
