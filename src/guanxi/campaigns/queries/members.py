"""Reads of members: whom a campaign addresses or leaves out, and how far it has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Q, QuerySet

from guanxi.campaigns.models import Campaign, Member, Wave
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.states import Arm, Obstacle
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound, Text

TREATED = Q(arm=Arm.TREATED)
# How a member stands, and by which condition he is found.
STANDINGS: Mapping[str, Q] = {
    "control": Q(arm=Arm.CONTROL),
    "waiting": TREATED & Q(contacted_at=None, skipped=""),
    "addressed": Q(contacted_at__isnull=False),
    "skipped": ~Q(skipped=""),
    "responded": Q(responded_at__isnull=False),
    "redeemed": Q(redeemed_on__isnull=False),
}


def visible_to(actor: Actor) -> QuerySet[Member]:
    """Return the members at outlets where the actor may see campaigns."""
    where = actor.where(Verb.VIEW)
    return Member.objects.all() if where is None else Member.objects.filter(db.among("outlet_id", where))


def member(actor: Actor, pk: int) -> Member:
    """Return one visible member with his campaign and outlet.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("campaign__kind", "outlet").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def of_campaign(actor: Actor, row: Campaign) -> QuerySet[Member]:
    """Return the visible members of a visible campaign."""
    return visible_to(actor).filter(campaign=row)


def is_known(code: str, own: str) -> bool:
    """Say whether a campaign of the whole network that has started gave a code, whoever sees it; one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT campaigns_gave(%s, %s)", [code, own])
        return bool(cursor.fetchone()[0])


def of_customer(actor: Actor, customer_id: int, limit: int) -> list[Member]:
    """Return the newest campaigns that have a customer in their audience; one query."""
    rows = visible_to(actor).filter(customer_id=customer_id).select_related("campaign", "outlet")
    return list(rows.order_by("-pk")[:limit])


@dataclass(frozen=True)
class Line:
    """One wave of a campaign with what became of its members."""

    wave: Wave
    control: int = 0
    waiting: int = 0
    addressed: int = 0
    skipped: int = 0
    responded: int = 0
    redeemed: int = 0

    @property
    def members(self) -> int:
        return self.control + self.waiting + self.addressed + self.skipped


def by_wave(actor: Actor, row: Campaign, waves: Sequence[Wave]) -> list[Line]:
    """Return the waves of a campaign with how many stand how; one query."""
    counts = {name: Count("pk", filter=condition) for name, condition in STANDINGS.items()}
    rows = of_campaign(actor, row).values("wave").annotate(**counts).values_list("wave", *counts)
    found = {number: dict(zip(counts, many, strict=True)) for number, *many in rows}
    return [Line(wave, **found.get(wave.number, {})) for wave in waves]


def skipped(actor: Actor, row: Campaign) -> list[tuple[Text, int]]:
    """Return why how many were not addressed when their wave went out; one query."""
    rows = of_campaign(actor, row).exclude(skipped="").values_list("skipped").annotate(many=Count("pk"))
    return [(Obstacle(reason).label, many) for reason, many in rows.order_by("-many", "skipped")]
