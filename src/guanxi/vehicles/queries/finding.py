"""Finding cars by what is on them or on their papers, and people by name or number.

Words are found in ``customers_token`` (see customers/migrations/0003_search.py): each begins with a letter that
says what it is, plates and VINs stand there backwards, so that an end is a beginning.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from guanxi.customers.models import ContactPoint, Customer
from guanxi.customers.permissions import Verb as Customers
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound
from guanxi.vehicles.models import Participant, Sale, Vehicle
from guanxi.vehicles.permissions import Verb
from guanxi.vehicles.queries.cars import related, visible_to

LAST = "\U0010ffff"  # sorts after everything
SHORTEST = 4
MOST = 500
_TOKENS = "SELECT DISTINCT customer_id FROM customers_token WHERE (%s) LIMIT %%s"


@dataclass(frozen=True)
class Words:
    """What a typed text may be: the end of a plate or a VIN, the beginning of a name, an end of a number."""

    text: str

    @property
    def plain(self) -> str:
        return re.sub(r"[\s·•._()（）-]", "", self.text).upper()

    @property
    def of_cars(self) -> list[str]:
        plain = self.plain
        if len(plain) < SHORTEST or not re.fullmatch(r"[\u4e00-\u9fff]?[A-Z0-9]*[\u4e00-\u9fff]?", plain):
            return []
        return ["p" + plain[::-1], "v" + plain[::-1]]

    @property
    def of_people(self) -> list[str]:
        plain = self.plain
        if plain.isdecimal():
            return ["t" + plain[::-1]] if len(plain) >= SHORTEST else []
        return ["n" + plain] if plain else []


def holders(actor: Actor, words: Sequence[str], *, most: int = MOST) -> list[int]:
    """Return the customers who are found by one of these words, where the actor may see cars; one query."""
    if not words:
        return []
    begins = " OR ".join("(token >= %s AND token < %s)" for _word in words)
    values: list[Any] = [value for word in words for value in (word, word + LAST)]
    where = actor.where(Verb.VIEW)
    if where is not None:
        begins = f"outlet_id = ANY(%s) AND ({begins})"
        values = [sorted(where), *values]
    with connection.cursor() as cursor:
        cursor.execute(_TOKENS % begins, [*values, most])
        return [row[0] for row in cursor.fetchall()]


def _ends(text: str) -> Q:
    return Q(plate__endswith=text) | Q(vin__endswith=text)


def matching(rows: QuerySet[Vehicle], actor: Actor, text: str) -> QuerySet[Vehicle]:
    """Keep the cars that end with a text by plate or VIN, whose owner is called so or has such a number, or that
    were sold under this order number. Three queries, whatever the number of cars.
    """
    words = Words(text)
    found = Q(pk__in=_sold_as(actor, text))
    if words.of_cars:
        found |= Q(pk__in=_of(holders(actor, words.of_cars))) & _ends(words.plain)
    if words.of_people:
        found |= Q(pk__in=_of(holders(actor, words.of_people)))
    return rows.filter(found)


def _of(customer_ids: Sequence[int]) -> QuerySet[Participant, int]:
    rows = Participant.objects.filter(customer_id__in=customer_ids, until__isnull=True)
    return rows.values_list("vehicle_id", flat=True)


def _sold_as(actor: Actor, text: str) -> list[int]:
    rows = Sale.objects.filter(order_no=text.strip())
    where = actor.where(Verb.VIEW)
    rows = rows if where is None else rows.filter(outlet_id__in=where)
    return list(rows.values_list("vehicle_id", flat=True)[:20])


def found(actor: Actor, text: str, limit: int) -> list[Vehicle]:
    """Return the cars that end with a text by plate or VIN, or were sold under this order number; three queries."""
    words = Words(text)
    sold = _sold_as(actor, text) if text.strip() else []
    people = holders(actor, words.of_cars, most=20 * limit)
    if not sold and not people:
        return []
    wanted = Q(pk__in=sold) | (Q(pk__in=_of(people)) & _ends(words.plain))
    rows = visible_to(actor).filter(wanted).select_related("trim__model__series")
    return list(rows.order_by("pk")[:limit])


def people_visible_to(actor: Actor) -> QuerySet[Customer]:
    """Return the customers whom the actor may see, without those that were merged into others."""
    where = actor.where(Customers.VIEW)
    rows = Customer.objects.filter(merged_into__isnull=True)
    return rows if where is None else rows.filter(pk__in=related(where).values("customer_id"))


def person(actor: Actor, customer_id: int) -> Customer:
    """Return one visible customer.

    :raises NotFound: there is none of this number, or it is not visible.
    """
    row = people_visible_to(actor).filter(pk=customer_id).first()
    if row is None:
        raise NotFound
    return row


def people(actor: Actor, text: str, limit: int = 12) -> list[Customer]:
    """Return the visible customers whose name begins with a text or whose number ends with it; two queries."""
    ids = holders(actor, Words(text).of_people, most=20 * limit)
    return list(people_visible_to(actor).filter(pk__in=ids).order_by("name", "pk")[:limit]) if ids else []


def phones(customer_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the telephone numbers of customers; one query."""
    numbers: dict[int, list[str]] = {pk: [] for pk in customer_ids}
    rows = ContactPoint.objects.filter(customer_id__in=list(customer_ids), channel__in=("MOBILE", "LANDLINE"))
    for pk, value in rows.order_by("-is_primary", "pk").values_list("customer_id", "value"):
        numbers[pk].append(value)
    return numbers
