"""Topics and articles of a preset (``presets/<carmaker>/knowledge.toml``).

Tables: ``[[topic]]``, ``[[article]]``. An article of a preset is kept at the top of the network and was reviewed by
whoever applies it; what people have written since is left alone. Nothing is deleted.
"""

import datetime
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from guanxi.access.models import Role
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.presets import Change, Loader
from guanxi.foundation.values import months
from guanxi.knowledge import policy
from guanxi.knowledge.models import Article, Topic, Version
from guanxi.knowledge.permissions import Verb
from guanxi.knowledge.states import Stage
from guanxi.network.models import Node
from guanxi.network.states import Kind
from guanxi.records import services as records

Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,23}$")]
Part = Annotated[str, Field(min_length=1, max_length=40)]
TEXTS = ("title_zh", "title_en", "question_zh", "question_en", "answer_zh", "answer_en", "keywords")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TopicEntry(_Entry):
    """A topic, the role of its expert, the working days of an answer, and after how many months it is checked."""

    code: Code
    name_zh: str = Field(min_length=1, max_length=120)
    name_en: str = Field(min_length=1, max_length=160)
    expert: str
    answer_days: int = Field(ge=1, le=60)
    check_months: int = Field(ge=1, le=60)
    is_active: bool = True

    def values(self) -> dict[str, Any]:
        return self.model_dump(exclude={"code", "expert"}) | {"expert_id": self.expert}


class ArticleEntry(_Entry):
    """An article in both languages."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    topic: Code
    title_zh: str = Field(min_length=1, max_length=120)
    title_en: str = Field(min_length=1, max_length=200)
    question_zh: str = Field("", max_length=1000)
    question_en: str = Field("", max_length=1000)
    answer_zh: str = Field(min_length=1, max_length=10000)
    answer_en: str = Field(min_length=1, max_length=10000)
    keywords: list[Part] = []

    def texts(self) -> dict[str, Any]:
        said = self.model_dump(include=set(TEXTS))
        return {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}

    def found_by(self) -> dict[str, list[str]]:
        """Return the words by which it is found."""
        heads = [self.title_zh, self.title_en, *self.keywords]
        return policy.found_by(heads, [self.question_zh, self.question_en, self.answer_zh, self.answer_en])


class KnowledgePreset(_Entry):
    topics: list[TopicEntry] = Field([], alias="topic")
    articles: list[ArticleEntry] = Field([], alias="article")

    @model_validator(mode="after")
    def once(self) -> "KnowledgePreset":
        """Refuse what stands here twice."""
        for entries in (self.topics, self.articles):
            if len({entry.code for entry in entries}) < len(entries):
                raise ValueError(_("A topic or article stands here twice"))
        return self


def _new_topics(data: KnowledgePreset) -> Iterator[tuple[TopicEntry, bool]]:
    """Yield each topic that says something else than what is stored, and whether it is new."""
    held = {row.pk: row for row in Topic.objects.all()}
    for entry in data.topics:
        row = held.get(entry.code)
        if row is None or any(getattr(row, name) != value for name, value in entry.values().items()):
            yield entry, row is None


def _new_articles(data: KnowledgePreset) -> Iterator[tuple[ArticleEntry, Version | None]]:
    """Yield each article that differs from its newest version, and that version; not where a person has written."""
    codes = [entry.code for entry in data.articles]
    rows = Version.objects.filter(article__code__in=codes).select_related("article")
    newest = {row.article.code: row for row in rows.order_by("article_id", "-number").distinct("article_id")}
    for entry in data.articles:
        row = newest.get(entry.code)
        if row is None:
            yield entry, None
        elif row.author_id is None and any(getattr(row, name) != value for name, value in entry.texts().items()):
            yield entry, row


def compare(data: KnowledgePreset) -> Sequence[Change]:
    """Return what applying would change."""
    topics = [Change("add" if is_new else "change", entry.code, entry.name_zh) for entry, is_new in _new_topics(data)]
    found = _new_articles(data)
    return topics + [Change("change" if row else "add", entry.code, entry.title_zh) for entry, row in found]


def apply(*, actor: Actor, data: KnowledgePreset, source: str) -> Sequence[Change]:
    """Write topics and articles of a preset: checks, writes, audits each change. A topic whose role is not there yet
    waits for it, and an article for its topic and for a place at the top: ``compare`` goes on showing them.
    """
    check_everywhere(actor, Verb.APPLY_PRESET)
    with db.atomic():
        db.serialise("knowledge.preset")
        changes, preset = compare(data), source.partition("/")[0]
        roles = set(Role.objects.values_list("pk", flat=True))
        for entry, _is_new in list(_new_topics(data)):
            if entry.expert in roles:
                Topic.objects.update_or_create(code=entry.code, defaults=entry.values() | {"source": preset})
        top = Node.objects.filter(kind=Kind.GROUP).order_by("pk").first()
        for article, row in list(_new_articles(data)):
            if top is not None and Topic.objects.filter(pk=article.topic).exists():
                _write(actor, article, row, top.pk, preset)
        for change in changes:
            records.audit(
                actor=actor, verb=Verb.APPLY_PRESET, subject_type="preset", subject_id=source,
                subject_label=change.subject, after={"kind": change.kind, "detail": str(change.detail)},
            )  # fmt: skip
    return changes


def _write(actor: Actor, entry: ArticleEntry, before: Version | None, top_id: int, preset: str) -> None:
    at, today = clock.now(), clock.today()
    if before is None:
        article = Article.objects.create(node_id=top_id, topic_id=entry.topic, code=entry.code, made_at=at)
    else:
        article = before.article
        article.versions.exclude(stage=Stage.RETIRED).update(stage=Stage.RETIRED)
    begins: datetime.date = today if before else datetime.date(2000, 1, 1)
    Version.objects.create(
        article=article, number=before.number + 1 if before else 1, stage=Stage.PUBLISHED, valid_from=begins,
        check_on=months.later(today, article.topic.check_months), author=preset, written_at=at,
        reviewer_id=actor.user_id, reviewer=actor.name[:160], reviewed_at=at, **entry.texts(), **entry.found_by(),
    )  # fmt: skip


LOADER = Loader(
    key="knowledge", label=_("Topics and articles of knowledge"), verb=Verb.APPLY_PRESET, schema=KnowledgePreset,
    compare=compare, apply=apply, order=46,
)  # fmt: skip
