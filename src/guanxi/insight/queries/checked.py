"""Whether outlets follow up as they log (FUP-03, FUP-04): what a customer answers elsewhere to *did the outlet call
you* against what his outlet logged for him after the same delivery or visit.

A contact is claimed when its task was done and the customer reached. It is confirmed or contradicted by the first
answer of the customer in a call of another place about the same day, after the outlet logged it; else nobody asked.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, JSONObject, NullIf

from guanxi.care.states.rules import Anchor
from guanxi.contact_centre.models import Call
from guanxi.contact_centre.states import Outcome
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import NotFound
from guanxi.insight.permissions import Verb
from guanxi.insight.queries import followups
from guanxi.insight.queries.followups import MADE, REACHED
from guanxi.network import queries as network
from guanxi.network.models import Node
from guanxi.worklist.models import Task

QUESTION, YES, NO = "contacted", "yes", "no"  # the key of the question in scripts, and its answers
BY_VOICE = ("care.call", "care.visit")
AFTER = (Anchor.DELIVERY, Anchor.VISIT)
COUNTS = ("due", "customers", "followed", "claimed", "confirmed", "contradicted")
FEW, MOST = 5, 100


@dataclass(frozen=True)
class Asked(followups.Asked):
    """Of which days and kinds of contact one asks, as for follow-ups; of which role's tasks (empty: all)."""

    role: str = ""


def visible_to(actor: Actor, asked: Asked) -> QuerySet[Node]:
    """Return the open outlets asked about that the actor supervises."""
    where, day = actor.where(Verb.VIEW_CHECKED), clock.day_of(asked.at)
    rows = network.open_on(network.outlets(actor), day)
    rows = rows if where is None else rows.filter(db.among("pk", where))
    return rows if asked.branch is None else network.under(rows, asked.branch, day)


def outlet(actor: Actor, pk: int, asked: Asked) -> Node:
    """Return one of them.

    :raises NotAllowed: the actor supervises nobody.
    :raises NotFound: it is none of them.
    """
    check(actor, Verb.VIEW_CHECKED)
    found = visible_to(actor, asked).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def contacts(asked: Asked) -> QuerySet[Task]:
    """Return the contacts that fell due after deliveries and visits, with what the customer said of them."""
    rows = followups.due(asked)
    if not asked.anchor:
        rows = followups.after(rows, AFTER)
    if asked.role:
        rows = rows.filter(role_id=asked.role)
    rows = rows.annotate(day=KeyTextTransform("day", "values"))
    told = _answers()
    return rows.annotate(
        said=Subquery(told.values("said")[:1], output_field=CharField()), told_in=Subquery(told.values("pk")[:1])
    )


def _answers() -> QuerySet[Any]:
    """Return what the customer of a task answered elsewhere about the same event once it was logged, oldest first."""
    about = Task.objects.annotate(day=KeyTextTransform("day", "values")).filter(
        pk=OuterRef("task_id"), day=OuterRef(OuterRef("day"))
    )
    rows = Call.objects.annotate(said=KeyTextTransform(QUESTION, "answers")).filter(
        Q(said=YES) | Q(said=NO), Exists(about), customer_id=OuterRef("subject_id"), outcome=Outcome.REACHED,
        ended_at__gte=OuterRef("finished_at"),
    )  # fmt: skip
    return rows.exclude(node_id=OuterRef("node_id")).order_by("ended_at", "pk")


def _counts() -> dict[str, Count]:
    return {
        "due": Count("pk"), "customers": Count("subject_id", distinct=True),
        "followed": Count("subject_id", distinct=True, filter=MADE), "claimed": Count("pk", filter=REACHED),
        "confirmed": Count("pk", filter=REACHED & Q(said=YES)),
        "contradicted": Count("pk", filter=REACHED & Q(said=NO)),
    }  # fmt: skip


def by_outlet(actor: Actor, asked: Asked) -> QuerySet[Node]:
    """Return the outlets with their counts (``COUNTS``), how many claims nobody asked about, the coverage in percent of
    the customers due, and the accuracy in percent of the claims that were asked about.
    """
    counted = contacts(asked).filter(node=OuterRef("pk")).order_by().values("node")
    rows = visible_to(actor, asked).annotate(figures=Subquery(counted.annotate(f=JSONObject(**_counts())).values("f")))
    numbers: dict[str, Any] = {
        name: Coalesce(Cast(KeyTextTransform(name, "figures"), IntegerField()), 0) for name in COUNTS
    }
    known = F("confirmed") + F("contradicted")
    return rows.annotate(**numbers).annotate(
        not_asked=F("claimed") - known, coverage=100 * F("followed") / NullIf(F("customers"), 0),
        accuracy=100 * F("confirmed") / NullIf(known, 0),
    )  # fmt: skip


def in_sum(actor: Actor, asked: Asked) -> dict[str, int]:
    """Return the counts of all outlets asked about together; one query."""
    return contacts(asked).filter(node__in=visible_to(actor, asked).values("pk")).aggregate(**_counts())


def contradicted(asked: Asked, outlet_id: int) -> list[Task]:
    """Return the contacts that an outlet logged and the customer denied, the newest first, at most a hundred."""
    rows = contacts(asked).filter(REACHED & Q(said=NO), node_id=outlet_id).select_related("owner", "role")
    return list(rows.order_by("-finished_at", "-pk")[:MOST])
