"""Lists: columns, filters, search, sort and pages declared once; the same list is shown, exported and served.

The state of a list lives in its query string, so that any list can be saved, shared and linked.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.personal_data import mask_text

SIZES = (25, 50, 100)

Rows = QuerySet[Any]


@dataclass(frozen=True)
class Column:
    """One column. ``value`` gives what is exported; ``cell`` names the macro that shows it."""

    key: str
    label: Text
    value: Callable[[Any], Any]
    sort: tuple[str, ...] = ()
    cell: str = "text"
    hidden: bool = False
    personal: bool = False


@dataclass(frozen=True)
class Filter:
    """One condition of a list: a choice among options, or a span of dates. ``usual``: what holds when nobody chose."""

    key: str
    label: Text
    apply: Callable[[Rows, str], Rows]
    options: Callable[[Actor], Sequence[tuple[str, Text]]] | None = None
    kind: str = "choice"
    primary: bool = True
    usual: Callable[[], str] = str


@dataclass(frozen=True)
class Table:
    """The declaration of a list. ``key`` also names its saved views and its audit lines.

    With ``most`` no more rows than that are counted and no later page is shown: of millions of rows nobody reads
    the end. A list that is longer keeps its usual order, which then has to follow an index. ``empty`` says how the
    list fills, where it is not plain from its name.
    """

    key: str
    title: Text
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    search: Callable[[Rows, str, Actor], Rows] | None = None
    search_hint: Text = ""
    default_sort: str = ""
    row_url: Callable[[Any], str] | None = None
    prepare: Callable[[list[Any], Actor], None] | None = None
    most: int | None = None
    empty: Text = ""

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)


@dataclass(frozen=True)
class Chosen:
    """A filter with its options and the value asked for."""

    filter: Filter
    options: Sequence[tuple[str, Text]]
    value: str

    @property
    def is_set(self) -> bool:
        """Say whether somebody chose it."""
        return bool(self.value) and self.value != self.filter.usual()

    @property
    def shown(self) -> str:
        """What holds: chosen, or usual; empty where everything is shown until somebody chooses."""
        return self.value or self.filter.usual()

    @property
    def label(self) -> Text:
        return next((label for value, label in self.options if value == self.value), self.value)


@dataclass(frozen=True)
class Heading:
    """A column heading with its sort state and the address that turns it."""

    column: Column
    direction: str
    next_sort: str


@dataclass(frozen=True)
class Listing:
    """One page of a list as a template needs it. With ``is_more`` there are more rows than ``total``."""

    table: Table
    rows: list[Any]
    total: int
    page: int
    size: int
    q: str
    sort: str
    columns: tuple[Column, ...]
    chosen: tuple[Chosen, ...]
    params: Mapping[str, str] = field(default_factory=dict)
    is_more: bool = False

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        return (self.page - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.page * self.size, self.total)

    @property
    def is_filtered(self) -> bool:
        return bool(self.q) or any(item.is_set for item in self.chosen)

    @property
    def headings(self) -> list[Heading]:
        return [self._heading(column) for column in self.columns]

    def _heading(self, column: Column) -> Heading:
        if self.sort == column.key:
            return Heading(column, "ascending", f"-{column.key}")
        if self.sort == f"-{column.key}":
            return Heading(column, "descending", column.key)
        return Heading(column, "", column.key)

    @property
    def window(self) -> list[int]:
        """The page numbers to show; 0 stands for a gap."""
        near = {1, self.pages, self.page - 1, self.page, self.page + 1}
        shown = sorted(number for number in near if 1 <= number <= self.pages)
        result: list[int] = []
        for number in shown:
            if result and number - result[-1] > 1:
                result.append(0)
            result.append(number)
        return result

    def url(self, **changes: object) -> str:
        """Return the query string of this list with some values changed; empty values fall away."""
        merged: dict[str, object] = {**self.params, **changes}
        kept = {key: value for key, value in merged.items() if value not in ("", None, False)}
        if "page" not in changes:
            kept.pop("page", None)
        return "?" + urlencode(kept)

    @property
    def query(self) -> str:
        """The query string that identifies this view: without page and export."""
        return self.url(page="", export="", view="")[1:]


def _columns(table: Table, wanted: str) -> tuple[Column, ...]:
    keys = [key for key in wanted.split(",") if table.column(key)]
    if keys:
        return tuple(column for column in table.columns if column.key in keys)
    return tuple(column for column in table.columns if not column.hidden)


def _ordered(table: Table, rows: Rows, sort: str) -> tuple[Rows, str]:
    column = table.column(sort.removeprefix("-"))
    if column is None or not column.sort:
        sort = table.default_sort
        column = table.column(sort.removeprefix("-"))
    if column is None:
        return rows.order_by("pk"), ""
    sign = "-" if sort.startswith("-") else ""
    return rows.order_by(*(f"{sign}{name}" for name in column.sort), "pk"), sort


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 7 else default  # noqa: PLR2004 -- a page number


def _chosen(item: Filter, params: QueryDict, actor: Actor) -> Chosen:
    """Return a filter with what was asked for, if it can be."""
    value = (params.get(item.key) or "").strip()
    options = item.options(actor) if item.options else ()
    if value and item.kind == "choice" and value not in {str(option) for option, _label in options}:
        value = ""
    if value and item.kind == "date" and parse_date_or_none(value) is None:
        value = ""
    return Chosen(item, options, value)


def _searched(params: QueryDict) -> str:
    return (params.get("q") or "").strip()[:80].replace("\x00", "")


def criteria(table: Table, params: QueryDict, actor: Actor) -> list[str]:
    """Return in words what narrows a list: each filter that is set, and what was searched for (SUP-16), masked."""
    found = (_chosen(item, params, actor) for item in table.filters if params.get(item.key))
    words = [f"{item.filter.label}: {item.label}" for item in found if item.value]
    q = mask_text(_searched(params)) if table.search else ""
    return [*words, f"{_('Search')}: {q}"] if q else words


def narrow(table: Table, rows: Rows, params: QueryDict, actor: Actor) -> tuple[Rows, tuple[Chosen, ...], str, str]:
    """Apply search, filters and sort; return the rows, the filters chosen, the search text and the sort."""
    chosen = []
    for each in table.filters:
        item = _chosen(each, params, actor)
        if item.value:
            rows = each.apply(rows, item.value)
        chosen.append(item)
    q = _searched(params)
    if q and table.search:
        rows = table.search(rows, q, actor)
    rows, sort = _ordered(table, rows, params.get("sort") or "")
    return rows, tuple(chosen), q, sort


def _counted(table: Table, rows: Rows) -> tuple[int, bool]:
    """Return how many rows there are, as far as the table counts, and whether there are more."""
    if table.most is None:
        return rows.count(), False
    found = rows.order_by()[: table.most + 1].count()
    return min(found, table.most), found > table.most


def listing(table: Table, rows: Rows, params: QueryDict, actor: Actor) -> Listing:
    """Return one page of ``rows`` as asked for by the query string; two queries whatever the size."""
    rows, chosen, q, sort = narrow(table, rows, params, actor)
    size = _number(params.get("size"), SIZES[0])
    size = size if size in SIZES else SIZES[0]
    total, is_more = _counted(table, rows)
    if is_more:
        rows, sort = _ordered(table, rows, "")
    page = min(max(1, _number(params.get("page"), 1)), max(1, -(-total // size)))
    part = slice((page - 1) * size, page * size)
    shown = list(
        rows.filter(pk__in=rows.values("pk")[part]) if is_more else rows[part]
    )  # keys come from an index alone
    if table.prepare:
        table.prepare(shown, actor)
    kept = {key: value for key, value in params.items() if isinstance(value, str) and value}
    columns = _columns(table, params.get("cols") or "")
    return Listing(table, shown, total, page, size, q, sort, columns, chosen, kept, is_more)


def export_rows(
    listing_columns: Iterable[Column], rows: Iterable[Model]
) -> Iterable[list[str | int | float | datetime.date | None]]:
    """Yield one list of plain values a row, in the order of the columns."""
    columns = tuple(listing_columns)
    for row in rows:
        yield [plain(column.value(row)) for column in columns]


def plain(value: Any) -> str | int | float | datetime.date | None:
    """Return a value as a spreadsheet takes it; texts that a spreadsheet would run are disarmed."""
    if value is None or isinstance(value, bool):
        return None if value is None else str(_("yes") if value else _("no"))
    if isinstance(value, int | float | datetime.date):
        return value
    text = str(value)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def parse_date_or_none(text: str) -> datetime.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def selectable(choices: Iterable[tuple[Any, Text]]) -> Callable[[Actor], Sequence[tuple[str, Text]]]:
    """Return an ``options`` function for fixed choices."""
    fixed = tuple((str(value), label) for value, label in choices)
    return lambda _actor: fixed
