"""Opening hours as people write them."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.network.forms import HoursForm, NodeForm, write_intervals
from guanxi.network.models import Node
from guanxi.network.policy import read_intervals
from guanxi.network.states import Kind

times = st.times().map(lambda time: time.replace(second=0, microsecond=0))


def pairs(text):
    return [(item.opens.isoformat("minutes"), item.closes.isoformat("minutes")) for item in read_intervals(text, 3)]


@pytest.mark.parametrize(
    "text",
    [
        "08:30-12:00, 13:30-18:00",
        "8:30～12:00；13:30～18:00",
        "08：30至12：00、13：30到18：00",
        "8:30 – 12:00,13:30—18:00,",
    ],
)
def test_commas_dashes_and_colons_of_both_languages(text):
    assert pairs(text) == [("08:30", "12:00"), ("13:30", "18:00")]


def test_midnight_at_the_end_is_the_end_of_the_day():
    assert pairs("20:00-24:00") == [("20:00", "23:59")]
    assert pairs("") == []


@pytest.mark.parametrize(
    "text", ["8-12", "12:00-08:00", "08:00-08:00", "25:00-26:00", "08:00-33:00", "08:00-24:30", "08:60-09:00", "open"]
)
def test_what_is_no_interval_is_refused(text):
    with pytest.raises(ValueError):
        read_intervals(text, 0)


@given(st.lists(st.tuples(times, times).filter(lambda pair: pair[0] < pair[1]), max_size=4))
def test_what_is_written_is_read_again(spans):
    found = read_intervals(write_intervals(spans), 5)
    assert [(item.weekday, item.opens, item.closes) for item in found] == [(5, *span) for span in spans]


def test_a_week_tells_which_day_is_wrong():
    form = HoursForm({"SALES_0": "08:00-12:00, 11:00-13:00", "SALES_1": "sometime", "SALES_2": "08:00-12:00"})
    assert not form.is_valid()
    assert set(form.errors) == {"SALES_0", "SALES_1"}


def test_a_week_gives_the_intervals_of_each_desk():
    form = HoursForm({"SALES_0": "08:00-12:00", "SERVICE_6": "09:00-10:00"})
    assert form.is_valid()
    assert [item.weekday for item in form.intervals("SERVICE")] == [6]
    assert form.intervals("SALES")[0].closes == datetime.time(12)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "OUTLET"}, "sells"),
        ({"kind": "PARTNER", "function": "DCRC"}, "function"),
        ({"kind": "UNIT", "function": "RESCUE"}, "function"),
        ({"code": "a b"}, "code"),
        ({"valid_from": "31.1.2026"}, "valid_from"),
        ({"kind": "GROUP"}, "kind"),
    ],
)
def test_a_new_place_is_checked_by_its_kind(acting, cast, changes, field):
    values = {"kind": "BRANCH", "parent": cast.brand_id, "code": "t-1", "name_zh": "甲", "valid_from": "2026-01-31"}
    kinds = [kind for kind in Kind.values if kind != "GROUP"]
    form = NodeForm(values | changes, parents=Node.objects.all(), kinds=kinds)
    assert not form.is_valid()
    assert field in form.errors
    good = NodeForm(values, parents=Node.objects.all(), kinds=kinds)
    assert good.is_valid()
    assert good.cleaned_data["code"] == "T-1"
