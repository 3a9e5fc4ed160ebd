"""Pages of the network: lists, tree, map of tiles, one place."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from guanxi.foundation import clock, pages, slots
from guanxi.foundation.actor import check
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing, parse_date_or_none
from guanxi.network import policy, queries
from guanxi.network.models import Node, OutletProfile, Placement
from guanxi.network.permissions import Verb
from guanxi.network.states import Kind
from guanxi.network.tables import OUTLETS
from guanxi.records import services as records


@dataclass(frozen=True)
class OutletsPage:
    listing: Listing
    can_export: bool
    can_add: bool
    can_import: bool


@dataclass(frozen=True)
class TilesPage:
    values: Mapping[str, int]
    total: int
    unplaced: int


@dataclass(frozen=True)
class TreePage:
    tops: list[queries.Branching]
    day: datetime.date
    today: datetime.date
    counts: Mapping[str, int]
    can_add: bool


@dataclass(frozen=True)
class ChildrenPart:
    rows: list[queries.Branching]
    day: datetime.date


@dataclass(frozen=True)
class NodePage:
    node: Node
    profile: OutletProfile | None
    services: list[Any]
    province: str
    way: list[queries.Step]
    placements: list[Placement]
    weeks: list[queries.Week]
    is_open_now: bool | None
    children: list[queries.Branching]
    missing: list[str]
    panels: list[slots.Panel]
    can_change: bool
    can_move: bool
    can_close: bool
    can_add: bool
    is_closed: bool


@dataclass(frozen=True)
class HomePanel:
    counts: Mapping[str, int]
    node: Node | None


def outlets(request: Request) -> HttpResponseBase:
    actor = request.actor
    check(actor, Verb.VIEW)
    rows = queries.outlets(actor)
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=OUTLETS, rows=rows, asked=request.GET)
        return pages.download(file)
    page = OutletsPage(
        listing(OUTLETS, rows, request.GET, actor),
        actor.can(Verb.EXPORT),
        actor.can(Verb.ADD_NODE),
        actor.can(Verb.IMPORT_NETWORK),
    )
    return pages.render(request, "network/outlets.html", page, block="list")


def tiles(request: Request) -> HttpResponseBase:
    check(request.actor, Verb.VIEW)
    rows = queries.open_on(queries.outlets(request.actor), clock.today())
    values = queries.by_province(rows)
    total = rows.count()
    return pages.render(request, "network/tiles.html", TilesPage(values, total, total - sum(values.values())))


def _day(request: HttpRequest) -> datetime.date:
    return parse_date_or_none(request.GET.get("on") or "") or clock.today()


def tree(request: Request) -> HttpResponseBase:
    actor = request.actor
    check(actor, Verb.VIEW)
    day = _day(request)
    tops = queries.children(actor, None, day)
    page = TreePage(tops, day, clock.today(), queries.counts(actor, day), actor.can(Verb.ADD_NODE))
    return pages.render(request, "network/tree.html", page)


def branch(request: Request, pk: int) -> HttpResponseBase:
    """The fragment below one node of the tree."""
    check(request.actor, Verb.VIEW)
    day = _day(request)
    return pages.render(request, "network/branch.html", ChildrenPart(queries.children(request.actor, pk, day), day))


def _open_now(weeks: list[queries.Week]) -> bool | None:
    if not weeks:
        return None
    now = clock.local_now()
    spans = [policy.Interval(d, o, c) for week in weeks for d, day in enumerate(week.days) for o, c in day]
    return policy.is_open(spans, now.weekday(), now.time())


def node(request: Request, pk: int) -> HttpResponseBase:
    actor, day = request.actor, clock.today()
    found = queries.node(actor, pk)
    profile = found.profile if found.kind == Kind.OUTLET else None
    weeks = queries.hours(actor, pk) if profile else []
    children = queries.children(actor, pk, day)
    page = NodePage(
        node=found,
        profile=profile,
        services=list(profile.services.order_by("position")) if profile else [],
        province=str(slots.ask("provinces", default={}).get(profile.province, "")) if profile else "",
        way=queries.ways_up(actor, [pk], day).get(pk, []),
        placements=queries.placements(actor, pk),
        weeks=weeks,
        is_open_now=_open_now(weeks),
        children=children,
        missing=policy.missing_units(found.kind, [row.node.function for row in children]),
        panels=slots.panels("node.page", actor, pk),
        can_change=actor.can(Verb.CHANGE_NODE, pk),
        can_move=actor.can(Verb.MOVE_NODE, pk) and found.kind != Kind.GROUP,
        can_close=actor.can(Verb.CLOSE_NODE, pk),
        can_add=actor.can(Verb.ADD_NODE, pk),
        is_closed=found.valid_to is not None and found.valid_to <= day,
    )
    return pages.render(request, "network/node.html", page)


def home_panel(request: Request, subject_id: int) -> HttpResponseBase:  # noqa: ARG001 -- panels share one URL shape
    """What the reader's network looks like today, or the reader's own outlet."""
    actor = request.actor
    check(actor, Verb.VIEW)
    counts = queries.counts(actor, clock.today())
    own = queries.visible_to(actor).filter(pk=actor.home_id or 0).select_related("profile").first()
    return pages.render(request, "network/home_panel.html", HomePanel(counts, own))
