"""Planning a campaign: writing it, changing it while nobody has approved it."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Role
from guanxi.campaigns import policy
from guanxi.campaigns.models import Campaign, Wave
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import campaigns as queries
from guanxi.campaigns.queries import checks
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid
from guanxi.network.models import Node
from guanxi.records import services as records

SUBJECT = "campaigns.campaign"
SAID = (
    "name", "aim", "node_id", "audience", "channel", "purpose", "template", "words", "role_id", "offer", "offer_code",
    "has_own_codes", "offer_until", "variants", "budget", "unit_cost", "fixed_cost", "control", "visit_days",
    "sale_days", "every_months",
)  # fmt: skip
OPEN: Mapping[str, Any] = {
    "has_own_codes": False,
    "offer_until": None,
    "variants": [],
    "every_months": 0,
}  # what need not be said


@dataclass(frozen=True)
class Plan:
    """What a campaign says (the fields of ``SAID``), and its waves."""

    values: Mapping[str, Any]
    waves: Sequence[policy.Wave]


@dataclass(frozen=True)
class Before:
    """The campaign that a new one repeats, and whether it leaves out whom that one addressed."""

    previous: Campaign
    is_skipped: bool


def add_campaign(
    *, actor: Actor, kind: str, plan: Plan, at: datetime.datetime, before: Before | None = None
) -> Campaign:  # fmt: skip
    """Write a campaign as a draft: checks the right at its place and what it says, writes it with its waves, audits.

    :raises NotAllowed: the actor may not plan campaigns there.
    :raises NotFound: no such kind.
    :raises Conflict: another campaign has its offer code.
    :raises Invalid: something in it cannot be.
    """
    check(actor, Verb.PLAN, plan.values["node_id"])
    with db.atomic():
        db.serialise("campaigns.codes")
        row = Campaign(kind=queries.kind(kind), made_at=at, made_by=actor.name[:160], **_clean(plan))
        if before is not None:
            row.previous, row.skips_previous = before.previous, before.is_skipped
        _refuse(row, plan, at)
        row.save(force_insert=True)
        _put_waves(row, plan)
        _audit(actor, "campaigns.add_campaign", row, plan, {})
    return row


def change_campaign(*, actor: Actor, campaign_id: int, plan: Plan, at: datetime.datetime) -> Campaign:
    """Change what a campaign says while it is a draft or was sent back: locks, checks as ``add_campaign`` at both
    places, writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not plan campaigns there.
    :raises Conflict: it was submitted already, or another campaign has its offer code.
    :raises Invalid: something in it cannot be.
    """
    with db.atomic():
        db.serialise("campaigns.codes")
        row = db.lock(queries.visible_to(actor), campaign_id)
        check(actor, Verb.PLAN, row.node_id)
        check(actor, Verb.PLAN, plan.values["node_id"])
        if not policy.may_write(row.state):
            raise Conflict(_("It was submitted: what it says stays as it is."))
        before = said(row)
        for name, value in _clean(plan).items():
            setattr(row, name, value)
        _refuse(row, plan, at)
        row.save()
        row.waves.all().delete()
        _put_waves(row, plan)
        _audit(actor, "campaigns.change_campaign", row, plan, before)
    return row


def said(row: Campaign) -> dict[str, Any]:
    """Return what a campaign says, as the trail keeps it."""
    values = {name: getattr(row, name) for name in SAID}
    return {name: value if isinstance(value, int | list | None) else str(value) for name, value in values.items()}


def _clean(plan: Plan) -> dict[str, Any]:
    given = {**OPEN, **plan.values}
    values = {name: given[name] for name in SAID}
    return values | {"offer_code": str(values["offer_code"]).strip().upper()}


def _refuse(row: Campaign, plan: Plan, at: datetime.datetime) -> None:
    wrong = checks.unfit(row, plan.waves, clock.day_of(at))
    if wrong is not None:
        raise Invalid(wrong.message, field=wrong.field)
    if not Node.objects.filter(pk=row.node_id, kind__in=queries.PLACES).exists():
        raise Invalid(_("Choose one of the values offered."), field="node")
    if row.role_id is not None and not Role.objects.filter(pk=row.role_id, is_current=True).exists():
        raise Invalid(_("There is no such role."), field="role")
    if row.offer_code and Campaign.objects.filter(offer_code=row.offer_code).exclude(pk=row.pk).exists():
        raise Conflict(_("Another campaign has this offer code."), field="offer_code")


def _put_waves(row: Campaign, plan: Plan) -> None:
    Wave.objects.bulk_create(
        Wave(campaign=row, number=number, on=wave.on, share=wave.share) for number, wave in enumerate(plan.waves, 1)
    )


def _audit(actor: Actor, verb: str, row: Campaign, plan: Plan, before: Mapping[str, Any]) -> None:
    waves = [f"{wave.on.isoformat()} {wave.share}" for wave in plan.waves]
    records.audit(
        actor=actor, verb=verb, subject_type=SUBJECT, subject_id=row.pk, subject_label=row.name, node_id=row.node_id,
        before=before, after=said(row) | {"waves": waves},
    )  # fmt: skip
