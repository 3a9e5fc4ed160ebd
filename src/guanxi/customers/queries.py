"""Reads of customers. Each starts from what the actor may see."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from guanxi.customers import policy
from guanxi.customers.models import (
    Address,
    Association,
    Attachment,
    ContactPoint,
    Customer,
    Merge,
    Note,
    OutletQuality,
    Relation,
    Standard,
    StandardField,
)
from guanxi.customers.permissions import Verb
from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Invalid, NotAllowed, NotFound
from guanxi.network.models import Node
from guanxi.network.states import Kind

WORDS = """
SELECT DISTINCT customer_id FROM (
  SELECT customer_id FROM customers_token WHERE outlet_id = ANY(%s) AND token >= %s AND token < %s LIMIT %s
) found
"""
NOWHERE = 0  # the outlet of those who have none


def outlets(actor: Actor, verb: str = Verb.VIEW) -> list[int] | None:
    """Return the outlets at which the actor holds a verb; None means all."""
    where = actor.where(verb)
    return None if where is None else sorted(where & actor.scope.outlets)


def check_outlet(actor: Actor, verb: str, outlet_id: int) -> None:
    """Refuse an actor who may not do this there, and a place that is no outlet; one query."""
    check(actor, verb, outlet_id)
    if not Node.objects.filter(pk=outlet_id, kind=Kind.OUTLET).exists():
        raise Invalid(_("There is no such outlet."), field="outlet_id")


def at(places: Sequence[int]) -> Q:
    """Return the condition of a relation that it is open at one of these outlets."""
    if len(places) == 1:
        return Q(outlet_id=places[0], ended_on__isnull=True)
    return Q(db.among("outlet_id", places), ended_on__isnull=True)


def visible_to(actor: Actor) -> QuerySet[Customer]:
    """Return the customers with an open relation to an outlet where the actor may see customers."""
    rows = Customer.objects.filter(merged_into__isnull=True)
    held = outlets(actor)
    if held is None:
        return rows
    return rows.filter(Exists(Relation.objects.filter(at(held), customer_id=OuterRef("pk"))))


def listed(actor: Actor) -> QuerySet[Customer]:
    """Return the visible customers for a list: of a single outlet joined with its relations, which an index orders."""
    held = outlets(actor)
    if held is None or len(held) != 1:
        return visible_to(actor)
    return Customer.objects.filter(
        relations__outlet_id=held[0], relations__ended_on__isnull=True, merged_into__isnull=True
    )


def customer(actor: Actor, pk: int) -> Customer:
    """Return one visible customer with the quality of his record.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("quality").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def relations(actor: Actor, ids: Iterable[int], *, ended: bool = False) -> list[Relation]:
    """Return the relations of customers to the outlets that the actor sees, oldest first; one query."""
    rows = Relation.objects.filter(customer_id__in=list(ids)).select_related("outlet", "consultant")
    where = actor.where(Verb.VIEW)
    if where is not None:
        rows = rows.filter(db.among("outlet_id", where))
    return list((rows if ended else rows.filter(ended_on__isnull=True)).order_by("since", "pk"))


def check_customer(actor: Actor, verb: str, customer_id: int) -> int | None:
    """Refuse unless the actor holds a verb at an outlet of the customer; return that outlet, for the trail.

    Who holds the verb everywhere may act on customers without an outlet too: then None is returned.

    :raises NotAllowed: the actor holds it at none of them.
    """
    check(actor, verb)
    for relation in relations(actor, [customer_id]):
        if actor.can(verb, relation.outlet_id):
            return relation.outlet_id
    if actor.can_everywhere(verb):
        return None
    raise NotAllowed(verb)


def may(actor: Actor, verb: str, held: Sequence[Relation]) -> bool:
    """Say whether the actor holds a verb at one of these relations' outlets, or everywhere."""
    return actor.can_everywhere(verb) or any(actor.can(verb, row.outlet_id) for row in held)


def points(ids: Iterable[int]) -> dict[int, list[ContactPoint]]:
    """Return the contact points of visible customers, the main ones first; one query."""
    found: dict[int, list[ContactPoint]] = {}
    rows = ContactPoint.objects.filter(customer_id__in=list(ids)).order_by("channel", "-is_primary", "pk")
    for row in rows:
        found.setdefault(row.customer_id, []).append(row)
    return found


@dataclass(frozen=True)
class Found:
    """A customer with what he was found by."""

    customer: Customer
    reason: str


def find(actor: Actor, text: str, limit: int) -> list[Found]:
    """Find customers by name, pinyin, telephone, plate or VIN, whole or in part; the likeliest way first.

    One query for the words of each way, one for the outlets, one for the customers.
    """
    if not actor.can(Verb.VIEW):
        return []
    here = places(actor)
    reasons: dict[int, str] = {}
    for way in policy.ways(text):
        for pk in _words(here, way, 3 * limit):
            reasons.setdefault(pk, way.reason)
        if len(reasons) >= limit:
            break
    rows = {row.pk: row for row in Customer.objects.filter(pk__in=reasons, merged_into__isnull=True)}
    return [Found(rows[pk], reason) for pk, reason in reasons.items() if pk in rows][:limit]


def _words(here: Sequence[int], way: policy.Way, limit: int) -> list[int]:
    """Return customers by one way: each outlet is a range of one index, also for those who see them all."""
    with connection.cursor() as cursor:
        cursor.execute(WORDS, [list(here), way.start, way.end, limit])
        return [row[0] for row in cursor.fetchall()]


def names(ids: Iterable[int]) -> dict[int, str]:
    """Return the names of customers as far as row-level security shows them; one query."""
    return dict(Customer.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def places(actor: Actor) -> list[int]:
    """Return the outlets at which to look for customers: all there are, for those who see everything. One query."""
    held = outlets(actor)
    if held is not None:
        return held
    return [NOWHERE, *Node.objects.filter(kind=Kind.OUTLET).values_list("pk", flat=True)]


def found(actor: Actor, text: str, most: int) -> list[int]:
    """Return the keys of the customers found in any of the ways that a typed text can be meant."""
    here = places(actor)
    keys = {pk: None for way in policy.ways(text) for pk in _words(here, way, most)}
    return list(keys)[:most]


def alike(actor: Actor, *, name: str, mobile: str, beside: int | None = None, limit: int = 5) -> list[Customer]:
    """Return visible customers that may be the same as one about to be written: by number, then by name."""
    rows = visible_to(actor)
    if beside is not None:
        rows = rows.exclude(pk=beside)
    by_number = rows.filter(points__value=mobile) if mobile else rows.none()
    found = list(by_number.distinct()[:limit])
    if name and len(found) < limit:
        known = {row.pk for row in found}
        found += [row for row in rows.filter(name=name)[:limit] if row.pk not in known]
    return found[:limit]


def doubles(actor: Actor, row: Customer) -> list[Customer]:
    """Return visible customers that share a number or an identity number with this one."""
    numbers = ContactPoint.objects.filter(customer=row, channel__in=("MOBILE", "LANDLINE")).values("value")
    same = Q(points__value__in=numbers)
    if row.identity_digest:
        same |= Q(identity_digest=row.identity_digest)
    return list(visible_to(actor).filter(same).exclude(pk=row.pk).distinct()[:10])


def associations(row: Customer) -> list[tuple[Association, Customer, bool]]:
    """Return the ties of a customer to visible others; the flag says whether he is the first of the two."""
    rows = Association.objects.filter(Q(customer=row) | Q(other=row)).select_related("customer", "other")
    return [(tie, tie.other if tie.customer_id == row.pk else tie.customer, tie.customer_id == row.pk) for tie in rows]


def addresses(row: Customer) -> list[Address]:
    return list(Address.objects.filter(customer=row).order_by("kind", "pk"))


def notes(row: Customer, limit: int = 50) -> list[Note]:
    return list(Note.objects.filter(customer=row).select_related("outlet").order_by("-at", "-pk")[:limit])


def attachments(row: Customer) -> list[Attachment]:
    """Return the files of a customer that the actor's outlets added, without their content."""
    return list(Attachment.objects.filter(customer=row).defer("content").order_by("-at", "-pk")[:50])


def attachment(actor: Actor, pk: int) -> Attachment:
    """Return one file of a visible customer.

    :raises NotFound: there is none, or not for this actor.
    """
    found = Attachment.objects.select_related("customer").filter(pk=pk, customer__in=visible_to(actor)).first()
    if found is None:
        raise NotFound
    return found


def merge(actor: Actor, pk: int) -> Merge:
    """Return a merge whose record the actor sees.

    :raises NotFound: there is none, or not for this actor.
    """
    found = Merge.objects.filter(pk=pk, kept__in=visible_to(actor)).select_related("kept", "gone").first()
    if found is None:
        raise NotFound
    return found


def living(pk: int) -> int:
    """Return the key of the record into which one was merged, however often; its own if it was not."""
    into = Customer.objects.filter(pk=pk).values_list("merged_into", flat=True).first()
    return pk if into is None else living(into)


def known_elsewhere(ids: Sequence[int]) -> bool:
    """Say whether outlets that the actor does not see have relations to one of these customers too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT customers_known_elsewhere(%s)", [list(ids)])
        return bool(cursor.fetchone()[0])


def qualities(actor: Actor) -> QuerySet[OutletQuality]:
    """Return the daily quality of the outlets that the actor sees."""
    rows = OutletQuality.objects.select_related("outlet")
    held = outlets(actor)
    return rows if held is None else rows.filter(db.among("outlet_id", held))


def standards(actor: Actor) -> QuerySet[Standard]:
    """Return the versions of the standard, the newest first.

    :raises NotAllowed: the actor may not see customers.
    """
    check(actor, Verb.VIEW)
    return Standard.objects.order_by("-valid_from")


def standard_on(actor: Actor, day: datetime.date) -> Standard:
    """Return the version of the standard that holds on a day.

    :raises NotFound: there is none yet.
    :raises NotAllowed: the actor may not see customers.
    """
    found = standards(actor).filter(valid_from__lte=day).first()
    if found is None:
        raise NotFound(_("There is no standard of customer information on this day."))
    return found


def asks(day: datetime.date) -> tuple[policy.Ask, ...]:
    """Return what the standard that holds on a day says of every field; nothing before the first. One query."""
    valid = Standard.objects.filter(valid_from__lte=day).order_by("-valid_from").values("pk")[:1]
    return tuple(_ask(row) for row in StandardField.objects.filter(standard=Subquery(valid)).order_by("pk"))


def rules(standard: Standard) -> policy.Rules:
    """Return what a version says; one query."""
    numbers = {name: int(getattr(standard, name)) for name in (*policy.MARKS, *policy.DAYS)}
    return policy.Rules(numbers, tuple(_ask(row) for row in standard.fields.order_by("pk")))


def _ask(row: StandardField) -> policy.Ask:
    return policy.Ask(row.kind, row.field, row.binding, row.weight, row.applies_from)
