"""The ladder of what is late, the verdict on who is at fault, the list of a week, the figures, the API."""

import datetime
from decimal import Decimal

import pytest
from tests import garage
from tests.apicalls import caller
from tests.complaints.conftest import AT, fresh, hours
from tests.complaints.test_handling import process
from tests.complaints.test_pages import page_of
from tests.complaints.test_revisit import ask
from tests.counting import queries_of

from guanxi.complaints import policy
from guanxi.complaints.models import Complaint
from guanxi.complaints.queries import figures
from guanxi.complaints.services import handling, judging
from guanxi.complaints.services.judging import Verdict
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed
from guanxi.worklist.models import Escalation
from guanxi.worklist.services import escalating
from guanxi.workshop.models import Visit


@pytest.mark.covers("CMP-03")
def test_what_is_late_climbs_to_headquarters(cast, acting, saleslead, take_in):
    row = take_in()
    for later in (-0.5, -0.5, 0.5, 0.5, 24, 48, 120):  # before twenty-four hours are over, then, and later
        escalating.escalate(actor=acting(SYSTEM), at=row.solve_due_at + hours(later))
    climbed = Escalation.objects.filter(task__kind="complaints.solve", task__subject_id=row.pk).order_by("level")
    told = [(item.to, item.told) for item in climbed]
    assert [to for to, _people in told] == ["OWNER", "OWNER", "OUTLET", "OWNER", "OUTLET", "BRANCH", "GROUP"]
    assert told[0][1] == told[1][1] == told[3][1] == [cast.service.user_id]
    assert set(told[2][1]) == {cast.service.user_id, saleslead.user_id, cast.crm.user_id}
    assert told[4][1] == [cast.gm.user_id]
    assert cast.branch.user_id in told[5][1]
    assert cast.planner.user_id in told[6][1]


FAULT = Verdict("RESPONSIBLE", "未说明", "曹浩然")


@pytest.mark.covers("CMP-17")
def test_fines_are_facts_of_a_verdict_within_what_the_process_allows(cast, acting, take_in, bring):
    process(fine_least=50, fine_most=100, fine_late=200)
    row = bring(take_in(), "TO_REVISIT", AT + hours(3))  # two hours late
    judge = {"actor": acting(cast.gm), "complaint_id": row.pk, "at": AT + hours(30)}
    for verdict, field in (
        (Verdict("GUILTY", "x"), "liability"), (Verdict("RESPONSIBLE", "x"), "liable"),
        (Verdict("RESPONSIBLE", "x", "曹浩然", Decimal(49)), "fine"),
        (Verdict("RESPONSIBLE", "x", "曹浩然", Decimal(101)), "fine"),
        (Verdict("NOT_RESPONSIBLE", "x", "曹浩然", Decimal(50)), "fine"),
        (Verdict("RESPONSIBLE", "x", "曹浩然", late_fine=Decimal(100)), "late_fine"), (Verdict("RESPONSIBLE", ""), "words"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as error:
            judging.judge(verdict=verdict, **judge)
        assert [problem.field for problem in error.value.problems] == [field]
    assert fresh(row).liability == ""
    acting(cast.gm)
    judging.judge(verdict=Verdict("RESPONSIBLE", "未说明", "曹浩然", Decimal(80), Decimal(200)), **judge)
    row = fresh(row)
    assert (row.liability, row.liable, row.fine, row.late_fine, row.judged_by) == (
        "RESPONSIBLE", "曹浩然", 80, 200, cast.gm.name,
    )  # fmt: skip
    with pytest.raises(Conflict, match="already"):
        judging.judge(verdict=FAULT, **judge)


def test_nobody_is_fined_for_lateness_when_nothing_was_late(cast, acting, take_in, bring):
    process(fine_late=200)
    row = bring(take_in(), "TO_REVISIT", AT)
    with pytest.raises(Invalid, match="Nothing was late"):
        judging.judge(
            actor=acting(cast.gm), complaint_id=row.pk, verdict=Verdict("NOT_RESPONSIBLE", "x", late_fine=Decimal(200)),
            at=AT,
        )  # fmt: skip


def test_only_what_is_valid_and_explored_is_judged_and_only_by_the_roles_of_its_angle(cast, acting, take_in, bring):
    row = take_in()
    judge = {"complaint_id": row.pk, "verdict": FAULT, "at": AT}
    with pytest.raises(Conflict, match="cause is named"):
        judging.judge(actor=acting(cast.gm), **judge)
    with pytest.raises(NotAllowed):
        judging.judge(actor=acting(cast.service), **judge)
    bring(row, "RESOLVING")
    process(judges={"SERVICE": ["service_director"]})
    with pytest.raises(Conflict, match="other roles"):
        judging.judge(actor=acting(cast.gm), **judge)
    explained = bring(take_in(), "ANALYSING")
    handling.decide_validity(
        actor=acting(cast.service), complaint_id=explained.pk, is_valid=False, words="正常", at=AT + hours(2)
    )  # fmt: skip
    process(judges={})
    with pytest.raises(Conflict):
        judging.judge(actor=acting(cast.gm), **judge | {"complaint_id": explained.pk})
    judging.judge(actor=acting(cast.gm), **judge)


@pytest.mark.covers("CMP-17")
def test_the_list_of_a_week_says_what_the_meeting_asks(signed_in, cast, acting, take_in, bring):
    at = clock.now()
    row = bring(take_in(at=at, named="小曹"), "TO_REVISIT", at)
    other = take_in(at=at - datetime.timedelta(days=8))
    take_in(at=at, kind="ENQUIRY")
    judging.judge(actor=acting(cast.gm), complaint_id=row.pk, verdict=FAULT, at=at)
    client = signed_in("gm")
    page = page_of(client, "/complaints/week/")
    for text in (row.number, "小曹", "At fault", "曹浩然", row.words):
        assert text in page, text
    assert page.count("data-row") == 1
    before = (
        clock.today() - datetime.timedelta(days=8 + (clock.today() - datetime.timedelta(days=8)).weekday())
    ).isoformat()
    earlier = page_of(client, f"/complaints/week/?week={before}")
    assert (other.number in earlier, earlier.count("data-row")) == (True, 1)
    assert page_of(client, "/complaints/week/?angle=SALES").count("data-row") == 0
    assert row.number in client.get("/complaints/week/?export=csv").content.decode("utf-8-sig")
    take_in(at=at)
    assert "What came up more than once" in page_of(signed_in("gm"), "/complaints/week/")
    one = queries_of(lambda: page_of(client, "/complaints/week/"))
    take_in(at=at, angle="SALES")
    client = signed_in("gm")
    page_of(client, "/complaints/week/")
    assert queries_of(lambda: page_of(client, "/complaints/week/")) == one <= 22


@pytest.mark.covers("CMP-08", "CMP-39")
def test_the_figures_by_category_cause_outlet_and_angle(signed_in, cast, acting, take_in, bring):
    good, again, late, _asked = take_in(), take_in(), take_in(category="DELAY", angle="SALES"), take_in(kind="PRAISE")
    bring(good, "CLOSED")
    bring(again, "TO_REVISIT", AT + hours(3))
    ask(acting(cast.callback), again, satisfied=False, words="不行")
    acting(SYSTEM)
    rows = figures.asked_for(SYSTEM, figures.Asked(AT, AT + hours(1), cast.branch_id), clock.today())
    lines = {line.code: line for line in figures.figures(rows, "category", figures.names(SYSTEM, "category"))}
    found = lines["REPEATED"]
    assert (found.taken_in, found.open, found.contacted, found.in_time, found.again) == (2, 1, 2, 1, 1)
    assert (found.share, found.hours) == (50, 2.0)
    assert (lines["DELAY"].taken_in, lines["DELAY"].share, lines["DELAY"].hours) == (1, None, None)
    causes = figures.figures(rows, "cause", figures.names(SYSTEM, "cause"))
    assert {(line.code, line.taken_in) for line in causes} == {("BADLY_DONE", 1), ("", 2)}  # one seeks it again
    assert [line.code for line in figures.figures(rows, "angle", {})] == ["SERVICE", "SALES"]
    people = figures.figures(rows, "person", figures.names(SYSTEM, "person"))
    assert [(line.name, line.taken_in) for line in people] == [("程志强", 2), ("魏明", 1)]
    assert [(line.name, line.taken_in) for line in figures.figures(rows, "model", {})] == [("–", 3)]
    elsewhere = figures.asked_for(SYSTEM, figures.Asked(AT, AT + hours(1), cast.other_branch_id), clock.today())
    assert elsewhere.count() == 0
    page = page_of(signed_in("gm"), "/complaints/figures/?from=2026-06-01&to=2026-06-30")
    assert page.count('data-label="Not closed yet"') == 2 + 2 + 1 + 1 + 2 + 2
    assert late.category_id in page
    assert page_of(signed_in("gm"), "/complaints/figures/?from=x&place=y").count("No complaint in these days") == 6


@pytest.mark.covers("CMP-09")
def test_what_is_at_stake_counts_customers_once(cast, acting, take_in, bring):
    rows = figures.asked_for(cast.gm, figures.Asked(AT - hours(1), AT + hours(200)), AT.date())
    take_in()
    take_in()  # the same customer, still not satisfied
    take_in(customer_id=None, caller_name="路过", caller_phone="13600009999")
    bring(take_in(words="另一件"), "CLOSED")
    acting(cast.gm)
    found = figures.risk(rows)
    assert (found.unhappy, found.told, found.solved, found.kept) == (2, (20, 40), 1, (1, 1))
    assert policy.Risk(3, 10).kept == (7, 9)


def test_what_came_in_is_counted_by_kind(cast, acting, take_in):
    for kind in ("COMPLAINT", "PRAISE", "PRAISE", "SUGGESTION"):
        take_in(kind=kind)
    found = figures.kinds(acting(cast.gm), figures.Asked(AT - hours(1), AT + hours(1)), AT.date())
    assert found == [
        ("Complaint", 1), ("Enquiry", 0), ("Suggestion", 1), ("Praise", 2), ("Request for help", 0),
    ]  # fmt: skip


def test_what_came_of_suggestions_and_praise_is_counted(signed_in, cast, acting, take_in):
    for kind, outcome in (("SUGGESTION", "ADOPTED"), ("SUGGESTION", "ADOPTED"), ("PRAISE", "REWARDED")):
        row = take_in(kind=kind)
        form = {"words": "已答复", "outcome": outcome, "is_told": "yes"}
        assert signed_in("service").post(f"/complaints/{row.pk}/answer/", form).status_code == 302
    take_in(kind="PRAISE")
    found = dict(figures.outcomes(acting(cast.gm), figures.Asked(AT - hours(1), AT + hours(1)), AT.date()))
    assert [found[name] for name in ("Adopted", "Not adopted", "Staff rewarded")] == [2, 0, 1]
    page = signed_in("gm").get("/complaints/?outcome=REWARDED").content.decode()
    assert page.count("data-row") == 1
    shown = signed_in("gm", "zh-hans").get(f"/complaints/{row.pk}/").content.decode()
    assert "奖励员工" in shown


@pytest.mark.covers("CMP-43")
def test_outlets_say_how_many_complaints_there_are_for_a_hundred_visits(signed_in, cast, acting, take_in, customer):
    car = garage.car(customer, 77)
    row = take_in()
    acting(SYSTEM)
    long_ago = figures.Asked(AT - datetime.timedelta(days=9000), AT - datetime.timedelta(days=8999))
    for number, counts in enumerate((True, True, True, True, False)):
        Visit.objects.create(
            outlet_id=cast.outlet_id, vehicle=car, order_no=f"R{number}", entered_on=clock.day_of(long_ago.first),
            category="ROUTINE", counts=counts, touched_at=AT,
        )  # fmt: skip
    lines = figures.figures(Complaint.objects.filter(pk=row.pk), "outlet", {})
    (line,) = figures.visits(lines, long_ago)
    assert (line.taken_in, line.visits, line.rate) == (1, 4, 25.0)
    before = figures.Asked(long_ago.first - hours(48), long_ago.first - hours(24))
    (line,) = figures.visits(lines, before)
    assert (line.visits, line.rate) == (0, None)
    page = page_of(signed_in("gm"), "/complaints/figures/?from=2026-06-01&to=2026-06-30")
    assert page.count('data-label="Per 100 visits"') == 1


def test_the_api_takes_a_complaint_all_the_way(cast, customer):
    service, agent = caller(cast.service), caller(cast.callback)
    base, form = "/api/v1/complaints/", {"content_type": "application/json"}
    body = {
        "outlet_id": cast.outlet_id, "angle": "SERVICE", "words": "等了三小时", "token": "api-form-1",
        "customer_id": customer.pk, "category": "WAITING",
    }  # fmt: skip
    made = agent.post(base, body, **form)
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    assert agent.post(base, body, **form).json()["id"] == pk
    assert agent.post(base, body | {"token": "api-form-2"}, **form).status_code == 422
    assert agent.post(f"{base}{pk}/contact", {"words": "x"}, **form).status_code == 403
    assert service.post(f"{base}{pk}/resolve", {"words": "x"}, **form).status_code == 409
    steps = (
        ("contact", {"words": "已致歉"}), ("validity", {"words": "属实", "is_valid": True}),
        ("cause", {"words": "人手", "cause": "CAPACITY"}), ("plan", {"words": "预约优先"}),
        ("resolve", {"words": "已安排", "compensation": 100}),
    )  # fmt: skip
    for path, values in steps:
        assert service.post(f"{base}{pk}/{path}", values, **form).status_code == 200, path
    assert agent.post(f"{base}{pk}/revisit", {"words": "好", "is_satisfied": True}, **form).json()["state"] == "CLOSED"
    one = agent.get(f"{base}{pk}").json()
    assert [(item["cause"], item["verdict"]) for item in one["passes"]] == [("CAPACITY", "好")]
    listed = agent.get(f"{base}?customer_id={customer.pk}&state=CLOSED").json()
    assert [item["id"] for item in listed["items"]] == [pk]


@pytest.mark.parametrize(
    ("angle", "channel", "signs", "chosen"),
    [
        ("SALES", "PHONE", [], "PRE"), ("SERVICE", "PHONE", [], "BASE"), ("SALES", "VISIT", [], "SITE"),
        ("SALES", "VISIT", ["EXTREME"], "DANGER"), ("PRODUCT", "FORUM", ["SAFETY"], "BASE"),
    ],
)  # fmt: skip
def test_the_process_is_the_highest_that_fits(angle, channel, signs, chosen):
    known = [
        policy.Fits("BASE", 0), policy.Fits("PRE", 10, ["SALES"]), policy.Fits("SITE", 20, (), ["VISIT"]),
        policy.Fits("DANGER", 40, (), (), ["EXTREME"]),
    ]  # fmt: skip
    assert policy.choose_process(known, angle=angle, channel=channel, signs=signs) == chosen
    assert policy.choose_process([], angle=angle, channel=channel, signs=signs) is None


def test_where_no_process_is_in_force_nothing_is_taken_in(take_in):
    process(is_active=False)
    with pytest.raises(Conflict):
        take_in()
    db.set_scope(SYSTEM)
    assert not Complaint.objects.exists()
