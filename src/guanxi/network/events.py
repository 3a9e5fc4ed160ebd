"""What the network tells the world."""

from dataclasses import dataclass

from guanxi.foundation.events import Event


@dataclass(frozen=True)
class NodeMoved(Event):
    node_id: int
    old_parent_id: int
    new_parent_id: int
    effective_on: str


@dataclass(frozen=True)
class NetworkImported(Event):
    person_id: int | None
    added: int
    changed: int
    name: str
