"""What an owner was to be asked to come for settles itself when he comes; what a withdrawn notice asked for is left."""

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext as _

from guanxi.care.permissions import Verb
from guanxi.care.queries import settled
from guanxi.care.states.rules import CAME
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.records import services as records
from guanxi.worklist.services import settling


def settle(*, actor: Actor, customers: Sequence[int] | None, at: datetime.datetime) -> int:
    """End the tasks of some customers, or of all (None), whose every reason has gone: checks the right, and lets the
    worklist write, audit and publish. Return how many.

    :raises NotAllowed: the actor may not change rules everywhere.
    """
    check_everywhere(actor, Verb.CHANGE_RULES)
    return settling.settle_many(actor=actor, task_ids=settled.settled(customers), outcome=CAME, at=at)


def leave_withdrawn(*, actor: Actor, notice_id: int, at: datetime.datetime) -> int:
    """Leave the tasks undone that a withdrawn weather notice alone was the reason of: checks the right, lets the
    worklist write, audit and publish, and audits with one line how many. Those that are done stay. Return how many.

    :raises NotAllowed: the actor may not change rules everywhere.
    """
    check_everywhere(actor, Verb.CHANGE_RULES)
    task_ids = settled.withdrawn(notice_id, clock.day_of(at))
    reason = _("The weather notice was withdrawn.")
    with db.atomic():
        left = settling.withdraw_many(actor=actor, task_ids=task_ids, reason=reason, at=at)
        if left:
            records.audit(
                actor=actor, verb="care.leave_withdrawn", subject_type="care.notice", subject_id=notice_id,
                after={"tasks": left}, note=reason,
            )  # fmt: skip
    return left
