"""Reads of check lists: which hold on a day and where, their versions, and the outlets where somebody may go round."""

import datetime
from collections.abc import Iterable
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


def current() -> dict[str, CheckList]:
    """Return the last version of each list with its items, by code; two queries."""
    return {row.code: row for row in _whole().filter(until=None)}


def in_force(day: datetime.date) -> list[CheckList]:
    """Return the lists that are on and hold on a day, by the time at which they are due; two queries."""
    rows = _whole().filter(Q(until=None) | Q(until__gt=day), since__lte=day, is_on=True)
    return list(rows.order_by("by", "code"))


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


def held_at(lists: Iterable[CheckList], outlet: Node) -> list[CheckList]:
    """Return those of the lists that are gone through at an outlet."""
    profile = outlet.profile
    return [
        row
        for row in lists
        if policy.holds_at(row.outlets, sells=profile.sells, serves=profile.serves, is_key=profile.is_key)
    ]


def items_of(list_ids: Iterable[int]) -> list[CheckItem]:
    """Return the items of versions with their lists, the older versions first; one query."""
    rows = CheckItem.objects.filter(list_id__in=list(list_ids)).select_related("list")
    return list(rows.order_by("list__since", "position"))
