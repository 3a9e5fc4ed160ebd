"""What the listening samples of a month come to: for each agent, for each item of the sheets. Counted, not listed."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet, Sum

from guanxi.codelists.queries import in_language
from guanxi.contact_centre.models import Review
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.queries import reviews, supervision
from guanxi.foundation.actor import Actor
from guanxi.network.models import Ancestry, Node

ITEMS = """
SELECT r.agent_id, i.item->>'code', max(i.item->>'zh'), max(i.item->>'en'),
  sum((r.scores->>(i.item->>'code'))::int), sum((i.item->>'points')::int)
FROM contact_centre_review r JOIN contact_centre_scoresheet s ON s.id = r.sheet_id
CROSS JOIN LATERAL jsonb_array_elements(s.items) AS i (item)
WHERE r.id = ANY(%s) AND r.scores ? (i.item->>'code') GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass(frozen=True)
class ItemScore:
    """What was got of one item, of how much."""

    code: str
    name: str
    points: int
    most: int

    @property
    def share(self) -> int:
        return round(100 * self.points / self.most)


@dataclass(frozen=True)
class Score:
    """An agent's month: how many calls were drawn and judged, their points of how many, those of the month before."""

    agent_id: int
    name: str
    drawn: int
    judged: int
    points: int
    most: int
    before_points: int
    before_most: int
    items: list[ItemScore] = field(default_factory=list)

    @property
    def share(self) -> int | None:
        """The points of a hundred; nothing while no call is judged."""
        return round(100 * self.points / self.most) if self.most else None

    @property
    def change(self) -> int | None:
        """By how many of a hundred it is more than in the month before, if both are known."""
        if not self.most or not self.before_most:
            return None
        return round(100 * self.points / self.most) - round(100 * self.before_points / self.before_most)

    @property
    def weakest(self) -> ItemScore | None:
        """The item of which the least was got; none while all are full."""
        short = [item for item in self.items if item.points < item.most]
        return min(short, key=lambda item: (item.share, item.code), default=None)


def places(actor: Actor, day: datetime.date) -> list[Node]:
    """Return the places whose samples the actor judges; one query."""
    return [row for row in supervision.places(actor, day) if actor.can(Verb.REVIEW_CALLS, row.pk)]


def _at(actor: Actor, place_id: int | None, day: datetime.date) -> QuerySet[Review]:
    """Return the visible samples of a place and below; without a place the actor's own."""
    rows = reviews.visible_to(actor)
    if place_id is None:
        return rows.filter(agent_id=actor.person_id)
    below = Ancestry.objects.filter(ancestor_id=place_id, during__contains=day).values("descendant_id")
    return rows.filter(node_id__in=below)


def scores(actor: Actor, place_id: int | None, first: datetime.date, day: datetime.date) -> list[Score]:
    """Return what the samples of the weeks that begin in the month of ``first`` come to, by the name of the agent; two
    queries and one for the items.
    """
    begin, before = first.replace(day=1), (first.replace(day=1) - datetime.timedelta(days=1)).replace(day=1)
    end = (begin + datetime.timedelta(days=32)).replace(day=1)
    rows, now = _at(actor, place_id, day), Q(week__gte=begin, week__lt=end)
    earlier = Q(week__gte=before, week__lt=begin)
    counted = rows.filter(week__gte=before, week__lt=end).values("agent_id").order_by().annotate(
        name=Max("agent_name"), drawn=Count("pk", filter=now),
        judged=Count("pk", filter=now & Q(reviewed_at__isnull=False)), got=Sum("points", filter=now),
        of=Sum("most", filter=now), got_before=Sum("points", filter=earlier), of_before=Sum("most", filter=earlier),
    )  # fmt: skip
    ids = rows.filter(now, reviewed_at__isnull=False).values_list("pk", flat=True)
    items = _items(ids)
    found = [
        Score(
            row["agent_id"], row["name"], row["drawn"], row["judged"], row["got"] or 0, row["of"] or 0,
            row["got_before"] or 0, row["of_before"] or 0, items.get(row["agent_id"], []),
        )
        for row in counted if row["drawn"]
    ]  # fmt: skip
    return sorted(found, key=lambda score: (score.name, score.agent_id))


def _items(ids: Iterable[int]) -> dict[int, list[ItemScore]]:
    """Return what was got of each item, by agent; one query."""
    found: dict[int, list[ItemScore]] = {}
    with connection.cursor() as cursor:
        cursor.execute(ITEMS, [list(ids)])
        for agent_id, code, zh, en, points, most in cursor.fetchall():
            found.setdefault(agent_id, []).append(ItemScore(code, in_language(zh, en), points, most))
    return found


def by_item(found: Iterable[Score]) -> list[ItemScore]:
    """Return what all of them together got of each item, the least first."""
    sums: dict[str, ItemScore] = {}
    for item in (item for score in found for item in score.items):
        held = sums.get(item.code, ItemScore(item.code, item.name, 0, 0))
        sums[item.code] = ItemScore(item.code, item.name, held.points + item.points, held.most + item.most)
    return sorted(sums.values(), key=lambda item: (item.share, item.code))
