"""What customers contribute elsewhere: lines of the palette, moments of the timeline."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.customers import policy, queries
from guanxi.customers.models import Association, Customer, FamilyMember, Note
from guanxi.customers.states import Kin, Tie
from guanxi.foundation.actor import Actor
from guanxi.foundation.slots import Hit, Moment

REASONS = {"phone": "phone", "plate": "car", "vin": "car"}


def find(actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """Find customers by name, pinyin, telephone, plate or VIN."""
    found = queries.find(actor, text, limit)
    held: dict[int, str] = {}
    for relation in queries.relations(actor, [hit.customer.pk for hit in found]):
        held.setdefault(relation.customer_id, relation.known_as)
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


@dataclass(frozen=True)
class Relative:
    """Somebody of the family with his birthday: noted on the record, or a customer of the same household."""

    who: str
    name: str
    month: int
    day: int
    year: int | None
    member_id: int | None = None
    customer_id: int | None = None

    @property
    def birthday(self) -> str:
        return policy.birthday(self.month, self.day, self.year)


def noted(one: FamilyMember) -> Relative:
    """Return somebody who was noted on the record."""
    return Relative(str(Kin(one.kin).label), one.name, one.month, one.day, one.year, member_id=one.pk)


def family(row: Customer, ties: Sequence[tuple[Association, Customer, bool]]) -> list[Relative]:
    """Return the family of a customer whose birthdays are known, by day; ``ties`` are his to others. One query."""
    told = [noted(one) for one in FamilyMember.objects.filter(customer=row)]
    known = [
        Relative(str(Tie.HOUSEHOLD.label), one.name, one.born_on.month, one.born_on.day, one.born_on.year, None, one.pk)
        for tie, one, _is_first in ties
        if tie.tie == Tie.HOUSEHOLD and one.born_on is not None
    ]
    return sorted([*told, *known], key=lambda one: (one.month, one.day, one.name))
