"""What crises do about news, in the background."""

from typing import Any

from guanxi.crisis.services import caring, leaving_alone, opening, telling, watching
from guanxi.foundation import clock, jobs
from guanxi.foundation.actor import SYSTEM


def follow_escalation(*, complaint_id: int, **_: Any) -> None:
    """Open a room for a complaint that has become a crisis."""
    opening.open_from_complaint(actor=SYSTEM, complaint_id=complaint_id, at=clock.now())


def follow_opening(*, crisis_id: int, **_: Any) -> None:
    """Tell at once those who have to know of a crisis."""
    telling.tell(actor=SYSTEM, crisis_id=crisis_id, at=clock.now())


def follow_concerned(*, crisis_id: int, **_: Any) -> None:
    """Leave those alone whom a crisis is about, and let the others go."""
    leaving_alone.settle(actor=SYSTEM, crisis_id=crisis_id, at=clock.now())


def follow_task(*, kind: str, key: str, state: str, outcome: str, **_: Any) -> None:
    """Note how far an affected owner was reached by a call."""
    if kind == caring.CALL:
        caring.follow_call(actor=SYSTEM, key=key, ending=(state, outcome), at=clock.now())


def follow_merge(*, kept_id: int, gone_id: int, **_: Any) -> None:
    """Let care lists and holds follow two customers who became one."""
    leaving_alone.follow_merge(actor=SYSTEM, kept_id=kept_id, gone_id=gone_id, at=clock.now())


def follow_undone_merge(*, kept_id: int, gone_id: int, **_: Any) -> None:
    """Let care lists and holds follow one customer who became two again."""
    leaving_alone.follow_merge(actor=SYSTEM, kept_id=kept_id, gone_id=gone_id, is_undone=True, at=clock.now())


def follow_report(*, place_id: int, **_: Any) -> None:
    """Look whether there are by now as many media reports about a place as raise an alarm."""
    watching.watch_media(actor=SYSTEM, place_id=place_id, at=clock.now())


@jobs.task("crisis.watch")
def watch(**_: Any) -> None:
    """Look for rises of complaints, and for complaints that normal handling does not remove."""
    watching.watch(actor=SYSTEM, at=clock.now())
    watching.open_repeated(actor=SYSTEM, at=clock.now())
