"""What a channel is given, how it says yes or no, and what comes back over it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Outgoing:
    """One message on its way out; ``code`` is the number that its template has at the carrier, where it needs one."""

    message_id: int
    address: str
    subject: str
    body: str
    code: str = ""


@dataclass(frozen=True)
class Taken:
    """A carrier has taken a message: its number there, and those of the parts on which the carrier will report."""

    reference: str
    parts: tuple[str, ...] = ()


class Refused(Exception):
    """The message was refused for good: it did not go and will not. ``is_dead`` if there is no such number."""

    def __init__(self, words: str, *, is_dead: bool = False) -> None:
        super().__init__(words)
        self.is_dead = is_dead


class Unavailable(Exception):
    """The channel is not to be had: nothing went, later it may."""


@dataclass(frozen=True)
class Answer:
    """What somebody wrote back."""

    channel: str
    address: str
    words: str
    reference: str


@dataclass(frozen=True)
class Piece:
    """One part of a long answer: of which series of its sender, which of how many, its coded octets."""

    channel: str
    address: str
    series: str
    number: int
    total: int
    coding: int
    octets: bytes
    reference: str


@dataclass(frozen=True)
class Report:
    """What became of one part of a message; ``is_dead`` if there is no such number."""

    carrier: str
    reference: str
    is_delivered: bool
    words: str = ""
    is_dead: bool = False


Heard = Answer | Piece | Report | None
Keep = Callable[[Heard], bool]


class Line(Protocol):
    """A way to a carrier that is open for one run."""

    def send(self, outgoing: Outgoing) -> Taken:
        """Hand over a message.

        :raises Refused: it will not take this message.
        :raises Unavailable: it is not to be had now.
        """

    def hear(self, keep: Keep, wait: float) -> int:
        """Give what came back to ``keep``, each piece acknowledged when it is kept; return how many there were."""

    def close(self) -> None:
        """Hang up."""


class OneWay:
    """A carrier from which nothing comes back, as a line: one function."""

    def __init__(self, send: Callable[[Outgoing], Taken]) -> None:
        self.send = send

    def hear(self, keep: Keep, wait: float) -> int:  # noqa: ARG002 -- the shape of a line
        """Hear nothing."""
        return 0

    def close(self) -> None:
        """Nothing is open."""
