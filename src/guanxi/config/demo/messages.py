"""A few messages of the demonstration: birthday wishes of its outlet, with those who cannot be written to."""

import datetime

from guanxi.config.demo.world.loading import HOME, RUN
from guanxi.customers.models import Relation
from guanxi.foundation.actor import Actor
from guanxi.messaging.models import Terms
from guanxi.messaging.services import queueing
from guanxi.network.models import Node

MOST = 30


def write(*, actor: Actor, at: datetime.datetime) -> None:
    """Queue them as everybody does; nothing where the preset of messages was never applied."""
    if not Terms.objects.exists():
        return
    home = Node.objects.get(code=HOME)
    bound = Relation.objects.filter(outlet=home, ended_on=None, run_id=RUN).order_by("customer_id")
    queueing.queue_messages(
        actor=actor, template="birthday", node_id=home.pk, key="demo:birthday", at=at,
        customer_ids=bound.values_list("customer_id", flat=True)[:MOST],
    )  # fmt: skip
