"""Who may read and change code lists; central lists need the verb everywhere, extensions at their place."""

from enum import StrEnum

from guanxi.foundation.actor import Actor, check, check_everywhere


class Verb(StrEnum):
    VIEW = "codelists.view"
    CHANGE = "codelists.change"
    EXTEND = "codelists.extend"
    APPLY_PRESET = "codelists.apply_preset"
    EXPORT = "codelists.export"


def can_change(actor: Actor, node_id: int | None) -> bool:
    """Say whether the actor may change the codes of this place; None stands for the central codes."""
    return actor.can_everywhere(Verb.CHANGE) if node_id is None else actor.can(Verb.EXTEND, node_id)


def check_change(actor: Actor, node_id: int | None) -> None:
    """Refuse with NotAllowed unless the actor may change the codes of this place."""
    if node_id is None:
        check_everywhere(actor, Verb.CHANGE)
    else:
        check(actor, Verb.EXTEND, node_id)
