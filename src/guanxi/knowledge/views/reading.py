"""Pages that show knowledge: finding, the list of articles, one article, questions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase

from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, Rows, Table, listing
from guanxi.knowledge import policy, states, tables
from guanxi.knowledge.models import Answer, Article, Question, Reading, Version
from guanxi.knowledge.permissions import Verb
from guanxi.knowledge.queries import articles as queries
from guanxi.knowledge.queries import readings
from guanxi.knowledge.states import STAGE_TONES, TONES, UNPUBLISHED, Case, Stage, State
from guanxi.records import services as records
from guanxi.worklist import states as worklist

MOST, FEW, LONGEST = 20, 8, 200
MATTER = re.compile(r"^([a-z_]{1,30}\.[a-z_]{1,30}):([0-9]{1,18})$")


@dataclass(frozen=True)
class Found:
    """An article as it is found, and what readers say of it."""

    row: Version
    worths: queries.Worths


@dataclass(frozen=True)
class FindPage:
    q: str
    matter: str
    found: Sequence[Found]
    has_words: bool
    can_ask: bool
    can_write: bool


@dataclass(frozen=True)
class ListPage:
    listing: Listing
    tones: dict[str, str]
    can_export: bool
    can_add: bool


@dataclass(frozen=True)
class ArticlePage:
    """An article: the version that is shown, the others, what readers say, and what this reader may do now."""

    article: Article
    row: Version
    versions: Sequence[Version]
    tones: dict[str, str]
    worths: queries.Worths
    vote: str
    matter: str
    matter_label: str
    is_in_force: bool
    is_to_be_checked: bool
    acts: frozenset[str]
    duty: readings.Duty | None
    reading: Reading | None
    numbers: readings.Numbers | None


@dataclass(frozen=True)
class QuestionPage:
    row: Question
    tone: str
    answers: Sequence[Answer]
    similar: Sequence[Version]
    is_late: bool
    acts: frozenset[str]


def matter_of(text: str) -> tuple[str, int] | None:
    """Return the matter that an address speaks of (``complaints.case:12``), or None."""
    found = MATTER.match(text)
    return (found[1], int(found[2])) if found else None


def told_of(request: Request) -> Case:
    """Return the matter that a form is begun with (``?matter=``), or only words (``?q=``).

    :raises NotFound: the actor does not see the matter.
    """
    asked = matter_of(request.GET.get("matter", ""))
    if asked is not None:
        return states.matter(request.actor, *asked)
    return Case("", request.GET.get("q", "").strip()[:LONGEST].replace("\x00", ""), "")


def find(request: Request) -> HttpResponseBase:
    """What is found for a text, or what was published last."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.VIEW)
    q = (request.GET.get("q") or "").strip()[:LONGEST].replace("\x00", "")
    asked = request.GET.get("matter", "")
    rows = queries.find(actor, q, today, MOST) if q else queries.newest_published(actor, today, FEW)
    said = queries.worths([row.article_id for row in rows])
    page = FindPage(
        q, asked if matter_of(asked) else "", [Found(row, said.get(row.article_id, queries.Worths())) for row in rows],
        bool(policy.asked(q)), actor.can(Verb.ASK), actor.can(Verb.WRITE),
    )  # fmt: skip
    return pages.render(request, "knowledge/find.html", page, block="found")


def articles(request: Request) -> HttpResponseBase:
    """All articles by their newest version."""
    check(request.actor, Verb.VIEW)
    return _list(request, tables.ARTICLES, queries.newest(request.actor), Verb.WRITE)


def questions(request: Request) -> HttpResponseBase:
    """The questions to experts, with state and deadline (KM-05)."""
    check(request.actor, Verb.VIEW)
    rows = queries.questions_visible_to(request.actor).select_related("topic", "node")
    return _list(request, tables.QUESTIONS, rows, Verb.ASK)


def _list(request: Request, table: Table, rows: Rows, adds: Verb) -> HttpResponseBase:
    actor = request.actor
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=table, rows=rows, asked=request.GET)
        return pages.download(file)
    page = ListPage(
        listing(table, rows, request.GET, actor), STAGE_TONES | TONES, actor.can(Verb.EXPORT), actor.can(adds)
    )
    return pages.render(request, f"{table.key.replace('.', '/')}.html", page, block="list")


def article(request: Request, pk: int) -> HttpResponseBase:
    """One article: what holds, or the version asked for (``?version=``)."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.VIEW)
    held = queries.article(actor, pk)
    rows = queries.versions(actor, held)
    row = _shown(rows, request.GET.get("version", ""))
    matter = matter_of(request.GET.get("matter", ""))
    known = worklist.subject(matter[0]) if matter else None
    label = known.find(actor, matter[1]) if known and matter else None
    asked = readings.of_article(pk) if actor.can(Verb.VIEW_READINGS) else None
    numbers = readings.numbers(actor, [asked.pk], today).get(asked.pk) if asked else None
    page = ArticlePage(
        held, row, rows, STAGE_TONES, queries.worths([pk]).get(pk, queries.Worths()), queries.vote_of(actor, pk),
        f"{matter[0]}:{matter[1]}" if matter and label else "", label or "", row.is_in_force(today),
        row.stage == Stage.PUBLISHED and row.check_on is not None and row.check_on <= today, _acts(actor, held, rows),
        readings.duty(actor, pk, today), asked, numbers,
    )  # fmt: skip
    return pages.render(request, "knowledge/article.html", page)


def _shown(rows: Sequence[Version], asked: str) -> Version:
    """Return the version asked for by number, else what is published, else the newest."""
    wanted = [row for row in rows if str(row.number) == asked]
    return next(iter([*wanted, *(row for row in rows if row.stage == Stage.PUBLISHED), *rows]))


def _acts(actor: Actor, held: Article, rows: Sequence[Version]) -> frozenset[str]:
    """Return what an actor may do with an article as it stands."""
    stages = {row.stage: row for row in rows if row.stage != Stage.RETIRED}
    under = next((row for row in rows if row.stage in UNPUBLISHED), None)
    writes, reviews = actor.can(Verb.WRITE, held.node_id), actor.can(Verb.REVIEW, held.node_id)
    is_reviewed = Stage.IN_REVIEW in stages
    own = under is not None and under.author_id is not None and under.author_id == actor.user_id
    may = {
        "change": writes and not is_reviewed,
        "submit": writes and Stage.DRAFT in stages,
        "publish": reviews and is_reviewed and not own,
        "send_back": reviews and is_reviewed,
        "ask_readers": reviews and (Stage.PUBLISHED in stages or is_reviewed) and not (is_reviewed and own),
        "confirm": reviews and Stage.PUBLISHED in stages,
        "retire": reviews and bool(stages),
        "vote": Stage.PUBLISHED in stages,
    }
    return frozenset(name for name, is_so in may.items() if is_so)


def question(request: Request, pk: int) -> HttpResponseBase:
    """One question with its answers, and articles that are like it."""
    actor = request.actor
    check(actor, Verb.VIEW)
    row = queries.question(actor, pk)
    similar = queries.find(actor, row.words, clock.today(), FEW)
    page = QuestionPage(
        row, TONES[row.state], queries.answers(row), similar, row.is_late(clock.now()), _steps(actor, row)
    )
    return pages.render(request, "knowledge/question.html", page)


def _steps(actor: Actor, row: Question) -> frozenset[str]:
    """Return what an actor may do with a question as it stands."""
    is_own = actor.user_id is not None and row.asked_by_id == actor.user_id
    may = {
        "answer": row.state == State.ASKED and actor.can(Verb.ANSWER, row.node_id),
        "settle": row.state == State.ANSWERED and is_own,
        "withdraw": row.state == State.ASKED and row.rounds == 0 and is_own,
        "write": row.rounds > 0 and row.article_id is None and actor.can(Verb.WRITE),
    }
    return frozenset(name for name, is_so in may.items() if is_so)
