"""What messaging does in the background."""

from typing import Any

from guanxi.foundation import clock, db, jobs
from guanxi.foundation.actor import SYSTEM
from guanxi.messaging.services import joining, mails, receiving, sending


@jobs.task("messaging.send", in_steps=True)
def send(**_: Any) -> None:
    """Send what waits and may go by now."""
    sending.send_waiting(actor=SYSTEM, now=clock.now)


@jobs.task("messaging.collect", in_steps=True)
def collect(**_: Any) -> None:
    """Fetch reports and answers from the message centre; keep long answers that are not whole in time as they stand."""
    receiving.collect(actor=SYSTEM, now=clock.now)
    with db.scoped(SYSTEM):
        joining.keep_late(actor=SYSTEM, at=clock.now())


@jobs.task("messaging.fetch_mails", in_steps=True)
def fetch_mails(**_: Any) -> None:
    """Fetch answers and reports from the mailbox."""
    mails.fetch_mails(actor=SYSTEM, now=clock.now)
