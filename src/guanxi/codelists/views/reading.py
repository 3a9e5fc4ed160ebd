"""Pages that show code lists: all lists, one list on a day, one code with its wordings."""

import datetime
from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseBase

from guanxi.codelists import policy, queries
from guanxi.codelists.forms import as_of
from guanxi.codelists.models import Code, CodeList
from guanxi.codelists.permissions import Verb, can_change
from guanxi.codelists.states import Standing
from guanxi.codelists.tables import CODES, LISTS
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import NotFound
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, Rows, Table, listing
from guanxi.records import queries as trail
from guanxi.records import services as records
from guanxi.records.models import AuditEntry


@dataclass(frozen=True)
class ListsPage:
    listing: Listing
    can_export: bool


@dataclass(frozen=True)
class ListPage:
    code_list: CodeList
    description: str
    on: datetime.date
    is_today: bool
    show_all: bool
    listing: Listing | None
    entries: list[queries.Entry]
    levels: list[policy.LevelCount]
    can_add: bool
    can_extend: bool
    can_export: bool


@dataclass(frozen=True)
class CodePage:
    code_list: CodeList
    code: Code
    says: queries.Label
    standing: Standing
    wordings: list[tuple[datetime.date, queries.Label]]
    history: list[AuditEntry]
    today: datetime.date
    can_change: bool


def lists(request: Request) -> HttpResponseBase:
    """All lists with the numbers of codes that hold today."""
    actor = request.actor
    check(actor, Verb.VIEW)
    rows = queries.counted(queries.visible_to(actor), clock.today())
    if request.GET.get("export"):
        return _export(request, LISTS, rows)
    page = ListsPage(listing(LISTS, rows, request.GET, actor), actor.can(Verb.EXPORT))
    return pages.render(request, "codelists/lists.html", page)


def one(request: Request, list_code: str) -> HttpResponseBase:
    """One list as it was, is or will be on a day: a table, or a tree with the count of each level."""
    actor, today = request.actor, clock.today()
    found = queries.one_list(actor, list_code)
    on, show_all = as_of(request.GET.get("on"), today), request.GET.get("show") == "all"
    rows = queries.listed(actor, list_code, on, with_others=show_all)
    if request.GET.get("export"):
        return _export(request, CODES, rows)
    entries: list[queries.Entry] = []
    if found.is_hierarchical:
        entries = queries.codes(actor, list_code, on, with_others=show_all)
    counted = [entry.level for entry in entries if entry.node_id is None and entry.standing == Standing.VALID]
    page = ListPage(
        code_list=found,
        description=queries.in_language(found.description_zh, found.description_en),
        on=on,
        is_today=on == today,
        show_all=show_all,
        listing=None if found.is_hierarchical else listing(CODES, rows, request.GET, actor),
        entries=entries,
        levels=policy.level_counts(counted, found.expected_levels),
        can_add=actor.can_everywhere(Verb.CHANGE),
        can_extend=found.is_extensible and actor.can(Verb.EXTEND),
        can_export=actor.can(Verb.EXPORT),
    )
    return pages.render(request, "codelists/list.html", page)


def code(request: Request, list_code: str, pk: int) -> HttpResponseBase:
    """One code: its wordings by day, its attributes, what happened to it."""
    actor, today = request.actor, clock.today()
    row = queries.one_code(actor, pk)
    if row.list.code != list_code:
        raise NotFound
    page = CodePage(
        code_list=row.list,
        code=row,
        says=queries.said(row, today),
        standing=policy.standing(row.valid_from, row.valid_to, today),
        wordings=queries.wordings(row),
        history=trail.history(actor, "code", row.pk),
        today=today,
        can_change=can_change(actor, row.node_id),
    )
    return pages.render(request, "codelists/code.html", page)


def _export(request: Request, table: Table, rows: Rows) -> HttpResponse:
    file = records.export(actor=request.actor, verb=Verb.EXPORT, table=table, rows=rows, asked=request.GET)
    return pages.download(file)
