"""Reads of contact rules: which exist, which hold on a day and since when without a break, what was decided."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from guanxi.care.models import Decision, Draw, Rule
from guanxi.care.permissions import Verb
from guanxi.care.policy.rules import succession
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound
from guanxi.network.models import Node

# What a version says; the rest tells when it holds and where it came from.
SAID = (
    "name_zh", "name_en", "is_on", "anchor", "of", "phase", "months", "opens", "due", "unit", "every", "first_month",
    "last_month", "audience", "coverage", "margin", "replaces", "control", "seed", "channel", "fallback", "purpose",
    "is_exempt", "template", "script", "where", "role_id", "is_consultants", "priority", "cap_id", "is_assumed",
    "assumed_zh", "assumed_en",
)  # fmt: skip


def said(row: Rule) -> dict[str, Any]:
    """Return what a version says, as plain values."""
    return {name: getattr(row, name) for name in SAID}


def successor(row: Rule, values: Mapping[str, Any], at: datetime.datetime) -> Rule:
    """Return the version, not yet written, that follows on ``row`` with other values; ``row`` itself while it may be
    put right; one query.
    """
    decided = Decision.objects.filter(rule=row).exists()
    since = succession(row.since, clock.day_of(at), has_decided=decided)
    if since is None:
        for name, value in values.items():
            setattr(row, name, value)
        row.made_at = at
        return row
    kept = said(row) | {"code": row.code, "node_id": row.node_id, "source": row.source}
    return Rule(**(kept | dict(values)), since=since, made_at=at)


def visible_to(actor: Actor) -> QuerySet[Rule]:
    """Return the rules of the whole network, and those of places in the actor's scope or above it."""
    if not actor.can(Verb.VIEW_RULES):
        return Rule.objects.none()
    if actor.is_system or actor.scope.everything:
        return Rule.objects.all()
    return Rule.objects.filter(Q(node=None) | Q(node_id__in=actor.scope.nodes | actor.scope.above))


def current(actor: Actor) -> QuerySet[Rule]:
    """Return the last version of each visible rule."""
    return visible_to(actor).filter(until=None)


def rule(actor: Actor, pk: int) -> Rule:
    """Return one visible version.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("role", "cap", "node").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def versions(actor: Actor, code: str) -> list[Rule]:
    """Return the versions of a rule, the newest first; one query."""
    return list(visible_to(actor).filter(code=code).order_by("-since"))


def may_change(actor: Actor, row: Rule) -> bool:
    """Say whether an actor may change a rule: everywhere, or at the place it belongs to."""
    if row.node_id is None:
        return actor.can_everywhere(Verb.CHANGE_RULES)
    return actor.can(Verb.CHANGE_RULES, row.node_id)


def places(actor: Actor, verb: str = Verb.CHANGE_RULES) -> QuerySet[Node]:
    """Return the open places where an actor may let a rule hold, or do what another verb says."""
    where = actor.where(verb)
    rows = Node.objects.filter(kind__in=["BRAND", "BRANCH", "OUTLET"], valid_to=None).order_by("kind", "code")
    return rows if where is None else rows.filter(db.among("pk", where))


@dataclass(frozen=True)
class Running:
    """A rule that holds on a day, since when it or its earlier versions have been on, and how long its window is."""

    rule: Rule
    began: datetime.date

    @property
    def length(self) -> int:
        return self.rule.timing.due_days - self.rule.timing.opens + 1


def in_force(day: datetime.date, *anchors: str) -> list[Running]:
    """Return the rules that are on and hold on a day, perhaps only those with certain anchors; one query."""
    rows: dict[str, list[Rule]] = defaultdict(list)
    for row in Rule.objects.filter(since__lte=day).order_by("code", "-since"):
        rows[row.code].append(row)
    found = []
    for held in rows.values():
        newest = held[0]
        holds = newest.is_on and (newest.until is None or newest.until > day)
        if holds and (not anchors or newest.anchor in anchors):
            found.append(Running(newest, _began(held)))
    return found


def _began(versions: Sequence[Rule]) -> datetime.date:
    """Return since when a rule has been on without a break; ``versions`` are the newest first."""
    began = versions[0].since
    for older in versions[1:]:
        if not older.is_on or older.until != began:
            break
        began = older.since
    return began


def decisions_visible_to(actor: Actor) -> QuerySet[Decision]:
    """Return the decisions of places in the actor's reach: an outlet does not see whom the call centre drew."""
    where = actor.where(Verb.VIEW_RULES)
    return Decision.objects.all() if where is None else Decision.objects.filter(db.among("place_id", where))


def decisions_of(actor: Actor, customer_id: int, limit: int) -> list[Decision]:
    """Return the newest decisions about a customer; one query."""
    rows = decisions_visible_to(actor).filter(customer_id=customer_id).select_related("rule")
    return list(rows.order_by("-decided_on", "-pk")[:limit])


def results(actor: Actor, row: Rule, first: datetime.date) -> list[tuple[str, int]]:
    """Return how often each result came of a rule since a day, the most frequent first; one query."""
    rows = decisions_visible_to(actor).filter(rule__code=row.code, decided_on__gte=first)
    found = rows.values_list("result").annotate(found=Count("pk")).order_by("-found", "result")
    return [(str(result), int(number)) for result, number in found]


def draws(actor: Actor, row: Rule, limit: int) -> list[Draw]:
    """Return the strata that were drawn for a rule where the actor may see them, the newest first; one query."""
    where = actor.where(Verb.VIEW_RULES)
    rows = Draw.objects.filter(rule__code=row.code).select_related("outlet", "model")
    seen = rows if where is None else rows.filter(db.among("place_id", where))
    return list(seen.order_by("-month", "outlet__code", "model__code")[:limit])


def decided(codes: Iterable[str], first: datetime.date, last: datetime.date, actor: Actor) -> dict[str, int]:
    """Return how many tasks rules made from a day to a day; one query."""
    rows = decisions_visible_to(actor).filter(
        code__in=list(codes), decided_on__range=(first, last), result__in=("TASK", "MERGED")
    )
    return dict(rows.values_list("code").annotate(found=Count("pk")))
