"""What access contributes elsewhere: lines of the palette."""

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse

from guanxi.access import queries
from guanxi.foundation.actor import Actor
from guanxi.foundation.slots import Hit


def find(actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """Find visible people by name, user name or employee number."""
    rows = queries.visible_to(actor).filter(
        Q(name__icontains=text) | Q(username__istartswith=text) | Q(employee_no__istartswith=text)
    )
    return [
        Hit(row.name, row.username, reverse("access:person", args=[row.pk]), "user-round")
        for row in rows.order_by("name", "pk")[:limit]
    ]
