"""Changes of what an outlet offers: profile and opening hours."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Invalid
from guanxi.network import policy
from guanxi.network.models import OfferedService, OpeningHours, OutletProfile
from guanxi.network.permissions import Verb
from guanxi.records import services as records

FIELDS = (
    "sells", "serves", "is_key", "province", "city_zh", "city_en", "address", "phone", "hotline",
    "latitude", "longitude", "service_radius_km",
)  # fmt: skip


def _facts(profile: OutletProfile) -> dict[str, Any]:
    facts = {name: getattr(profile, name) for name in FIELDS}
    return facts | {"services": sorted(profile.services.values_list("code", flat=True))}


def change_profile(
    *, actor: Actor, node_id: int, values: Mapping[str, Any], services: Sequence[str] | None = None
) -> OutletProfile:
    """Change an outlet's profile (ORG-12): checks, locks, writes fields and services, audits.

    Whether it sells, serves or is a key outlet is decided above the outlet: for these three the actor
    must hold the right to add nodes there too.

    :raises Invalid: a field is unknown, or the outlet would neither sell nor serve.
    """
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise Invalid(_("Unknown field."), field=min(unknown))
    with db.atomic():
        profile = db.lock(OutletProfile.objects, node_id)
        check(actor, Verb.CHANGE_NODE, node_id)
        before = _facts(profile)
        for name, value in values.items():
            if name in {"sells", "serves", "is_key"} and value != getattr(profile, name):
                check(actor, Verb.ADD_NODE, node_id)
            setattr(profile, name, value)
        if not (profile.sells or profile.serves):
            raise Invalid(_("An outlet sells or serves, or both."), field="sells")
        if (profile.latitude is None) != (profile.longitude is None):
            raise Invalid(_("Give latitude and longitude together."), field="latitude")
        profile.save()
        if services is not None:
            profile.services.set(OfferedService.objects.filter(code__in=services, is_current=True))
        records.audit(
            actor=actor, verb=Verb.CHANGE_NODE, subject_type="node", subject_id=node_id,
            subject_label=str(profile.node), node_id=node_id, before=before, after=_facts(profile),
        )  # fmt: skip
    return profile


def set_hours(*, actor: Actor, node_id: int, desk: str, intervals: Sequence[policy.Interval]) -> None:
    """Replace the opening hours of one desk: checks, refuses overlaps, writes, audits.

    :raises Invalid: two intervals of a day overlap, or one ends before it begins.
    """
    if any(item.closes <= item.opens for item in intervals):
        raise Invalid(_("Closing time must come after opening time."), field=f"{desk}_hours")
    if policy.overlapping(intervals):
        raise Invalid(_("Two intervals of one day overlap."), field=f"{desk}_hours")
    with db.atomic():
        profile = db.lock(OutletProfile.objects, node_id)
        check(actor, Verb.CHANGE_NODE, node_id)
        held = OpeningHours.objects.filter(node_id=node_id, desk=desk).order_by("weekday", "opens")
        before = {desk: [f"{row.weekday} {row.opens:%H:%M}-{row.closes:%H:%M}" for row in held]}
        held.delete()
        OpeningHours.objects.bulk_create(
            OpeningHours(node_id=node_id, desk=desk, weekday=i.weekday, opens=i.opens, closes=i.closes)
            for i in intervals
        )
        after = {desk: [f"{i.weekday} {i.opens:%H:%M}-{i.closes:%H:%M}" for i in intervals]}
        records.audit(
            actor=actor, verb=Verb.CHANGE_NODE, subject_type="node", subject_id=node_id,
            subject_label=str(profile.node), node_id=node_id, before=before, after=after,
        )  # fmt: skip
