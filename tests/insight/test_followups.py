"""Outlets by follow-up: what is due, made, reached and late, and the places that come of it."""

import datetime
import re
import uuid

import pytest
from tests import garage
from tests.counting import queries_of

from guanxi.care.models import Rule
from guanxi.contact_centre.models import Call
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.insight.policy import spans
from guanxi.insight.queries import followups as queries
from guanxi.rectification.models import Problem
from guanxi.rectification.services import issuing
from guanxi.rectification.services.issuing import NewNotice
from guanxi.worklist.models import Task

pytestmark = pytest.mark.django_db
FIRST, LAST = datetime.date(2026, 6, 1), datetime.date(2026, 6, 30)
AT = clock.start_of(datetime.date(2026, 6, 20))
HOUR = datetime.timedelta(hours=1)


def test_spans_are_whole_weeks_months_and_years():
    today = datetime.date(2026, 3, 1)  # a Sunday
    day = datetime.date
    assert {span: spans.days_of(span, today) for span in spans.SPANS} == {
        "recent": (day(2026, 1, 31), day(2026, 3, 1)),
        "this_week": (day(2026, 2, 23), day(2026, 3, 1)), "last_week": (day(2026, 2, 16), day(2026, 2, 22)),
        "this_month": (day(2026, 3, 1), day(2026, 3, 31)), "last_month": (day(2026, 2, 1), day(2026, 2, 28)),
        "this_year": (day(2026, 1, 1), day(2026, 12, 31)),
    }  # fmt: skip


@pytest.fixture
def task(cast, acting):
    """Return a function that writes a task of an outlet that was first due on a day of June."""
    acting(SYSTEM)
    Task.objects.all().delete()
    made = []

    def write(day, state="OPEN", outcome="", *, outlet=None, kind="care.call", tries=0, ended=None, by=1):
        due = clock.start_of(datetime.date(2026, 6, day)) + 18 * HOUR
        is_over = state in {"DONE", "SKIPPED", "EXPIRED"}
        made.append(day)
        return Task.objects.create(
            kind=kind, key=f"care:x:{len(made)}", node_id=outlet or cast.outlet_id, role_id="follow_up_agent",
            reason="x", opens_at=due - 24 * HOUR, due_at=due, first_due_at=due, made_at=due - 24 * HOUR, state=state,
            outcome=outcome, tries=tries, outcome_note="x" if is_over else "",
            finished_at=due + (ended or -1) * HOUR if is_over else None, finished_by_id=by if is_over else None,
        )  # fmt: skip

    return write


def found(actor, **more):
    asked = queries.Asked(FIRST, LAST, AT, **more)
    rows = queries.by_outlet(actor, asked)
    return {row.pk: row for row in rows}, queries.in_sum(actor, asked)


@pytest.mark.covers("KPI-08", "KPI-09", "FUP-29")
def test_what_is_due_made_and_reached_is_counted(cast, task):
    task(2, "DONE", "REACHED")
    task(3, "DONE", "NOT_REACHED")
    task(4, "DONE", "APPOINTMENT", ended=30)
    task(5, "SKIPPED")
    task(6, tries=2)
    task(7)
    task(25)  # its moment has not come
    task(26, "DONE", "DONE")  # done before its moment
    task(8, "DONE", "CAME", by=None)  # settled itself
    task(9, kind="worklist.manual")
    may = clock.start_of(FIRST) - HOUR
    Task.objects.filter(key="care:x:1").update(opens_at=may, first_due_at=may)
    task(10, "DONE", "REACHED")
    rows, total = found(SYSTEM)
    row = rows[cast.outlet_id]
    assert {name: getattr(row, name) for name in queries.COUNTS} == total == {
        "due": 7, "made": 5, "reached": 3, "unhappy": 0, "late": 4, "waiting": 2,
    }  # fmt: skip
    assert (row.made_share, row.reached_share) == (71, 42)


@pytest.fixture
def call(cast):
    """Return a function that writes the call of a task."""
    who = garage.customer("回访客户", "13600007790", cast.outlet_id)

    def write(task, **answers):
        return Call.objects.create(
            token=uuid.uuid4(), customer=who, task_id=task.pk, node_id=cast.outlet_id, agent_id=cast.service.user_id,
            started_at=AT - HOUR, ended_at=AT - HOUR, outcome="REACHED", disposition="1.1", answers=answers,
        )  # fmt: skip

    return write


@pytest.mark.covers("KPI-26")
def test_of_those_reached_who_complained_or_named_a_problem_is_not_content(cast, acting, task, call):
    reached = [task(day, "DONE", "REACHED") for day in range(2, 7)]
    call(reached[0], complaint_what="等了两个小时", satisfied="no")
    call(reached[1], complaint_what="", satisfied="yes")
    noticed = call(reached[2])
    call(task(8, "DONE", "NOT_REACHED"), complaint_what="打错了")
    notice = NewNotice(cast.outlet_id, Problem.objects.first().pk, "灯没修好", f"call-{noticed.token}",
                       customer_id=noticed.customer_id)  # fmt: skip
    issuing.issue(actor=acting(cast.service), notice=notice, at=AT)
    acting(SYSTEM)
    rows, total = found(SYSTEM)
    row = rows[cast.outlet_id]
    assert (total["reached"], total["unhappy"], row.unhappy, row.content_share) == (5, 2, 2, 60)
    assert rows[cast.other_outlet_id].content_share is None


def test_follow_ups_of_one_kind_of_moment_are_counted_alone(cast, task):
    rule = Rule.objects.filter(anchor="VISIT").first()
    made = task(2, "DONE", "REACHED")
    Task.objects.filter(pk=made.pk).update(key=f"care:{rule.code}:1:2:2026-06-01")
    task(3)
    assert found(SYSTEM)[1]["due"] == 2
    assert [found(SYSTEM, anchor=anchor)[1]["due"] for anchor in ("VISIT", "DELIVERY")] == [1, 0]


@pytest.mark.covers("CARE-27")
@pytest.mark.parametrize("kind", ["care.call", "care.letter", "care.visit"])
def test_calls_letters_and_visits_are_told_apart(signed_in, cast, task, kind):
    for place, each in enumerate(("care.call", "care.letter", "care.visit")):
        for _time in range(place + 1):
            task(2, "DONE", "REACHED", kind=each)
    many = {"care.call": 1, "care.letter": 2, "care.visit": 3}[kind]
    assert found(SYSTEM, kinds=[kind])[1]["due"] == many
    assert f'value="{kind}"' in signed_in("branch").get("/insight/follow-ups/").content.decode()


@pytest.mark.covers("FUP-23")
def test_follow_ups_of_each_theme_are_counted_with_what_came_of_them(cast, task):
    rule = Rule.objects.filter(anchor="VISIT").first()
    repair = task(2, "DONE", "REACHED")
    Task.objects.filter(pk=repair.pk).update(key=f"care:{rule.code}:1:2:2026-06-01")
    task(3, "DONE", "APPOINTMENT", kind="contact_centre.purchase")
    task(4, kind="contact_centre.purchase")
    task(5, "DONE", "SATISFIED", kind="complaints.revisit")
    task(6, "DONE", "REJECTED", kind="complaints.revisit")
    task(7, "DONE", "CALLED", kind="rescue.call_back")
    for theme, due, reached, unhappy in (
        ("INTENTION", 2, 1, 0), ("COMPLAINT", 2, 2, 1), ("RESCUE", 1, 1, 0), ("VISIT", 1, 1, 0), ("", 1, 1, 0),
    ):  # fmt: skip
        rows, total = found(SYSTEM, anchor=theme)
        assert (total["due"], total["reached"], total["unhappy"]) == (due, reached, unhappy), theme
        assert rows[cast.outlet_id].reached_share == 100 * reached // due
    assert found(SYSTEM, anchor="INTENTION", kinds=["care.letter"])[1]["due"] == 0


@pytest.mark.covers("FUP-23")
def test_the_themes_are_offered_on_the_page(signed_in, task):
    page = signed_in("branch").get("/insight/follow-ups/?after=RESCUE&span=this_year").content.decode()
    for value in ("DELIVERY", "VISIT", "COMPLAINT", "INTENTION", "RESCUE"):
        assert f'value="{value}"' in page, value


@pytest.mark.covers("FUP-32")
def test_places_go_by_ratio_then_by_success(cast, task):
    outlets = [row.pk for row in queries.visible_to(SYSTEM, queries.Asked(FIRST, LAST, AT))][:4]
    for outlet, tries, outcome in ((0, 1, ""), (1, 0, "REACHED"), (2, 0, "NOT_REACHED"), (3, 0, "")):
        task(2, "DONE" if outcome else "OPEN", outcome, outlet=outlets[outlet], tries=tries)
    task(3, outlet=outlets[0])
    rows, _total = found(SYSTEM)
    assert [rows[pk].rank for pk in outlets] == [3, 1, 2, 4]


def test_kind_branch_and_sight_narrow_what_is_counted(cast, acting, task):
    task(2, "DONE", "REACHED")
    task(3, kind="care.letter")
    task(4, outlet=cast.other_outlet_id)
    assert found(SYSTEM)[1]["due"] == 3
    assert found(SYSTEM, kinds=["care.letter"])[1]["due"] == 1
    assert found(SYSTEM, branch=cast.other_branch_id)[1]["due"] == 1
    rows, total = found(acting(cast.gm))
    assert (set(rows), total["due"]) == ({cast.outlet_id}, 2)


@pytest.mark.parametrize(("language", "word"), [("en", "Follow-up ratio"), ("zh-hans", "回访比例")])
def test_the_page_says_how_its_figures_are_made(signed_in, cast, task, language, word):
    client = signed_in("branch", language)
    page = client.get("/insight/follow-ups/?span=this_year").content.decode()
    assert word in page
    assert "KPI-08" in page
    answer = client.get("/insight/follow-ups/?span=nonsense&branch=0&export=csv")
    assert answer.status_code == 200
    assert "csv" in answer.headers["Content-Type"]


def test_the_filter_shows_the_days_that_hold_when_nobody_chose(signed_in, cast):
    client = signed_in("branch", "en")
    for path, shown in (("/insight/follow-ups/", spans.USUAL), ("/insight/follow-ups/?span=this_year", "this_year")):
        page = client.get(path).content.decode()
        (options,) = re.findall(r'<select name="span".*?</select>', page, re.DOTALL)
        assert re.findall(r'<option value="(\w*)" selected', options) == [shown]
        assert 'value=""' not in options
        (kinds,) = re.findall(r'<select name="kind".*?</select>', page, re.DOTALL)
        assert '<option value="">All' in kinds


def test_the_page_costs_the_same_for_few_and_for_many_tasks(signed_in, cast, task, acting):
    client = signed_in("branch")
    path = "/insight/follow-ups/?span=this_year"
    acting(SYSTEM)
    task(1)
    few = queries_of(lambda: client.get(path))
    acting(SYSTEM)
    for day in range(2, 9):
        task(day)
    assert queries_of(lambda: client.get(path)) == few
