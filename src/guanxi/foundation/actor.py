"""Who acts: the one value that every service and query receives (ORG-35)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from guanxi.foundation.errors import NotAllowed


@dataclass(frozen=True)
class Origin:
    """From where an act reached us: copied into the audit line."""

    channel: str = "system"
    ip: str = ""
    agent: str = ""
    request_id: str = ""


@dataclass(frozen=True)
class Grant:
    """One role held at one node: its verbs hold for every node in ``covers``; None covers all."""

    node_id: int
    role: str
    verbs: frozenset[str]
    covers: frozenset[int] | None

    def reaches(self, node_id: int | None) -> bool:
        return self.covers is None or (node_id is not None and node_id in self.covers)


@dataclass(frozen=True)
class Scope:
    """The nodes whose records may be seen, and the nodes above them that give the way its names.

    ``outlets`` are those of the nodes that are outlets: what belongs to outlets is found by them.
    """

    everything: bool = False
    nodes: frozenset[int] = frozenset()
    above: frozenset[int] = frozenset()
    outlets: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Actor:
    """A person, an integration or the system, with what it may do and where."""

    user_id: int | None
    name: str
    grants: tuple[Grant, ...] = ()
    scope: Scope = Scope()
    origin: Origin = Origin()
    is_system: bool = False
    limited_to: frozenset[str] | None = None
    home_id: int | None = field(default=None, compare=False)

    def can(self, verb: str, at: int | None = None) -> bool:
        """Say whether ``verb`` is granted at node ``at`` (None: anywhere at all)."""
        if self.is_system:
            return True
        if self.limited_to is not None and verb not in self.limited_to:
            return False
        return any(verb in grant.verbs and (at is None or grant.reaches(at)) for grant in self.grants)

    def can_everywhere(self, verb: str) -> bool:
        """Say whether ``verb`` is granted over the whole network, for what belongs to no node."""
        if self.is_system:
            return True
        if self.limited_to is not None and verb not in self.limited_to:
            return False
        return any(verb in grant.verbs and grant.covers is None for grant in self.grants)

    def where(self, verb: str) -> frozenset[int] | None:
        """Return the nodes at which ``verb`` is granted; None means everywhere."""
        if self.can_everywhere(verb):
            return None
        held: set[int] = set()
        for grant in self.grants:
            if self.can(verb) and verb in grant.verbs and grant.covers is not None:
                held |= grant.covers
        return frozenset(held)

    @property
    def verbs(self) -> frozenset[str]:
        held: Iterable[str] = (verb for grant in self.grants for verb in grant.verbs)
        every = frozenset(held)
        return every if self.limited_to is None else every & self.limited_to

    @property
    def person_id(self) -> int:
        """The person's number; 0, which nobody has, for the system and for strangers."""
        return self.user_id or 0

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(grant.role for grant in self.grants))


SYSTEM = Actor(user_id=None, name="system", scope=Scope(everything=True), is_system=True)
NOBODY = Actor(user_id=None, name="")


def check(actor: Actor, verb: str, at: int | None = None) -> None:
    """Refuse with NotAllowed unless the actor holds ``verb`` at ``at`` (None: anywhere)."""
    if not actor.can(verb, at):
        raise NotAllowed(verb)


def check_everywhere(actor: Actor, verb: str) -> None:
    """Refuse with NotAllowed unless the actor holds ``verb`` over the whole network."""
    if not actor.can_everywhere(verb):
        raise NotAllowed(verb)
