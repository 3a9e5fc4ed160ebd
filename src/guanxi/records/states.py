"""What attachments may belong to: the capability that owns it says who sees it and who may add to it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound


@dataclass(frozen=True)
class Held:
    """Something with attachments, as an actor sees it. They are read at ``node_id`` and at ``place_id``, and above."""

    label: str
    url: str
    node_id: int
    place_id: int
    may_add: bool


@dataclass(frozen=True)
class Holder:
    """A kind of things with attachments. ``find`` returns one that an actor sees; ``NotFound`` if he does not."""

    type: str
    find: Callable[[Actor, int], Held] = field(compare=False)


_holders: dict[str, Holder] = {}


def register_holders(*holders: Holder) -> None:
    """Let a capability own attachments; called from its ``apps.py``."""
    _holders.update({holder.type: holder for holder in holders})


def held(actor: Actor, subject_type: str, subject_id: int) -> Held:
    """Return something with attachments, as an actor sees it.

    :raises NotFound: there is no such thing, or not for this actor.
    """
    holder = _holders.get(subject_type)
    if holder is None:
        raise NotFound
    return holder.find(actor, subject_id)
