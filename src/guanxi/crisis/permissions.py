"""Who may see crises, open and lead them, and approve what is said about them: few, by their role and place; and who
enters a room that was closed to named people.
"""

from enum import StrEnum

from django.db.models import Q

from guanxi.crisis.models import Crisis
from guanxi.foundation.actor import Actor


class Verb(StrEnum):
    VIEW = "crisis.view"
    OPEN = "crisis.open"
    HANDLE = "crisis.handle"
    APPROVE = "crisis.approve"
    EXPORT = "crisis.export"
    APPLY_PRESET = "crisis.apply_preset"


def entered(actor: Actor) -> Q:
    """Return the condition that an actor may enter a room: it is open, he is named or in charge, or he leads crises of
    the whole network.
    """
    if actor.can_everywhere(Verb.HANDLE):
        return Q()
    return Q(admitted__isnull=True) | Q(owner_id=actor.person_id) | Q(admitted__contains=[actor.person_id])


def may_enter(actor: Actor, row: Crisis) -> bool:
    """Say the same of one room."""
    if row.admitted is None or actor.can_everywhere(Verb.HANDLE):
        return True
    return actor.person_id in {row.owner_id, *row.admitted}


def may_add(actor: Actor, row: Crisis) -> bool:
    """Say whether an actor may add legal documents to a room that he has entered."""
    return actor.can(Verb.HANDLE, row.place_id)
