"""The rule that proposes a caution when a complaint is taken in: again and again, or with signs of extreme behaviour."""

import datetime

import pytest
from tests.complaints.conftest import AT
from tests.complaints.test_handling import process
from tests.complaints.test_presets import part, processes

from guanxi.complaints import policy
from guanxi.complaints.models import Caution, CautionStep, Complaint
from guanxi.complaints.presets import ComplaintsPreset
from guanxi.complaints.services import caution_rule, cautioning, intake, steering
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.worklist.models import Task

DAY = datetime.timedelta(days=1)


@pytest.fixture
def rule(cast):
    """The process proposes a caution after three complaints within ninety days, and at signs of extreme behaviour."""
    process(caution_after=3, caution_days=90, caution_signs=["EXTREME"])


def proposed():
    db.set_scope(SYSTEM)
    return list(Caution.objects.order_by("pk"))


def test_the_third_complaint_proposes_it_once(rule, cast, take_in, customer):
    first = take_in(at=AT - 100 * DAY)
    take_in(at=AT - 50 * DAY)
    take_in(at=AT - 40 * DAY)  # the first lies a hundred days back, but only sixty before this one
    (row,) = proposed()
    assert (row.customer_id, row.place_id, row.reason, row.is_by_rule, row.proposed_by_id, row.state) == (
        customer.pk, cast.outlet_id, "REPEATED", True, None, "PROPOSED",
    )  # fmt: skip
    (step,) = row.steps.all()
    assert (first.number in step.words, step.person_name) == (True, "")
    assert Task.objects.filter(key=f"complaints.review_caution:{row.pk}").count() == 1
    take_in()
    assert proposed() == [row]


def test_neither_older_ones_nor_enquiries_nor_those_elsewhere_count(rule, cast, take_in):
    take_in(at=AT - 91 * DAY)
    take_in(kind="ENQUIRY", at=AT - DAY)
    db.set_scope(SYSTEM)
    take_in("system", outlet=cast.other_outlet_id, at=AT - DAY)
    take_in(at=AT - DAY)
    take_in()
    assert proposed() == []


def test_signs_of_extreme_behaviour_propose_it_at_once_also_when_words_are_added(rule, cast, acting, take_in):
    take_in(words="要找记者曝光")  # a sign, but none that the process names
    assert proposed() == []
    row = take_in()
    intake.join(actor=acting(cast.callback), complaint_id=row.pk, words="明天来堵门", at=AT)
    (held,) = proposed()
    assert (held.reason, held.complaint_id) == ("EXTREME", row.pk)
    assert row.number in CautionStep.objects.get(caution=held).words
    take_in(words="拉横幅")
    assert proposed() == [held]


def test_what_becomes_a_complaint_counts_too(rule, cast, acting, take_in):
    row = take_in(kind="ENQUIRY", words="再不办就砸车")
    assert proposed() == []
    steering.raise_complaint(actor=acting(cast.service), complaint_id=row.pk, reason="其实是投诉", at=AT)
    assert [held.reason for held in proposed()] == ["EXTREME"]


def test_once_one_ended_only_later_complaints_count(rule, cast, acting, take_in):
    for number in (3, 2, 1):
        take_in(at=AT - number * DAY)
    (row,) = proposed()
    cautioning.review_caution(actor=acting(cast.crm), caution_id=row.pk, is_needed=False, words="误会", at=AT)
    for number in (1, 2):
        take_in(at=AT + number * DAY)
    assert proposed() == [row]
    take_in(at=AT + 3 * DAY)
    assert [held.state for held in proposed()] == ["DISMISSED", "PROPOSED"]


def test_nothing_is_proposed_without_a_rule_or_a_customer(cast, take_in):
    for _number in range(4):
        take_in(words="砸车")
    process(caution_signs=["EXTREME"])
    take_in(words="砸车", customer_id=None, caller_name="路人")
    assert proposed() == []


def test_it_is_proposed_in_the_transaction_of_the_intake(rule, take_in, monkeypatch):
    def fail(**_values):
        msg = "the rule breaks"
        raise RuntimeError(msg)

    monkeypatch.setattr(caution_rule, "follow", fail)
    with pytest.raises(RuntimeError):
        take_in(words="砸车")
    db.set_scope(SYSTEM)
    assert (Complaint.objects.count(), Caution.objects.count()) == (0, 0)


def test_the_rule_costs_the_same_however_often_he_complained(rule, take_in, django_assert_max_num_queries):
    def cost():
        with django_assert_max_num_queries(120) as found:
            take_in(at=AT)
        return len(found)

    process(caution_after=99, caution_days=90)
    one = cost()
    take_in(at=AT)
    take_in(at=AT)
    assert cost() == one


def test_the_decision_on_paper():
    asked = {"signs": ["JUDICIAL"], "asked_signs": ["EXTREME"]}
    assert policy.why_careful(**asked, many=3, after=0) is None
    assert policy.why_careful(**asked, many=2, after=3) is None
    assert policy.why_careful(**asked, many=3, after=3) == "REPEATED"
    assert policy.why_careful(signs=["EXTREME"], asked_signs=["EXTREME"], many=0, after=0) == "EXTREME"
    assert policy.may_review_caution(None, 7)
    assert policy.may_review_caution(6, 7)
    assert not policy.may_review_caution(7, 7)


def test_what_the_presets_say():
    base, faw = processes("base")["BASE"], processes("faw_vw").values()
    assert (base.caution_after, base.caution_days, base.caution_signs) == (0, 0, [])
    assert {(entry.caution_after, entry.caution_days, *entry.caution_signs) for entry in faw} == {(3, 90, "EXTREME")}


@pytest.mark.parametrize(
    "change", [{"caution_after": 3}, {"caution_days": 90}, {"caution_after": 1, "caution_days": 9}]
)
def test_a_rule_that_is_not_whole_is_refused(change):
    entry = part("base").data.processes[0].model_dump() | change
    with pytest.raises(ValueError, match="two complaints or more"):
        ComplaintsPreset(process=[entry])
