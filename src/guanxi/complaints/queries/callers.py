"""Who may have come with a complaint: found by number, plate, VIN or name, told apart by outlet and cars."""

from collections.abc import Sequence
from dataclasses import dataclass

from guanxi.customers import queries as customers
from guanxi.foundation.actor import Actor
from guanxi.vehicles.queries import cars


@dataclass(frozen=True)
class Caller:
    """A customer who was found; ``known_by`` names the outlets whose customer he is and his cars."""

    pk: int
    name: str
    known_by: Sequence[str]


def callers(actor: Actor, text: str, limit: int) -> list[Caller]:
    """Return the customers whom a number, plate, VIN or name may mean, the likeliest first; few queries."""
    found = [hit.customer for hit in customers.find(actor, text, limit)] if text else []
    ids = [row.pk for row in found]
    known: dict[int, list[str]] = {pk: [] for pk in ids}
    for relation in customers.relations(actor, ids):
        known[relation.customer_id].append(f"{relation.get_category_display()} · {relation.outlet.name}")
    held = cars.held_by(ids)
    return [Caller(row.pk, row.name, [*known[row.pk], *map(str, held.get(row.pk, ()))]) for row in found]
