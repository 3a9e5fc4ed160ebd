"""What the worklist tells the world."""

from dataclasses import dataclass

from guanxi.foundation.events import Event


@dataclass(frozen=True)
class TasksAssigned(Event):
    """A person got work from somebody else: how many tasks, and the first of them."""

    person_id: int
    by: str
    count: int
    task_id: int
    label: str


@dataclass(frozen=True)
class TaskEnded(Event):
    """A task is over: done, or skipped. For the capability that asked for it."""

    task_id: int
    kind: str
    key: str
    subject_type: str
    subject_id: int | None
    node_id: int
    state: str
    outcome: str
    person_id: int | None


@dataclass(frozen=True)
class TaskPostponed(Event):
    """A deadline was moved to a later moment (ISO 8601), by whom and why. For the capability that asked for it."""

    task_id: int
    key: str
    subject_type: str
    subject_id: int | None
    due_at: str
    reason: str
    person_id: int | None
    person_name: str


@dataclass(frozen=True)
class TasksEscalated(Event):
    """Tasks reached a rung of their ladder: told to one person, all of them together."""

    person_id: int
    to: str
    count: int
    task_id: int
    label: str
    is_late: bool
