"""The reports on information quality and on the truth of warranty repairs: every figure from rows that make it."""

from decimal import Decimal

import pytest
from tests import garage
from tests.counting import queries_of
from tests.verification.conftest import AT, DAY, WARRANTY, days, found, hours

from guanxi.customers.models import Customer, OutletQuality
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.vehicles.models import Sale
from guanxi.verification.models import Check, Line, Occasion, Order
from guanxi.verification.policy import back_from, month_of, week_of
from guanxi.verification.queries import reports
from guanxi.verification.services import correcting, deciding, marking
from guanxi.workshop.models import Visit

MONTH, WEEK = month_of(DAY), week_of(DAY)


@pytest.fixture
def checked(cast, empty_world):
    """Return a function that writes the check of a new customer's record at an outlet."""
    db.set_scope(SYSTEM)
    made = iter(range(1, 100))

    def new(verdict="VALID", *, outlet=None, at=AT, wrong=(), truth="", total=None):
        number = next(made)
        db.set_scope(SYSTEM)
        who, where = garage.customer(f"客户{number}", f"1380000{number:04d}", outlet or cast.outlet_id), outlet
        visit = None
        if truth:
            visit = Visit.objects.create(
                outlet_id=where or cast.outlet_id, vehicle=garage.car(who, number, plate=""), customer=who,
                order_no=f"WO-{number}", category="WARRANTY_CLAIM", counts=True, entered_on=clock.day_of(at),
                total=total, touched_at=at,
            )  # fmt: skip
        return Check.objects.create(
            call_id=1000 + number, occasion=Occasion.objects.get(pk="WARRANTY" if truth else "NEW_CAR"),
            outlet_id=where or cast.outlet_id, place_id=cast.agent.home_id, customer=who, visit=visit,
            verdict=verdict, truth=truth, asked=7, wrong=list(wrong), checked_at=at, checked_by="座席",
        )  # fmt: skip

    return new


@pytest.mark.covers("INFO-29", "INFO-30", "KPI-24", "FUP-22", "CC-24", "CC-37")
def test_accurate_and_true_come_from_the_checks_of_the_period(cast, acting, checked):
    for _each in range(3):
        checked()
    wrong = checked("INVALID", wrong=["NAME", "PLATE"])
    checked("OPEN")
    checked(at=clock.start_of(MONTH.first) - hours(1))  # of the month before
    checked("INVALID", outlet=cast.other_outlet_id)
    mark = marking.mark(
        actor=SYSTEM, customer_id=wrong.customer_id, outlet_id=cast.outlet_id, evidence="查无此人", at=AT
    )  # fmt: skip
    marking.decide(actor=acting(cast.planner), file_id=mark.pk, is_false=True, words="属实", at=AT)
    acting(SYSTEM)
    by_outlet = reports.of_quality(SYSTEM, MONTH, AT, back_from(MONTH, 2))
    mine = by_outlet[cast.outlet_id]
    assert (mine.counts["checked"], mine.accurate.part, mine.accurate.whole) == (5, 3, 4)
    assert (mine.true.part, mine.true.whole, mine.counts["false_files"]) == (3, 4, 1)
    assert mine.fields == {"NAME": 1, "PLATE": 1}
    assert [mine.history[period.key].whole for period in back_from(MONTH, 2)] == [1, 4]
    units = [cast.branch_id, cast.other_branch_id, cast.outlet_id]
    rolled = reports.rolled(by_outlet, units, DAY)
    assert [rolled[pk].counts["checked"] for pk in units] == [5, 1, 5]
    assert rolled[cast.branch_id].accurate.percent == 75.0
    week = reports.of_quality(SYSTEM, WEEK, AT, [])
    assert week[cast.outlet_id].counts["checked"] >= 5


def test_an_order_that_was_withdrawn_counts_its_record_as_accurate(cast, acting, ordered):
    before = reports.of_quality(SYSTEM, MONTH, AT, [])[cast.outlet_id]
    deciding.withdraw(actor=acting(cast.agent), order_id=ordered.pk, reason="听错了", at=AT + hours(1))
    acting(SYSTEM)
    after = reports.of_quality(SYSTEM, MONTH, AT, [])[cast.outlet_id]
    assert (before.accurate.part, after.accurate.part) == (0, 1)
    assert (before.counts["ordered"], after.counts["ordered"]) == (1, 0)


def test_corrections_count_by_the_day_of_their_order(cast, acting, ordered):
    late = ordered.due_at + hours(1)
    found_now = reports.of_quality(SYSTEM, MONTH, late, [])[cast.outlet_id].counts
    assert [found_now[name] for name in ("ordered", "open", "overdue", "closed")] == [1, 1, 1, 0]
    correcting.dispute(actor=acting(cast.crm), order_id=ordered.pk, measure="对的", at=AT)
    acting(SYSTEM)
    assert reports.of_quality(SYSTEM, MONTH, late, [])[cast.outlet_id].counts["overdue"] == 0
    Order.objects.filter(pk=ordered.pk).update(state="CLOSED", ended_at=AT + days(2))
    figures = reports.of_quality(SYSTEM, MONTH, late, [])[cast.outlet_id]
    assert (figures.counts["closed"], figures.mean_days, figures.counts["open"]) == (1, 2.0, 0)


@pytest.mark.covers("KPI-05")
def test_the_rate_of_valid_records_is_that_of_the_customers_sold_to(cast, empty_world):
    db.set_scope(SYSTEM)
    for number, (mark, sold_on) in enumerate(
        [("VALID", DAY), ("VALID", DAY), ("INVALID", DAY), ("VALID", MONTH.first - days(1))], start=1
    ):
        who = garage.customer(f"买主{number}", f"1390000{number:04d}", cast.outlet_id)
        Customer.objects.filter(pk=who.pk).update(verification=mark, verified_at=AT)
        car = garage.car(who, number, plate="")
        Sale.objects.create(vehicle=car, customer=who, outlet_id=cast.outlet_id, sold_on=sold_on, touched_at=AT)
    retained = reports.of_quality(SYSTEM, MONTH, AT, [])[cast.outlet_id].retained
    assert (retained.part, retained.whole) == (2, 3)


def test_marks_of_a_branch_weigh_each_record_once(cast, empty_world):
    db.set_scope(SYSTEM)
    OutletQuality.objects.all().delete()
    sibling = garage.Node.objects.filter(kind="OUTLET", code__startswith="YLHD").exclude(pk=cast.outlet_id).first()
    for outlet, day, many, complete in (
        (cast.outlet_id, DAY, 300, "80"),
        (cast.outlet_id, MONTH.first - days(1), 10, "1"),
        (sibling.pk, DAY, 100, "40"),
    ):
        OutletQuality.objects.create(
            outlet_id=outlet, day=day, customers=many, usable=many, verified=0, complete=Decimal(complete), valid=50,
            fresh=50, unique=50, proven=50, score=50,
        )  # fmt: skip
    by_outlet = reports.of_quality(SYSTEM, MONTH, AT, [])
    assert by_outlet[cast.outlet_id].mean("complete") == 80.0
    assert reports.rolled(by_outlet, [cast.branch_id], DAY)[cast.branch_id].mean("complete") == 70.0
    assert reports.Figures().mean("complete") is None


@pytest.mark.covers("INFO-28", "CARE-10")
def test_the_truth_of_repairs_is_what_customers_confirm(cast, checked):
    for truth, total in (("TRUE", 100), ("TRUE", 100), ("DOUBTFUL", 250), ("FALSE", 400), ("OPEN", 900)):
        checked("OPEN", truth=truth, total=total, wrong=["WORK"] if truth == "FALSE" else [])
    checked("OPEN")  # of a new car: no repair
    figures = reports.of_truth(SYSTEM, MONTH, back_from(MONTH, 2))[cast.outlet_id]
    counts = [figures.counts[name] for name in ("repairs", "asked", "true", "doubtful", "false", "unknown")]
    assert counts == [5, 5, 2, 1, 1, 1]
    assert (figures.confirmed.part, figures.confirmed.whole, figures.amount) == (2, 4, 650.0)
    assert figures.fields == {"WORK": 1}
    assert figures.history[MONTH.key].percent == 50.0


@pytest.mark.covers("INFO-34")
@pytest.mark.parametrize(
    ("address", "words"),
    [("quality", ("75.0 %", "(3/4,", "Accurate")), ("truth", ("100.0 %", "(1/1,", "Confirmed by customers"))],
)
def test_the_pages_rank_explain_and_export(signed_in, cast, checked, address, words):
    for _each in range(3):
        checked()
    checked("INVALID", wrong=["NAME"])
    checked("OPEN", truth="TRUE")
    checked("INVALID", outlet=cast.other_outlet_id)
    hq = signed_in("hq")
    page = hq.get(f"/verification/{address}/").content.decode()
    for text in (*words, "How this figure is made"):
        assert text in page, text
    branches = hq.get(f"/verification/{address}/?level=BRANCH").content.decode()
    assert branches.count("data-row") == garage.Node.objects.filter(kind="BRANCH", valid_to=None).count()
    weekly = hq.get(f"/verification/{address}/?time={WEEK.key}&place={cast.branch_id}").content.decode()
    assert words[0] in weekly
    old = back_from(MONTH, 5)[0].key
    assert words[0] not in hq.get(f"/verification/{address}/?time={old}").content.decode()
    rows = hq.get(f"/verification/{address}/?export=csv&place={cast.branch_id}").content.decode("utf-8-sig")
    line = next(line for line in rows.splitlines() if words[0].removesuffix(" %") in line)
    assert line.split(",")[0] == "1"
    assert signed_in("callback").get(f"/verification/{address}/?export=csv").status_code == 403
    assert signed_in("gm").get(f"/verification/{address}/").content.decode().count("data-row") == 1


def test_the_ranking_follows_what_is_asked_for(signed_in, cast, checked):
    checked("INVALID")
    checked(outlet=cast.other_outlet_id)
    db.set_scope(SYSTEM)
    places = [f'checks/?place={pk}"' for pk in (cast.other_outlet_id, cast.outlet_id)]
    hq = signed_in("hq")
    page = hq.get("/verification/quality/").content.decode()
    assert page.index(places[0]) < page.index(places[1])
    assert hq.get("/verification/quality/?by=nothing&level=x&time=y").status_code == 200


def test_reports_cost_the_same_for_one_check_and_for_three(signed_in, cast, checked):
    checked("INVALID", wrong=["NAME"], truth="FALSE")
    hq = signed_in("hq")
    addresses = ("/verification/quality/", "/verification/truth/")
    for address in addresses:
        hq.get(address)
    one = [queries_of(lambda address=address: hq.get(address)) for address in addresses]
    checked("INVALID", wrong=["PLATE"], truth="FALSE")
    checked("VALID", outlet=cast.other_outlet_id)
    hq = signed_in("hq")
    for address in addresses:
        hq.get(address)
    assert [queries_of(lambda address=address: hq.get(address)) for address in addresses] == one


def test_the_whole_way_shows_in_the_report(cast, acting, visit, task, call):
    call(task("centre_in_warranty"), found(WARRANTY, WORK="只换了机油"))
    acting(cast.branch)
    figures = reports.of_truth(cast.branch, MONTH, [])[cast.outlet_id]
    assert (figures.counts["false"], figures.confirmed.percent) == (1, 0.0)
    acting(cast.stranger)
    assert cast.outlet_id not in reports.of_truth(cast.stranger, MONTH, [])
    assert Line.objects.count() == 0
