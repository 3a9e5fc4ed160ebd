"""How outlets follow up: of the contacts that fell due, how many were made and how many reached the customer (KPI-08,
KPI-09, FUP-29, FUP-32). Counted from the tasks of contact rules, whenever it is asked.

A contact is due in the span in which its task was first due, once that moment has come or it has been done before. One
that settled itself, because the customer came, was nobody's to make.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, JSONObject, NullIf, Rank

from guanxi.care.states.rules import CAME, FOLLOW_UPS
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor
from guanxi.network import queries as network
from guanxi.network.models import Node
from guanxi.worklist.models import Task
from guanxi.worklist.permissions import Verb
from guanxi.worklist.states import LIVE, Result, State

MADE = Q(tries__gt=0) | Q(state=State.DONE)
REACHED = Q(state=State.DONE, outcome__in=[Result.DONE, Result.REACHED, Result.APPOINTMENT])
COUNTS = ("due", "made", "reached", "late", "waiting")


@dataclass(frozen=True)
class Asked:
    """Of which days and by which kinds of contact one asks, below which branch (None: all), and when."""

    first: datetime.date
    last: datetime.date
    at: datetime.datetime
    kinds: Sequence[str] = FOLLOW_UPS
    branch: int | None = None


def visible_to(actor: Actor, asked: Asked) -> QuerySet[Node]:
    """Return the open outlets asked about whose teams the actor sees."""
    where, day = actor.where(Verb.VIEW_TEAM), clock.day_of(asked.at)
    rows = network.open_on(network.outlets(actor), day)
    rows = rows if where is None else rows.filter(db.among("pk", where))
    return rows if asked.branch is None else network.under(rows, asked.branch, day)


def due(asked: Asked) -> QuerySet[Task]:
    """Return the contacts that fell due."""
    span = clock.start_of(asked.first), clock.start_of(asked.last + datetime.timedelta(days=1))
    rows = Task.objects.filter(kind__in=asked.kinds, first_due_at__gte=span[0], first_due_at__lt=span[1])
    return rows.filter(Q(first_due_at__lte=asked.at) | Q(state=State.DONE)).exclude(outcome=CAME)


def _counts() -> dict[str, Count]:
    in_time = Q(finished_at__lte=F("first_due_at"), state=State.DONE)
    return {
        "due": Count("pk"), "made": Count("pk", filter=MADE), "reached": Count("pk", filter=REACHED),
        "late": Count("pk", filter=~in_time), "waiting": Count("pk", filter=Q(state__in=LIVE)),
    }  # fmt: skip


def by_outlet(actor: Actor, asked: Asked) -> QuerySet[Node]:
    """Return the outlets with their counts (``due``, ``made``, ``reached``, ``late``, ``waiting``), the shares made and
    reached in percent of those due, and their place among all that are asked about: by the one, then by the other.
    """
    counted = due(asked).filter(node=OuterRef("pk")).order_by().values("node")
    rows = visible_to(actor, asked).annotate(figures=Subquery(counted.annotate(f=JSONObject(**_counts())).values("f")))
    numbers: dict[str, Any] = {
        name: Coalesce(Cast(KeyTextTransform(name, "figures"), IntegerField()), 0) for name in COUNTS
    }
    rows = rows.annotate(**numbers).annotate(
        made_share=100 * F("made") / NullIf(F("due"), 0), reached_share=100 * F("reached") / NullIf(F("due"), 0)
    )
    order = [F("made_share").desc(nulls_last=True), F("reached_share").desc(nulls_last=True)]
    return rows.annotate(rank=Window(Rank(), order_by=order))


def in_sum(actor: Actor, asked: Asked) -> dict[str, int]:
    """Return the counts of all outlets asked about together; one query."""
    rows = due(asked).filter(node__in=visible_to(actor, asked).values("pk"))
    return rows.aggregate(**_counts())
