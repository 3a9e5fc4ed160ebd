"""How outlets do their rounds: the overview for branches and headquarters, the list of rounds, the panel of a place."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.http.request import QueryDict

from guanxi.care.panels import rounds as panels
from guanxi.care.permissions import Verb
from guanxi.care.queries import checklists, scores
from guanxi.care.queries import rounds as queries
from guanxi.care.tables.rounds import ROUNDS, SCORES, lists
from guanxi.care.views.rounds import Wanting, wanting
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Text
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, Rows, Table, listing
from guanxi.network import queries as network
from guanxi.network.states import Kind
from guanxi.records import services as records

WORST, OLDEST, LATEST = 7, 7, 6
Choices = Sequence[tuple[str, Text]]


@dataclass(frozen=True)
class OverviewPage:
    """Figures of all outlets asked about, the outlets with theirs, the weakest items, and what is open longest."""

    listing: Listing
    can_export: bool
    figures_of: Sequence[panels.Figure]
    weak: Sequence[scores.Weak]
    wanting: list[Wanting]
    branches: Choices
    branch: str
    lists: Choices
    code: str
    only: int | None


@dataclass(frozen=True)
class PastPage:
    listing: Listing
    can_export: bool
    only: int | None


@dataclass(frozen=True)
class PlacePanel:
    """The rounds of a place: its figures, and the newest of an outlet."""

    node_id: int
    kind: str
    figures_of: Sequence[panels.Figure]
    before: Sequence[object]
    due: int


def _chosen(params: QueryDict, key: str, choices: Choices) -> str:
    """Return what the address asks for, if it is one of the choices."""
    value = params.get(key, "")
    return value if value in dict(choices) else ""


def overview(request: Request) -> HttpResponseBase:
    """Which outlets do their rounds, what is wanting most often, and where it stays open."""
    actor, at, today = request.actor, clock.now(), clock.today()
    check(actor, Verb.VIEW_ROUNDS)
    branches = [(str(row.pk), row.name) for row in network.branches(actor, Verb.VIEW_ROUNDS, today)]
    known = lists(actor)
    branch, code = _chosen(request.GET, "branch", branches), _chosen(request.GET, "list", known)
    asked = scores.Asked(at, today, int(branch) if branch else None, code=code)
    rows = scores.by_outlet(actor, asked)
    if request.GET.get("export"):
        return _export(request, actor, SCORES, rows)
    page = OverviewPage(
        listing=listing(SCORES, rows, request.GET, actor), can_export=actor.can(Verb.EXPORT),
        figures_of=panels.figures(scores.in_sum(actor, asked)), weak=scores.weakest(actor, asked, WORST),
        wanting=wanting(actor, queries.still_open(asked.still_open(actor), OLDEST), at),
        branches=branches, branch=branch, lists=known, code=code, only=checklists.only_place(actor, today),
    )  # fmt: skip
    return pages.render(request, "care/rounds_overview.html", page, block="list")


def past(request: Request) -> HttpResponseBase:
    """The list of all rounds."""
    actor = request.actor
    check(actor, Verb.VIEW_ROUNDS)
    rows = queries.visible_to(actor).select_related("list", "outlet")
    if request.GET.get("export"):
        return _export(request, actor, ROUNDS, rows)
    only = checklists.only_place(actor, clock.today())
    page = PastPage(listing(ROUNDS, rows, request.GET, actor), actor.can(Verb.EXPORT), only)
    return pages.render(request, "care/rounds_past.html", page, block="list")


def _export(request: Request, actor: Actor, table: Table, rows: Rows) -> HttpResponseBase:
    file = records.export(actor=actor, verb=Verb.EXPORT, table=table, rows=rows, asked=request.GET)
    return pages.download(file)


def place_panel(request: Request, subject_id: int) -> HttpResponseBase:
    """The panel of a place: how the rounds of the outlet, or of those below it, are done."""
    actor, at, today = request.actor, clock.now(), clock.today()
    check(actor, Verb.VIEW_ROUNDS)
    node = network.node(actor, subject_id)
    is_outlet = node.kind == Kind.OUTLET
    asked = scores.Asked(at, today, None if is_outlet else node.pk, node.pk if is_outlet else None)
    total = scores.in_sum(actor, asked)
    before = queries.before(actor, node.pk, today, LATEST) if is_outlet else []
    page = PlacePanel(node.pk, node.kind, panels.figures(total), before, total.due)
    return pages.render(request, "care/rounds_panel.html", page)
