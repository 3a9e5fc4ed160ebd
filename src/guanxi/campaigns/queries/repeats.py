"""Reads of campaigns that come again: what one was repeated as, which are due, who is to look at the next one."""

import datetime

from django.db.models import Exists, OuterRef

from guanxi.access.models import Role
from guanxi.campaigns import policy
from guanxi.campaigns.models import Campaign, Wave
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries.campaigns import waves
from guanxi.campaigns.states import STARTED, State

NEXT = "campaigns.next"  # the kind of the task


def key_of(previous_id: int) -> str:
    """Return the key of the task about the next one of a campaign."""
    return f"{NEXT}:{previous_id}"


def follower(row: Campaign) -> Campaign | None:
    """Return as what a visible campaign was repeated, unless that was called off; one query."""
    return Campaign.objects.filter(previous=row).exclude(state=State.CANCELLED).first()


def has_gone_out(row: Campaign) -> bool:
    """Say whether a campaign has started and none of its waves is left to go out; one query."""
    return row.state in STARTED and not row.waves.filter(done_at=None).exists()


def due(day: datetime.date) -> list[Campaign]:
    """Return the campaigns whose next one is to be written, as far as nobody has written one or called one off."""
    waiting = Wave.objects.filter(campaign=OuterRef("pk"), done_at=None)
    rows = Campaign.objects.filter(state__in=STARTED, every_months__gt=0).select_related("node").order_by("pk")
    open_ones = rows.exclude(Exists(waiting)).exclude(Exists(Campaign.objects.filter(previous=OuterRef("pk"))))
    return [row for row in open_ones if policy.is_due_again(waves(row)[0].on, row.every_months, day)]


def planner(row: Campaign) -> str | None:
    """Return the first role at the place of a campaign that plans campaigns; one query."""
    rows = Role.objects.filter(is_current=True, verbs__contains=[str(Verb.PLAN)], kinds__contains=[row.node.kind])
    return rows.order_by("position", "code").values_list("pk", flat=True).first()
