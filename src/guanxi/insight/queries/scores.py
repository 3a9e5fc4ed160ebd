"""What customers' answers in call-backs come to for the people whose work they judge (FUP-24, FUP-25, FUP-28): how many
questionnaires somebody got, how many points of a hundred on average, by question.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, IntegerField, Max, Q, QuerySet
from django.db.models.functions import Cast, Round

from guanxi.codelists.queries import in_language
from guanxi.contact_centre.models import Rated, Rating, Script
from guanxi.contact_centre.queries import calls
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import NotFound
from guanxi.network import queries as network
from guanxi.network.models import Node
from guanxi.worklist.permissions import Verb

FEW = 5  # an average of fewer questionnaires says little
MOST_PLACES, MOST_SHEETS = 300, 100


@dataclass(frozen=True)
class Asked:
    """Of which days one asks, about which work, at which outlet or below which branch (None: all)."""

    first: datetime.date
    last: datetime.date
    judged: str = ""
    branch: int | None = None
    outlet: int | None = None


@dataclass(frozen=True)
class QuestionScore:
    """What one question of a script came to."""

    script: str
    script_name: str
    key: str
    text: str
    answers: int
    score: int


@dataclass(frozen=True)
class Sheet:
    """One answered questionnaire about somebody; the call itself only if the reader may see it."""

    day: datetime.date
    call_id: int | None
    answers: int
    score: int


def outlets(actor: Actor) -> QuerySet[Node]:
    """Return the outlets whose teams the actor sees."""
    where, rows = actor.where(Verb.VIEW_TEAM), network.outlets(actor)
    return rows if where is None else rows.filter(db.among("pk", where))


def visible_to(actor: Actor) -> QuerySet[Rated]:
    """Return the people of the outlets whose teams the actor sees."""
    where = actor.where(Verb.VIEW_TEAM)
    return Rated.objects.all() if where is None else Rated.objects.filter(db.among("outlet_id", where))


def rated(actor: Actor, pk: int) -> Rated:
    """Return one of them.

    :raises NotAllowed: the actor sees no team.
    :raises NotFound: there is none, or not for this actor.
    """
    check(actor, Verb.VIEW_TEAM)
    found = visible_to(actor).select_related("outlet").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def by_person(actor: Actor, asked: Asked) -> QuerySet[Rated]:
    """Return whose work was judged, with ``answered`` questionnaires and the average ``score`` of a hundred."""
    days = Q(ratings__day__range=(asked.first, asked.last))
    rows = _chosen(visible_to(actor), asked).annotate(
        answered=Count("ratings__call_id", filter=days, distinct=True),
        score=Cast(Round(Avg("ratings__points", filter=days)), IntegerField()),
    )  # fmt: skip
    return rows.filter(answered__gt=0).select_related("outlet")


def in_sum(actor: Actor, asked: Asked) -> dict[str, int | None]:
    """Return of all of them together the people, the questionnaires and the average; one query."""
    return in_sum_of(ratings(actor, asked))


def in_sum_of(rows: QuerySet[Rating]) -> dict[str, int | None]:
    """Return of some answers the people, the questionnaires and the average; one query."""
    return rows.aggregate(
        people=Count("rated_id", distinct=True), answered=Count("call_id", distinct=True),
        score=Cast(Round(Avg("points")), IntegerField()),
    )  # fmt: skip


def ratings(actor: Actor, asked: Asked) -> QuerySet[Rating]:
    """Return the answers that count."""
    who = _chosen(visible_to(actor), asked).order_by()
    return Rating.objects.filter(day__range=(asked.first, asked.last), rated__in=who.values("pk"))


def _chosen(rows: QuerySet[Rated], asked: Asked) -> QuerySet[Rated]:
    if asked.judged:
        rows = rows.filter(judged=asked.judged)
    if asked.outlet is not None:
        rows = rows.filter(outlet_id=asked.outlet)
    if asked.branch is not None:
        below = network.under(Node.objects.all(), asked.branch, clock.day_of(clock.now()))
        rows = rows.filter(outlet_id__in=below.values("pk"))
    return rows


def by_question(rows: QuerySet[Rating]) -> list[QuestionScore]:
    """Return what each question came to, the least first; two queries."""
    return [item for found in by_question_of(rows).values() for item in found]


def by_question_of(rows: QuerySet[Rating], *, by: str = "") -> dict[Any, list[QuestionScore]]:
    """Return what each question came to, for each value of ``by``, the least first; two queries."""
    keys = [*([by] if by else []), "script__code", "key"]
    counted = rows.order_by().values(*keys).annotate(
        answers=Count("pk"), score=Cast(Round(Avg("points")), IntegerField()), newest=Max("script_id")
    )  # fmt: skip
    lines = sorted(counted, key=lambda line: (line["score"], line["script__code"], line["key"]))
    scripts = Script.objects.in_bulk({line["newest"] for line in lines})
    found: dict[Any, list[QuestionScore]] = {}
    for line in lines:
        script = scripts[line["newest"]]
        item = QuestionScore(
            script.code, script.name, line["key"], _text(script, line["key"]), line["answers"], line["score"]
        )
        found.setdefault(line.get(by), []).append(item)
    return found


def _text(script: Script, key: str) -> str:
    return next((in_language(row.text_zh, row.text_en) for row in script.asked if row.key == key), key)


def sheets(actor: Actor, rows: QuerySet[Rating]) -> Sequence[Sheet]:
    """Return the newest questionnaires, at most a hundred; two queries."""
    counted = rows.order_by().values("call_id", "day").annotate(
        answers=Count("pk"), score=Cast(Round(Avg("points")), IntegerField())
    )  # fmt: skip
    lines = list(counted.order_by("-day", "-call_id")[:MOST_SHEETS])
    seen = _seen(actor, (line["call_id"] for line in lines))
    return [
        Sheet(line["day"], line["call_id"] if line["call_id"] in seen else None, line["answers"], line["score"])
        for line in lines
    ]


def _seen(actor: Actor, ids: Iterable[int]) -> set[int]:
    return set(calls.visible_to(actor).filter(pk__in=list(ids)).values_list("pk", flat=True))
