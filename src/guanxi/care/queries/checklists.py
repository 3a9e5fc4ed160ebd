"""Reads of check lists: which hold on a day and where, their versions, and the outlets where somebody may go round."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from guanxi.care.models import CheckItem, CheckList, Round
from guanxi.care.permissions import Verb
from guanxi.care.policy import checklists as policy
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound
from guanxi.network import queries as network
from guanxi.network.models import Node

# What a version says, beside its items.
SAID = (
    "name_zh", "name_en", "is_on", "outlets", "weekdays", "every", "by", "role_id", "fixer_id", "within", "unit",
    "source", "is_assumed", "assumed_zh", "assumed_en",
)  # fmt: skip


def said(row: CheckList) -> dict[str, Any]:
    """Return what a version says, without its items."""
    return {name: getattr(row, name) for name in SAID}


def _whole() -> QuerySet[CheckList]:
    items = Prefetch("items", queryset=CheckItem.objects.order_by("position"))
    return CheckList.objects.select_related("role", "fixer").prefetch_related(items)


def points(row: CheckList) -> list[policy.Point]:
    """Return what a version looks at, in order; no query when the items came with it."""
    return [policy.Point(item.code, item.name_zh, item.name_en) for item in row.items.all()]


def visible_to(actor: Actor) -> QuerySet[CheckList]:
    """Return the lists of the whole network, and those of places in the actor's scope or above it, with their items."""
    if not actor.can(Verb.VIEW_ROUNDS):
        return CheckList.objects.none()
    if actor.is_system or actor.scope.everything:
        return _whole()
    return _whole().filter(Q(node=None) | Q(node_id__in=actor.scope.nodes | actor.scope.above))


def current() -> dict[str, CheckList]:
    """Return the last version of each list with its items, by code; two queries."""
    return {row.code: row for row in _whole().filter(until=None)}


def in_force(actor: Actor, day: datetime.date) -> list[CheckList]:
    """Return the lists that are on and hold on a day, by the time at which they are due; two queries."""
    rows = visible_to(actor).filter(Q(until=None) | Q(until__gt=day), since__lte=day, is_on=True)
    return list(rows.order_by("by", "code"))


def check_list(actor: Actor, pk: int) -> CheckList:
    """Return one visible version.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("node").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def last(actor: Actor, code: str) -> CheckList:
    """Return the last version of a visible list.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).filter(code=code, until=None).first()
    if found is None:
        raise NotFound
    return found


def versions(actor: Actor, code: str) -> list[CheckList]:
    """Return the versions of a list with their items, the newest first; two queries."""
    return list(visible_to(actor).filter(code=code).order_by("-since"))


def may_change(actor: Actor, row: CheckList) -> bool:
    """Say whether an actor may change a list: everywhere, or at the place it belongs to."""
    if row.node_id is None:
        return actor.can_everywhere(Verb.CHANGE_CHECK_LISTS)
    return actor.can(Verb.CHANGE_CHECK_LISTS, row.node_id)


def may_go(actor: Actor, row: CheckList, outlet_id: int) -> bool:
    """Say whether an actor may go through a list at an outlet: an inspection is nobody's but of those with its role."""
    if not actor.can(Verb.FILE_ROUNDS, outlet_id):
        return False
    is_theirs = any(grant.role == row.role_id and grant.reaches(outlet_id) for grant in actor.grants)
    return row.every != policy.ON_CALL or actor.is_system or is_theirs


def last_asked(code: str, today: datetime.date) -> datetime.date | None:
    """Return the last day, up to today, on which a list was asked for or gone through; one query."""
    return Round.objects.filter(code=code, day__lte=today).order_by("-day").values_list("day", flat=True).first()


def codes_of(code: str) -> set[str]:
    """Return the codes of items that a list has, or had in an earlier version; one query."""
    return set(CheckItem.objects.filter(list__code=code).values_list("code", flat=True))


def successor_since(row: CheckList, today: datetime.date) -> datetime.date | None:
    """Return from which day on a version that follows on ``row`` holds; None while ``row`` may be put right; a query or
    two.
    """
    used = Round.objects.filter(list=row)
    is_used = used.exists()
    return policy.successor_since(
        row.since, today, is_used=is_used, is_asked_today=is_used and used.filter(day__gte=today).exists()
    )


def places(actor: Actor, verb: str, day: datetime.date) -> QuerySet[Node]:
    """Return the open outlets where the actor holds a verb, with their profiles."""
    where = actor.where(verb)
    rows = network.open_on(network.outlets(actor), day)
    return rows if where is None else rows.filter(db.among("pk", where))


def place(actor: Actor, pk: int, day: datetime.date) -> Node:
    """Return one open outlet whose rounds the actor may see.

    :raises NotFound: there is none, or not for this actor.
    """
    found = places(actor, Verb.VIEW_ROUNDS, day).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def only_place(actor: Actor, day: datetime.date) -> int | None:
    """Return the outlet of who sees the rounds of one alone; one query."""
    found = list(places(actor, Verb.VIEW_ROUNDS, day).values_list("pk", flat=True)[:2])
    return found[0] if len(found) == 1 else None


def held_at(
    actor: Actor, lists: Sequence[CheckList], outlets: Iterable[Node], day: datetime.date
) -> Mapping[int, list[CheckList]]:
    """Return which of the lists are gone through at each outlet: a list of a place at what stands below it; one query
    if there is such a list, none otherwise.
    """
    outlets = list(outlets)
    ways = network.ways_up(actor, [row.pk for row in outlets], day) if any(row.node_id for row in lists) else {}
    found = {}
    for outlet in outlets:
        near = {None, outlet.pk, *(step.id for step in ways.get(outlet.pk, ()))}
        found[outlet.pk] = [row for row in lists if row.node_id in near and _suits(row, outlet)]
    return found


def _suits(row: CheckList, outlet: Node) -> bool:
    profile = outlet.profile
    return policy.holds_at(row.outlets, sells=profile.sells, serves=profile.serves, is_key=profile.is_key)


def items_of(list_ids: Iterable[int]) -> list[CheckItem]:
    """Return the items of versions with their lists, the older versions first; one query."""
    rows = CheckItem.objects.filter(list_id__in=list(list_ids)).select_related("list")
    return list(rows.order_by("list__since", "position"))
