"""Leading a crisis: a log that only grows, a statement that two people answer for, an end with a conclusion."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from tests.crisis.conftest import AT, fresh, hours, log

from guanxi.crisis.models import Crisis, Entry, Statement
from guanxi.crisis.queries import rooms
from guanxi.crisis.services import leading, statements
from guanxi.crisis.states import MOVES, State
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.worklist.models import Task


def test_the_log_is_kept_as_it_was_written_even_from_who_sees_everything(cast, acting, room):
    row = room()
    leading.note(actor=acting(cast.gm), crisis_id=row.pk, act="DECIDED", words="当天退还车款", at=AT + hours(1))
    acting(SYSTEM)
    entry = row.entries.get(act="DECIDED")
    assert (entry.words, entry.person_name, entry.at) == ("当天退还车款", cast.gm.name, AT + hours(1))
    for change in (lambda: Entry.objects.filter(pk=entry.pk).update(words="什么也没有"), entry.delete):
        with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
            change()
    assert Entry.objects.get(pk=entry.pk).words == "当天退还车款"


def test_what_the_system_notes_is_not_written_by_hand(cast, acting, room):
    row = room()
    for act in ("TOLD", "CLOSED", "X"):
        with pytest.raises(Invalid):
            leading.note(actor=acting(cast.gm), crisis_id=row.pk, act=act, words="x", at=AT)
    with pytest.raises(Invalid):
        leading.note(actor=cast.gm, crisis_id=row.pk, act="HEARD", words=" ", at=AT)


def test_a_statement_is_approved_by_somebody_else_and_then_said(cast, acting, room):
    row = room()
    made = statements.draft(actor=acting(cast.gm), crisis_id=row.pk, words="我们正在逐台检查。", at=AT)
    with pytest.raises(Conflict, match="Somebody else"):
        statements.approve(actor=cast.gm, statement_id=made.pk, at=AT)
    with pytest.raises(Conflict):
        statements.say(actor=cast.gm, statement_id=made.pk, said_to="晚报", said_at=AT, at=AT)
    statements.approve(actor=acting(cast.branch), statement_id=made.pk, at=AT + hours(1))
    for said_at in (AT, AT + hours(3)):  # before the approval, in the future
        with pytest.raises(Invalid):
            statements.say(
                actor=acting(cast.gm), statement_id=made.pk, said_to="晚报", said_at=said_at, at=AT + hours(2)
            )
    said = statements.say(
        actor=acting(cast.gm), statement_id=made.pk, said_to="晚报", said_at=AT + hours(1), at=AT + hours(2)
    )
    assert (said.stage, said.said_to, said.approved_by, said.written_by) == (
        "SAID", "晚报", cast.branch.name, cast.gm.name,
    )  # fmt: skip
    assert [act for act, _words in log(row)][-3:] == ["DRAFTED", "APPROVED", "SAID"]


def test_the_database_holds_the_words_and_the_four_eyes(cast, acting, room):
    row = room()
    made = statements.draft(actor=acting(cast.gm), crisis_id=row.pk, words="第一版", at=AT)
    second = statements.draft(actor=cast.gm, crisis_id=row.pk, words="第二版", at=AT)
    assert [item.version for item in rooms.statements(row)] == [2, 1]
    acting(SYSTEM)
    rows = Statement.objects.filter(pk=made.pk)
    for values in ({"words": "另一版"}, {"written_by_id": None}):
        with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
            rows.update(**values)
    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        rows.update(stage="APPROVED", approved_at=AT, approved_by_id=cast.gm.user_id)
    with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
        second.delete()


def test_it_calms_down_closes_with_a_conclusion_and_opens_again_with_a_reason(cast, acting, complain, room):
    complaint = complain()
    row, gm = room(complaint_id=complaint.pk), acting(cast.gm)
    with pytest.raises(Conflict):
        leading.close(actor=gm, crisis_id=row.pk, words="太早", at=AT)
    leading.calm(actor=gm, crisis_id=row.pk, words="三位车主同意检查", at=AT + hours(5))
    assert Task.objects.get(key=row.lead_key).outcome == "CALMED"
    with pytest.raises(Invalid):
        leading.close(actor=gm, crisis_id=row.pk, words=" ", at=AT)
    leading.close(actor=gm, crisis_id=row.pk, words="踏板衬套批次不良，已全部更换", at=AT + hours(30))
    held = fresh(row)
    assert (held.state, held.conclusion, held.closed_at) == ("CLOSED", "踏板衬套批次不良，已全部更换", AT + hours(30))
    assert rooms.linked([complaint.pk]) == frozenset()
    with pytest.raises(Conflict):
        leading.note(actor=acting(cast.gm), crisis_id=row.pk, act="HEARD", words="x", at=AT)
    leading.reopen(actor=acting(cast.gm), crisis_id=row.pk, reason="又有一位车主", at=AT + hours(50))
    held = fresh(row)
    assert (held.state, held.conclusion, held.closed_at) == ("OPEN", "", None)
    assert rooms.linked([complaint.pk]) == {complaint.pk}
    assert Task.objects.filter(key=row.lead_key, state="OPEN").count() == 1
    assert ("CLOSED", "踏板衬套批次不良，已全部更换") in log(row)


def test_it_does_not_open_again_over_a_complaint_that_is_elsewhere(cast, acting, complain, room):
    complaint = complain()
    row, gm = room(complaint_id=complaint.pk), acting(cast.gm)
    leading.calm(actor=gm, crisis_id=row.pk, words="x", at=AT)
    leading.close(actor=gm, crisis_id=row.pk, words="x", at=AT)
    room(complaint_id=complaint.pk)
    with pytest.raises(Conflict, match="another crisis"):
        leading.reopen(actor=acting(cast.gm), crisis_id=row.pk, reason="x", at=AT)
    assert fresh(row).state == "CLOSED"


def test_the_table_of_moves_knows_every_state_and_closing_is_never_the_first():
    assert set(MOVES) == set(State.values)
    assert State.CLOSED not in MOVES[State.OPEN]


def test_no_crisis_is_closed_without_a_conclusion_in_the_database(cast, acting, room):
    row = room()
    acting(SYSTEM)
    with pytest.raises(IntegrityError, match="conclusion"), transaction.atomic():
        Crisis.objects.filter(pk=row.pk).update(state="CLOSED", closed_at=AT)


def test_another_assessment_says_why(cast, acting, room):
    row = room()
    values = {"risk": "EXTREME", "amount": 900000, "spokesperson": "方总", "types": ["SAFETY", "JUDICIAL"]}
    leading.assess(actor=acting(cast.gm), crisis_id=row.pk, values=values, reason="律师函到了", at=AT)
    held = fresh(row)
    assert (held.risk, held.amount, held.spokesperson, held.types, held.title) == (
        "EXTREME", 900000, "方总", ["SAFETY", "JUDICIAL"], "制动踏板异响",
    )  # fmt: skip
    assert ("CHANGED", "律师函到了") in log(row)
    with pytest.raises(Invalid):
        leading.assess(actor=acting(cast.gm), crisis_id=row.pk, values={"types": []}, reason="x", at=AT)


def test_somebody_else_is_put_in_charge_and_gets_the_task(cast, acting, room):
    row = room("planner", owner_id=cast.planner.user_id)
    leading.put_in_charge(
        actor=acting(cast.planner), crisis_id=row.pk, person_id=cast.gm.user_id, reason="在现场", at=AT
    )
    assert fresh(row).owner_name == cast.gm.name
    assert Task.objects.get(key=row.lead_key).owner_id == cast.gm.user_id
    for person in (cast.gm.user_id, cast.advisor.user_id):
        with pytest.raises(Invalid):
            leading.put_in_charge(actor=acting(cast.planner), crisis_id=row.pk, person_id=person, reason="x", at=AT)


def test_work_has_a_person_and_a_deadline(cast, acting, room):
    row = room()
    due = AT + datetime.timedelta(hours=3)
    task = leading.give_work(
        actor=acting(cast.gm), crisis_id=row.pk, person_id=cast.gm.user_id, words="拟写说明", due_at=due, at=AT
    )
    assert (task.owner_id, task.due_at, task.note, task.priority) == (cast.gm.user_id, due, "拟写说明", 1)
    assert task.pk in {item.pk for item in rooms.owed(row)}
    with pytest.raises(Invalid, match="past"):
        leading.give_work(
            actor=acting(cast.gm), crisis_id=row.pk, person_id=cast.gm.user_id, words="x", due_at=AT, at=AT
        )


def test_who_may_see_may_not_yet_lead_and_others_do_not_see_it(cast, acting, room):
    row = room()
    with pytest.raises(NotAllowed):
        leading.note(actor=acting(cast.auditor), crisis_id=row.pk, act="HEARD", words="x", at=AT)
    for who in (cast.service, cast.stranger, cast.advisor):
        with pytest.raises(NotFound):
            rooms.crisis(acting(who), row.pk)
    for who in (cast.gm, cast.branch, cast.planner, cast.auditor):
        assert rooms.crisis(acting(who), row.pk) == row


def test_row_security_hides_it_from_other_outlets(cast, acting, room):
    row = room()
    statements.draft(actor=acting(cast.gm), crisis_id=row.pk, words="x", at=AT)
    tables = ("crisis_crisis", "crisis_entry", "crisis_statement")
    for who, count in ((cast.gm, 1), (cast.stranger, 0)):
        acting(who)
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"SELECT count(*) FROM {table}")
                assert min(cursor.fetchone()[0], 1) == count, table
