"""Telling at once those who have to know of a crisis: the outlet, the branch and those above it (CRIS-06)."""

import datetime

from guanxi.access.models import User
from guanxi.crisis.events import CrisisTold
from guanxi.crisis.permissions import Verb
from guanxi.crisis.queries import choosing, rooms
from guanxi.crisis.services import steps
from guanxi.crisis.states import Act
from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.records import services as records
from guanxi.worklist.queries import people

RANKS = (
    ("OUTLET", ("OUTLET", "UNIT")), ("BRANCH", ("BRANCH", "DEPARTMENT", "MARKET_OFFICE")),
    ("GROUP", ("GROUP", "BRAND", "DEPARTMENT", "CALL_CENTRE")),
)  # fmt: skip


def tell(*, actor: Actor, crisis_id: int, at: datetime.datetime) -> list[int]:
    """Tell whoever the responsibilities of crises name: checks the right, locks, finds them at the place and above it,
    without those to whom the room is closed, notes who was told and when, audits, publishes CrisisTold for each.
    Return who was told.

    :raises NotFound: there is none.
    :raises NotAllowed: the actor does not work for the whole network.
    """
    check_everywhere(actor, Verb.HANDLE)
    with db.atomic():
        row = steps.locked(actor, crisis_id)
        told: set[int] = {row.owner_id} if row.owner_id else set()
        for above, kinds in RANKS:
            found = people.recipients(
                [row.place_id], above=above, kinds=kinds, roles=_roles(), day=clock.day_of(at)
            )  # fmt: skip
            told |= set(found.get(row.place_id, ()))
        insiders = rooms.insiders(row, clock.day_of(at))
        told = told if insiders is None else told & insiders
        names = ", ".join(User.objects.filter(pk__in=told).order_by("name").values_list("name", flat=True))
        if told:
            steps.say(actor, row, Act.TOLD, names, at)
        for person_id in sorted(told):
            events.publish(CrisisTold(person_id, row.pk, row.number, row.risk))
        records.audit(actor=actor, verb="crisis.tell", **steps.line(row, {}, {"told": sorted(told)}))
    return sorted(told)


def _roles() -> list[str]:
    """Return the roles that the responsibilities of crises name, in no order; three queries."""
    duty = choosing.duty()
    if duty is None:
        return []
    others = [role.pk for role in (*duty.consulted.all(), *duty.informed.all())]
    return [duty.responsible_id, duty.accountable_id, duty.escalation_role_id, *others]
