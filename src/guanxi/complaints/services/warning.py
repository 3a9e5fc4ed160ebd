"""Telling at once those who have to know of a complaint (CMP-12, CMP-20, CMP-25)."""

import datetime

from guanxi.access.models import User
from guanxi.complaints.events import PersonWarned
from guanxi.complaints.models import Complaint
from guanxi.complaints.permissions import Verb
from guanxi.complaints.services import steps
from guanxi.complaints.states import Act, Level
from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.records import services as records
from guanxi.worklist.queries import people

RANKS = (
    ("OUTLET", ("OUTLET", "UNIT")), ("BRANCH", ("BRANCH", "DEPARTMENT", "MARKET_OFFICE")),
    ("GROUP", ("GROUP", "BRAND", "DEPARTMENT", "CALL_CENTRE")),
)  # fmt: skip


def warn(*, actor: Actor, complaint_id: int, is_outside: bool, at: datetime.datetime) -> list[int]:
    """Tell those whose roles the process names: of what is significant, of a crisis, or beyond the outlet.
    Checks the right, locks, finds them at the outlet and above it, notes who was told, audits, publishes PersonWarned
    for each. Return who was told.

    :raises NotFound: there is none.
    :raises NotAllowed: the actor does not work for the whole network.
    """
    check_everywhere(actor, Verb.ASSIGN)
    with db.atomic():
        row = steps.locked(actor, complaint_id)
        roles = _roles(row, is_outside=is_outside)
        told: set[int] = set()
        for above, kinds in RANKS:
            found = people.recipients([row.outlet_id], above=above, kinds=kinds, roles=roles, day=clock.day_of(at))
            told |= set(found.get(row.outlet_id, ()))
        names = ", ".join(User.objects.filter(pk__in=told).order_by("name").values_list("name", flat=True))
        if told:
            steps.say(actor, row, Act.WARNED, names, at)
        for person_id in sorted(told):
            events.publish(PersonWarned(person_id, row.pk, row.number, row.level))
        records.audit(actor=actor, verb="complaints.warn", **steps.line(row, {}, {"told": sorted(told)}))
    return sorted(told)


def _roles(row: Complaint, *, is_outside: bool) -> list[str]:
    process = row.process
    if is_outside:
        return list(process.outside_roles)
    return [*process.head_roles, *(process.crisis_roles if row.level == Level.CRISIS else ())]
