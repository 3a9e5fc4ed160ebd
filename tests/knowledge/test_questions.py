"""Questions: before the expert of the topic with a deadline, answered, asked again, made an article of."""

import datetime

import pytest
from django.db import DatabaseError, transaction
from tests.knowledge.conftest import AT, WORDS

from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.knowledge.models import Answer, Question
from guanxi.knowledge.services import asking
from guanxi.worklist.models import Task


def tasks(row):
    db.set_scope(SYSTEM)
    rows = Task.objects.filter(subject_type="knowledge.question", subject_id=row.pk).order_by("pk")
    return list(rows.values_list("kind", "state", "role_id", "owner_id", "outcome"))


@pytest.mark.covers("KM-04", "KM-05", "CC-21", "CC-33")
def test_a_question_goes_to_the_expert_and_ends_when_it_helped(cast, acting, ask):
    row = ask()
    assert row.due_at == AT + datetime.timedelta(days=2, hours=8)  # the evening of the second working day
    assert tasks(row) == [("knowledge.answer", "OPEN", "after_sales_expert", None, "")]
    asking.answer(actor=acting(cast.planner), question_id=row.pk, words="检查分离轴承。", at=AT)
    asker = cast.service.user_id
    assert tasks(row) == [
        ("knowledge.answer", "DONE", "after_sales_expert", None, "ANSWERED"), ("knowledge.read", "OPEN", None, asker, ""),
    ]  # fmt: skip
    ended = asking.settle(actor=acting(cast.service), question_id=row.pk, at=AT)
    assert (ended.state, ended.ended_at) == ("SOLVED", AT)
    assert tasks(row)[-1] == ("knowledge.read", "DONE", None, asker, "HELPED")


def test_an_answer_that_is_not_enough_is_asked_again_and_stays(cast, acting, ask):
    row = ask()
    asking.answer(actor=acting(cast.planner), question_id=row.pk, words="检查轴承。", at=AT)
    later = AT + datetime.timedelta(days=1)
    with pytest.raises(Invalid):
        asking.ask_again(actor=acting(cast.service), question_id=row.pk, verdict=" ", at=later)
    again = asking.ask_again(actor=cast.service, question_id=row.pk, verdict="轴承是新的", at=later)
    assert (again.state, again.due_at) == ("ASKED", AT + datetime.timedelta(days=5, hours=8))  # over a weekend
    asking.answer(actor=acting(cast.planner), question_id=row.pk, words="检查总泵。", at=later)
    asking.settle(actor=acting(cast.service), question_id=row.pk, at=later)
    db.set_scope(SYSTEM)
    assert list(Answer.objects.order_by("number").values_list("words", "helped", "verdict")) == [
        ("检查轴承。", False, "轴承是新的"), ("检查总泵。", True, ""),
    ]  # fmt: skip
    with pytest.raises(DatabaseError, match="stays as it was said"), transaction.atomic():
        Answer.objects.filter(number=1).update(words="另一种说法")


def test_only_whoever_asked_says_that_it_helped(cast, acting, ask):
    row = ask()
    asking.answer(actor=acting(cast.planner), question_id=row.pk, words="检查轴承。", at=AT)
    for who in ("gm", "planner", "crm"):
        with pytest.raises(Conflict):
            asking.settle(actor=acting(getattr(cast, who)), question_id=row.pk, at=AT)
    with pytest.raises(NotFound):
        asking.settle(actor=acting(cast.stranger), question_id=row.pk, at=AT)


def test_who_is_no_expert_does_not_answer(cast, acting, ask):
    row = ask()
    for who in ("gm", "service", "agent"):
        with pytest.raises(NotAllowed):
            asking.answer(actor=acting(getattr(cast, who)), question_id=row.pk, words="也许", at=AT)
    acting(SYSTEM)
    assert not Answer.objects.exists()


def test_a_question_is_withdrawn_only_before_it_is_answered(cast, acting, ask):
    first, second = ask(), ask(words="另一个问题")
    assert asking.withdraw(actor=acting(cast.service), question_id=first.pk, at=AT).state == "WITHDRAWN"
    assert tasks(first)[0][1] == "SKIPPED"
    asking.answer(actor=acting(cast.planner), question_id=second.pk, words="这样做", at=AT)
    with pytest.raises(Conflict):
        asking.withdraw(actor=acting(cast.service), question_id=second.pk, at=AT)
    with pytest.raises(Conflict):
        asking.answer(actor=acting(cast.planner), question_id=second.pk, words="还有", at=AT)


def test_a_form_that_is_sent_twice_is_one_question(ask):
    assert ask(token="the-same-form").pk == ask(token="the-same-form").pk
    assert Question.objects.count() == 1


@pytest.mark.parametrize(("values", "field"), [({"words": " "}, "words"), ({"topic": "WEATHER"}, "topic")])
def test_what_cannot_be_asked_is_refused_at_its_field(ask, values, field):
    with pytest.raises(Invalid) as refusal:
        ask(**values, token="refused-form")
    assert refusal.value.problems[0].field == field
    assert not Question.objects.exists()


def test_a_question_becomes_one_article(cast, acting, ask, write):
    row = ask()
    asking.answer(actor=acting(cast.planner), question_id=row.pk, words="检查轴承。", at=AT)
    made = write(question_id=row.pk)
    row.refresh_from_db()
    assert row.article_id == made.article_id
    with pytest.raises(Conflict):
        write(question_id=row.pk, words=WORDS)
