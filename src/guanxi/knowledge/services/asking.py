"""A question that no article answers goes to the expert of its topic, and ends when whoever asked is helped (KM-04)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.foundation import db, events
from guanxi.foundation.actor import SYSTEM, Actor, check
from guanxi.foundation.errors import Conflict, Invalid
from guanxi.knowledge import policy
from guanxi.knowledge.events import QuestionAsked
from guanxi.knowledge.models import Answer, Question, Topic
from guanxi.knowledge.permissions import Verb
from guanxi.knowledge.queries import articles as queries
from guanxi.knowledge.states import Ending, State
from guanxi.network.models import Node
from guanxi.records import services as records
from guanxi.worklist.services import adding, working
from guanxi.worklist.services.deadlines import Asked, Term, reckon

SUBJECT = "knowledge.question"
ANSWER, READ = "knowledge.answer", "knowledge.read"
LONGEST, ANSWERED, SHORT, READ_DAYS = 2000, 10000, 400, 3
REASONS = {ANSWER: gettext_noop("Somebody asks: %(what)s"), READ: gettext_noop("The expert answers: %(what)s")}


@dataclass(frozen=True)
class NewQuestion:
    """What is asked, and where. ``token`` names the form that was sent: the same one again is the same question."""

    node_id: int
    topic: str
    words: str
    token: str
    models_of: Sequence[str] = ()
    faults: Sequence[str] = ()


def ask(*, actor: Actor, question: NewQuestion, at: datetime.datetime) -> Question:
    """Put a question before the expert of its topic: checks the right there and what is asked, reckons the deadline on
    the place's calendar, writes it with the expert's task, audits, publishes QuestionAsked. The same form again returns
    what it made.

    :raises NotAllowed: the actor may not ask there.
    :raises Invalid: no known topic, or no words.
    """
    check(actor, Verb.ASK, question.node_id)
    words = question.words.strip()[:LONGEST]
    topic = Topic.objects.filter(pk=question.topic, is_active=True).first()
    if topic is None:
        raise Invalid(_("Choose one of the values offered."), field="topic")
    if not Node.objects.filter(pk=question.node_id).exists():
        raise Invalid(_("Choose one of the values offered."), field="node")
    if not words:
        raise Invalid(_("Say what you ask."), field="words")
    with db.atomic():
        db.serialise(f"knowledge.{question.token}")
        earlier = Question.objects.filter(token=question.token, asked_by_id=actor.user_id).first()
        if earlier is not None:
            return earlier
        asked = Asked(ANSWER, question.node_id, at, None, topic.answer_days, None)
        row = Question.objects.create(
            node_id=question.node_id, topic=topic, words=words, token=question.token[:64], asked_at=at,
            asked_by_id=actor.user_id, asked_by=actor.name[:160], due_at=reckon([asked], at)[asked].due_at,
            models_of=list(question.models_of), faults=list(question.faults),
        )  # fmt: skip
        _task(actor, row, ANSWER, Term(days=topic.answer_days), at)
        records.audit(actor=actor, verb=Verb.ASK, **line(row))
        events.publish(QuestionAsked(row.pk, topic.pk, row.node_id))
    return row


def answer(*, actor: Actor, question_id: int, words: str, at: datetime.datetime) -> Answer:
    """Answer a question: locks, checks, writes the answer, ends the expert's task, asks whoever asked whether it helps,
    audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor is no expert there.
    :raises Conflict: it stands elsewhere by now.
    :raises Invalid: no words.
    """
    said = words.strip()[:ANSWERED]
    if not said:
        raise Invalid(_("Say the answer."), field="words")
    with db.atomic():
        row = _moved(actor, question_id, State.ANSWERED)
        check(actor, Verb.ANSWER, row.node_id)
        row.rounds += 1
        made = Answer.objects.create(
            question=row, number=row.rounds, words=said, answered_by=actor.name[:160], answered_at=at
        )
        row.save()
        working.settle(actor=SYSTEM, key=row.key(ANSWER), outcome=Ending.ANSWERED, at=at)
        if row.asked_by_id is not None:
            _task(actor, row, READ, Term(days=READ_DAYS), at)
        records.audit(actor=actor, verb=Verb.ANSWER, **line(row, {"answer": said}))
    return made


def settle(*, actor: Actor, question_id: int, at: datetime.datetime) -> Question:
    """Say that the answer helped: locks, checks that the actor asked, writes, ends his task, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises Conflict: somebody else asked, or it stands elsewhere by now.
    """
    with db.atomic():
        row = own(actor, _moved(actor, question_id, State.SOLVED))
        row.ended_at = at
        row.save()
        row.answers.filter(number=row.rounds).update(helped=True)
        working.settle(actor=SYSTEM, key=row.key(READ), outcome=Ending.HELPED, at=at)
        records.audit(actor=actor, verb="knowledge.settle", **line(row))
    return row


def ask_again(*, actor: Actor, question_id: int, verdict: str, at: datetime.datetime) -> Question:
    """Say what is still open after an answer: locks, checks that the actor asked, writes, reckons a new deadline, ends
    his task, writes that of the expert, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises Conflict: somebody else asked, or it stands elsewhere by now.
    :raises Invalid: no words.
    """
    said = " ".join(verdict.split())[:SHORT]
    if not said:
        raise Invalid(_("Say what is still open."), field="verdict")
    with db.atomic():
        row = own(actor, _moved(actor, question_id, State.ASKED))
        row.answers.filter(number=row.rounds).update(helped=False, verdict=said)
        working.settle(actor=SYSTEM, key=row.key(READ), outcome=Ending.ASKED_AGAIN, at=at)
        row.due_at = _task(actor, row, ANSWER, Term(days=row.topic.answer_days), at, said)
        row.save()
        records.audit(actor=actor, verb="knowledge.ask_again", **line(row, {"verdict": said}))
    return row


def withdraw(*, actor: Actor, question_id: int, at: datetime.datetime) -> Question:
    """Withdraw a question that nobody has answered: locks, checks that the actor asked, writes, takes the expert's task
    away, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises Conflict: somebody else asked, or it stands elsewhere by now.
    """
    with db.atomic():
        row = own(actor, _moved(actor, question_id, State.WITHDRAWN))
        row.ended_at = at
        row.save()
        working.withdraw(actor=SYSTEM, key=row.key(ANSWER), reason=str(_("The question was withdrawn.")), at=at)
        records.audit(actor=actor, verb="knowledge.withdraw", **line(row))
    return row


def line(row: Question, said: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what the trail keeps of a step, but for who took it and which it was."""
    after = {"state": row.state, "topic": row.topic_id, "due_at": row.due_at.isoformat(), "rounds": row.rounds}
    return {
        "subject_type": SUBJECT, "subject_id": row.pk, "subject_label": row.number, "node_id": row.node_id,
        "after": after | (said or {}),
    }  # fmt: skip


def _moved(actor: Actor, question_id: int, state: State) -> Question:
    row = db.lock(queries.questions_visible_to(actor).select_related("topic"), question_id)
    if not policy.may_move(row.state, state):
        raise Conflict(
            _("This cannot follow: the question stands at “%(state)s”.") % {"state": row.get_state_display()}
        )
    row.state = state
    return row


def own(actor: Actor, row: Question) -> Question:
    """Return a question that the actor asked.

    :raises Conflict: somebody else asked.
    """
    if not actor.is_system and (actor.user_id is None or row.asked_by_id != actor.user_id):
        raise Conflict(_("Only whoever asked can say that."))
    return row


def _task(
    actor: Actor, row: Question, kind: str, term: Term, at: datetime.datetime, words: str = ""
) -> datetime.datetime:  # fmt: skip
    """Write the task of a step as the system: of the expert's role, or of whoever asked. Return when it is due."""
    to = {"role": row.topic.expert_id} if kind == ANSWER else {"owner_id": row.asked_by_id}
    short = " ".join((words or row.words).split())[:80]
    task = adding.NewTask(
        kind=kind, key=row.key(kind), node_id=row.node_id, reason=REASONS[kind], due=term, subject_type=SUBJECT,
        subject_id=row.pk, subject_label=row.number, values={"what": short, "what_en": short, "who": actor.name}, **to,
    )  # fmt: skip
    db.widen(row.node_id)
    return adding.add_task(actor=SYSTEM, task=task, at=at).due_at
