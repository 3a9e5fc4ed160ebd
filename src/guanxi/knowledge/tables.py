"""The lists of articles, of questions, of demands on this software, and of who has confirmed what."""

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable
from guanxi.knowledge.permissions import Verb
from guanxi.knowledge.queries import articles as queries
from guanxi.knowledge.queries import readings
from guanxi.knowledge.states import OPEN, DemandKind, DemandState, ReaderStanding, Stage, State, Urgency
from guanxi.network import queries as network
from guanxi.network.states import Kind

DIGITS = 9


def _topics(_actor: Actor) -> Sequence[tuple[str, Text]]:
    return queries.topics()


def _keepers(actor: Actor) -> Sequence[tuple[str, Text]]:
    return queries.keepers(actor, Verb.VIEW, clock.today())


def _holds(rows: Rows, value: str) -> Rows:
    """Keep what holds today, what has ended, or what somebody should check again."""
    today = clock.today()
    published = rows.filter(stage=Stage.PUBLISHED)
    if value == "check":
        return published.filter(check_on__lte=today)
    if value == "ended":
        return published.filter(valid_until__lte=today)
    return published.filter(Q(valid_until=None) | Q(valid_until__gt=today), valid_from__lte=today)


def _number(text: str, letters: str) -> int | None:
    digits = text.strip().upper().removeprefix(letters)
    return int(digits) if digits.isdecimal() and len(digits) <= DIGITS else None


def _search(rows: Rows, text: str, _actor: Actor) -> Rows:
    number = _number(text, "ZS")
    return queries.match(rows, text) if number is None else rows.filter(article_id=number)


def _search_questions(rows: Rows, text: str, _actor: Actor) -> Rows:
    number = _number(text, "WT")
    return rows.filter(words__icontains=text) if number is None else rows.filter(pk=number)


def _stands(rows: Rows, value: str) -> Rows:
    return rows.filter(state__in=OPEN) if value == "open" else rows.filter(state=value)


def _late(rows: Rows, value: str) -> Rows:
    late = Q(state=State.ASKED, due_at__lt=clock.now())
    return rows.filter(late) if value == "yes" else rows.exclude(late)


def _since(rows: Rows, value: str) -> Rows:
    return rows.filter(asked_at__gte=clock.start_of(datetime.date.fromisoformat(value)))


def _is(field: str) -> Callable[[Rows, str], Rows]:
    return lambda rows, value: rows.filter(**{field: value})


def add_worths(rows: list[Any], _actor: Actor) -> None:
    """Give each article what readers say of it, and whether it is to be checked; one query."""
    found, today = queries.worths([row.article_id for row in rows]), clock.today()
    for row in rows:
        row.worths = found.get(row.article_id, queries.Worths())
        row.to_check = row.stage == Stage.PUBLISHED and row.check_on <= today


def add_late(rows: list[Any], _actor: Actor) -> None:
    at = clock.now()
    for row in rows:
        row.late = row.is_late(at)


ARTICLES = Table(
    key="knowledge.articles",
    title=_("Articles"),
    columns=(
        Column("number", _("Number"), lambda row: row.article.number, sort=("article_id",), cell="article"),
        Column("title", _("Title"), lambda row: row.title, cell="title"),
        Column("topic", _("Topic"), lambda row: row.article.topic.name, sort=("article__topic_id",)),
        Column("stage", _("State"), lambda row: row.get_stage_display(), sort=("stage",), cell="stage"),
        Column("version", _("Version"), lambda row: row.number, cell="number"),
        Column("helpful", _("Helpful"), lambda row: row.worths.helpful, cell="number"),
        Column("solved", _("Solved it"), lambda row: row.worths.solved, cell="number"),
        Column("check", _("To be checked on"), lambda row: row.check_on, sort=("check_on",), cell="check_on"),
        Column("keeper", _("Kept by"), lambda row: row.article.node.name, sort=("article__node__code",), hidden=True),
        Column("models", _("Models"), lambda row: ", ".join(row.models_of), hidden=True),
        Column("faults", _("Fault codes"), lambda row: ", ".join(row.faults), hidden=True),
        Column("until", _("Valid until"), lambda row: row.valid_until, cell="date", hidden=True),
        Column("author", _("Author"), lambda row: row.author, hidden=True),
        Column("written", _("Written at"), lambda row: row.written_at, sort=("written_at",), cell="moment"),
    ),
    filters=(
        Filter("stage", _("State"), _is("stage"), selectable(Stage.choices)),
        Filter("topic", _("Topic"), _is("article__topic_id"), _topics),
        Filter("holds", _("Validity"), _holds,
               selectable((("yes", _("holds today")), ("check", _("to be checked")), ("ended", _("has ended"))))),
        Filter("keeper", _("Kept by"), _is("article__node_id"), _keepers, primary=False),
    ),
    search=_search,
    search_hint=_("Number, words, fault code"),
    default_sort="-written",
    row_url=lambda row: reverse("knowledge:article", args=[row.article_id]),
    prepare=add_worths,
    empty=_("Write the first article, or answer a question: a good answer becomes an article."),
)  # fmt: skip
QUESTIONS = Table(
    key="knowledge.questions",
    title=_("Questions to experts"),
    columns=(
        Column("number", _("Number"), lambda row: row.number, sort=("pk",), cell="question"),
        Column("words", _("Question"), lambda row: row.words, cell="words", personal=True),
        Column("topic", _("Topic"), lambda row: row.topic.name, sort=("topic_id",)),
        Column("state", _("State"), lambda row: row.get_state_display(), sort=("state",), cell="state"),
        Column("due", _("Answer due"), lambda row: row.due_at, sort=("due_at",), cell="due"),
        Column("place", _("Asked at"), lambda row: row.node.name, sort=("node__code",)),
        Column("by", _("Asked by"), lambda row: row.asked_by),
        Column("asked", _("Asked"), lambda row: row.asked_at, sort=("asked_at",), cell="moment"),
        Column("rounds", _("Times answered"), lambda row: row.rounds, cell="number", hidden=True),
        Column("article", _("Article"), lambda row: row.article_id is not None, cell="check", hidden=True),
    ),
    filters=(
        Filter("state", _("State"), _stands, selectable((("open", _("All that are open")), *State.choices))),
        Filter("topic", _("Topic"), _is("topic_id"), _topics),
        Filter("late", _("Overdue"), _late, selectable((("yes", _("yes")), ("no", _("no"))))),
        Filter("since", _("Asked since"), _since, kind="date", primary=False),
        Filter("place", _("Asked at"), _is("node_id"), _keepers, primary=False),
    ),
    search=_search_questions,
    search_hint=_("Number, words"),
    default_sort="-asked",
    row_url=lambda row: reverse("knowledge:question", args=[row.pk]),
    prepare=add_late,
    empty=_("What no article answers is asked of an expert here, from a complaint or an enquiry too."),
)


def _search_demands(rows: Rows, text: str, _actor: Actor) -> Rows:
    number = _number(text, "XQ")
    return rows.filter(words__icontains=text) if number is None else rows.filter(pk=number)


DEMANDS = Table(
    key="knowledge.demands",
    title=_("Demands on this software"),
    columns=(
        Column("number", _("Number"), lambda row: row.number, sort=("pk",), cell="demand"),
        Column("words", _("What somebody needs"), lambda row: row.words, cell="words"),
        Column("kind", _("What is it?"), lambda row: row.get_kind_display(), sort=("kind",)),
        Column("many", _("People who need it"), lambda row: row.many, cell="number"),
        Column("urgency", _("Priority"), lambda row: row.get_urgency_display(), sort=("urgency",)),
        Column("state", _("State"), lambda row: row.get_state_display(), sort=("state",), cell="state"),
        Column("asked", _("Requested on"), lambda row: row.asked_at, sort=("asked_at",), cell="moment"),
        Column("by", _("Requested by"), lambda row: row.asked_by, hidden=True),
        Column("answer", _("What becomes of it"), lambda row: row.answer, hidden=True),
    ),
    filters=(
        Filter("state", _("State"), _is("state"), selectable(DemandState.choices)),
        Filter("kind", _("What is it?"), _is("kind"), selectable(DemandKind.choices)),
        Filter("urgency", _("Priority"), _is("urgency"), selectable(Urgency.choices)),
    ),
    search=_search_demands,
    search_hint=_("Number, words"),
    default_sort="-asked",
    row_url=lambda row: reverse("knowledge:demand", args=[row.pk]),
    empty=_("What this software should do and does not is asked for here; each demand is answered."),
)


def add_numbers(rows: list[Any], actor: Actor) -> None:
    """Give each reading the title of what is in force and how far it is; two queries."""
    said = readings.titles([row.article_id for row in rows])
    found = readings.numbers(actor, [row.pk for row in rows], clock.today())
    for row in rows:
        version = said.get(row.article_id)
        row.title, row.numbers = version.title if version else "", found.get(row.pk, readings.Numbers())


def add_branches(rows: list[Any], actor: Actor) -> None:
    """Give each reader the name of his branch; one query."""
    names = network.names(actor, {row.branch_id for row in rows if row.branch_id})
    for row in rows:
        row.branch = names.get(row.branch_id, "")


def _over(rows: Rows, value: str) -> Rows:
    over = Q(due_on__lt=clock.today())
    return rows.filter(over) if value == "yes" else rows.exclude(over)


def _search_readings(rows: Rows, text: str, _actor: Actor) -> Rows:
    number = _number(text, "ZS")
    if number is not None:
        return rows.filter(article_id=number)
    said = Q(article__versions__title_zh__icontains=text) | Q(article__versions__title_en__icontains=text)
    return rows.filter(pk__in=rows.order_by().filter(said).values("pk"))


def _search_readers(rows: Rows, text: str, _actor: Actor) -> Rows:
    return rows.filter(Q(user__name__icontains=text) | Q(node__code__iexact=text) | Q(node__name_zh__icontains=text))


READINGS = Table(
    key="knowledge.readings",
    title=_("To be confirmed by readers"),
    columns=(
        Column("number", _("Number"), lambda row: row.article.number, sort=("article_id",), cell="article"),
        Column("title", _("Title"), lambda row: row.title, cell="title"),
        Column("keeper", _("Kept by"), lambda row: row.article.node.name, sort=("article__node__code",)),
        Column("until", _("Until"), lambda row: row.due_on, sort=("due_on",), cell="date"),
        Column("asked", _("People asked"), lambda row: row.numbers.asked, cell="number"),
        Column("confirmed", _("Has confirmed"), lambda row: row.numbers.confirmed, cell="number"),
        Column("late", _("Too late"), lambda row: row.numbers.late, cell="late"),
        Column("by", _("Asks for it"), lambda row: row.asked_by, hidden=True),
        Column("at", _("Asks since"), lambda row: row.asked_at, sort=("asked_at",), cell="moment", hidden=True),
        Column("reminded", _("Reminded on"), lambda row: row.reminded_on, cell="date", hidden=True),
    ),
    filters=(
        Filter("topic", _("Topic"), _is("article__topic_id"), _topics),
        Filter("over", _("The day is over"), _over, selectable((("yes", _("yes")), ("no", _("no"))))),
    ),
    search=_search_readings,
    search_hint=_("Number, title"),
    default_sort="until",
    row_url=lambda row: reverse("knowledge:readers", args=[row.article_id]),
    prepare=add_numbers,
    empty=_("Whoever publishes an article may have it confirmed by its readers until a day."),
)
READERS = Table(
    key="knowledge.readers",
    title=_("Who has confirmed"),
    columns=(
        Column("name", _("Name"), lambda row: row.user.name, sort=("user__name",)),
        Column("role", _("Role"), lambda row: row.role.name, sort=("role__position",)),
        Column("place", _("Place"), lambda row: row.node.name, sort=("node__code",)),
        Column("branch", _("Branch"), lambda row: row.branch),
        Column(
            "standing", _("State"), lambda row: ReaderStanding(row.standing).label, sort=("standing",), cell="standing"
        ),
        Column("until", _("Until"), lambda row: row.due_on, sort=("due_on",), cell="date"),
        Column("confirmed", _("Confirmed at"), lambda row: row.confirmed_at, sort=("confirmed_at",), cell="moment"),
    ),
    filters=(
        Filter("standing", _("State"), _is("standing"), selectable(ReaderStanding.choices)),
        Filter("branch", _("Branch"), _is("branch_id"), lambda actor: readings.branches(actor, clock.today())),
        Filter("place", _("Outlet"), _is("node_id"),
               lambda actor: readings.places(actor, Kind.OUTLET, clock.today()), primary=False),
    ),
    search=_search_readers,
    search_hint=_("Name, place"),
    default_sort="place",
    prepare=add_branches,
    empty=_("Nobody holds one of these roles where you may see it."),
)  # fmt: skip
