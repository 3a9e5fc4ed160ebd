"""How outlets follow up: of the contacts that fell due, how many were made and how many reached the customer (KPI-08,
KPI-09, FUP-29, FUP-32), and how many of those reached were content (KPI-26). Counted from the tasks of contact rules,
whenever it is asked; after a complaint, an intention to buy or a rescue also from the calls that these bring (FUP-23).

A contact is due in the span in which its task was first due, once that moment has come or it has been done before. One
that settled itself, because the customer came, was nobody's to make.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    Window,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject, NullIf, Rank

from guanxi.care.models import Rule
from guanxi.care.states.rules import CAME, FOLLOW_UPS, Anchor
from guanxi.complaints.services.from_calls import TOLD
from guanxi.complaints.services.steps import REVISIT
from guanxi.complaints.states import Result as Revisited
from guanxi.contact_centre.models import Call
from guanxi.contact_centre.services.findings import PURCHASE
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor
from guanxi.network import queries as network
from guanxi.network.models import Node
from guanxi.rectification.models import Notice
from guanxi.rescue.services.steps import CALL_BACK
from guanxi.rescue.states import Ending
from guanxi.worklist.models import Task
from guanxi.worklist.permissions import Verb
from guanxi.worklist.states import LIVE, Result, State

MADE = Q(tries__gt=0) | Q(state=State.DONE)
INTENTION, RESCUE = "INTENTION", "RESCUE"
# What is followed up after some moments beside the contacts of rules, by telephone too (FUP-23).
OTHERS = {Anchor.COMPLAINT: (REVISIT,), INTENTION: (PURCHASE,), RESCUE: (CALL_BACK,)}
TALKED = [
    Result.DONE, Result.REACHED, Result.APPOINTMENT, Revisited.SATISFIED, Revisited.REJECTED, Ending.CALLED,
]  # fmt: skip
REACHED = Q(state=State.DONE, outcome__in=TALKED)
COUNTS = ("due", "made", "reached", "unhappy", "late", "waiting")
LONGEST = datetime.timedelta(days=90)  # from the call to the day on which its task was first due, however it was moved


@dataclass(frozen=True)
class Asked:
    """Of which days and by which kinds of contact one asks, below which branch (None: all), when, and after what."""

    first: datetime.date
    last: datetime.date
    at: datetime.datetime
    kinds: Sequence[str] = FOLLOW_UPS
    branch: int | None = None
    anchor: str = ""


def visible_to(actor: Actor, asked: Asked) -> QuerySet[Node]:
    """Return the open outlets asked about whose teams the actor sees."""
    where, day = actor.where(Verb.VIEW_TEAM), clock.day_of(asked.at)
    rows = network.open_on(network.outlets(actor), day)
    rows = rows if where is None else rows.filter(db.among("pk", where))
    return rows if asked.branch is None else network.under(rows, asked.branch, day)


def due(asked: Asked) -> QuerySet[Task]:
    """Return the contacts that fell due."""
    span = clock.start_of(asked.first), clock.start_of(asked.last + datetime.timedelta(days=1))
    others = OTHERS.get(asked.anchor, ()) if "care.call" in asked.kinds else ()
    rows = Task.objects.filter(kind__in=[*asked.kinds, *others], first_due_at__gte=span[0], first_due_at__lt=span[1])
    rows = rows.filter(Q(first_due_at__lte=asked.at) | Q(state=State.DONE)).exclude(outcome=CAME)
    return after(rows, [asked.anchor], others) if asked.anchor else rows


def after(rows: QuerySet[Task], anchors: Sequence[str], others: Sequence[str] = ()) -> QuerySet[Task]:
    """Keep the contacts whose rule counts from one of some moments, and those of other kinds."""
    rule = Func(F("key"), Value(":"), Value(2), function="split_part", output_field=CharField())
    return rows.annotate(rule=rule).filter(
        Q(rule__in=Rule.objects.filter(anchor__in=anchors).values("code")) | Q(kind__in=others)
    )


def unhappy(asked: Asked) -> QuerySet[Call]:
    """Return the calls and visits in which the customer complained, or named a problem that a department has to put
    right (AMB-10: success less other results, of the success).
    """
    first = clock.start_of(asked.first) - LONGEST
    token = Concat(Value("call-"), Cast(OuterRef("token"), CharField()))
    noticed = Exists(Notice.objects.filter(issued_by_id=OuterRef("agent_id"), token=token))
    complained = Q()
    for key in TOLD:
        complained |= Q(**{f"answers__{key}__isnull": False}) & ~Q(**{f"answers__{key}": ""})
    return Call.objects.filter(complained | noticed, ended_at__gte=first, task_id__isnull=False)


def _counts(asked: Asked) -> dict[str, Count]:
    not_content = Q(pk__in=unhappy(asked).values("task_id")) | Q(outcome=Revisited.REJECTED)
    in_time = Q(finished_at__lte=F("first_due_at"), state=State.DONE)
    return {
        "due": Count("pk"), "made": Count("pk", filter=MADE), "reached": Count("pk", filter=REACHED),
        "unhappy": Count("pk", filter=REACHED & not_content),
        "late": Count("pk", filter=~in_time), "waiting": Count("pk", filter=Q(state__in=LIVE)),
    }  # fmt: skip


def by_outlet(actor: Actor, asked: Asked) -> QuerySet[Node]:
    """Return the outlets with their counts (``COUNTS``), the shares made and reached in percent of those due, that of
    the content ones among those reached, and their place among all that are asked about: by ratio, then by success.
    """
    counted = due(asked).filter(node=OuterRef("pk")).order_by().values("node")
    rows = visible_to(actor, asked).annotate(
        figures=Subquery(counted.annotate(f=JSONObject(**_counts(asked))).values("f"))
    )
    numbers: dict[str, Any] = {
        name: Coalesce(Cast(KeyTextTransform(name, "figures"), IntegerField()), 0) for name in COUNTS
    }
    rows = rows.annotate(**numbers).annotate(
        made_share=100 * F("made") / NullIf(F("due"), 0), reached_share=100 * F("reached") / NullIf(F("due"), 0),
        content_share=100 * (F("reached") - F("unhappy")) / NullIf(F("reached"), 0),
    )  # fmt: skip
    order = [F("made_share").desc(nulls_last=True), F("reached_share").desc(nulls_last=True)]
    return rows.annotate(rank=Window(Rank(), order_by=order))


def in_sum(actor: Actor, asked: Asked) -> dict[str, int]:
    """Return the counts of all outlets asked about together; one query."""
    rows = due(asked).filter(node__in=visible_to(actor, asked).values("pk"))
    return rows.aggregate(**_counts(asked))
