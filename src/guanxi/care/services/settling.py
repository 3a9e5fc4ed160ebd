"""What an owner was to be asked to come for settles itself when he comes."""

import datetime
from collections.abc import Sequence

from guanxi.care.permissions import Verb
from guanxi.care.queries import settled
from guanxi.care.states.rules import CAME
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.worklist.services import settling


def settle(*, actor: Actor, customers: Sequence[int] | None, at: datetime.datetime) -> int:
    """End the tasks of some customers, or of all (None), whose every reason has gone: checks the right, and lets the
    worklist write, audit and publish. Return how many.

    :raises NotAllowed: the actor may not change rules everywhere.
    """
    check_everywhere(actor, Verb.CHANGE_RULES)
    return settling.settle_many(actor=actor, task_ids=settled.settled(customers), outcome=CAME, at=at)
