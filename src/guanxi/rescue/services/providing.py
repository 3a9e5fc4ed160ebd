"""Who helps on the road is kept by those who lead it (RESC-08)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Invalid
from guanxi.network.models import Node
from guanxi.records import services as records
from guanxi.rescue.models import Help, Provider
from guanxi.rescue.permissions import Verb
from guanxi.rescue.queries.providers import HELPERS

MOST_KM = 1000


@dataclass(frozen=True)
class Facts:
    """Where a provider stands, how far he goes, with what, and when."""

    phone: str
    helps: Sequence[str]
    position: tuple[Decimal, Decimal] | None = None
    radius_km: int | None = None
    is_day_and_night: bool = False
    is_active: bool = True


def keep_provider(*, actor: Actor, node_id: int, facts: Facts, at: datetime.datetime) -> Provider:
    """Write who helps on the road at an outlet or partner, or change it: checks the right there and the facts, writes,
    audits.

    :raises NotAllowed: the actor does not keep providers there.
    :raises Invalid: no outlet or partner, no known help, no telephone, or a reach that cannot be.
    """
    check(actor, Verb.CHANGE_PROVIDERS, node_id)
    node = Node.objects.filter(pk=node_id, kind__in=HELPERS).first()
    if node is None:
        raise Invalid(_("Choose one of the values offered."), field="node")
    known = set(Help.objects.filter(is_active=True).values_list("pk", flat=True))
    if not facts.helps or not set(facts.helps) <= known:
        raise Invalid(_("Choose what he helps with."), field="helps")
    if not facts.phone.strip():
        raise Invalid(_("This is needed."), field="phone")
    if facts.radius_km is not None and not 1 <= facts.radius_km <= MOST_KM:
        raise Invalid(_("Between 1 and 1000 kilometres."), field="radius_km")
    north, east = facts.position or (None, None)
    with db.atomic():
        row, _is_new = Provider.objects.update_or_create(
            node=node,
            defaults={
                "phone": facts.phone.strip()[:30], "helps": sorted(set(facts.helps)), "latitude": north,
                "longitude": east, "radius_km": facts.radius_km, "is_day_and_night": facts.is_day_and_night,
                "is_active": facts.is_active, "changed_at": at,
            },
        )  # fmt: skip
        after = {"helps": row.helps, "radius_km": row.radius_km, "is_active": row.is_active}
        records.audit(
            actor=actor, verb=Verb.CHANGE_PROVIDERS, subject_type="rescue.provider", subject_id=node.pk,
            subject_label=node.code, node_id=node.pk, after=after,
        )  # fmt: skip
    return row
