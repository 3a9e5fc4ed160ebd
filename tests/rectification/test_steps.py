"""From the problem to the customer's word: every step of a notice, who may take it, and what it leaves behind."""

import pytest
from django.db import DatabaseError, transaction
from tests import garage
from tests.rectification.conftest import AT, SAID, hours

from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry
from guanxi.rectification import policy, queries
from guanxi.rectification.events import NoticeClosed, NoticeIssued
from guanxi.rectification.models import Department, Notice, Round
from guanxi.rectification.services import answering, deciding
from guanxi.rectification.services.answering import Answer
from guanxi.rectification.states import ENDED, MOVES, State
from guanxi.worklist.models import Task
from guanxi.worklist.services import working


def tasks(row):
    db.set_scope(SYSTEM)
    found = Task.objects.filter(subject_type="rectification.notice", subject_id=row.pk).order_by("pk")
    return [(task.kind.partition(".")[2], task.state, task.outcome) for task in found]


def task(row, kind):
    db.set_scope(SYSTEM)
    return Task.objects.get(kind=f"rectification.{kind}", subject_id=row.pk, state__in=["OPEN", "CLAIMED"])


@pytest.mark.covers("FUP-06")
def test_a_notice_gives_its_department_a_task_with_a_deadline(cast, issue, published):
    row = issue()
    assert (row.state, row.department_id, row.place_id) == ("ISSUED", "SERVICE", cast.outlet_id)
    held = task(row, "answer")
    assert (held.node_id, held.role_id, held.owner_id, held.due_at) == (
        cast.outlet_id, "service_manager", None, row.due_at,
    )  # fmt: skip
    assert row.due_at > AT
    assert [type(event) for event in published if "rectification" in type(event).__module__] == [NoticeIssued]
    assert AuditEntry.objects.filter(verb="rectification.issue", subject_id=row.pk).count() == 1


def test_the_issuer_may_name_another_department_and_term(issue):
    usual, other = issue(), issue(problem="CHARGES", department="MANAGEMENT", days=10)
    assert other.department_id == "MANAGEMENT"
    assert task(other, "answer").role_id == "general_manager"
    assert other.due_at > usual.due_at + hours(24 * 7)


def test_a_form_sent_twice_is_one_notice_but_not_somebody_elses(issue, cast):
    first = issue(token="same-form")
    assert issue(token="same-form", problem="CHARGES").pk == first.pk
    assert issue("gm", token="same-form").pk != first.pk
    db.set_scope(SYSTEM)
    assert Notice.objects.count() == 2
    assert tasks(first) == [("answer", "OPEN", "")]


@pytest.mark.parametrize(
    ("more", "field"),
    [({"problem": "NOTHING"}, "problem"), ({"department": "NOBODY"}, "department"), ({"days": 61}, "days")],
)
def test_what_cannot_be_is_refused_at_its_field(issue, more, field):
    with pytest.raises(Invalid) as error:
        issue(**more)
    assert [problem.field for problem in error.value.problems] == [field]
    assert not Notice.objects.exists()


@pytest.mark.covers("FUP-06", "FUP-07")
def test_the_customer_is_asked_again_and_his_word_files_it(cast, acting, issue, published):
    row = issue("callback")
    service = acting(cast.service)
    answering.receive(actor=service, notice_id=row.pk, at=AT + hours(1))
    answering.answer(actor=service, notice_id=row.pk, answer=SAID, at=AT + hours(2))
    assert tasks(row) == [("answer", "DONE", "ANSWERED"), ("verify", "OPEN", "")]
    held = task(row, "verify")
    assert (held.owner_id, held.node_id) == (cast.callback.user_id, cast.outlet_id)
    published.clear()
    deciding.verify(
        actor=acting(cast.callback), notice_id=row.pk, is_satisfied=True, words="不响了", at=AT + hours(30)
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.state, row.rounds, row.ended_at) == ("CLOSED", 1, AT + hours(30))
    assert (row.received_at, row.received_by) == (AT + hours(1), cast.service.name)
    assert tasks(row)[1] == ("verify", "DONE", "VERIFIED")
    assert [event.rounds for event in published if isinstance(event, NoticeClosed)] == [1]


@pytest.mark.covers("FUP-07")
def test_a_customer_who_is_not_satisfied_sends_it_back_and_the_first_answer_stays(cast, acting, issue):
    row = issue()
    answering.answer(actor=acting(cast.service), notice_id=row.pk, answer=SAID, at=AT + hours(2))
    first_due = row.due_at
    deciding.verify(actor=acting(cast.crm), notice_id=row.pk, is_satisfied=False, words="还在响", at=AT + hours(48))
    row.refresh_from_db()
    assert row.state == "RECEIVED"
    assert row.due_at > max(first_due, AT + hours(48))
    assert tasks(row)[1:] == [("verify", "DONE", "REJECTED"), ("answer", "OPEN", "")]
    again = Answer("轴承磨损", "更换轴承", "工单 RO-91")
    answering.answer(actor=acting(cast.service), notice_id=row.pk, answer=again, at=AT + hours(50))
    deciding.verify(actor=acting(cast.crm), notice_id=row.pk, is_satisfied=True, words="好了", at=AT + hours(80))
    found = [(item.number, item.cause, item.is_satisfied, item.verdict) for item in queries.rounds(row)]
    assert found == [(2, "轴承磨损", True, "好了"), (1, "螺丝未拧紧", False, "还在响")]


def test_a_refused_notice_comes_back_and_goes_to_another_department(cast, acting, issue):
    row = issue()
    answering.refuse(actor=acting(cast.service), notice_id=row.pk, reason="不是维修问题", at=AT + hours(1))
    assert tasks(row) == [("answer", "DONE", "REFUSED"), ("decide", "OPEN", "")]
    assert task(row, "decide").owner_id == cast.crm.user_id
    deciding.insist(
        actor=acting(cast.crm), notice_id=row.pk, department="PARTS", reason="是配件质量", at=AT + hours(30)
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.state, row.department_id, row.received_at) == ("ISSUED", "PARTS", None)
    assert task(row, "answer").role_id == "parts_clerk"
    assert row.due_at > AT + hours(30)


def test_a_withdrawn_notice_leaves_no_task(cast, acting, issue):
    row = issue()
    deciding.withdraw(actor=acting(cast.crm), notice_id=row.pk, reason="录错客户", at=AT)
    assert tasks(row) == [("answer", "SKIPPED", "")]
    with pytest.raises(Conflict):
        answering.answer(actor=acting(cast.service), notice_id=row.pk, answer=SAID, at=AT)
    assert not Round.objects.exists()


def test_the_call_centre_issues_and_verifies_the_outlet_answers(cast, acting, issue):
    row = issue("agent")
    assert row.place_id == cast.agent.home_id != cast.outlet_id
    answering.answer(actor=acting(cast.service), notice_id=row.pk, answer=SAID, at=AT)
    assert task(row, "verify").node_id == cast.agent.home_id
    with pytest.raises(NotAllowed):
        deciding.verify(actor=acting(cast.crm), notice_id=row.pk, is_satisfied=True, words="好", at=AT)
    deciding.verify(actor=acting(cast.agent), notice_id=row.pk, is_satisfied=True, words="好", at=AT)
    row.refresh_from_db()
    assert row.state == "CLOSED"


def test_what_a_program_issued_is_verified_by_the_role_of_the_department(cast, issue):
    row = issue("system")
    answering.answer(actor=SYSTEM, notice_id=row.pk, answer=SAID, at=AT)
    held = task(row, "verify")
    assert (held.owner_id, held.role_id) == (None, "follow_up_agent")


@pytest.mark.parametrize("who", ["stranger", "technician"])
def test_others_neither_see_nor_answer(cast, acting, issue, who):
    row = issue()
    with pytest.raises((NotFound, NotAllowed)):
        answering.receive(actor=acting(getattr(cast, who)), notice_id=row.pk, at=AT)
    assert who != "stranger" or not Notice.objects.filter(pk=row.pk).exists()  # the second wall


def test_nobody_puts_a_customer_on_a_notice_whom_he_does_not_see(cast, issue):
    db.set_scope(SYSTEM)
    foreign = garage.customer("外店客户", "13600007709", cast.other_outlet_id)
    with pytest.raises(NotFound):
        issue(customer_id=foreign.pk)
    with pytest.raises(NotAllowed):
        issue(outlet=cast.other_outlet_id)


def test_a_task_of_a_notice_does_not_end_by_hand(cast, acting, issue):
    row = issue()
    held = task(row, "answer")
    with pytest.raises(Conflict):
        working.finish(
            actor=acting(cast.service), task_id=held.pk, ending=working.Ending("ANSWERED"), at=AT
        )  # fmt: skip


@pytest.mark.parametrize("before", State.values)
def test_every_move_that_is_not_named_is_refused(before):
    assert {after for after in State.values if policy.may_move(before, after)} == MOVES[before]
    assert policy.is_over(before) == (before in ENDED) == (not MOVES[before])


def test_the_database_keeps_what_was_said(cast, acting, issue):
    row = issue()
    made = answering.answer(actor=acting(cast.service), notice_id=row.pk, answer=SAID, at=AT)
    db.set_scope(SYSTEM)
    for change in ({"cause": "别的"}, {"number": 7}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Round.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Round.objects.filter(pk=made.pk).update(is_satisfied=True)  # without a word and a day
    with pytest.raises(DatabaseError), transaction.atomic():
        Round.objects.filter(pk=made.pk).update(verdict="x")
    acting(cast.gm)
    assert Notice.objects.filter(pk=row.pk)._raw_delete("default") == 0


def test_departments_come_from_the_preset(cast):
    db.set_scope(SYSTEM)
    assert set(Department.objects.values_list("pk", flat=True)) >= {"SALES", "SERVICE", "PARTS"}
