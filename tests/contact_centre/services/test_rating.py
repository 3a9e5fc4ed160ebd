"""Answers of call-backs are kept as points for whose work they judge (FUP-24, FUP-25)."""

import datetime

import pytest
from tests.contact_centre.conftest import AT, report

from guanxi.complaints.models import Complaint
from guanxi.complaints.services import from_calls
from guanxi.contact_centre.models import Rating
from guanxi.contact_centre.policy import scripts as policy
from guanxi.contact_centre.queries import calls as queries
from guanxi.contact_centre.services import calling
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.vehicles.models import Sale
from guanxi.workshop.models import Visit

pytestmark = pytest.mark.django_db
TODAY = clock.day_of(AT)
SALES = {
    "welcomed": "yes", "needs": "no", "test_drive": "poor", "price": "yes", "delivery": "9", "kept": "yes",
    "satisfied": "8", "discontent": "no",
}  # fmt: skip
SERVICE = {
    "fixed": "yes", "work": "9", "service": "7", "bill": "yes", "on_time": "told", "handed_back": "no",
    "satisfied": "8", "complaint": "no",
}  # fmt: skip


def days(number):
    return TODAY - datetime.timedelta(days=number)


@pytest.fixture
def sold(cast, car, owner):
    """Return a function that writes the sale of the car by a consultant."""

    def new(person=None, *, name="", outlet=None, day=9):
        db.set_scope(SYSTEM)
        return Sale.objects.create(
            vehicle=car, customer=owner, outlet_id=outlet or cast.outlet_id, sold_on=days(day),
            consultant_id=person and person.user_id, consultant_name=name, touched_at=AT,
        )  # fmt: skip

    return new


@pytest.fixture
def visit(cast, car, owner):
    def new(advisor="王师傅", *, day=2, number=1):
        db.set_scope(SYSTEM)
        return Visit.objects.create(
            vehicle=car, customer=owner, outlet_id=cast.outlet_id, order_no=f"RO-{number}", entered_on=days(day),
            left_on=days(day), advisor_name=advisor, touched_at=AT,
        )  # fmt: skip

    return new


@pytest.fixture
def asked(task, record, car):
    """Return a function that asks a questionnaire for a rule and returns the points by question."""
    made = []

    def new(rule, code, answers, **more):
        made.append(rule)
        values = {"rules": [rule], "cars": [car.pk]} | more.pop("values", {})
        call = record(
            task(100 + len(made), values=values, **more.pop("task", {})),
            said=report(code=code, answers=answers),
            **more,
        )
        db.set_scope(SYSTEM)
        return call, {row.key: row.points for row in Rating.objects.filter(call=call)}

    return new


@pytest.mark.covers("FUP-24", "LIFE-03")
def test_the_sales_questionnaire_is_asked_and_scores_the_consultant_of_the_delivery(cast, sold, asked, task, car):
    sold(cast.sales)
    made = task(values={"rules": ["sale_call"], "cars": [car.pk]})
    assert queries.script_for(made, TODAY).code == "sales_callback"
    call, points = asked("sale_call", "sales_callback", SALES)
    assert points == {
        "welcomed": 100, "needs": 0, "test_drive": 50, "price": 100, "delivery": 90, "kept": 100, "satisfied": 80,
    }  # fmt: skip
    rated = Rating.objects.filter(call=call).first().rated
    assert (rated.person_id, rated.name, rated.judged, rated.outlet_id) == (
        cast.sales.user_id, cast.sales.name, "CONSULTANT", cast.outlet_id,
    )  # fmt: skip


@pytest.mark.covers("FUP-25", "FUP-28", "CARE-10")
def test_the_after_sales_questionnaire_scores_the_advisor_of_the_visit_it_is_about(visit, asked, task, car):
    visit("李师傅", day=8, number=1)
    visit("王师傅", day=1, number=2)
    made = task(values={"rules": ["repair_call"], "cars": [car.pk]})
    assert queries.script_for(made, TODAY).code == "after_service"
    of_day = {"day": days(8).isoformat()}
    call, points = asked("repair_call", "after_service", SERVICE, values=of_day)
    assert points == {"service": 70, "bill": 100, "on_time": 60, "handed_back": 0, "satisfied": 80}
    assert Rating.objects.filter(call=call).first().rated.name == "李师傅"
    later, _points = asked("repair_call", "after_service", SERVICE)
    assert Rating.objects.filter(call=later).first().rated.name == "王师傅"


@pytest.mark.covers("FUP-25")
def test_who_complains_in_the_questionnaire_enters_the_complaint_process(cast, visit, asked, owner):
    visit()
    answers = SERVICE | {"complaint": "yes", "complaint_what": "等了三个小时没人理"}
    call, _points = asked("repair_call", "after_service", answers)
    row = from_calls.take_in(actor=SYSTEM, call_id=call.pk, at=AT)
    assert (row.customer_id, row.angle, row.words, row.outlet_id) == (
        owner.pk, "SERVICE", "等了三个小时没人理", cast.outlet_id,
    )  # fmt: skip
    assert Complaint.objects.filter(customer=owner).count() == 1


def test_an_answer_without_points_and_one_that_was_not_asked_count_for_nobody(cast, sold, asked):
    sold(cast.sales)
    _call, points = asked("sale_call", "sales_callback", SALES | {"test_drive": "declined"})
    assert "test_drive" not in points
    assert len(points) == 6


def test_nobody_is_judged_by_what_he_noted_himself(cast, sold, asked):
    sold(cast.callback)
    assert asked("sale_call", "sales_callback", SALES)[1] == {}


def test_who_is_not_known_or_of_another_outlet_is_not_judged(cast, sold, visit, asked):
    assert asked("sale_call", "sales_callback", SALES)[1] == {}
    sold(name="外店顾问", outlet=cast.other_outlet_id)
    assert asked("sale_call", "sales_callback", SALES)[1] == {}
    visit("很久以前", day=120)
    assert asked("repair_call", "after_service", SERVICE)[1] == {}


def test_a_consultant_known_by_name_and_a_call_by_hand(cast, acting, sold, car, owner):
    sold(name="陈顾问")
    said = report(code="sales_callback", answers=SALES, vehicle_id=car.pk)
    call = calling.log_call(actor=acting(cast.callback), customer_id=owner.pk, report=said, at=AT)
    assert calling.log_call(actor=acting(cast.callback), customer_id=owner.pk, report=said, at=AT).pk == call.pk
    db.set_scope(SYSTEM)
    rows = Rating.objects.filter(call=call)
    assert {row.rated.name for row in rows} == {"陈顾问"}
    assert rows.count() == 7


def test_an_outlet_sees_the_points_of_its_people_alone(cast, acting, sold, asked):
    sold(cast.sales)
    call, _points = asked("sale_call", "sales_callback", SALES)
    for actor, many in ((cast.gm, 7), (cast.stranger, 0), (cast.hq, 7)):
        acting(actor)
        assert Rating.objects.filter(rated__person_id=cast.sales.user_id, call=call).count() == many


@pytest.mark.parametrize(
    ("more", "is_right"),
    [
        ({"judges": "ADVISOR"}, False), ({"judges": "ADVISOR", "points": {"yes": 100, "no": 0}}, True),
        ({"points": {"yes": 100}}, False), ({"judges": "CLEANER", "points": {"yes": 1}}, False),
        ({"judges": "ADVISOR", "points": {"maybe": 1}}, False), ({"judges": "ADVISOR", "points": {"yes": 101}}, False),
        ({"judges": "ADVISOR", "kind": "SCALE"}, True),
        ({"judges": "ADVISOR", "kind": "SCALE", "points": {"1": 1}}, False), ({}, True),
    ],
)  # fmt: skip
def test_points_are_for_answers_that_a_question_takes(more, is_right):
    row = {"key": "q", "kind": "YES_NO", "text_zh": "问", "text_en": "Q"} | more
    assert policy.read([row])[0].is_judged_rightly is is_right


def test_a_number_of_a_scale_is_ten_points_each():
    question = {"key": "q", "kind": "SCALE", "text_zh": "几分", "text_en": "How many", "judges": "ADVISOR"}
    for answer, points in (("1", [10]), ("10", [100]), ("11", []), ("", [])):
        assert [many for _q, many in policy.judged(policy.read([question]), {"q": answer})] == points
