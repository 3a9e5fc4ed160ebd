"""Check lists as data: what the presets say, when a list is due, what answers are accepted; versions."""

import datetime
import itertools

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.care.checking import DAY, NOON, days, fine, go, settled

from guanxi.access.models import Role
from guanxi.care.models import CheckList
from guanxi.care.policy import checklists as policy
from guanxi.care.policy.checklists import Fault, Reply, Rhythm
from guanxi.care.presets.checklists import LOADER, ChecklistsPreset
from guanxi.care.queries import checklists as queries
from guanxi.foundation import clock, db, presets
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import NotAllowed
from guanxi.records.models import AuditEntry

UTC = datetime.UTC


@pytest.fixture(autouse=True)
def _english():
    """What is refused is read in English."""
    with translation.override("en"):
        yield


def base():
    return next(part for part in presets.read("base") if part.loader.key == "checklists").data


def entries():
    return {entry.code: entry for entry in base().lists}


def preset(**changes):
    """Return a preset with one list: that of noon, with some values changed."""
    entry = entries()["waiting_repair_noon"].model_dump() | changes
    return ChecklistsPreset.model_validate({"list": [entry]})


def apply(data, source="base/checklists"):
    return LOADER.apply(actor=SYSTEM, data=data, source=source)


@pytest.mark.covers("CARE-17")
def test_the_six_items_of_waiting_for_a_repair_are_looked_at_every_working_day_at_opening():
    entry = entries()["waiting_repair"]
    assert [item.name_zh for item in entry.item] == [
        "书刊、棋牌设施", "影音、上网设施", "专门的客服人员在岗", "电子看板显示维修进度", "餐饮、茶点", "奖励客户参与活动评比",
    ]  # fmt: skip
    assert (entry.outlets, entry.weekdays, entry.every, entry.by) == ("SERVICE", [], 1, datetime.time(9, 30))
    noon = entries()["waiting_repair_noon"]
    assert {item.code for item in noon.item} < {item.code for item in entry.item}
    assert noon.by == datetime.time(12, 0)


@pytest.mark.covers("CARE-14")
def test_care_in_the_store_asks_for_activities_one_service_surveys_entertainment_and_details():
    entry = entries()["in_store"]
    assert [item.code for item in entry.item] == ["activities", "one_service", "surveys", "entertainment", "details"]
    assert entry.weekdays == [1]


@pytest.mark.covers("CARE-15")
def test_care_outside_the_store_asks_for_its_six_ways_and_its_manner():
    words = [item.name_zh for item in entries()["out_of_store"].item]
    assert words == ["上门拜访", "短信提醒", "电话回访、电话提醒", "电台点歌", "DM直邮", "客户俱乐部", "人性化、个性化"]


def test_waiting_for_a_delivery_and_the_four_standards_are_lists_too():
    assert [item.code for item in entries()["before_delivery"].item] == ["told_in_time", "messages", "invited"]
    assert entries()["before_delivery"].outlets == "SALES"
    assert [item.code for item in entries()["care_standards"].item] == ["targeting", "frequency", "content", "timing"]


def test_every_list_names_known_roles_speaks_both_languages_and_says_what_is_assumed(cast):
    known = set(Role.objects.values_list("pk", flat=True))
    for entry in base().lists:
        assert {entry.role, entry.fixer} <= known
        assert entry.assumed_zh
        assert entry.assumed_en
        assert all(item.name_zh and item.name_en for item in entry.item)


def test_the_preset_applied_again_changes_nothing(cast):
    assert LOADER.compare(base()) == []
    assert apply(base()) == []
    assert CheckList.objects.filter(until=None).count() == len(base().lists)


@pytest.mark.parametrize(
    "changes",
    [
        {"weekdays": [8]}, {"weekdays": [1], "every": 5}, {"every": -1}, {"every": 61}, {"within": 0}, {"unit": "DAYS"}, {"item": []},
        {"outlets": "SOME"}, {"by": "25:00"}, {"code": "No code"}, {"more": 1},
        {"item": [{"code": "staff", "name_zh": "一", "name_en": "one"}] * 2},
    ],
)  # fmt: skip
def test_a_list_that_could_not_be_gone_through_is_refused(changes):
    with pytest.raises(ValidationError):
        preset(**changes)


def test_a_list_stands_in_a_preset_once():
    entry = entries()["in_store"].model_dump()
    with pytest.raises(ValidationError, match="twice"):
        ChecklistsPreset.model_validate({"list": [entry, entry]})


def test_another_word_is_a_new_version_and_the_earlier_one_keeps_its_own(cast):
    settled(cast)
    old = CheckList.objects.get(code="waiting_repair_noon", until=None)
    assert [change.kind for change in apply(preset(by="12:30"))] == ["change"]
    new = CheckList.objects.get(code="waiting_repair_noon", until=None)
    old.refresh_from_db()
    assert (old.until, new.since, new.by) == (clock.today(), clock.today(), datetime.time(12, 30))
    assert [item.code for item in new.items.order_by("position")] == ["staff", "board", "catering"]
    assert old.items.count() == 3
    line = AuditEntry.objects.filter(verb="care.apply_checklists").latest("pk")
    assert line.subject_label == "waiting_repair_noon"


def test_an_item_more_is_a_new_version(cast):
    settled(cast)
    items = [item.model_dump() for item in entries()["waiting_repair_noon"].item]
    apply(preset(item=[*items, {"code": "toilets", "name_zh": "洗手间", "name_en": "Toilets"}]))
    held = queries.current()["waiting_repair_noon"]
    assert [item.code for item in held.items.all()] == ["staff", "board", "catering", "toilets"]


def test_a_version_of_today_that_nobody_used_is_put_right(cast):
    settled(cast)
    apply(preset(by="12:30"))
    apply(preset(by="12:45"))
    rows = CheckList.objects.filter(code="waiting_repair_noon").order_by("since")
    assert [(row.by.isoformat("minutes"), row.until) for row in rows] == [("12:00", clock.today()), ("12:45", None)]


def test_what_is_asked_for_today_holds_until_tomorrow(cast):
    settled(cast)
    today = clock.today()
    go(cast.crm, cast.outlet_id, fine(NOON), code="waiting_repair_noon", day=today)
    db.set_scope(SYSTEM)
    apply(preset(by="12:30"))
    assert CheckList.objects.get(code="waiting_repair_noon", until=None).since == today + days(1)
    held = {row.code: row for row in queries.in_force(SYSTEM, today)}
    assert held["waiting_repair_noon"].by == datetime.time(12, 0)


def test_a_carmaker_switches_a_list_off(cast):
    settled(cast)
    apply(ChecklistsPreset(off=["out_of_store", "no_such_list"]), "x/checklists")
    held = queries.current()["out_of_store"]
    assert not held.is_on
    assert held.items.count() == 7
    assert "out_of_store" not in {row.code for row in queries.in_force(SYSTEM, clock.today())}


def test_a_list_of_unknown_roles_waits_for_them(cast):
    settled(cast)
    data = preset(code="x_list", role="somebody")
    apply(data)
    assert not CheckList.objects.filter(code="x_list").exists()
    assert [change.subject for change in LOADER.compare(data)] == ["x_list"]


def test_only_who_may_change_rules_everywhere_applies_lists(cast, acting):
    with pytest.raises(NotAllowed):
        LOADER.apply(actor=acting(cast.gm), data=preset(by="12:30"), source="base/checklists")


WEEK = [datetime.date(2026, 6, 8) + days(number) for number in range(7)]  # from a Monday on
WORKED = WEEK[:5]


def due(rhythm, day, last=None, worked=WORKED):
    return policy.is_due(rhythm, day, worked, last)


def test_a_day_off_is_never_due():
    assert not due(Rhythm(), WEEK[5])
    assert not due(Rhythm((6,)), WEEK[5])
    assert due(Rhythm(), WEEK[0])


def test_days_of_the_week_are_due_on_themselves():
    assert [day for day in WEEK if due(Rhythm((1, 3)), day)] == [WEEK[0], WEEK[2]]


def test_every_third_working_day_counts_working_days():
    assert not due(Rhythm(every=3), WEEK[2], last=WEEK[0])
    assert due(Rhythm(every=3), WEEK[3], last=WEEK[0])
    assert due(Rhythm(every=3), WEEK[0])
    monday = WEEK[0] + days(7)
    assert not due(Rhythm(every=3), monday, last=WEEK[3], worked=[*WORKED, monday])


@given(st.integers(1, 9), st.sets(st.integers(0, 60), min_size=20))
def test_between_two_rounds_lie_exactly_so_many_working_days(every, offsets):
    worked = sorted(DAY + days(number) for number in offsets)
    last, found = None, []
    for day in worked:
        if policy.is_due(Rhythm(every=every), day, worked, last):
            last = day
            found.append(worked.index(day))
    assert found[0] == 0
    assert {after - before for before, after in itertools.pairwise(found)} <= {every}


def moment(text):
    return datetime.datetime.fromisoformat(f"2026-06-10T{text}:00").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("wanted", "expected"), [("09:30", "09:30"), ("08:00", "09:30"), ("09:10", "09:30"), ("20:00", "18:00")]
)
def test_a_round_is_due_within_the_hours_of_the_day(wanted, expected):
    assert policy.due_at(moment(wanted), moment("09:00"), moment("18:00")) == moment(expected)


@pytest.mark.parametrize(("outlets", "expected"), [("ALL", True), ("SALES", False), ("SERVICE", True), ("KEY", False)])
def test_a_list_holds_at_its_kind_of_outlet(outlets, expected):
    assert policy.holds_at(outlets, sells=False, serves=True, is_key=False) is expected


def test_a_round_is_said_whole_and_wanting_is_explained():
    replies = {"a": Reply("FULFILLED"), "b": Reply("MISSING", "  "), "c": Reply("MAYBE"), "z": Reply("FULFILLED")}
    assert policy.faults(["a", "b", "c", "d"], replies) == [
        Fault("z", "unknown"), Fault("b", "unexplained"), Fault("c", "unreadable"), Fault("d", "unsaid"),
    ]  # fmt: skip


def test_a_remark_stays_only_with_what_is_not_fulfilled():
    kept = policy.tidy({"a": Reply("FULFILLED", "all well"), "b": Reply("MISSING", " no \n tea ")})
    assert kept == {"a": Reply("FULFILLED"), "b": Reply("MISSING", "no tea")}


def test_a_share_is_full_only_when_nothing_is_missing():
    assert (policy.share(999, 1000), policy.share(7, 7), policy.share(0, 0)) == (99, 100, None)
