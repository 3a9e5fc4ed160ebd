"""A network from Excel: read in the words of the trade, checked first, written whole or not at all."""

import datetime
import random

import pytest
from django.utils import translation
from tests.counting import queries_of

from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.network.models import Ancestry, ImportRun, Node, Placement
from guanxi.network.permissions import Verb
from guanxi.network.services import importing, rows, sheets, structure
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db
GOOD = ("T-1", "网点", "甲", "YL-HD-31", "2020-01-01", "是", "否")
OTHER = ("T-2", "网点", "乙", "YL-HD-31", "2020-01-01", "是", "是")


@pytest.fixture
def check(cast, workbook):
    """Return a function that checks a file of some rows."""

    def run(*lines, actor=None, name="t.xlsx", **more):
        content = workbook(*lines, **more)
        return importing.check_file(actor=actor or cast.hq, name=name, content=content, at=clock.now())

    return run


def apply(actor, run):
    return importing.apply_run(actor=actor, run_id=run.pk, at=clock.now())


def places(run):
    return [(item["row"], item["column"], item["value"]) for item in run.problems]


def network():
    return (
        set(Node.objects.values_list("code", "name_zh", "valid_from")),
        set(Placement.objects.values_list("child_id", "parent_id")),
        Ancestry.objects.count(),
    )


@pytest.mark.covers("ORG-10", "SYS-20")
def test_checking_writes_nothing_and_applying_writes_all(check, cast):
    before = network()
    run = check(GOOD, OTHER, ("T-1-CR", "网点部门", "客户关系部", "T-1", "2024-01-01", "", ""), name="new.xlsx")
    assert (run.state, run.problems, len(run.rows)) == ("REFUSED", run.problems, 2)
    run = check(GOOD, OTHER)
    assert (run.state, run.problems) == ("CHECKED", [])
    assert network() == before
    done = apply(cast.hq, run)
    assert (done.state, done.added, done.changed) == ("APPLIED", 2, 0)
    node = Node.objects.select_related("profile").get(code="T-1")
    assert (node.name_zh, node.profile.sells, node.profile.serves) == ("甲", True, False)
    assert Placement.objects.get(child=node).brand_id == cast.brand_id
    above = Ancestry.objects.filter(descendant=node, depth__gt=0).values_list("ancestor__code", flat=True)
    assert set(above) == {"YL-HD-31", "YL-HD", "YL", "YUNLING"}


def test_each_place_and_the_check_itself_are_on_the_trail(check, cast):
    run = check(GOOD, OTHER)
    line = AuditEntry.objects.order_by("pk").last()
    assert (line.verb, line.after) == ("network.import_network", {"rows": 2, "problems": 0, "state": "CHECKED"})
    apply(cast.hq, run)
    lines = AuditEntry.objects.order_by("-pk")[:2]
    assert {(line.verb, line.subject_label) for line in lines} == {
        ("network.add_node", "T-1 甲"),
        ("network.add_node", "T-2 乙"),
    }


@pytest.mark.covers("SYS-23")
@pytest.mark.parametrize(
    "headings",
    [
        ("经销商代码", "级别", "经销商名称", "所属机构编码", "生效日期", "销售功能", "售后"),
        ("Code", "KIND", " Name ", "Parent Code*", "Open from", "Sales", "Service"),
        ("\ufeff编码*", "类型", "简称", "上级\u3000", "启用日期", "是否销售", "是否服务"),
    ],
)
def test_headings_are_known_in_the_words_of_the_trade(check, headings):
    run = check(GOOD, headings=headings)
    assert run.problems == []
    assert (run.rows[0]["code"], run.rows[0]["sells"], run.rows[0]["serves"]) == ("T-1", True, False)


def test_columns_may_stand_in_any_order_with_strange_ones_between(check):
    headings = ("备注", "上级编码", "服务", "编码", "开业日期", "类型", "中文名称")
    run = check(("?", "YL-HD-31", "是", "T-1", datetime.date(2020, 1, 1), "4S店", "甲"), headings=headings)
    assert run.problems == []


def test_title_rows_above_the_heading_are_passed_over_and_counted(check):
    run = check(
        GOOD, (), ("T-9", "网点", "", "YL-HD-31", "2020-01-01", "是", ""), before=[["云岭网络表"], [], ["2026"]]
    )
    assert [item["number"] for item in run.rows] == [5]
    assert places(run) == [(7, "中文名称", "")]


@pytest.mark.parametrize(
    "content", [b"", b"not a workbook", b"PK\x03\x04" + bytes(60), b"\xd0\xcf\x11\xe0" + bytes(600)]
)
def test_what_is_no_workbook_is_refused(cast, content):
    with pytest.raises(Invalid) as caught:
        importing.check_file(actor=cast.hq, name="x.xlsx", content=content, at=clock.now())
    assert caught.value.field == "file"


def test_random_bytes_never_do_more_than_be_refused(cast, workbook):
    dice = random.Random(7)
    for _round in range(30):
        content = bytearray(workbook(GOOD))
        for _change in range(dice.randint(1, 40)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        try:
            importing.check_file(actor=cast.hq, name="x.xlsx", content=bytes(content), at=clock.now())
        except Invalid as error:
            assert error.field == "file"


def test_a_sheet_without_headings_or_too_large_is_refused(check, cast, workbook, monkeypatch):
    with pytest.raises(Invalid):
        check(GOOD, headings=("a", "b", "c"))
    with pytest.raises(Invalid):
        check(GOOD, before=[["x"]] * 20)
    monkeypatch.setattr(importing, "MOST_ROWS", 2)
    with pytest.raises(Invalid):
        check(GOOD, OTHER)
    monkeypatch.setattr(importing, "LARGEST", 10)
    with pytest.raises(Invalid):
        importing.check_file(actor=cast.hq, name="x", content=bytes(11), at=clock.now())


WRONG = [
    ((0, "甲"), "编码", "甲"),
    ((0, ""), "编码", ""),
    ((0, "A" * 21), "编码", "A" * 21),
    ((1, "宇宙"), "类型", "宇宙"),
    ((1, "集团"), "类型", "集团"),
    ((2, ""), "中文名称", ""),
    ((2, "长" * 121), "中文名称", "长" * 80),
    ((3, "NOWHERE"), "上级编码", "NOWHERE"),
    ((3, "YLHD001"), "上级编码", "YLHD001"),
    ((4, "soon"), "开业日期", "soon"),
    ((4, "2026-02-30"), "开业日期", "2026-02-30"),
    ((4, "1999-01-01"), "上级编码", "YL-HD-31"),
    ((5, "maybe"), "销售", "maybe"),
    ((5, "否"), "销售", "否"),
]


@pytest.mark.covers("SYS-23")
@pytest.mark.parametrize(("cell", "column", "value"), WRONG)
def test_each_error_names_row_column_and_value(check, cell, column, value):
    line = list(GOOD)
    line[cell[0]] = cell[1]
    run = check(OTHER, line)
    assert run.state == "REFUSED"
    assert (3, column, value) in places(run)
    assert {row for row, _column, _value in places(run)} == {3}
    assert all(item["message"] for item in run.problems)


EXTRA = ("编码", "类型", "中文名称", "上级编码", "开业日期", "销售", "职能", "省份代码", "纬度", "经度", "服务半径")


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (("T", "网点", "", "", "", ""), None),
        (("", "网点", "3", "", "", ""), "省份代码"),
        (("", "网点", "", "91", "1", ""), "纬度"),
        (("", "网点", "", "1", "181", ""), "经度"),
        (("", "网点", "", "NaN", "1", ""), "纬度"),
        (("", "网点", "", "Infinity", "1", ""), "纬度"),
        (("", "网点", "", "north", "1", ""), "纬度"),
        (("", "网点", "", "31.2", "", ""), "纬度"),
        (("", "网点", "", "", "", "1001"), "服务半径"),
        (("", "网点", "", "", "", "NaN"), "服务半径"),
        (("COOKS", "合作伙伴", "", "", "", ""), "职能"),
        (("COOKS", "网点部门", "", "", "", ""), "职能"),
    ],
)
def test_numbers_and_functions_are_checked(check, cells, column):
    function, kind, province, latitude, longitude, radius = cells
    parent = {"合作伙伴": "YL", "网点部门": "YLHD001"}.get(kind, "YL-HD-31")
    line = ("T-1", kind, "甲", parent, "2024-01-01", "是", function, province, latitude, longitude, radius)
    run = check(line, headings=EXTRA)
    assert {item["column"] for item in run.problems} == ({column} if column else set())


def test_a_code_that_stands_twice_names_the_first_row(check):
    with translation.override("en"):
        run = check(GOOD, GOOD)
    assert places(run) == [(3, "编码", "T-1")]
    assert run.problems[0]["message"].endswith("row 2 already.")


def test_a_circle_in_the_file_is_found(check):
    run = check(("T-A", "部门", "甲", "T-B", "2020-01-01", "", ""), ("T-B", "部门", "乙", "T-A", "2020-01-01", "", ""))
    assert run.state == "REFUSED"
    assert {(row, value) for row, _column, value in places(run)} >= {(2, "T-A"), (3, "T-B")}


@pytest.mark.covers("SYS-23")
def test_one_bad_row_keeps_all_out(check, cast):
    run = check(GOOD, ("T-2", "网点", "", "YL-HD-31", "2020-01-01", "是", "是"))
    with pytest.raises(Conflict):
        apply(cast.hq, run)
    assert not Node.objects.filter(code__startswith="T-").exists()


def test_the_same_file_twice_changes_nothing(check, cast):
    headings = (*EXTRA[:6], "服务", *EXTRA[7:])
    line = ("T-1", "网点", "甲", "YL-HD-31", "2020-01-01", "是", "是", "31", 31.230416666666667, 121.47, 30)
    apply(cast.hq, check(line, headings=headings))
    before, trail = network(), AuditEntry.objects.filter(subject_type="node").count()
    again = apply(cast.hq, check(line, headings=headings))
    assert (again.added, again.changed) == (0, 0)
    assert network() == before
    assert AuditEntry.objects.filter(subject_type="node").count() == trail


def test_known_places_are_changed_and_the_trail_says_what(check, cast):
    apply(cast.hq, check(GOOD))
    done = apply(cast.hq, check(("T-1", "网点", "改", "YL-HD-31", "2020-01-01", "是", "是"), OTHER))
    assert (done.added, done.changed) == (1, 1)
    line = AuditEntry.objects.get(verb=Verb.CHANGE_NODE, subject_label="T-1 改")
    assert (line.before, line.after) == ({"name_zh": "甲", "serves": False}, {"name_zh": "改", "serves": True})


def test_an_import_never_moves_and_never_changes_a_kind(check, cast, place):
    assert places(check(("YLHD001", "网点", "甲", "YL-HD-32", "2020-01-01", "是", "是"))) == [
        (2, "上级编码", "YL-HD-32")
    ]
    run = check(("YLHD001", "部门", "甲", "YL-HD-31", "2020-01-01", "", ""))
    assert (2, "类型", "DEPARTMENT") in places(run)


@pytest.mark.parametrize("change", ["moved", "taken", "closed"])
def test_a_network_that_changed_since_the_check_is_a_conflict(check, add, cast, place, change):
    apply(cast.hq, check(GOOD))
    add("YL-HD", "MARKET_OFFICE", "T-O")
    run = check(GOOD, ("T-3", "网点", "丙", "T-O", "2020-01-01", "是", ""))
    if change == "moved":
        structure.move_node(
            actor=cast.hq, node_id=place("T-1"), parent_id=place("YL-HN-44"), effective_on=datetime.date(2026, 1, 1)
        )
    elif change == "taken":
        add("YL-HD", "MARKET_OFFICE", "T-3")
    else:
        structure.close_node(actor=cast.hq, node_id=place("T-O"), on=datetime.date(2026, 1, 1))
    before = network()
    with pytest.raises(Conflict):
        apply(cast.hq, run)
    assert network() == before


def test_a_run_is_applied_once(check, cast):
    run = check(GOOD)
    apply(cast.hq, run)
    with pytest.raises(Conflict):
        apply(cast.hq, run)
    with pytest.raises(Conflict):
        importing.drop_run(actor=cast.hq, run_id=run.pk)


def test_a_run_is_dropped_by_its_owner_and_found_by_no_other(check, cast, acting, holder):
    run = check(GOOD)
    other = acting(holder([Verb.IMPORT_NETWORK], {cast.branch_id}))
    for act in (importing.drop_run, lambda actor, run_id: apply(actor, ImportRun(pk=run_id))):
        with pytest.raises(NotFound):
            act(actor=other, run_id=run.pk)
    acting(cast.hq)
    importing.drop_run(actor=cast.hq, run_id=run.pk)
    assert not ImportRun.objects.filter(pk=run.pk).exists()


@pytest.fixture
def regional(acting, holder, cast):
    """Somebody who may import for one branch."""
    return acting(holder([Verb.IMPORT_NETWORK], cast.branch.where(Verb.VIEW), [cast.group_id, cast.brand_id]))


@pytest.mark.covers("ORG-35", "SYS-23")
@pytest.mark.parametrize("parent", ["YL", "YL-HN-44", "YL-HN", "YUNLING"])
def test_outside_the_own_branch_nothing_is_imported(check, regional, parent):
    line = ("T-1", "部门" if parent == "YUNLING" else "网点", "甲", parent, "2020-01-01", "是", "")
    run = check(line, actor=regional)
    assert run.state == "REFUSED"
    assert (2, "上级编码", parent) in places(run)


@pytest.mark.covers("ORG-35")
def test_inside_the_own_branch_it_works(check, regional):
    assert apply(regional, check(GOOD, OTHER, actor=regional)).added == 2


def test_a_code_taken_where_the_importer_cannot_see_is_a_conflict(check, regional):
    run = check(("YLHN001", "网点", "甲", "YL-HD-31", "2020-01-01", "是", ""), actor=regional)
    with pytest.raises(Conflict), db.atomic():
        apply(regional, run)


def test_without_the_right_there_is_no_import(check, acting, cast):
    for name in ("branch", "outlet_admin", "advisor"):
        with pytest.raises(NotAllowed):
            check(GOOD, actor=acting(getattr(cast, name)))


def test_the_empty_sheet_on_offer_is_readable():
    found = sheets.read(rows.template())
    assert [row.code for row in found.rows] == ["DEMO-OUTLET-1"]
    assert found.problems == []


def lines_of(number, start=0):
    return [(f"T-{i}", "网点", f"店{i}", "YL-HD-31", "2020-01-01", "是", "是") for i in range(start, start + number)]


@pytest.mark.parametrize("who", ["hq", "regional"])
def test_the_cost_of_a_file_does_not_grow_by_row(check, cast, acting, request, who):
    actor = request.getfixturevalue("regional") if who == "regional" else acting(cast.hq)
    starts = iter(range(0, 10_000, 100))

    def cost(number):
        return queries_of(lambda: apply(actor, check(*lines_of(number, next(starts)), actor=actor)))

    assert cost(3) == cost(40)


@pytest.mark.covers("NFR-08")
def test_five_thousand_rows_are_applied(check, cast, django_assert_max_num_queries):
    run = check(*lines_of(5000))
    assert run.problems == []
    with django_assert_max_num_queries(60):
        assert apply(cast.hq, run).added == 5000
    below = Ancestry.objects.filter(ancestor_id=cast.branch_id, descendant__code__startswith="T-")
    assert below.count() == 5000


def test_the_system_imports_too(check, acting):
    acting(SYSTEM)
    assert apply(SYSTEM, check(GOOD, actor=SYSTEM)).added == 1
