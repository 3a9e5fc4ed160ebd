"""What customers tell the world."""

from dataclasses import dataclass

from guanxi.foundation.events import Event


@dataclass(frozen=True)
class CustomerAdded(Event):
    customer_id: int
    outlet_id: int | None


@dataclass(frozen=True)
class CustomerRelated(Event):
    customer_id: int
    outlet_id: int
    category: str


@dataclass(frozen=True)
class MergeUndone(Event):
    merge_id: int
    kept_id: int
    gone_id: int


@dataclass(frozen=True)
class CustomersMerged(Event):
    merge_id: int
    kept_id: int
    gone_id: int
