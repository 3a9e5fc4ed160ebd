"""Messages and letters that tasks ask for go by themselves where the rule names a template."""

import datetime

from guanxi.care.permissions import Verb
from guanxi.care.queries import posting as queries
from guanxi.care.states.rules import SENT
from guanxi.foundation import clock
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.messaging.queries import templates
from guanxi.messaging.services import queueing
from guanxi.worklist.services import settling


def post(*, actor: Actor, at: datetime.datetime) -> int:
    """Hand what tasks ask for to messaging, which decides on consent, address, budget and quiet hours and logs why not;
    then end the tasks whose message was sent: checks the right, lets messaging and the worklist write, audit and
    publish. Return how many ended. Who cannot be written to stays a task, and is tried again while it is open.

    :raises NotAllowed: the actor may not change rules everywhere.
    """
    check_everywhere(actor, Verb.CHANGE_RULES)
    held = {row.code: row.channel for row in templates.in_force(clock.day_of(at))}
    for group in queries.ready(at):
        if held.get(group.template) == group.channel:
            queueing.queue_messages(
                actor=actor, template=group.template, node_id=group.node_id, customer_ids=group.cars, key=group.key,
                at=at,
            )  # fmt: skip
    return settling.settle_many(actor=actor, task_ids=queries.done(), outcome=SENT, at=at)
