"""Cursors of the API: they come back as they went out, and nothing else is taken for one."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.foundation import paging
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Invalid
from guanxi.network import queries
from guanxi.network.models import Node


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_a_cursor_comes_back_as_it_went_out(pk):
    cursor = paging.encode(pk)
    assert paging.decode(cursor) == pk
    assert cursor.isascii()
    assert not set(cursor) & set("=+/&?")


@given(st.text(max_size=60) | st.binary(max_size=40).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_garbage_is_refused_or_is_a_number(text):
    try:
        assert isinstance(paging.decode(text), int)
    except Invalid as error:
        assert error.field == "cursor"


@pytest.mark.parametrize(
    "inside", ["[true]", "[1.5]", '["1"]', "[1,2]", "[]", "1", "null", "[9223372036854775808]", "[[1]]"]
)
def test_what_is_no_single_whole_number_is_refused(inside):
    with pytest.raises(Invalid):
        paging.decode(base64.urlsafe_b64encode(inside.encode()).decode())


@pytest.mark.parametrize("limit", [1, 7, 200])
def test_pages_give_every_row_once_in_order(acting, limit):
    acting(SYSTEM)
    rows = queries.visible_to(SYSTEM)
    seen, cursor = [], None
    for _page in range(1000):
        found = paging.take(rows, cursor, limit)
        assert len(found.rows) <= limit
        seen += [row.pk for row in found.rows]
        cursor = found.next
        if cursor is None:
            break
    assert seen == sorted(Node.objects.values_list("pk", flat=True))


def test_a_page_has_at_most_two_hundred_and_at_least_one_row(acting):
    assert len(paging.take(Node.objects.all(), None, 10_000).rows) == 200
    assert len(paging.take(Node.objects.all(), None, 0).rows) == 1


def test_one_page_is_one_query(acting, django_assert_num_queries):
    with django_assert_num_queries(1):
        paging.take(Node.objects.all(), paging.encode(5), 3)


def test_what_is_added_before_the_cursor_does_not_shift_the_next_page(acting, cast):
    first = paging.take(Node.objects.order_by("-code"), None, 5)
    Node.objects.filter(pk=first.rows[0].pk).update(name_zh="改")
    second = paging.take(Node.objects.all(), first.next, 5)
    assert second.rows[0].pk > first.rows[-1].pk
