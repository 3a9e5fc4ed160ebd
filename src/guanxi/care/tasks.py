"""What customer care does in the background, and about news from below."""

from typing import Any

from guanxi.care.queries import anchors
from guanxi.care.services import gathering, mornings, nightly, posting, settling, shortcomings
from guanxi.care.states.rules import Anchor
from guanxi.foundation import clock, jobs
from guanxi.foundation.actor import SYSTEM
from guanxi.worklist.states import State


@jobs.task("care.make_tasks")
def make_tasks(**_: Any) -> None:
    """End what has settled itself and make the tasks of today; what an earlier night missed is caught up, or logged as
    too late.
    """
    at = clock.now()
    settling.settle(actor=SYSTEM, customers=None, at=at)
    nightly.make_tasks(actor=SYSTEM, day=clock.day_of(at), at=at)


@jobs.task("care.post")
def post(**_: Any) -> None:
    """Send what tasks ask for by a template, and end those whose message has gone."""
    posting.post(actor=SYSTEM, at=clock.now())


def follow_sale(*, customer_id: int, **_: Any) -> None:
    """Make the tasks of a sale at once."""
    nightly.make_tasks_of(actor=SYSTEM, customer_id=customer_id, anchors=[Anchor.DELIVERY], at=clock.now())


def follow_visit(*, vehicle_id: int, customer_id: int | None, **_: Any) -> None:
    """End what the visit has settled, and make its tasks at once: those of whoever brought the car, or of its owner."""
    owner, at = anchors.owner_of(vehicle_id), clock.now()
    settling.settle(actor=SYSTEM, customers=[pk for pk in {owner, customer_id} if pk is not None], at=at)
    who = customer_id or owner
    if who is not None:
        nightly.make_tasks_of(actor=SYSTEM, customer_id=who, anchors=[Anchor.VISIT], at=at)


def follow_notice(**_: Any) -> None:
    """Make the tasks of a weather notice at once, by the rules on weather."""
    at = clock.now()
    nightly.make_tasks(actor=SYSTEM, day=clock.day_of(at), at=at, anchors=[Anchor.WEATHER])


def follow_withdrawal(*, notice_id: int, **_: Any) -> None:
    """Leave undone what a withdrawn weather notice alone was the reason of."""
    settling.leave_withdrawn(actor=SYSTEM, notice_id=notice_id, at=clock.now())


def follow_complaint(*, customer_id: int | None, **_: Any) -> None:
    """Make the tasks of a closed complaint at once, by the rules that count from it."""
    if customer_id is not None:
        nightly.make_tasks_of(actor=SYSTEM, customer_id=customer_id, anchors=[Anchor.COMPLAINT], at=clock.now())


@jobs.task("care.gather")
def gather(**_: Any) -> None:
    """Count who has gathered for a lecture at each outlet, and propose those for which there are enough."""
    at = clock.now()
    gathering.gather(actor=SYSTEM, day=clock.day_of(at), at=at)


@jobs.task("care.make_rounds")
def make_rounds(**_: Any) -> None:
    """Ask the outlets for their rounds of today."""
    at = clock.now()
    mornings.make_rounds(actor=SYSTEM, day=clock.day_of(at), at=at)


def follow_task(*, kind: str, key: str, state: str, **_: Any) -> None:
    """Count a shortcoming as put right when its task is done; one whose task was left undone stays open."""
    if kind == shortcomings.KIND and state == State.DONE:
        number = int(key.rpartition(":")[2])
        shortcomings.put_right(actor=SYSTEM, shortcoming_id=number, day=clock.today())
