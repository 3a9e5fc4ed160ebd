"""What knowledge contributes elsewhere: the kinds of its tasks, what they are about, lines of the palette."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy

from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.foundation.numbers import Numbered
from guanxi.foundation.slots import Hit
from guanxi.knowledge.permissions import Verb
from guanxi.knowledge.queries import articles as queries
from guanxi.knowledge.services.asking import ANSWER, READ, SUBJECT
from guanxi.knowledge.states import Case, Ending
from guanxi.worklist.states import Kind, Subject

PAGE = "knowledge:question"
OUTCOMES = tuple(Ending.choices)
KINDS = (
    Kind(
        ANSWER, gettext_lazy("Question to an expert"), "message-circle-question-mark", 2, OUTCOMES, attempts=False,
        page=PAGE, act=gettext_lazy("Answer"),
    ),
    Kind(
        READ, gettext_lazy("Answer of an expert"), "lightbulb", 1, OUTCOMES, attempts=False, page=PAGE,
        act=gettext_lazy("Read"),
    ),
)  # fmt: skip


def label(actor: Actor, pk: int) -> str | None:
    """Return the number of a question that an actor sees."""
    found = queries.questions_visible_to(actor).filter(pk=pk).first()
    return found.number if found else None


ABOUT = Subject(SUBJECT, gettext_lazy("Question to an expert"), PAGE, label)


def case(actor: Actor, pk: int) -> Case:
    """Return a question as a matter that an article may solve."""
    row = queries.question(actor, pk)
    return Case(row.number, row.words, reverse(PAGE, args=[pk]), tuple(row.models_of))


def find(actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """Return the articles that hold every word of a text, for the palette; one query."""
    rows = queries.find(actor, text, clock.today(), limit, whole=True)
    return [
        Hit(row.title, row.article.topic.name, reverse("knowledge:article", args=[row.article_id]), "book-open")
        for row in rows
    ]


NUMBERS = (
    Numbered("ZS", gettext_lazy("Article"), "book-open", "knowledge:article", Verb.VIEW, queries.visible_to),
    Numbered(
        "WT",
        gettext_lazy("Question to an expert"),
        "circle-question-mark",
        "knowledge:question",
        Verb.VIEW,
        queries.questions_visible_to,
    ),
    Numbered("XQ", gettext_lazy("Demand"), "lightbulb", "knowledge:demand", Verb.VIEW, queries.demands),
)
