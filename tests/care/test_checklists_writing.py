"""Check lists written by hand: versions with their days, what is refused, who may, and lists of a place."""

import dataclasses
import datetime

import pytest
from tests.care.checking import CODE, DAY, ITEMS, at, days, fine, go, morning, settled, still_open

from guanxi.care.models import CheckItem, CheckList, Round
from guanxi.care.policy import checklists as policy
from guanxi.care.policy.checklists import Point, Reply
from guanxi.care.queries import checklists as queries
from guanxi.care.services import checklists as services
from guanxi.care.services.checklists import Wording
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry


@pytest.fixture(autouse=True)
def _long_since(cast):
    settled(cast)


def held(code=CODE):
    db.set_scope(SYSTEM)
    return queries.last(SYSTEM, code)


def says(row, points=None, day=DAY, **values):
    """Return what a version says, with some of it changed."""
    kept = {name: value for name, value in queries.said(row).items() if name != "source"}
    return Wording(kept | values, queries.points(row) if points is None else points, day)


def change(actor=SYSTEM, code=CODE, on=DAY, **more):
    row = held(code)
    db.set_scope(actor)
    return services.change_check_list(actor=actor, list_id=row.pk, wording=says(row, **more), at=at(on))


def add(actor, node_id, code="x_light", on=DAY, **values):
    wording = says(held(), [Point("", "灯亮", "Lights are on")], outlets="ALL", **values)
    db.set_scope(actor)
    return services.add_check_list(actor=actor, code=code, node_id=node_id, wording=wording, at=at(on))


def codes(row):
    return list(CheckItem.objects.filter(list=row).order_by("position").values_list("code", flat=True))


def test_a_change_is_a_new_version_and_rounds_keep_theirs(cast):
    done = go(cast.crm, cast.outlet_id, fine(board="看板黑屏"))
    first = held()
    points = queries.points(first)
    reworded = [
        dataclasses.replace(points[3], name_zh="看板", name_en="Board"),
        *points[:3],
        Point("", "水温", "Water is hot"),
    ]
    after = change(cast.hq, points=reworded, by=datetime.time(10))
    first.refresh_from_db()
    assert (first.until, after.since, after.until) == (DAY + days(1), DAY + days(1), None)
    assert codes(after) == ["board", "books_games", "media", "staff", "point_1"]
    assert codes(first) == list(ITEMS)
    assert Round.objects.get(pk=done.pk).list_id == first.pk
    assert [row.pk for row in queries.in_force(SYSTEM, DAY) if row.code == CODE] == [first.pk]
    assert [row.pk for row in queries.in_force(SYSTEM, DAY + days(1)) if row.code == CODE] == [after.pk]
    line = AuditEntry.objects.get(verb="care.change_check_lists", subject_id=CODE)
    assert line.before["points"][3] == "board: 电子看板显示维修进度 | Electronic board shows the state of repairs"
    assert line.after["points"][0] == "board: 看板 | Board"
    assert (line.person_name, line.after["since"]) == (cast.hq.name, str(DAY + days(1)))


def test_a_reworded_point_stays_one_thing_and_a_withdrawn_one_stays_open(cast):
    go(cast.crm, cast.outlet_id, fine(board="看板黑屏", catering="没有茶点"))
    points = [point for point in queries.points(held()) if point.code != "catering"]
    points[3] = dataclasses.replace(points[3], name_zh="看板")
    change(points=points)
    replies = {item: Reply("FULFILLED") for item in ITEMS if item != "catering"}
    go(cast.crm, cast.outlet_id, replies, day=DAY + days(1))
    assert still_open(cast.outlet_id) == [(CODE, "catering", "没有茶点", DAY)]


def test_a_version_that_nobody_used_today_is_put_right_in_place(cast):
    change(within=2)
    after = change(within=3)
    assert list(CheckList.objects.filter(code=CODE).order_by("since").values_list("since", "until", "within")) == [
        (datetime.date(2020, 1, 1), DAY, 4), (DAY, None, 3),
    ]  # fmt: skip
    assert after.since == DAY


def test_a_planned_version_waits_and_gives_way_to_another_plan():
    first = held()
    planned = change(within=2, day=DAY + days(20))
    assert (planned.since, queries.in_force(SYSTEM, DAY + days(19))) != (DAY, [])
    assert first.pk in [row.pk for row in queries.in_force(SYSTEM, DAY + days(19))]
    sooner = change(within=3, day=DAY + days(5))
    later = change(within=3, day=DAY + days(30))
    assert not CheckList.objects.filter(pk__in=[planned.pk, sooner.pk]).exists()
    first.refresh_from_db()
    assert (first.until, later.since) == (DAY + days(30), DAY + days(30))


def test_the_rounds_of_the_morning_keep_the_version_they_were_asked_with(cast):
    morning()
    first = held()
    after = change(within=2)
    assert after.since == DAY + days(1)
    assert go(cast.crm, cast.outlet_id).list_id == first.pk
    morning(DAY + days(1))
    assert Round.objects.get(code=CODE, outlet_id=cast.outlet_id, day=DAY + days(1)).list_id == after.pk


def test_nothing_new_is_no_version(cast):
    row = held()
    assert change().pk == row.pk
    assert not AuditEntry.objects.filter(verb="care.change_check_lists").exists()


def test_an_earlier_version_cannot_be_changed(cast):
    row = held()
    change(within=2)
    with pytest.raises(Conflict):
        services.change_check_list(actor=SYSTEM, list_id=row.pk, wording=says(row, within=3), at=at())


def test_a_list_that_is_switched_off_is_asked_for_no_more(cast):
    change(is_on=False)
    morning()
    assert not Round.objects.filter(code=CODE, day=DAY).exists()


def test_everything_wrong_is_said_at_its_field(cast):
    points = [
        Point("", "灯", ""),
        Point("same", "一", "One"),
        Point("same", "二", "Two"),
        Point("Bad", "三", "x" * 161),
    ]
    wrong = {"name_en": "", "weekdays": [1], "every": 2, "within": 0, "role_id": "nobody"}
    with pytest.raises(Invalid) as refused:
        change(points=points, **wrong)
    assert [problem.field for problem in refused.value.problems] == [
        "name_en", "every", "within", "role", "points.0.name_en", "points.2.name_zh", "points.3.name_en",
        "points.3.name_zh",
    ]  # fmt: skip
    with pytest.raises(Invalid) as refused:
        change(points=[])
    assert [problem.field for problem in refused.value.problems] == ["points"]
    assert held().until is None


def test_a_code_is_never_given_twice():
    rows = [Point("", "a", "a"), Point("point_2", "b", "b"), Point("", "c", "c")]
    assert [point.code for point in policy.coded(rows, {"point_1"})] == ["point_3", "point_2", "point_4"]


@pytest.mark.parametrize("name", ["branch", "auditor", "callback", "crm"])
def test_a_list_of_the_network_is_changed_by_headquarters_alone(cast, name):
    with pytest.raises(NotAllowed):
        change(getattr(cast, name), within=2)


def test_a_list_of_a_place_is_asked_for_there_and_seen_there(cast, neighbour):
    row = add(cast.crm, cast.outlet_id)
    assert (row.since, row.node_id, codes(row)) == (DAY, cast.outlet_id, ["point_1"])
    assert AuditEntry.objects.get(verb="care.add_check_list").node_id == cast.outlet_id
    morning()
    assert set(Round.objects.filter(code="x_light").values_list("outlet_id", flat=True)) == {cast.outlet_id}
    done = go(cast.crm, cast.outlet_id, {"point_1": Reply("FULFILLED")}, code="x_light")
    assert done.list_id == row.pk
    with pytest.raises(NotFound):
        go(neighbour, cast.other_outlet_id, {"point_1": Reply("FULFILLED")}, code="x_light")
    assert not CheckItem.objects.filter(list=row).exists()  # out of sight of the neighbour
    change(cast.gm, "x_light", within=7)
    with pytest.raises(NotFound):
        change(neighbour, "x_light", within=8)


def test_a_list_of_a_brand_holds_below_it(cast):
    add(SYSTEM, cast.branch_id)
    morning()
    assert cast.outlet_id in set(Round.objects.filter(code="x_light").values_list("outlet_id", flat=True))
    assert cast.other_outlet_id not in set(Round.objects.filter(code="x_light").values_list("outlet_id", flat=True))
    db.set_scope(cast.crm)
    assert "x_light" in [row.code for row in queries.in_force(cast.crm, DAY)]


def test_a_code_is_taken_once_even_where_it_is_not_seen(cast, neighbour):
    add(cast.crm, cast.outlet_id)
    for actor, place in ((cast.gm, cast.outlet_id), (neighbour, cast.other_outlet_id)):
        with pytest.raises(Conflict):
            add(actor, place)


def test_what_a_place_may_not_add(cast, neighbour):
    with pytest.raises(Invalid):
        add(cast.crm, cast.outlet_id, "light")
    with pytest.raises(NotAllowed):
        add(cast.crm, None)
    with pytest.raises(NotAllowed):
        add(neighbour, cast.outlet_id)
