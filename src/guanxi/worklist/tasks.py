"""What the worklist does in the background; each job does one batch in one transaction and stores the next."""

from typing import Any

from guanxi.foundation import clock, jobs
from guanxi.foundation.actor import SYSTEM
from guanxi.worklist.services import absences, deadlines, escalating


@jobs.task("worklist.escalate")
def escalate(**_: Any) -> None:
    """Let tasks climb their ladder."""
    if escalating.escalate(actor=SYSTEM, at=clock.now()) == escalating.BATCH:
        jobs.enqueue("worklist.escalate", queueing_lock="worklist.escalate")


@jobs.task("worklist.tidy")
def tidy(**_: Any) -> None:
    """Let tasks expire, and give those who are back their work."""
    absences.return_work(actor=SYSTEM, day=clock.today())
    if escalating.expire(actor=SYSTEM, at=clock.now()) == escalating.BATCH:
        jobs.enqueue("worklist.tidy", queueing_lock="worklist.tidy")


@jobs.task("worklist.reckon_anew")
def reckon_anew(*, node_id: int | None, after: int = 0, **_: Any) -> None:
    """Reckon open deadlines anew after a calendar changed."""
    done = deadlines.reckon_anew(actor=SYSTEM, node_id=node_id, after=after, at=clock.now())
    if done:
        jobs.enqueue("worklist.reckon_anew", node_id=node_id, after=done)
