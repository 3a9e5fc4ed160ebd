"""From the first contact to the solution: every step, who may take it, and what it leaves behind."""

from decimal import Decimal

import pytest
from tests.complaints.conftest import AT, find_and_resolve, fresh, hours

from guanxi.complaints.events import ComplaintClosed, ComplaintEscalated, ComplaintResolved, PersonWarned
from guanxi.complaints.models import Process, Round
from guanxi.complaints.services import compensating, handling, steering, warning
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed
from guanxi.records.models import AuditEntry
from guanxi.worklist.models import Task


def tasks(row):
    db.set_scope(SYSTEM)
    found = Task.objects.filter(subject_type="complaints.complaint", subject_id=row.pk).order_by("pk")
    return [(task.kind.partition(".")[2], task.state, task.outcome) for task in found]


def process(**values):
    """Change the process of the base preset as a carmaker's would be."""
    db.set_scope(SYSTEM)
    Process.objects.filter(pk="BASE").update(**values)


@pytest.mark.covers("CMP-22", "CMP-26", "CMP-27")
def test_contact_cause_plan_and_solution_end_its_tasks(cast, acting, take_in, bring, published):
    row = bring(take_in("agent"), "TO_REVISIT")
    assert (row.state, row.contacted_at, row.is_valid) == ("TO_REVISIT", AT + hours(1), True)
    assert tasks(row) == [("contact", "DONE", "CONTACTED"), ("solve", "DONE", "RESOLVED"), ("revisit", "OPEN", "")]
    made = Round.objects.get(complaint=row)
    assert (made.cause_id, made.plan, made.measure, made.resolved_by) == (
        "BADLY_DONE", "周五前更换压缩机", "已更换", cast.service.name,
    )  # fmt: skip
    assert row.due_at == made.revisit_due_at > made.resolved_at
    assert [type(event) for event in published if isinstance(event, ComplaintResolved)] == [ComplaintResolved]
    acts = [deed.act for deed in row.deeds.order_by("at", "pk")]
    assert acts == ["OPENED", "CONTACTED", "VALID", "CAUSE", "PLAN", "RESOLVED"]
    lines = AuditEntry.objects.filter(subject_type="complaints.complaint", subject_id=row.pk)
    assert lines.filter(verb="complaints.name_cause").count() == 1


@pytest.mark.covers("CMP-23")
def test_one_that_is_not_valid_is_explained_and_closed_with_its_reason(cast, acting, take_in, bring, published):
    row = bring(take_in(), "ANALYSING")
    with pytest.raises(Conflict, match="decide whether the complaint is valid"):
        handling.name_cause(actor=acting(cast.service), complaint_id=row.pk, cause="MISUSE", words="x", at=AT)
    with pytest.raises(Invalid):
        handling.decide_validity(actor=acting(cast.service), complaint_id=row.pk, is_valid=False, words=" ", at=AT)
    handling.decide_validity(
        actor=acting(cast.service), complaint_id=row.pk, is_valid=False, words="属正常现象，已说明", at=AT + hours(2)
    )  # fmt: skip
    row = fresh(row)
    assert (row.state, row.ending, row.summary) == ("CLOSED", "EXPLAINED", "属正常现象，已说明")
    assert tasks(row) == [("contact", "DONE", "CONTACTED"), ("solve", "DONE", "CLOSED")]
    assert [event.ending for event in published if isinstance(event, ComplaintClosed)] == ["EXPLAINED"]


def test_a_process_that_does_not_ask_for_validity_lets_nobody_explain_it_away(cast, acting, take_in, bring):
    process(asks_validity=False)
    row = bring(take_in(), "ANALYSING")
    with pytest.raises(Conflict):
        handling.decide_validity(actor=acting(cast.service), complaint_id=row.pk, is_valid=False, words="x", at=AT)
    find_and_resolve(acting(cast.service), row.pk, AT + hours(2))
    assert fresh(row).state == "TO_REVISIT"


@pytest.mark.covers("CMP-25")
def test_what_cannot_be_solved_inside_is_reported_outside_at_once(cast, acting, take_in, bring, published):
    process(asks_inside=True)
    row = bring(take_in(), "RESOLVING")
    service, pk = acting(cast.service), row.pk
    handling.agree_plan(actor=service, complaint_id=pk, words="申请厂家支持", at=AT)
    with pytest.raises(Conflict, match="inside"):
        handling.resolve(actor=service, complaint_id=pk, words="已换", at=AT)
    published.clear()
    steering.decide_inside(actor=service, complaint_id=pk, is_inside=False, words="需厂家批准", at=AT + hours(2))
    assert ComplaintEscalated(pk, is_outside=True) in published
    told = warning.warn(actor=acting(SYSTEM), complaint_id=pk, is_outside=True, at=AT + hours(2))
    assert cast.branch.user_id in told
    assert cast.gm.user_id not in told
    handling.resolve(actor=acting(cast.service), complaint_id=pk, words="厂家已批准更换", at=AT + hours(3))
    assert fresh(row).state == "TO_REVISIT"


@pytest.mark.covers("CMP-12")
def test_a_significant_one_goes_straight_to_the_general_manager(cast, acting, take_in, published):
    row = take_in("callback", level="SIGNIFICANT")
    assert ComplaintEscalated(row.pk, is_outside=False) in published
    published.clear()
    told = warning.warn(actor=acting(SYSTEM), complaint_id=row.pk, is_outside=False, at=AT)
    assert told == [cast.gm.user_id]
    assert [event for event in published if isinstance(event, PersonWarned)] == [
        PersonWarned(cast.gm.user_id, row.pk, row.number, "SIGNIFICANT")
    ]
    assert [deed.words for deed in row.deeds.filter(act="WARNED")] == [cast.gm.name]


@pytest.mark.covers("CMP-20")
def test_of_a_crisis_the_branch_and_headquarters_are_told_too(cast, acting, take_in):
    row = take_in(words="刹车失灵，差点出事")
    told = warning.warn(actor=acting(SYSTEM), complaint_id=row.pk, is_outside=False, at=AT)
    assert {cast.gm.user_id, cast.branch.user_id, cast.planner.user_id} <= set(told)
    with pytest.raises(NotAllowed):
        warning.warn(actor=acting(cast.gm), complaint_id=row.pk, is_outside=False, at=AT)


def test_reporting_upward_makes_it_significant(cast, acting, take_in, published):
    row = take_in()
    published.clear()
    steering.escalate(actor=acting(cast.service), complaint_id=row.pk, reason="客户要求见总经理", at=AT)
    assert fresh(row).level == "SIGNIFICANT"
    assert ComplaintEscalated(row.pk, is_outside=False) in published


def test_only_the_responsible_person_or_who_leads_acts(cast, acting, take_in):
    row = take_in()
    said = {"complaint_id": row.pk, "words": "已联系", "at": AT}
    with pytest.raises(Conflict, match="responsible"):
        handling.record_contact(actor=acting(cast.advisor), **said)
    with pytest.raises(NotAllowed):
        handling.record_contact(actor=acting(cast.callback), **said)
    assert fresh(row).state == "RECEIVED"
    handling.record_contact(actor=acting(cast.gm), **said)
    assert fresh(row).state == "ANALYSING"


def test_who_takes_it_over_has_its_tasks_and_deadlines(cast, acting, take_in):
    row = take_in()
    before = {task.kind: task.due_at for task in Task.objects.filter(subject_id=row.pk, kind__startswith="complaints")}
    for wrong in (cast.technician.user_id, cast.service.user_id, cast.stranger.user_id):
        with pytest.raises(Invalid):
            steering.hand_over(
                actor=acting(cast.service), complaint_id=row.pk, person_id=wrong, reason="休假", at=AT
            )  # fmt: skip
    steering.hand_over(
        actor=acting(cast.service), complaint_id=row.pk, person_id=cast.advisor.user_id, reason="他接待的", at=AT
    )  # fmt: skip
    row = fresh(row)
    assert (row.owner_id, row.owner_name) == (cast.advisor.user_id, cast.advisor.name)
    held = Task.objects.filter(subject_id=row.pk, kind__startswith="complaints")
    assert {task.kind: task.due_at for task in held} == before
    assert {task.owner_id for task in held} == {cast.advisor.user_id}
    handling.record_contact(actor=acting(cast.advisor), complaint_id=row.pk, words="已联系", at=AT)


@pytest.mark.covers("CMP-18")
def test_compensation_is_given_within_ones_limit_or_what_was_approved(cast, acting, take_in, bring):
    row = bring(take_in(), "RESOLVING")
    service, pk = acting(cast.service), row.pk
    handling.agree_plan(actor=service, complaint_id=pk, words="退工时费", at=AT)
    done = {"complaint_id": pk, "words": "已退", "at": AT + hours(2)}
    for amount in (Decimal(1001), Decimal(-1)):
        with pytest.raises(Invalid) as error:
            handling.resolve(actor=acting(cast.service), compensation=amount, **done)
        assert [problem.field for problem in error.value.problems] == ["compensation"]
    with pytest.raises(Invalid):
        compensating.approve(actor=acting(cast.service), complaint_id=pk, amount=Decimal(2000), words="x", at=AT)
    with pytest.raises(NotAllowed):
        compensating.approve(actor=acting(cast.advisor), complaint_id=pk, amount=Decimal(1), words="x", at=AT)
    compensating.approve(actor=acting(cast.gm), complaint_id=pk, amount=Decimal(2000), words="老客户", at=AT)
    handling.resolve(actor=acting(cast.service), compensation=Decimal(2000), **done)
    row = fresh(row)
    assert (row.state, row.approved_by) == ("TO_REVISIT", cast.gm.name)
    assert Round.objects.get(complaint=row).compensation == 2000


def test_no_solution_without_a_plan_and_no_cause_without_a_category(cast, acting, take_in, bring):
    row = bring(take_in(category=""), "ANALYSING")
    service = acting(cast.service)
    handling.decide_validity(actor=service, complaint_id=row.pk, is_valid=True, words="属实", at=AT)
    cause = {"actor": service, "complaint_id": row.pk, "cause": "BADLY_DONE", "words": "检查", "at": AT}
    for more in ({}, {"category": "NOTHING"}):
        with pytest.raises(Invalid) as error:
            handling.name_cause(**cause, **more)
        assert [problem.field for problem in error.value.problems] == ["category"]
    with pytest.raises(Invalid):
        handling.name_cause(**cause | {"cause": "NOTHING"}, category="WAITING")
    handling.name_cause(**cause, category="WAITING")
    with pytest.raises(Conflict, match="plan"):
        handling.resolve(actor=service, complaint_id=row.pk, words="已办", at=AT)
    assert (fresh(row).state, fresh(row).category_id) == ("RESOLVING", "WAITING")


@pytest.mark.covers("FUP-08", "FORM-63", "FORM-64")
@pytest.mark.parametrize(
    ("kind", "outcome", "wrong"),
    [("ENQUIRY", "", "ADOPTED"), ("SUGGESTION", "ADOPTED", ""), ("SUGGESTION", "NOT_ADOPTED", "THANKED"),
     ("PRAISE", "POSTED", "ADOPTED"), ("REQUEST", "", "THANKED")],
)  # fmt: skip
def test_what_is_no_complaint_is_closed_by_an_answer(cast, acting, take_in, kind, outcome, wrong):
    row = take_in(kind=kind)
    assert tasks(row) == [("solve", "OPEN", "")]
    with pytest.raises(Conflict):
        handling.record_contact(actor=acting(cast.service), complaint_id=row.pk, words="x", at=AT)
    said = {"actor": acting(cast.service), "complaint_id": row.pk, "words": "已答复", "at": AT}
    with pytest.raises(Invalid, match="what came of the matter") as error:
        handling.answer(**said, outcome=wrong)
    assert error.value.problems[0].field == "outcome"
    handling.answer(**said, outcome=outcome, is_told=False)
    row = fresh(row)
    assert (row.state, row.ending, row.summary) == ("CLOSED", "ANSWERED", "已答复")
    assert (row.outcome, row.is_told) == (outcome, False)
    assert tasks(row) == [("solve", "DONE", "CLOSED")]


def test_a_complaint_is_not_closed_by_an_answer(cast, acting, take_in):
    row = take_in()
    with pytest.raises(Conflict, match="customer's word"):
        handling.answer(actor=acting(cast.service), complaint_id=row.pk, words="已答复", at=AT)
    with pytest.raises(Conflict):
        steering.raise_complaint(actor=acting(cast.service), complaint_id=row.pk, reason="x", at=AT)


def test_an_enquiry_becomes_a_complaint_and_never_back(cast, acting, take_in, published):
    row = take_in(kind="ENQUIRY", words="刹车失灵怎么办")
    assert row.signs == []
    steering.raise_complaint(actor=acting(cast.service), complaint_id=row.pk, reason="客户不满", at=AT)
    row = fresh(row)
    assert (row.kind, row.level, row.due_at) == ("COMPLAINT", "CRISIS", row.contact_due_at)
    assert tasks(row) == [("solve", "OPEN", ""), ("contact", "OPEN", "")]
    with pytest.raises(Conflict):
        handling.answer(actor=acting(cast.service), complaint_id=row.pk, words="x", at=AT)
