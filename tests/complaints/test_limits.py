"""Where the same problem comes up too often the branch is told, once, and says what comes of it."""

import datetime

import pytest
from tests.apicalls import caller
from tests.complaints.conftest import AT, hours
from tests.complaints.test_pages import page_of
from tests.counting import queries_of

from guanxi.complaints import policy
from guanxi.complaints.models import Breach, Complaint
from guanxi.complaints.queries import limits as reading
from guanxi.complaints.services import limits
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.worklist.models import Task

NIGHT = AT + hours(40)


def night(at=NIGHT):
    db.set_scope(SYSTEM)
    return limits.count(actor=SYSTEM, at=at)


@pytest.mark.parametrize(
    ("period", "day", "first"),
    [
        ("MONTH", datetime.date(2026, 6, 30), datetime.date(2026, 6, 1)),
        ("QUARTER", datetime.date(2026, 6, 30), datetime.date(2026, 4, 1)),
        ("QUARTER", datetime.date(2026, 1, 1), datetime.date(2026, 1, 1)),
        ("QUARTER", datetime.date(2026, 12, 31), datetime.date(2026, 10, 1)),
    ],
)
def test_a_period_begins_with_the_month_or_the_quarter(period, day, first):
    assert policy.period_start(period, day) == first


@pytest.mark.covers("CMP-40", "POL-14")
def test_more_than_three_in_a_month_or_five_in_a_quarter_are_told_to_the_branch_once(cast, acting, take_in):
    for _number in range(3):
        take_in()
    take_in(at=AT - datetime.timedelta(days=10))  # last month, this quarter
    take_in(at=AT - datetime.timedelta(days=80))  # last quarter
    take_in(category="ATTITUDE")
    wrong = take_in()
    db.set_scope(SYSTEM)
    Complaint.objects.filter(pk=wrong.pk).update(is_valid=False)
    assert night() == 0
    take_in()
    assert night() == 1
    row = Breach.objects.get()
    assert (row.limit_id, row.outlet_id, row.category_id, row.many, row.since) == (
        "MONTHLY", cast.outlet_id, "REPEATED", 4, datetime.date(2026, 6, 1),
    )  # fmt: skip
    task = Task.objects.get(kind="complaints.limit")
    assert (task.node_id, task.role_id, task.values["many"]) == (cast.branch_id, "branch_cs", 4)
    take_in()
    assert night(NIGHT + hours(24)) == 1  # the month again grows; the quarter is new: six, more than five
    assert sorted(Breach.objects.values_list("limit_id", "many")) == [("MONTHLY", 5), ("QUARTERLY", 6)]
    assert Task.objects.filter(kind="complaints.limit").count() == 2
    assert night(NIGHT + hours(25)) == 0


@pytest.fixture
def passed(take_in):
    """A limit that was passed."""
    for _number in range(4):
        take_in()
    assert night() == 1
    return Breach.objects.get()


def test_the_branch_says_what_comes_of_it_once(cast, acting, passed):
    for who in ("service", "gm"):  # they see it, and cannot answer for the branch
        with pytest.raises(NotAllowed):
            limits.answer(actor=acting(getattr(cast, who)), breach_id=passed.pk, words="x", at=NIGHT)
    with pytest.raises(NotFound):
        limits.answer(actor=acting(cast.stranger), breach_id=passed.pk, words="x", at=NIGHT)
    with pytest.raises(Invalid):
        limits.answer(actor=acting(cast.branch), breach_id=passed.pk, words=" ", at=NIGHT)
    row = limits.answer(actor=acting(cast.branch), breach_id=passed.pk, words="专项整改", at=NIGHT)
    db.set_scope(SYSTEM)
    assert (row.words, row.answered_by) == ("专项整改", cast.branch.name)
    assert Task.objects.get(kind="complaints.limit").state == "DONE"
    with pytest.raises(Conflict, match="answered"):
        limits.answer(actor=acting(cast.branch), breach_id=passed.pk, words="x", at=NIGHT)


def test_who_sees_it(cast, acting, passed):
    for who, sees in (("gm", True), ("branch", True), ("hq", True), ("stranger", False)):
        actor = acting(getattr(cast, who))
        assert reading.visible_to(actor).exists() is sees, who
        assert Breach.objects.exists() is sees, who  # row security alone


def test_a_night_costs_the_same_for_one_and_three_outlets(cast, take_in, passed):
    first = queries_of(lambda: night(NIGHT + hours(1)))
    for category in ("ATTITUDE", "OTHER"):
        for _number in range(4):
            take_in(category=category)
    assert night(NIGHT + hours(2)) >= 2
    assert queries_of(lambda: night(NIGHT + hours(3))) == first


def test_the_page_and_the_api(cast, signed_in, passed):
    client = signed_in("branch")
    assert "Say what comes of it" in page_of(client, "/complaints/limits/?answered=no")
    address = f"/complaints/limits/{passed.pk}/"
    assert "4 complaints" in page_of(client, address)
    assert client.post(address, {"words": ""}).status_code == 422
    assert client.post(address, {"words": "约谈"}).status_code == 302
    assert "约谈" in page_of(client, "/complaints/limits/")
    assert client.get(address).status_code == 302  # nothing is left to say
    assert "约谈" in client.get("/complaints/limits/?export=csv").content.decode("utf-8-sig")
    assert signed_in("gm").get(address).status_code in {302, 403}
    api = caller(cast.branch)
    (item,) = api.get("/api/v1/complaints/limits/").json()["items"]
    assert (item["many"], item["words"]) == (4, "约谈")
    again = api.post(f"/api/v1/complaints/limits/{passed.pk}", {"words": "x"}, content_type="application/json")
    assert again.status_code == 409
