"""What the network contributes elsewhere: lines of the palette."""

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse

from guanxi.foundation.actor import Actor
from guanxi.foundation.slots import Hit
from guanxi.network import queries
from guanxi.network.states import Kind


def find(actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """Find visible places by code, name or city."""
    rows = queries.visible_to(actor).filter(
        Q(code__istartswith=text)
        | Q(name_zh__icontains=text)
        | Q(name_en__icontains=text)
        | Q(profile__city_zh__startswith=text)
    )
    return [
        Hit(row.name, f"{row.code} · {Kind(row.kind).label}", reverse("network:node", args=[row.pk]), "store")
        for row in rows.order_by("kind", "code")[:limit]
    ]
