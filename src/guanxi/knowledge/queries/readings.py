"""Reads of what has to be read and confirmed: what waits for somebody, who has confirmed and who has not (INFO-16)."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Greatest

from guanxi.access.models import Membership, Role, User
from guanxi.access.queries import current
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.knowledge.models import Article, Confirmation, Reading, Version
from guanxi.knowledge.permissions import Verb
from guanxi.knowledge.policy import NEWCOMER_DAYS
from guanxi.knowledge.queries import articles
from guanxi.knowledge.states import ReaderStanding, Stage
from guanxi.network import queries as network
from guanxi.network.models import Ancestry, Node
from guanxi.network.states import Kind

_WAITING = "SELECT reading, due FROM knowledge_to_read(%s, %s)"
# For each reading: how many have to confirm, how many have, how many are late; one row for each person and place.
_COUNTS = """
SELECT r.id, count(*), count(c.at),
  count(*) FILTER (WHERE c.at IS NULL AND GREATEST(r.due_on, p.since + %(grace)s) < %(day)s)
FROM knowledge_reading r JOIN knowledge_article a ON a.id = r.article_id
JOIN LATERAL (
  SELECT m.user_id, m.node_id, min(m.valid_from) AS since FROM network_ancestry y
  JOIN access_membership m ON m.node_id = y.descendant_id JOIN access_user u ON u.id = m.user_id
  WHERE y.ancestor_id = a.node_id AND y.during @> %(day)s AND m.role_id = ANY (r.roles) AND u.is_active
    AND u.kind = 'PERSON' AND m.valid_from <= %(day)s AND (m.valid_to IS NULL OR m.valid_to > %(day)s)
    AND (%(where)s::int[] IS NULL OR m.node_id IN (SELECT unnest(%(where)s::int[])))
  GROUP BY m.user_id, m.node_id
) p ON true
LEFT JOIN LATERAL (
  SELECT min(k.at) AS at FROM knowledge_confirmation k JOIN knowledge_version v ON v.id = k.version_id
  WHERE v.article_id = r.article_id AND v.number >= r.since AND k.person_id = p.user_id
) c ON true
WHERE r.id = ANY (%(readings)s) GROUP BY r.id
"""


@dataclass(frozen=True)
class Duty:
    """What somebody has to read: the version in force, until when, and whether that day has passed."""

    row: Version
    due_on: datetime.date
    is_late: bool


@dataclass(frozen=True)
class Numbers:
    """How many have to confirm, how many have, and how many are late."""

    asked: int = 0
    confirmed: int = 0
    late: int = 0


@dataclass(frozen=True)
class Place:
    """How far the people of a branch or an outlet are; without a key those who belong to no branch."""

    key: int | None
    name: str
    numbers: Numbers


def duties(actor: Actor, day: datetime.date) -> list[Duty]:
    """Return what an actor has to read, the most urgent first; three queries."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [actor.person_id, day])
        due = dict(cursor.fetchall())
    if not due:
        return []
    found = dict(Reading.objects.filter(pk__in=due).values_list("article_id", "pk"))
    rows = articles.published(actor).filter(article_id__in=found)
    every = [Duty(row, until := due[found[row.article_id]], until < day) for row in rows]
    return sorted(every, key=lambda duty: (duty.due_on, duty.row.pk))


def duty(actor: Actor, article_id: int, day: datetime.date) -> Duty | None:
    """Return whether an actor has to read an article, and until when."""
    return next((item for item in duties(actor, day) if item.row.article_id == article_id), None)


def confirmed_by(actor: Actor, limit: int) -> list[Confirmation]:
    """Return what an actor confirmed, the newest first; one query."""
    rows = Confirmation.objects.filter(person_id=actor.person_id).select_related("version__article__topic")
    return list(rows.order_by("-at", "-pk")[:limit])


def visible_to(actor: Actor) -> QuerySet[Reading]:
    """Return what is asked for of the readers of visible articles."""
    rows = Reading.objects.filter(is_current=True, article__in=articles.visible_to(actor).values("pk"))
    return rows.select_related("article__topic", "article__node")


def of_article(article_id: int) -> Reading | None:
    """Return what is asked for of the readers of a visible article; one query."""
    return Reading.objects.filter(article_id=article_id, is_current=True).select_related("article__node").first()


def people(reading: Reading, day: datetime.date, where: Iterable[int] | None) -> QuerySet[Any]:
    """Return who has to confirm on a day, at some places or (None) at all, one row for each person and place: until
    when, when he did, the branch of the place, and how he stands.
    """
    below = Ancestry.objects.filter(ancestor_id=reading.article.node_id, during__contains=day).values("descendant_id")
    rows = Membership.objects.filter(
        node_id__in=below, role_id__in=reading.roles, user__is_active=True, user__kind=User.Kind.PERSON
    )  # fmt: skip
    if where is not None:
        rows = rows.filter(db.among("node_id", where))
    first = current(rows, day).order_by().values("user_id", "node_id").annotate(one=Min("pk")).values("one")
    said = Confirmation.objects.filter(
        person_id=OuterRef("user_id"), version__article_id=reading.article_id, version__number__gte=reading.since
    )  # fmt: skip
    branch = Ancestry.objects.filter(
        descendant_id=OuterRef("node_id"), during__contains=day, ancestor__kind=Kind.BRANCH
    )  # fmt: skip
    come = ExpressionWrapper(F("valid_from") + Value(NEWCOMER_DAYS), output_field=DateField())
    return Membership.objects.filter(pk__in=first).annotate(
        confirmed_at=Subquery(said.order_by("at").values("at")[:1]),
        due_on=Greatest(Value(reading.due_on, output_field=DateField()), come),
        branch_id=Subquery(branch.values("ancestor_id")[:1]),
        standing=Case(
            When(confirmed_at__isnull=False, then=Value(ReaderStanding.CONFIRMED)),
            When(due_on__lt=day, then=Value(ReaderStanding.LATE)), default=Value(ReaderStanding.WAITING),
            output_field=CharField(),
        ),
    ).select_related("user", "role", "node")  # fmt: skip


def followed(actor: Actor, reading: Reading, day: datetime.date) -> QuerySet[Any]:
    """Return who has to confirm, where the actor may see who did."""
    return people(reading, day, actor.where(Verb.VIEW_READINGS))


def numbers(actor: Actor, reading_ids: Sequence[int], day: datetime.date) -> dict[int, Numbers]:
    """Return how far some readings are, where the actor may see it; one query."""
    if not reading_ids or not actor.can(Verb.VIEW_READINGS):
        return {}
    where = actor.where(Verb.VIEW_READINGS)
    values: dict[str, Any] = {
        "readings": list(reading_ids), "day": day, "where": None if where is None else sorted(where),
        "grace": NEWCOMER_DAYS,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, values)
        return {pk: Numbers(*counts) for pk, *counts in cursor.fetchall()}


def by_place(actor: Actor, rows: QuerySet[Any], key: str) -> list[Place]:
    """Return how far the people of each branch or outlet are, the latest first; two queries."""
    found = rows.select_related(None).order_by().values(key).annotate(
        asked=Count("pk"), confirmed=Count("pk", filter=Q(standing=ReaderStanding.CONFIRMED)),
        late=Count("pk", filter=Q(standing=ReaderStanding.LATE)),
    )  # fmt: skip
    held = {row[key]: Numbers(row["asked"], row["confirmed"], row["late"]) for row in found}
    names = network.names(actor, [pk for pk in held if pk])
    places = [Place(pk, names.get(pk or 0, ""), counts) for pk, counts in held.items()]
    return sorted(places, key=lambda place: (-place.numbers.late, place.name))


def titles(article_ids: Sequence[int]) -> dict[int, Version]:
    """Return what is in force of some visible articles; one query."""
    rows = Version.objects.filter(article_id__in=article_ids, stage=Stage.PUBLISHED)
    return {row.article_id: row for row in rows}


def roles_for(node: Node, day: datetime.date) -> Sequence[tuple[str, Text]]:
    """Return the roles that are held at or below a place and read articles, to choose from; two queries."""
    below = Ancestry.objects.filter(ancestor=node, during__contains=day).values_list("descendant__kind", flat=True)
    kinds = sorted(set(below.distinct()))
    rows = Role.objects.filter(is_current=True, verbs__contains=[str(Verb.VIEW)], kinds__overlap=kinds)
    return [(row.pk, row.name) for row in rows.order_by("position", "code")]


def role_names(codes: Sequence[str]) -> list[str]:
    """Return the names of some roles in their order; one query."""
    return [row.name for row in Role.objects.filter(pk__in=list(codes)).order_by("position", "code")]


def branches(actor: Actor, day: datetime.date) -> Sequence[tuple[str, Text]]:
    """Return the branches that the actor sees, to choose from; one query."""
    rows = network.open_on(network.visible_to(actor), day).filter(kind=Kind.BRANCH).order_by("code")
    return [(str(row.pk), row.name) for row in rows]


def places(actor: Actor, kind: str, day: datetime.date) -> Sequence[tuple[str, Text]]:
    """Return the outlets where the actor may see who has confirmed, to choose from; one query."""
    where = actor.where(Verb.VIEW_READINGS)
    rows = network.open_on(network.visible_to(actor), day).filter(kind=kind)
    rows = rows if where is None else rows.filter(db.among("id", where))
    return [(str(row.pk), row.name) for row in rows.order_by("code")[: articles.MOST_PLACES]]


def keeps(actor: Actor, row: Article) -> bool:
    """Say whether an actor publishes articles where this one is kept."""
    return actor.can(Verb.REVIEW, row.node_id)
