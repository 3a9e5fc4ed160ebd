"""What a channel is given, and how it says no."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Outgoing:
    """One message on its way out."""

    message_id: int
    address: str
    subject: str
    body: str


class Refused(Exception):
    """The message was refused for good: it did not go and will not."""


class Unavailable(Exception):
    """The channel is not to be had: nothing went, later it may."""
