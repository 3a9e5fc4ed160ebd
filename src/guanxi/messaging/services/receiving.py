"""What comes back over the lines of the carriers: kept first, acknowledged then."""

import datetime
import logging
from collections.abc import Callable

from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import DomainError
from guanxi.messaging.channels import choosing
from guanxi.messaging.channels.choosing import Lines
from guanxi.messaging.channels.outgoing import Answer, Heard, Piece, Report, Unavailable
from guanxi.messaging.services import joining, replies, reports

LOCK = "messaging.send"  # one bind at a time, whether one sends or listens
LISTEN = 2.0  # seconds of silence after which one hangs up
log = logging.getLogger(__name__)


def collect(*, actor: Actor, now: Callable[[], datetime.datetime]) -> int:
    """Fetch what waits at the carriers from which something comes back; return how many pieces. Nothing if a sender is
    at work: it hears them itself.
    """
    with db.alone(LOCK) as is_alone:
        if not is_alone:
            return 0
        with choosing.lines() as lines:
            return hear(actor=actor, lines=lines, now=now, wait=LISTEN)


def hear(
    *, actor: Actor, lines: Lines, now: Callable[[], datetime.datetime], wait: float = 0.0,
    first: Callable[[], None] = lambda: None,
) -> int:  # fmt: skip
    """Keep what has come over the lines, each piece after ``first``. A line that breaks says so in the log; what was
    not kept comes again.
    """

    def heard(piece: Heard) -> bool:
        first()
        return keep(actor=actor, heard=piece, at=now())

    try:
        return lines.hear(heard, wait)
    except (OSError, Unavailable) as error:
        log.warning("a line broke: %s", error)
        return 0


def keep(*, actor: Actor, heard: Heard, at: datetime.datetime) -> bool:
    """Keep one piece in a transaction of its own; say whether it is kept and need not come again."""
    try:
        with db.scoped(actor):
            if isinstance(heard, Answer):
                reply = replies.NewReply(heard.channel, heard.address, heard.words, at, heard.reference)
                replies.receive_reply(actor=actor, reply=reply, at=at)
            elif isinstance(heard, Piece):
                joining.take_part(actor=actor, piece=heard, at=at)
            elif isinstance(heard, Report):
                reports.record_report(actor=actor, report=heard, at=at)
    except DomainError as error:
        log.warning("not kept: %s", error)
        return False
    return True
