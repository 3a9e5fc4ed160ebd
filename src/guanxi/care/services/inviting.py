"""Whole numbers of those whom a lecture invites, for whoever invites them; on the trail."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from guanxi.care.models import Proposal
from guanxi.care.permissions import Verb
from guanxi.care.policy import gatherings as policy
from guanxi.care.queries import gatherings as queries
from guanxi.customers import queries as customers
from guanxi.customers.models import Relation
from guanxi.customers.permissions import Verb as Customers
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import NotFound
from guanxi.records import services as records

ACT = "care.reveal_invited"
MOBILE = "MOBILE"


@dataclass(frozen=True)
class Invited:
    """Somebody who is invited, with the number by which he is reached."""

    customer_id: int
    name: str
    phone: str


def reveal_invited(*, actor: Actor, proposal_id: int, at: datetime.datetime) -> list[Invited]:
    """Return those whom a lecture invites with their whole numbers, and write on the trail who saw them, of how many
    and of whom (NFR-01): checks both rights at the outlet, reads, audits. Whose numbers the actor may not see at any
    outlet of the customer, and who has none, is left out.

    :raises NotFound: there is none, or not for this actor; or nobody is invited by it any more.
    :raises NotAllowed: the actor may not export lists of lectures there, or not see whole numbers there.
    """
    row = queries.proposal(actor, proposal_id)
    check(actor, Verb.EXPORT_GATHERINGS, row.outlet_id)
    check(actor, Customers.REVEAL_PHONE, row.outlet_id)
    if not policy.is_living(row.state, row.planned_on, clock.day_of(at)):
        raise NotFound
    with db.atomic():
        found = _seen(actor, row)
        records.audit(
            actor=actor, verb=ACT, subject_type="care.proposal", subject_id=row.pk,
            subject_label=f"{row.gathering.name_zh} {row.opened_on}", node_id=row.outlet_id,
            after={"people": len(found), "customers": [item.customer_id for item in found]},
        )  # fmt: skip
    return found


def _seen(actor: Actor, row: Proposal) -> list[Invited]:
    """Return those who are invited, in the order of the list; four queries."""
    ids = list(queries.invited_of(row))
    names = dict(customers.visible_to(actor).filter(pk__in=ids).values_list("pk", "name"))
    held = defaultdict[int, list[Relation]](list)
    for relation in customers.relations(actor, names):
        held[relation.customer_id].append(relation)
    points = customers.points(pk for pk in names if customers.may(actor, Customers.REVEAL_PHONE, held[pk]))
    numbers = {
        pk: next((point.value for point in of_one if point.channel == MOBILE), "") for pk, of_one in points.items()
    }
    return [Invited(pk, names[pk], numbers[pk]) for pk in ids if numbers.get(pk)]
