"""Finding cars by what is on them or on their papers.

Plates and VINs stand in ``customers_token`` as words of the people who have the cars (see the search migration of
customers), each after a letter that says what it is and backwards, so that an end is a beginning.
"""

import re
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from guanxi.customers import queries as customers
from guanxi.customers.permissions import Verb as Customers
from guanxi.customers.states import Channel
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.vehicles.models import Participant, Vehicle
from guanxi.vehicles.permissions import Verb
from guanxi.vehicles.queries import cars

LAST = "\U0010ffff"  # sorts after everything
SHORTEST = 4
MOST = 500
_HOLDERS = "SELECT true, customer_id FROM customers_token WHERE {here}({words})"
_SOLD = "SELECT false, vehicle_id FROM vehicles_sale WHERE {here}order_no = %s"


def words(text: str) -> list[str]:
    """Return the words under which a plate or a VIN with this end would stand; none for less than four signs."""
    plain = _plain(text)
    if len(plain) < SHORTEST or not re.fullmatch(r"[\u4e00-\u9fff]?[A-Z0-9]*[\u4e00-\u9fff]?", plain):
        return []
    return ["p" + plain[::-1], "v" + plain[::-1]]


def _plain(text: str) -> str:
    return re.sub(r"[\s·•._()（）-]", "", text).upper()


def _traces(text: str, places: Sequence[int] | None, most: int) -> tuple[list[int], list[int]]:
    """Return the customers with a car that ends so, and the cars sold under this order number; one query."""
    here = "" if places is None else "outlet_id = ANY(%s) AND "
    where: list[Any] = [] if places is None else [list(places)]
    parts, values = [_SOLD.format(here=here)], [*where, text.strip()]
    if begins := words(text):
        spans = " OR ".join("(token >= %s AND token < %s)" for _word in begins)
        parts.append(_HOLDERS.format(here=here, words=spans))
        values += [*where, *(value for word in begins for value in (word, word + LAST))]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(parts) + " LIMIT %s", [*values, most])
        rows = cursor.fetchall()
    return [pk for is_customer, pk in rows if is_customer], [pk for is_customer, pk in rows if not is_customer]


def _of(customer_ids: Sequence[int]) -> QuerySet[Any]:
    return Participant.objects.filter(customer_id__in=customer_ids, until__isnull=True).values("vehicle_id")


def ending(actor: Actor, text: str, most: int) -> QuerySet[Vehicle]:
    """Return the visible cars that end with a text by plate or VIN, or were sold under this order number; two
    queries and that of the rows.
    """
    if not text.strip():
        return Vehicle.objects.none()
    places = customers.outlets(actor, Verb.VIEW)
    people, sold = _traces(text, places, most)
    plain = _plain(text)
    ends = Q(plate__endswith=plain) | Q(vin__endswith=plain)
    return cars.visible_at(places).filter(Q(pk__in=sold) | (Q(pk__in=_of(people)) & ends))


def matching(rows: QuerySet[Vehicle], text: str, actor: Actor) -> QuerySet[Vehicle]:
    """Keep the cars that end with a text or were sold under it; if there are none, those of people found by it."""
    keys = list(ending(actor, text, MOST).values_list("pk", flat=True)[:MOST])
    if not keys and actor.can(Customers.VIEW):
        keys = [row["vehicle_id"] for row in _of(customers.found(actor, text, MOST))]
    return rows.filter(db.among("pk", keys))


def found(actor: Actor, text: str, limit: int) -> list[Vehicle]:
    """Return the first cars that end with a text by plate or VIN, or were sold under it; three queries."""
    return list(ending(actor, text, 20 * limit).select_related("trim__model__series").order_by("pk")[:limit])


def phones(customer_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the telephone numbers of customers; one query."""
    points = customers.points(customer_ids)
    spoken = {Channel.MOBILE, Channel.LANDLINE}
    return {pk: [point.value for point in points.get(pk, ()) if point.channel in spoken] for pk in customer_ids}
