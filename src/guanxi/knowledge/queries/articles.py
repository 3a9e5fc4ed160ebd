"""Reads of knowledge: what is found for words, articles with their versions, questions with their answers."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, TextField, Value

from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound, Text
from guanxi.knowledge import policy
from guanxi.knowledge.models import Answer, Article, Demand, Question, Topic, Use, Version
from guanxi.knowledge.permissions import Verb
from guanxi.knowledge.states import Stage, Worth
from guanxi.network import queries as network
from guanxi.network.states import Kind

KEEPERS = (Kind.GROUP, Kind.BRAND, Kind.DEPARTMENT, Kind.CALL_CENTRE, Kind.BRANCH, Kind.OUTLET)
MOST_PLACES, HEAD = 400, 2
REVIEWED = Version.objects.filter(reviewed_at__isnull=False)


def _works(actor: Actor) -> frozenset[int] | None:
    """Return where an actor writes or reviews articles; None: everywhere."""
    writes, reviews = actor.where(Verb.WRITE), actor.where(Verb.REVIEW)
    return None if writes is None or reviews is None else writes | reviews


def visible_to(actor: Actor) -> QuerySet[Article]:
    """Return the articles kept where the actor reads knowledge, or above; what was never published only where he writes
    or reviews.
    """
    where, works, rows = actor.where(Verb.VIEW), _works(actor), Article.objects.all()
    if where is not None:
        rows = rows.filter(db.among("node_id", where | actor.scope.above if where else ()))
    if works is None:
        return rows
    return rows.filter(Q(db.among("node_id", works)) | Q(Exists(REVIEWED.filter(article=OuterRef("pk")))))


def article(actor: Actor, pk: int) -> Article:
    """Return one visible article with its topic and place.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("topic", "node").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def may_work_on(actor: Actor, row: Article) -> bool:
    """Say whether an actor writes or reviews articles where this one is kept."""
    return actor.can(Verb.WRITE, row.node_id) or actor.can(Verb.REVIEW, row.node_id)


def versions(actor: Actor, row: Article) -> list[Version]:
    """Return the versions of a visible article, newest first: what was never published only for those who write or
    review there; one query.
    """
    rows = row.versions.order_by("-number")
    if not may_work_on(actor, row):
        rows = rows.filter(reviewed_at__isnull=False)
    return list(rows)


def published(actor: Actor) -> QuerySet[Version]:
    """Return the published versions of visible articles."""
    rows = Version.objects.filter(stage=Stage.PUBLISHED, article__in=visible_to(actor).values("pk"))
    return rows.select_related("article__topic", "article__node")


def in_force(actor: Actor, day: datetime.date) -> QuerySet[Version]:
    """Return the published versions of visible articles that hold on a day."""
    return published(actor).filter(Q(valid_until=None) | Q(valid_until__gt=day), valid_from__lte=day)


def newest(actor: Actor) -> QuerySet[Version]:
    """Return the newest version of each article that the actor may see of it: the list of articles."""
    works, rows = _works(actor), Version.objects.filter(article__in=visible_to(actor).values("pk"))
    if works is not None:
        rows = rows.filter(Q(db.among("article__node_id", works)) | Q(reviewed_at__isnull=False))
    last = rows.order_by("article_id", "-number").distinct("article_id").values("pk")
    return Version.objects.filter(pk__in=last).select_related("article__topic", "article__node")


def _common(field: str, found: Sequence[str]) -> Func:
    held = Value(list(found), output_field=ArrayField(TextField()))
    return Func(F(field), held, function="knowledge_common", output_field=IntegerField())


def match(rows: QuerySet[Version], text: str, *, whole: bool = False) -> QuerySet[Version]:
    """Keep the versions that hold at least half of the words of a text, or all with ``whole``; a text without words
    keeps nothing.
    """
    asked = policy.asked(text)
    if not asked:
        return rows.none()
    least = len(asked) if whole else policy.enough(len(asked))
    return rows.annotate(held=_common("words", asked)).filter(held__gte=least)


def find(actor: Actor, text: str, day: datetime.date, limit: int, *, whole: bool = False) -> list[Version]:
    """Return what is found for a text, the best first: a word of the title or the keywords counts thrice; one query."""
    asked = policy.asked(text)
    score = _common("words", asked) + HEAD * _common("heads", asked)
    return list(match(in_force(actor, day), text, whole=whole).order_by(score.desc(), "-pk")[:limit])


def fitting(actor: Actor, words: str, models: Sequence[str], day: datetime.date, limit: int) -> list[Version]:
    """Return the articles that fit what somebody tells, however long, the best first: at least one word of the title or
    keywords and one more in common, and none that is for other models only; one query.
    """
    asked = policy.asked(words)
    if not asked:
        return []
    rows = in_force(actor, day).annotate(held=_common("words", asked), head=_common("heads", asked))
    rows = rows.filter(head__gte=1, held__gte=2)
    if models:
        rows = rows.filter(Q(models_of=[]) | Q(models_of__overlap=list(models)))
    return list(rows.order_by((F("held") + HEAD * F("head")).desc(), "-pk")[:limit])


def solvers(subject_type: str, subject_id: int) -> set[int]:
    """Return the articles that solved a matter whose page the actor sees; one query."""
    rows = Use.objects.filter(worth=Worth.SOLVED, subject_type=subject_type, subject_id=subject_id)
    return set(rows.values_list("article_id", flat=True))


def solved(subject_type: str) -> QuerySet[Use]:
    """Return what articles solved among the matters of a kind, as far as the articles are in sight."""
    return Use.objects.filter(worth=Worth.SOLVED, subject_type=subject_type)


def newest_published(actor: Actor, day: datetime.date, limit: int) -> list[Version]:
    """Return what was published last and holds; one query."""
    return list(in_force(actor, day).order_by("-reviewed_at", "-pk")[:limit])


@dataclass(frozen=True)
class Worths:
    """What readers say of an article: how many found it helpful, how many not, what it solved."""

    helpful: int = 0
    unhelpful: int = 0
    solved: int = 0


def worths(article_ids: Sequence[int]) -> dict[int, Worths]:
    """Return what readers say of some visible articles; one query."""
    rows = Use.objects.filter(article_id__in=article_ids).values("article_id").annotate(
        helpful=Count("pk", filter=Q(worth=Worth.HELPFUL)), unhelpful=Count("pk", filter=Q(worth=Worth.UNHELPFUL)),
        solved=Count("pk", filter=Q(worth=Worth.SOLVED)),
    )  # fmt: skip
    return {row["article_id"]: Worths(row["helpful"], row["unhelpful"], row["solved"]) for row in rows}


def vote_of(actor: Actor, article_id: int) -> str:
    """Return what an actor said of an article; one query."""
    rows = Use.objects.filter(article_id=article_id, person_id=actor.person_id).exclude(worth=Worth.SOLVED)
    return rows.values_list("worth", flat=True).first() or ""


def topics() -> Sequence[tuple[str, Text]]:
    """Return the topics to choose from; one query."""
    return [(row.pk, row.name) for row in Topic.objects.filter(is_active=True).order_by("code")]


def keepers(actor: Actor, verb: Verb, day: datetime.date) -> Sequence[tuple[str, Text]]:
    """Return the places at which an actor may do something, the highest first; one query."""
    where = actor.where(verb)
    rows = network.open_on(network.visible_to(actor), day).filter(kind__in=KEEPERS)
    if where is not None:
        rows = rows.filter(db.among("id", where))
    held = list(rows.order_by("code")[:MOST_PLACES])
    held.sort(key=lambda row: KEEPERS.index(Kind(row.kind)))
    return [(str(row.pk), row.name) for row in held]


def questions_visible_to(actor: Actor) -> QuerySet[Question]:
    """Return the questions asked where the actor reads knowledge."""
    where = actor.where(Verb.VIEW)
    return Question.objects.all() if where is None else Question.objects.filter(db.among("node_id", where))


def question(actor: Actor, pk: int) -> Question:
    """Return one visible question with its topic and place.

    :raises NotFound: there is none, or not for this actor.
    """
    found = questions_visible_to(actor).select_related("topic__expert", "node").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def answers(row: Question) -> list[Answer]:
    """Return the answers to a visible question, newest first; one query."""
    return list(row.answers.order_by("-number"))


def demands(actor: Actor) -> QuerySet[Demand]:
    """Return the demands on this software: everybody's who reads knowledge, since others may need the same."""
    return Demand.objects.all() if actor.can(Verb.VIEW) else Demand.objects.none()


def demand(actor: Actor, pk: int) -> Demand:
    """Return one demand; the place where it was asked for may lie out of sight.

    :raises NotFound: there is none, or not for this actor.
    """
    found = demands(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
