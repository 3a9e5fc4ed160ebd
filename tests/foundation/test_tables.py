"""Lists: what the query string asks for, what is ignored, what is exported."""

import datetime
from dataclasses import replace
from itertools import pairwise

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.tables import SIZES, Column, Filter, Listing, Table, export_rows, listing, plain, selectable
from guanxi.network.models import Node

SHAPE = Table(
    key="t.nodes",
    title="Nodes",
    columns=(
        Column("code", "Code", lambda row: row.code, sort=("code",)),
        Column("kind", "Kind", lambda row: row.kind, sort=("kind",)),
        Column("name", "Name", lambda row: row.name_zh, hidden=True),
        Column("since", "Since", lambda row: row.valid_from),
    ),
    filters=(
        Filter(
            "kind", "Kind", lambda rows, value: rows.filter(kind=value), selectable((("BRAND", "B"), ("GROUP", "G")))
        ),
        Filter("since", "Since", lambda rows, value: rows.filter(valid_from__gte=value), kind="date"),
    ),
    search=lambda rows, text, _actor: rows.filter(code__istartswith=text),
    default_sort="code",
)


def ask(query="", table=SHAPE):
    return listing(table, Node.objects.all(), QueryDict(query), SYSTEM)


def codes(found):
    return [row.code for row in found.rows]


@pytest.fixture(autouse=True)
def everything(acting):
    """The whole network, as the system sees it."""
    return acting(SYSTEM)


def test_a_filter_narrows():
    found = ask("kind=BRAND")
    assert codes(found) == ["QC", "YL"]
    assert found.is_filtered
    assert [item.label for item in found.chosen] == ["B", ""]


def test_filters_add_up():
    assert codes(ask("kind=GROUP&since=2012-01-02")) == []
    assert codes(ask("kind=GROUP&since=2011-12-31")) == ["YUNLING"]


@pytest.mark.parametrize(
    "query",
    [
        "kind=nothing", "kind=brand", "since=2012-13-45", "since=soon", "sort=nothing", "sort=since", "sort=--code",
        "size=7", "size=-1", "size=99999999999", "page=zero", "page=-3", "cols=nothing", "surprise=1",
    ],
)  # fmt: skip
def test_what_is_not_known_is_ignored(query):
    plain_list, odd = ask(), ask(query)
    assert codes(odd) == codes(plain_list)
    assert (odd.page, odd.size, odd.columns) == (1, SIZES[0], plain_list.columns)
    assert not odd.is_filtered


def test_the_search_is_trimmed_cut_and_safe():
    assert codes(ask("q=  yl-hd-31 ")) == ["YL-HD-31"]
    assert ask("q=" + "x" * 500).q == "x" * 80
    assert ask("q=YL%00-HD-31").q == "YL-HD-31"


@pytest.mark.parametrize(("sort", "backwards"), [("code", False), ("-code", True), ("kind", False)])
def test_a_sort_orders_all_rows_and_not_the_page(sort, backwards):
    key = sort.lstrip("-")
    everything = sorted(Node.objects.values_list(key, flat=True), reverse=backwards)
    assert [getattr(row, key) for row in ask(f"sort={sort}").rows] == everything[:25]


def test_rows_that_sort_alike_keep_one_order_over_the_pages():
    seen = [row.pk for page in range(1, 9) for row in ask(f"sort=kind&page={page}").rows]
    assert len(seen) == len(set(seen)) == 200


def test_a_heading_turns_its_sort():
    headings = {item.column.key: (item.direction, item.next_sort) for item in ask("sort=code").headings}
    assert headings["code"] == ("ascending", "-code")
    assert headings["kind"] == ("", "kind")
    assert ask("sort=-code").headings[0].direction == "descending"


def test_without_any_sort_rows_stand_in_order_of_their_key():
    found = ask(table=replace(SHAPE, default_sort=""))
    assert [row.pk for row in found.rows] == sorted(row.pk for row in found.rows)
    assert found.sort == ""


@pytest.mark.parametrize("size", SIZES)
def test_sizes_on_offer(size):
    assert len(ask(f"size={size}").rows) == size


def test_a_page_beyond_the_end_is_the_last():
    found = ask("page=99999")
    assert found.page == found.pages
    assert found.last == found.total == Node.objects.count()
    assert found.first == (found.pages - 1) * 25 + 1


def test_an_empty_list_has_one_page_and_no_first_row():
    found = ask("q=nothing-is-called-this")
    assert (found.total, found.pages, found.page, found.first, found.last) == (0, 1, 1, 0, 0)


def test_columns_are_chosen_and_keep_their_order():
    assert [column.key for column in ask().columns] == ["code", "kind", "since"]
    assert [column.key for column in ask("cols=name,bad,code").columns] == ["code", "name"]


def test_an_address_keeps_the_rest_and_forgets_the_page():
    found = ask("kind=BRAND&page=1&q=y&empty=")
    assert found.url(sort="code") == "?kind=BRAND&q=y&sort=code"
    assert found.url(page=2) == "?kind=BRAND&page=2&q=y"
    assert found.url(kind="") == "?q=y"
    assert ask("kind=BRAND&page=2&export=csv&view=7").query == "kind=BRAND"


def made_up(pages, page):
    return Listing(SHAPE, [], pages * 25, page, 25, "", "", (), ())


@given(pages=st.integers(1, 500), data=st.data())
def test_the_window_shows_the_ends_the_neighbours_and_honest_gaps(pages, data):
    page = data.draw(st.integers(1, pages))
    window = made_up(pages, page).window
    numbers = [number for number in window if number]
    assert numbers == sorted(set(numbers))
    assert {1, page, pages} <= set(numbers) <= set(range(1, pages + 1))
    assert len(window) <= 7
    for before, after in pairwise(window):
        assert after == 0 or before == 0 or after == before + 1


@pytest.mark.parametrize("size", SIZES)
def test_a_list_costs_two_queries_and_its_preparation(size, django_assert_num_queries):
    def prepare(rows, _actor):
        known = set(Node.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
        for row in rows:
            row.is_known = row.pk in known

    with django_assert_num_queries(3):
        found = ask(f"size={size}", replace(SHAPE, prepare=prepare))
    assert all(row.is_known for row in found.rows)
    with django_assert_num_queries(2):
        ask(f"size={size}")


@pytest.mark.covers("NFR-01")
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_a_spreadsheet_would_run_is_disarmed(start):
    assert plain(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


@given(st.text())
def test_no_exported_text_begins_like_a_formula(text):
    shown = plain(text)
    assert shown[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert shown.endswith(text)


def test_numbers_dates_and_nothing_stay_what_they_are():
    day = datetime.date(2026, 1, 31)
    assert [plain(value) for value in (-3, 1.5, day, None, "")] == [-3, 1.5, day, None, ""]
    assert [plain(value) for value in (True, False)] in (["yes", "no"], ["是", "否"])


def test_exported_rows_follow_the_columns():
    (group,) = Node.objects.filter(kind="GROUP")
    group.name_zh = "=1+1"
    assert list(export_rows(SHAPE.columns, [group])) == [["YUNLING", "GROUP", "'=1+1", group.valid_from]]


def test_a_long_list_is_counted_up_to_its_most_and_keeps_its_order():
    capped = replace(SHAPE, most=10)
    long = ask("sort=-kind&page=99&size=25", capped)
    assert (long.total, long.is_more, long.pages, long.page) == (10, True, 1, 1)
    assert long.sort == "code"
    assert codes(long) == sorted(codes(long))
    short = ask("kind=BRAND&sort=-code", capped)
    assert (short.total, short.is_more, codes(short)) == (2, False, ["YL", "QC"])


def test_counting_stops_where_the_table_says(django_assert_num_queries):
    with django_assert_num_queries(2) as found:
        ask("", replace(SHAPE, most=10))
    assert "LIMIT 11" in found.captured_queries[0]["sql"]
