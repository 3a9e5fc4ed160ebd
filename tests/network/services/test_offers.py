"""Hours and services in a network sheet: written with the rest, and left alone where the sheet has no such column."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.foundation import clock
from guanxi.network.models import Node, OpeningHours
from guanxi.network.services import importing

pytestmark = pytest.mark.django_db
HEADINGS = ("编码", "类型", "中文名称", "上级编码", "启用日期", "销售", "服务")
ROW = ("YLHD001", "网点", "上海中心云岭4S店", "YL-HD-31", "2021-01-01", "是", "是")


@pytest.fixture
def imported(cast, workbook):
    """Check and apply a sheet of one outlet with further columns; return the run."""

    def run(**more):
        content = workbook((*ROW, *more.values()), headings=(*HEADINGS, *more))
        found = importing.check_file(actor=cast.hq, name="t.xlsx", content=content, at=clock.now())
        if found.state == "CHECKED":
            return importing.apply_run(actor=cast.hq, run_id=found.pk, at=clock.now())
        return found

    return run


def hours(desk):
    rows = OpeningHours.objects.filter(node__code="YLHD001", desk=desk).order_by("weekday", "opens")
    return [(row.weekday, f"{row.opens:%H:%M}-{row.closes:%H:%M}") for row in rows]


def services():
    return set(Node.objects.get(code="YLHD001").profile.services.values_list("code", flat=True))


@pytest.mark.covers("ORG-12")
def test_hours_and_services_are_written(imported):
    run = imported(服务营业时间="周一至周五 8:30-12:00，13:30-18:00；周六 9:00-16:00", 服务项目="PARTS、WARRANTY")
    assert (run.state, run.added, run.changed) == ("APPLIED", 0, 1)
    assert hours("SERVICE") == [
        *((day, span) for day in range(5) for span in ("08:30-12:00", "13:30-18:00")),
        (5, "09:00-16:00"),
    ]
    assert services() == {"PARTS", "WARRANTY"}


def test_columns_that_the_sheet_lacks_are_left_alone(imported):
    before = hours("SALES"), hours("SERVICE"), services(), Node.objects.get(code="YLHD001").profile.city_zh
    assert before[0]
    assert before[3] == "上海"
    run = imported()
    assert run.changed == 0
    after = hours("SALES"), hours("SERVICE"), services(), Node.objects.get(code="YLHD001").profile.city_zh
    assert after == before


def test_the_same_sheet_twice_changes_nothing(imported):
    more = {"服务营业时间": "08:00-20:00", "服务项目": "PARTS"}
    assert imported(**more).changed == 1
    assert imported(**more).changed == 0


@pytest.mark.parametrize(
    ("column", "value"),
    [("服务营业时间", "08:00-33:00"), ("服务营业时间", "周五至周一 08:00-18:00"), ("服务项目", "NO_SUCH")],
)
def test_what_cannot_be_read_names_its_cell(imported, column, value):
    run = imported(**{column: value})
    assert run.state == "REFUSED"
    assert [(item["row"], item["column"]) for item in run.problems] == [(2, column)]


def test_a_broken_radius_is_refused(imported):
    run = imported(服务半径="30.7")
    assert [(item["column"], item["value"]) for item in run.problems] == [("服务半径", "30.7")]


def test_a_thousand_outlets_cost_no_more_statements(cast, workbook):
    def cost(count):
        rows = [
            (f"Q{count}-{i}", "网点", "店", "YL-HD-31", datetime.date(2024, 1, 1), "是", "是", "08:00-18:00", "PARTS")
            for i in range(count)
        ]
        content = workbook(*rows, headings=(*HEADINGS, "营业时间", "服务项目"))
        run = importing.check_file(actor=cast.hq, name="t.xlsx", content=content, at=clock.now())
        with CaptureQueriesContext(connection) as asked:
            importing.apply_run(actor=cast.hq, run_id=run.pk, at=clock.now())
        return len(asked)

    assert cost(900) <= cost(3) + 8
