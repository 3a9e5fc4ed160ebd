"""Who may have come with a complaint, told apart by outlet and cars, and what he wrote to us lately."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from guanxi.customers import queries as customers
from guanxi.foundation.actor import Actor
from guanxi.messaging.models import Reply
from guanxi.messaging.permissions import Verb as Messages
from guanxi.messaging.queries import messages
from guanxi.privacy.states import Medium
from guanxi.vehicles.queries import cars

LATELY = datetime.timedelta(days=30)
CHANNELS: dict[str, str] = {Medium.SMS: "SMS", Medium.EMAIL: "EMAIL", Medium.WECHAT: "SOCIAL"}


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
        known[relation.customer_id].append(relation.known_as)
    held = cars.held_by(ids)
    return [Caller(row.pk, row.name, [*known[row.pk], *map(str, held.get(row.pk, ()))]) for row in found]


def written(actor: Actor, customer_id: int, at: datetime.datetime, limit: int) -> list[Reply]:
    """Return what a customer wrote to us lately, the newest first, as far as the actor reads messages; one query."""
    if not actor.can(Messages.VIEW):
        return []
    found = messages.replies_of(actor, customer_id, limit)
    return [row for row in found if not row.is_stop and row.received_at > at - LATELY]
