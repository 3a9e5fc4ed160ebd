"""Facts that a capability tells the world; ``config.wiring`` says who listens (SYS-19).

``publish`` stores one job per listener in the caller's transaction, so a reaction exists exactly if
the fact does.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from guanxi.foundation import jobs


@dataclass(frozen=True)
class Event:
    """The base of every event: primitives only, named in the past tense."""


@dataclass(frozen=True)
class Reaction:
    event: type[Event]
    react: Callable[..., Any]

    @property
    def name(self) -> str:
        capability = self.event.__module__.split(".")[1]
        return f"{capability}.{self.event.__name__}->{self.react.__module__}.{self.react.__name__}"


_reactions: dict[str, Reaction] = {}


def on(event: type[Event], react: Callable[..., Any]) -> Reaction:
    """Name a reaction; it runs as a job with the event's values as keywords."""
    return Reaction(event, react)


def wire(reactions: tuple[Reaction, ...]) -> None:
    """Install the one table of reactions; called once at start by ``config``."""
    _reactions.clear()
    _reactions.update({reaction.name: reaction for reaction in reactions})


def publish(event: Event) -> None:
    """Store one job for each reaction to ``event``, in the running transaction."""
    for name, reaction in _reactions.items():
        if reaction.event is type(event):
            jobs.enqueue("events.react", reaction=name, values=asdict(event))


@jobs.task("events.react")
def react(*, reaction: str, values: dict[str, Any], **_: Any) -> None:
    """Run one reaction to one event."""
    _reactions[reaction].react(**values)
