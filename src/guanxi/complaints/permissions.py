"""Who may see complaints, take them in, handle them, ask the customer, and judge who is responsible."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from guanxi.complaints.models import Caution, Complaint
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, NotAllowed


class Verb(StrEnum):
    VIEW = "complaints.view"
    OPEN = "complaints.open"
    HANDLE = "complaints.handle"
    ASSIGN = "complaints.assign"
    REVISIT = "complaints.revisit"
    APPROVE = "complaints.approve"
    JUDGE = "complaints.judge"
    RECHECK = "complaints.recheck"
    MEET = "complaints.meet"
    VIEW_CAUTIONS = "complaints.view_cautions"
    PROPOSE_CAUTION = "complaints.propose_caution"
    REVIEW_CAUTION = "complaints.review_caution"
    EXPORT = "complaints.export"
    APPLY_PRESET = "complaints.apply_preset"


def may_handle(actor: Actor, row: Complaint) -> bool:
    """Say whether a complaint is the actor's to handle: his own, nobody's, or one of those whom he leads."""
    is_own = row.owner_id is None or row.owner_id == actor.user_id
    return actor.can(Verb.HANDLE, row.outlet_id) and (is_own or actor.can(Verb.ASSIGN, row.outlet_id))


def may_add(actor: Actor, row: Complaint) -> bool:
    """Say whether an actor adds words and files to a complaint: where it is about, and where it was taken in."""
    return any(actor.can(Verb.OPEN, node) for node in (row.outlet_id, row.place_id))


def check_handling(actor: Actor, row: Complaint) -> None:
    """Refuse unless a complaint is the actor's to handle.

    :raises NotAllowed: he does not handle complaints there.
    :raises Conflict: somebody else is responsible for it.
    """
    check(actor, Verb.HANDLE, row.outlet_id)
    if not may_handle(actor, row):
        raise Conflict(_("Somebody else is responsible for this complaint; let it be handed over to you."))


def may_keep(actor: Actor, row: Caution) -> bool:
    """Say whether a caution in force is the actor's to keep or to lift: he owns it, or he reviews cautions there."""
    is_own = row.owner_id is not None and row.owner_id == actor.user_id
    return actor.can(Verb.REVIEW_CAUTION, row.place_id) or (is_own and actor.can(Verb.VIEW_CAUTIONS, row.place_id))


def check_keeping(actor: Actor, row: Caution) -> None:
    """Refuse unless a caution is the actor's to keep or to lift.

    :raises NotAllowed: he neither owns it nor reviews cautions there.
    """
    if not may_keep(actor, row):
        raise NotAllowed(Verb.REVIEW_CAUTION)
