"""What knowledge tells the world."""

from dataclasses import dataclass

from guanxi.foundation.events import Event


@dataclass(frozen=True)
class ArticlePublished(Event):
    """A version of an article is there to be read."""

    article_id: int
    version: int
    node_id: int


@dataclass(frozen=True)
class QuestionAsked(Event):
    """Somebody found no answer and asks an expert."""

    question_id: int
    topic: str
    node_id: int


@dataclass(frozen=True)
class ReadingAsked(Event):
    """People have to read an article and confirm it until a day; or they are reminded of it."""

    article_id: int
    title_zh: str
    title_en: str
    due_on: str
    people: list[int]
    is_reminder: bool = False
