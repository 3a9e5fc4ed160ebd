"""Going round: filed whole, corrected on its day, what is not fulfilled is asked to be put right, what is refused."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import translation
from tests.care.checking import (
    CODE,
    DAY,
    ITEMS,
    NOON,
    at,
    correct,
    days,
    fine,
    go,
    morning,
    settled,
    still_open,
    tasks,
    told,
)

from guanxi.care import tasks as care_tasks
from guanxi.care.models import Answer, CheckItem, Round, Shortcoming
from guanxi.care.policy.checklists import Reply
from guanxi.care.queries import rounds as queries
from guanxi.care.services import rounds
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.network.models import OutletProfile
from guanxi.records.models import AuditEntry
from guanxi.worklist.models import Task
from guanxi.worklist.services import working
from guanxi.worklist.services.working import Ending


@pytest.fixture(autouse=True)
def _english():
    """What is refused is read in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def here(cast):
    return settled(cast)


def said(row):
    return {answer.item.code: (answer.finding, answer.remark) for answer in queries.answers(row)}


def ended():
    return sorted(Shortcoming.objects.filter(found_on=DAY).values_list("item_code", "ending", "ended_on"))


@pytest.mark.covers("CARE-01", "CARE-17")
def test_a_round_is_filed_with_its_answers_and_ends_its_task(here):
    morning()
    row = go(here.crm, here.outlet_id, fine(rewards="-", board="看板黑屏"))
    (task,) = [item for item in tasks(here.outlet_id, "care.round", live=False) if item.key == row.task_key]
    assert (row.person_id, row.person_name, row.filed_at) == (here.crm.user_id, here.crm.name, at())
    assert (row.fulfilled, row.missing) == (4, 1)
    assert list(said(row)) == list(ITEMS)
    assert said(row)["board"] == ("MISSING", "看板黑屏")
    assert said(row)["rewards"] == ("NOT_APPLICABLE", "")
    assert (task.state, task.outcome, task.finished_by_id) == ("DONE", "FILED", here.crm.user_id)
    line = AuditEntry.objects.get(verb="care.file_rounds", subject_id=row.pk)
    assert line.after["board"] == "MISSING: 看板黑屏"
    assert line.node_id == here.outlet_id


@pytest.mark.covers("CARE-01", "CARE-17")
def test_what_is_not_fulfilled_becomes_a_task_at_once_with_its_words_and_a_deadline_in_working_time(here):
    go(here.crm, here.outlet_id, fine(board="看板黑屏", catering="没有茶点"), time="16:00")
    first, second = tasks(here.outlet_id)
    assert (first.kind, first.role_id, first.made_by_id) == ("care.shortcoming", "service_manager", here.crm.user_id)
    assert first.due_at == at(DAY + days(1), "11:00")  # two hours until six, two more from nine
    for language, words, why in (
        ("zh-hans", "电子看板显示维修进度：看板黑屏", "维修等待关怀（开店）"),
        ("en", "Electronic board shows the state of repairs: 看板黑屏", "Not fulfilled in the round of 2026-06-10"),
    ):
        with translation.override(language):
            assert first.title == words
            assert why in first.why
    assert second.key == Shortcoming.objects.get(item_code="catering", ended_on=None).task_key


def test_working_days_are_those_of_the_calendar(here):
    """The Dragon Boat Festival of 2026 is a Friday and makes a long weekend."""
    day = DAY + days(8)
    go(here.crm, here.outlet_id, fine(("told_in_time", "messages", "invited"), invited="无人"), code="before_delivery",
       day=day)  # fmt: skip
    assert clock.day_of(tasks(here.outlet_id)[0].due_at) == DAY + days(12)


@pytest.mark.covers("CARE-01")
def test_a_shortcoming_is_put_right_when_its_task_is_done(here):
    go(here.crm, here.outlet_id, fine(board="看板黑屏"))
    (task,) = tasks(here.outlet_id)
    db.set_scope(here.service)
    done = working.finish(actor=here.service, task_id=task.pk, ending=Ending("PUT_RIGHT"), at=at(time="10:00"))
    told(done)
    assert still_open(here.outlet_id) == []
    (row,) = Shortcoming.objects.filter(found_on=DAY)
    assert (row.ending, row.ended_on) == ("PUT_RIGHT", clock.today())
    assert AuditEntry.objects.get(verb="care.put_right").subject_id == str(row.pk)


def test_one_whose_task_is_left_undone_stays_open_and_is_asked_for_again(here):
    go(here.crm, here.outlet_id, fine(board="看板黑屏"))
    (task,) = tasks(here.outlet_id)
    db.set_scope(here.service)
    told(working.skip(actor=here.service, task_id=task.pk, reason="等备件", at=at(time="10:00")))
    assert still_open(here.outlet_id) == [(CODE, "board", "看板黑屏", DAY)]
    assert tasks(here.outlet_id) == []
    go(here.crm, here.outlet_id, fine(board="仍然黑屏"), day=DAY + days(1))
    assert still_open(here.outlet_id) == [(CODE, "board", "仍然黑屏", DAY)]
    assert [item.key for item in tasks(here.outlet_id)] == [task.key]


def test_the_end_of_another_task_means_nothing_here(here):
    go(here.crm, here.outlet_id, fine(board="看板黑屏"))
    care_tasks.follow_task(kind="care.call", key="care:x:1", state="DONE", outcome="DONE", person_id=None)
    assert len(still_open(here.outlet_id)) == 1


def test_found_again_it_is_the_same_shortcoming_and_seen_right_it_ends_with_its_task(here):
    go(here.crm, here.outlet_id, fine(board="看板黑屏"))
    go(here.crm, here.outlet_id, fine(board="还是黑屏"), day=DAY + days(1))
    assert still_open(here.outlet_id) == [(CODE, "board", "还是黑屏", DAY)]
    (task,) = tasks(here.outlet_id)
    go(here.crm, here.outlet_id, fine(board="-"), day=DAY + days(2))
    assert len(still_open(here.outlet_id)) == 1  # where it does not apply nobody has seen it right
    go(here.crm, here.outlet_id, day=DAY + days(5))
    assert still_open(here.outlet_id) == []
    assert ended() == [("board", "SEEN_RIGHT", DAY + days(5))]
    task.refresh_from_db()
    assert (task.state, task.outcome) == ("DONE", "SEEN_RIGHT")
    told(task)
    assert ended() == [("board", "SEEN_RIGHT", DAY + days(5))]


def test_lists_do_not_share_their_shortcomings(here):
    go(here.crm, here.outlet_id, fine(board="看板黑屏"))
    go(here.crm, here.outlet_id, fine(NOON), code="waiting_repair_noon", time="12:00")
    assert still_open(here.outlet_id) == [(CODE, "board", "看板黑屏", DAY)]


def test_on_its_day_whoever_filed_it_corrects_it_and_the_trail_keeps_the_earlier_answers(here):
    row = go(here.crm, here.outlet_id, fine(board="看板黑屏"))
    after = correct(here.crm, row, fine(catering="没有茶点"))
    assert (after.fulfilled, after.missing, after.corrected_at, after.filed_at) == (5, 1, at(time="11:00"), at())
    assert said(row)["board"] == ("FULFILLED", "")
    assert still_open(here.outlet_id) == [(CODE, "catering", "没有茶点", DAY)]
    assert ended()[0] == ("board", "WITHDRAWN", DAY)
    assert [task.state for task in tasks(here.outlet_id, live=False)] == ["SKIPPED", "OPEN"]
    line = AuditEntry.objects.get(verb="care.correct_round")
    assert line.before == {"board": "MISSING: 看板黑屏", "catering": "FULFILLED"}
    assert line.after == {"board": "FULFILLED", "catering": "MISSING: 没有茶点"}


def test_a_correction_that_says_the_same_is_none(here):
    row = go(here.crm, here.outlet_id, fine(board="看板黑屏"))
    assert correct(here.crm, row, fine(board="看板黑屏")).corrected_at is None
    assert not AuditEntry.objects.filter(verb="care.correct_round").exists()


def test_nobody_else_corrects_it_and_nobody_later(here):
    row = go(here.crm, here.outlet_id)
    with pytest.raises(Conflict):
        correct(here.gm, row, fine(board="x"))
    with pytest.raises(Invalid, match="never later"):
        correct(here.crm, row, fine(board="x"), day=DAY + days(1))
    with pytest.raises(NotAllowed):
        correct(here.advisor, row, fine())  # sees rounds, and does not go round
    with pytest.raises(NotFound):
        correct(here.stranger, row, fine())


def test_a_round_that_nobody_filed_cannot_be_corrected(here):
    morning()
    row = Round.objects.get(outlet_id=here.outlet_id, day=DAY, code=CODE)
    with pytest.raises(Conflict):
        correct(here.crm, row, fine())


def test_a_round_is_filed_once(here):
    go(here.crm, here.outlet_id)
    with pytest.raises(Conflict, match=here.crm.name):
        go(here.gm, here.outlet_id)
    assert Round.objects.filter(outlet_id=here.outlet_id, day=DAY, code=CODE).count() == 1


WRONG = {
    "unknown item": (fine() | {"toilets": Reply("FULFILLED")}, "result_toilets"),
    "remark missing": (fine() | {"board": Reply("MISSING", " ")}, "remark_board"),
    "item unsaid": ({key: value for key, value in fine().items() if key != "media"}, "result_media"),
    "no such answer": (fine() | {"board": Reply("PERHAPS")}, "result_board"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_fit_is_refused_at_its_field_and_nothing_is_kept(here, name):
    replies, field = WRONG[name]
    with pytest.raises(Invalid) as refused:
        go(here.crm, here.outlet_id, replies)
    assert [problem.field for problem in refused.value.problems] == [field]
    db.set_scope(SYSTEM)
    assert not Round.objects.filter(day=DAY).exists()
    assert not Task.objects.exists()


def test_yesterday_and_tomorrow_are_refused(here):
    db.set_scope(here.crm)
    for day in (DAY - days(1), DAY + days(1)):
        with pytest.raises(Invalid, match="on its day") as refused:
            rounds.file_round(
                actor=here.crm, outlet_id=here.outlet_id, code=CODE, day=day, replies=fine(), at=at()
            )  # fmt: skip
        assert refused.value.field == "day"


def test_another_outlet_is_refused(here):
    with pytest.raises(NotAllowed):
        go(here.crm, here.other_outlet_id)
    with pytest.raises(NotAllowed):
        go(here.sales, here.outlet_id)
    with pytest.raises(NotAllowed):
        go(here.hq, here.outlet_id)  # headquarters look; they do not go round


def test_a_list_that_is_not_gone_through_there_is_refused(here):
    with pytest.raises(NotFound):
        go(here.crm, here.outlet_id, code="no_such_list")
    db.set_scope(SYSTEM)
    OutletProfile.objects.filter(node_id=here.outlet_id).update(sells=False)
    with pytest.raises(NotFound):
        go(here.crm, here.outlet_id, code="before_delivery")


@pytest.mark.covers("NFR-06")
def test_the_database_hides_the_rounds_of_other_places(here, acting):
    row = go(here.crm, here.outlet_id, fine(board="看板黑屏"))
    for actor, seen in ((here.gm, 1), (here.branch, 1), (here.auditor, 1), (here.stranger, 0)):
        acting(actor)
        assert Round.objects.filter(pk=row.pk).count() == seen
        assert Answer.objects.filter(round_id=row.pk).count() == seen * 6
        assert Shortcoming.objects.filter(round_id=row.pk).count() == seen
        assert queries.visible_to(actor).filter(pk=row.pk).count() == seen
    acting(here.stranger)
    with pytest.raises(NotFound):
        queries.round_of(here.stranger, row.pk)


def half(row):
    Answer.objects.filter(round_id=row.pk, item__code="board").update(finding="FULFILLED", remark="")


def strange(row):
    other = CheckItem.objects.get(list__code="in_store", code="surveys")
    Answer.objects.create(round_id=row.pk, item=other, finding="FULFILLED")


def unfiled(row):
    Round.objects.create(
        list=row.list, code=row.code, outlet_id=row.outlet_id, day=DAY + days(1), filed_at=at(DAY + days(1)),
        person_name="x",
    )  # fmt: skip


@pytest.mark.parametrize("break_it", [half, strange, unfiled])
def test_the_database_refuses_half_a_round(here, break_it):
    row = go(here.crm, here.outlet_id, fine(board="看板黑屏"))
    db.set_scope(SYSTEM)
    with pytest.raises(IntegrityError, match="filed whole"), transaction.atomic():
        break_it(row)
        transaction.get_connection().check_constraints()


NONSENSE = {
    "another day": {"filed_at": at(DAY + days(9))}, "counts": {"fulfilled": -1}, "a name": {"person_name": ""},
    "corrected before": {"corrected_at": at(DAY - days(1))}, "another outlet": {"outlet_id": 1},
    "moved": {"day": DAY + days(1)},
}  # fmt: skip


@pytest.mark.parametrize("values", NONSENSE.values(), ids=NONSENSE)
def test_the_database_refuses_nonsense(here, values):
    row = go(here.crm, here.outlet_id)
    db.set_scope(SYSTEM)
    with pytest.raises(DatabaseError), transaction.atomic():
        Round.objects.filter(pk=row.pk).update(**values)


def test_the_database_keeps_what_was_filed_and_one_open_shortcoming_of_an_item(here):
    row = go(here.crm, here.outlet_id, fine(board="看板黑屏"))
    db.set_scope(SYSTEM)
    assert Answer.objects.filter(round_id=row.pk)._raw_delete("default") == 0
    assert Round.objects.filter(pk=row.pk)._raw_delete("default") == 0
    held = Shortcoming.objects.get(round_id=row.pk)
    for values in ({"pk": None}, {"ending": "PUT_RIGHT"}, {"remark": ""}):
        copy = Shortcoming.objects.get(pk=held.pk)
        for name, value in values.items():
            setattr(copy, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            copy.save()
    answer = Answer.objects.filter(round_id=row.pk, finding="FULFILLED").first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.filter(pk=answer.pk).update(remark="why?")
