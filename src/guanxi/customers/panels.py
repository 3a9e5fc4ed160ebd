"""What customers contribute elsewhere: lines of the palette, moments of the timeline."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.customers import queries
from guanxi.customers.models import Note
from guanxi.foundation.actor import Actor
from guanxi.foundation.slots import Hit, Moment

REASONS = {"phone": "phone", "plate": "car", "vin": "car"}


def find(actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """Find customers by name, pinyin, telephone, plate or VIN."""
    found = queries.find(actor, text, limit)
    held: dict[int, str] = {}
    for relation in queries.relations(actor, [hit.customer.pk for hit in found]):
        held.setdefault(relation.customer_id, f"{relation.get_category_display()} · {relation.outlet.name}")
    return [
        Hit(
            hit.customer.name, held.get(hit.customer.pk, ""), reverse("customers:customer", args=[hit.customer.pk]),
            REASONS.get(hit.reason, "building-2" if hit.customer.kind == "COMPANY" else "user-round"),
        )
        for hit in found
    ]  # fmt: skip


def moments(_actor: Actor, customer_id: int, limit: int) -> Sequence[Moment]:
    """Return the notes on a customer for his timeline; one query. Row-level security narrows them."""
    rows = Note.objects.filter(customer_id=customer_id).order_by("-at", "-pk")[:limit]
    return [Moment(row.at, _("Note"), row.body, row.author_name, "sticky-note", "amber") for row in rows]
