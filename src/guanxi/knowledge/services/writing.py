"""Articles are written: the first version, or the next one; a draft is changed until it is sent to review (KM-03)."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from django.utils.translation import gettext_lazy as _

from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid, Problem
from guanxi.knowledge import policy
from guanxi.knowledge.models import Article, Question, Topic, Version
from guanxi.knowledge.permissions import Verb
from guanxi.knowledge.queries import articles as queries
from guanxi.knowledge.states import Stage
from guanxi.network.models import Node
from guanxi.records import services as records

SUBJECT = "knowledge.article"
LONGEST = {"title_zh": 120, "title_en": 200, "question_zh": 1000, "question_en": 1000, "answer_zh": 10000,
           "answer_en": 10000}  # fmt: skip
PART, MOST_PARTS = 40, 30


@dataclass(frozen=True)
class Words:
    """What a version of an article says, and when it holds."""

    title_zh: str
    title_en: str
    answer_zh: str
    answer_en: str
    valid_from: datetime.date
    question_zh: str = ""
    question_en: str = ""
    keywords: Sequence[str] = ()
    models_of: Sequence[str] = ()
    faults: Sequence[str] = ()
    valid_until: datetime.date | None = None


def write_article(
    *, actor: Actor, node_id: int, topic: str, words: Words, question_id: int | None = None, at: datetime.datetime
) -> Version:  # fmt: skip
    """Write the draft of a new article that a place keeps: checks the right there and the words, writes article and
    version, notes it at the question that it answers, audits.

    :raises NotAllowed: the actor does not write articles there.
    :raises NotFound: the question is none that the actor sees.
    :raises Conflict: an article was written from the question already.
    :raises Invalid: no known topic, or words that cannot be.
    """
    check(actor, Verb.WRITE, node_id)
    _refuse_unfit(words)
    if not Topic.objects.filter(pk=topic, is_active=True).exists():
        raise Invalid(_("Choose one of the values offered."), field="topic")
    if not Node.objects.filter(pk=node_id).exists():
        raise Invalid(_("Choose one of the values offered."), field="node")
    with db.atomic():
        asked = db.lock(queries.questions_visible_to(actor), question_id) if question_id is not None else None
        if asked is not None and asked.article_id is not None:
            raise Conflict(_("An article was written from this question already."))
        row = Article.objects.create(node_id=node_id, topic_id=topic, made_at=at)
        made = _add_version(actor, row, 1, words, at)
        if asked is not None:
            Question.objects.filter(pk=asked.pk).update(article=row)
        audit(actor, Verb.WRITE, made)
    return made


def change_article(*, actor: Actor, article_id: int, words: Words, at: datetime.datetime) -> Version:
    """Change the draft of an article, or begin its next version: locks, checks the right and the words, writes,
    audits. Whoever changes a draft is its author.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not write articles there.
    :raises Conflict: a version is being reviewed.
    :raises Invalid: words that cannot be.
    """
    _refuse_unfit(words)
    with db.atomic():
        row = locked(actor, article_id, Verb.WRITE)
        last = row.versions.order_by("-number").first()
        if last is not None and last.stage == Stage.IN_REVIEW:
            raise Conflict(_("A version is being reviewed: publish it or send it back first."))
        if last is None or last.stage != Stage.DRAFT:
            made = _add_version(actor, row, last.number + 1 if last else 1, words, at)
        else:
            made = last
            for name, value in _values(actor, words, at).items():
                setattr(made, name, value)
            made.save()
        audit(actor, Verb.WRITE, made)
    return made


def locked(actor: Actor, article_id: int, verb: Verb) -> Article:
    """Lock a visible article and check a right where it is kept.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor lacks the right there.
    """
    row = db.lock(queries.visible_to(actor), article_id)
    check(actor, verb, row.node_id)
    return row


def audit(actor: Actor, verb: str, row: Version) -> None:
    """Append the line of a change of a version to the trail."""
    after = {
        "version": row.number,
        "stage": row.stage,
        "title_zh": row.title_zh,
        "title_en": row.title_en,
        "note": row.note,
    }
    records.audit(
        actor=actor, verb=verb, subject_type=SUBJECT, subject_id=row.article_id, subject_label=row.article.number,
        node_id=row.article.node_id, after=after,
    )  # fmt: skip


def _add_version(actor: Actor, row: Article, number: int, words: Words, at: datetime.datetime) -> Version:
    return Version.objects.create(article=row, number=number, **_values(actor, words, at))


def _values(actor: Actor, words: Words, at: datetime.datetime) -> dict[str, object]:
    said = {item.name: getattr(words, item.name) for item in fields(words)}
    said = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    said |= {name: list(getattr(words, name)) for name in ("keywords", "models_of", "faults")}
    return {**said, **_found_by(words), "author_id": actor.user_id, "author": actor.name[:160], "written_at": at}


def _found_by(words: Words) -> dict[str, list[str]]:
    heads = [words.title_zh, words.title_en, *words.keywords, *words.models_of, *words.faults]
    return policy.found_by(heads, [words.question_zh, words.question_en, words.answer_zh, words.answer_en])


def _refuse_unfit(words: Words) -> None:
    """Refuse words that cannot be an article.

    :raises Invalid: everything wrong, each at its field.
    """
    problems = list(_flaws(words))
    if problems:
        raise Invalid(problems=problems)


def _flaws(words: Words) -> Iterator[Problem]:
    for name in ("title_zh", "title_en", "answer_zh", "answer_en"):
        if not getattr(words, name).strip():
            yield Problem(_("This is needed, in both languages."), name)
    for name, longest in LONGEST.items():
        if len(getattr(words, name).strip()) > longest:
            yield Problem(_("At most %(number)d signs.") % {"number": longest}, name)
    for name in ("keywords", "models_of", "faults"):
        parts = getattr(words, name)
        if len(parts) > MOST_PARTS or any(not part or len(part) > PART for part in parts):
            yield Problem(_("At most thirty entries of forty signs each."), name)
    if words.valid_until is not None and words.valid_until <= words.valid_from:
        yield Problem(_("It has to end after it begins."), "valid_until")
