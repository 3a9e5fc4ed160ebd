"""Complaints and care: a closed one is a day to count from, an open one a reason to leave somebody alone."""

import datetime

import pytest
from django.utils import translation
from tests.care.conftest import DAY, at, days, results, tasks

from guanxi.care import tasks as care
from guanxi.care.models import Member
from guanxi.care.queries import checks, previews
from guanxi.complaints.services import handling, intake
from guanxi.complaints.services.intake import NewComplaint
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.worklist.models import Task

RULE = {"anchor": "COMPLAINT", "opens": 0, "due": 7}
NO_CASE = [{"fact": "open_complaint", "op": "no", "values": []}]
CASE = [{"fact": "open_complaint", "op": "yes", "values": []}]


@pytest.fixture
def complain(quiet):
    """Return a function that takes in a complaint of a customer at an outlet, the cast's unless said otherwise."""
    made = []

    def go(customer, moment=None, *, outlet=None, kind="COMPLAINT"):
        made.append(customer)
        db.set_scope(SYSTEM)
        new = NewComplaint(
            outlet or quiet.outlet_id, "SERVICE", "空调不凉", customer_id=customer.pk, category="REPEATED", kind=kind,
            vehicle_id=customer.car.pk, token=f"care-{len(made)}", is_another=True,
        )  # fmt: skip
        return intake.open_complaint(actor=SYSTEM, new=new, at=moment or at())

    return go


def close(row, moment=None):
    """Close a complaint as found not valid, and explained."""
    moment = moment or at()
    db.set_scope(SYSTEM)
    handling.record_contact(actor=SYSTEM, complaint_id=row.pk, words="已致歉", at=moment)
    handling.decide_validity(actor=SYSTEM, complaint_id=row.pk, is_valid=False, words="并非故障", at=moment)


def test_a_rule_counts_from_the_closing_of_a_complaint(rule, buyer, night, complain):
    held, waiting, late = buyer(), buyer(), buyer()
    rule(**RULE)
    close(complain(held), at(DAY))
    complain(waiting)
    close(complain(late), at(DAY - days(60)))
    assert night() == {"TASK": 1}
    (task,) = tasks(held)
    assert (task.values["day"], task.values["anchors"], task.values["cars"]) == (str(DAY), ["COMPLAINT"], [held.car.pk])
    with translation.override("en"):
        assert task.why == f"Complaint closed on {DAY}: x_test"
    assert (tasks(waiting), tasks(late)) == ([], [])
    assert night() == {}


def test_the_day_is_that_of_the_business(rule, buyer, night, complain):
    """Half past midnight in Shanghai is still the day before in London."""
    first, last = buyer(), buyer()
    rule(**RULE)
    close(complain(first), clock.start_of(DAY) + datetime.timedelta(minutes=30))
    close(complain(last), clock.start_of(DAY + days(1)) - datetime.timedelta(minutes=30))
    night()
    assert [tasks(owner)[0].values["day"] for owner in (first, last)] == [str(DAY), str(DAY)]


def test_several_that_are_closed_on_one_day_are_one_reason(rule, buyer, night, complain):
    held = buyer()
    rule(**RULE)
    for row in [complain(held), complain(held)]:
        close(row)
    assert night() == {"TASK": 1}


def test_a_rule_may_ask_how_complaints_ended(rule, buyer, night, complain):
    explained = buyer()
    rule(**RULE, of=["CONFIRMED"])
    other = rule("x_explained", **RULE, of=["EXPLAINED"])
    close(complain(explained))
    assert night() == {"TASK": 1}
    assert results(explained) == [("x_explained", "TASK")]
    assert checks.unfit(other) is None
    other.of = ["SWING"]
    assert checks.unfit(other).field == "of"


def test_a_closed_complaint_makes_its_tasks_at_once(rule, buyer, complain):
    held, other = buyer(), buyer()
    rule(**RULE)
    moment = clock.now()
    row = complain(held, moment)
    close(row, moment)
    close(complain(other, moment), moment)
    care.follow_complaint(complaint_id=row.pk, customer_id=held.pk, outlet_id=1, ending="EXPLAINED", rounds=1)
    assert (len(tasks(held)), len(tasks(other))) == (1, 0)
    care.follow_complaint(complaint_id=row.pk, customer_id=None, outlet_id=1, ending="EXPLAINED", rounds=1)
    assert Task.objects.filter(kind__startswith="care.", subject_id=other.pk).count() == 0


def test_news_of_closed_complaints_reach_the_rules():
    from guanxi.config.wiring import REACTIONS

    heard = {(reaction.event.__name__, reaction.react.__name__) for reaction in REACTIONS}
    assert ("ComplaintClosed", "follow_complaint") in heard


def test_an_audience_leaves_out_who_has_an_open_complaint(rule, buyer, night, complain, quiet):
    fine, angry, calmed, praising = buyer(), buyer(), buyer(), buyer()
    rule(audience=NO_CASE)
    complain(angry, outlet=quiet.other_outlet_id)
    close(complain(calmed))
    complain(praising, kind="PRAISE")
    assert night() == {"TASK": 3}
    assert [len(tasks(owner)) for owner in (fine, angry, calmed, praising)] == [1, 0, 1, 1]


def test_who_may_not_see_complaints_is_not_told_of_them_by_a_rule(rule, buyer, complain, acting, quiet):
    held, today, moment = buyer(), clock.today(), clock.now()
    counted, asking, sparing = rule(**RULE), rule("x_asks", audience=CASE), rule("x_spares", audience=NO_CASE)
    close(complain(held, moment), moment)
    complain(held, moment)
    seeing, blind = quiet.crm, quiet.outlet_admin
    assert blind.can("care.view_rules")
    assert not blind.can("complaints.view")
    assert [found.customer_id for found in previews.who(acting(seeing), counted, today, 5)] == [held.pk]
    assert previews.who(acting(blind), counted, today, 5) == previews.who(blind, asking, today, 5) == []
    for row in (counted, asking, sparing):
        told = previews.why(acting(blind), row, held.pk, today)
        assert [step.holds for step in told] == [False]
    assert len(previews.why(acting(seeing), counted, held.pk, today)) > 1


def test_lectures_advise_against_who_has_an_open_complaint_about_the_outlet(kinds, owner, gather, complain, quiet):
    angry, elsewhere, calm, third = owner(), owner(), owner(), owner()
    complain(angry)
    complain(elsewhere, outlet=quiet.other_outlet_id)
    close(complain(calm))
    gather()
    held = dict(Member.objects.values_list("customer_id", "excluded"))
    assert held == {angry.pk: "OPEN_CASE", elsewhere.pk: "", calm.pk: "", third.pk: ""}


def test_a_complaint_that_is_closed_keeps_nobody_away(kinds, owner, gather, complain):
    angry, *_others = owner(), owner(), owner()
    row = complain(angry)
    gather()
    close(row)
    gather(DAY + days(1))
    assert Member.objects.get(customer=angry).excluded == ""


@pytest.mark.covers("LECT-16")
def test_a_person_may_invite_in_spite_of_an_open_complaint(kinds, owner, gather, complain, signed_in):
    angry, *_others = owner(), owner(), owner()
    complain(angry)
    gather()
    row = Member.objects.get(customer=angry)
    client = signed_in("crm")
    assert "Has an open complaint" in client.get(f"/care/gatherings/{row.proposal_id}/").content.decode()
    client.post(f"/care/gatherings/members/{row.pk}/include/")
    db.set_scope(SYSTEM)
    row.refresh_from_db()
    assert (row.excluded, row.insisted) == ("", True)
