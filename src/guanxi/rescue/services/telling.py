"""Whoever waits at the roadside is written where he sees how help comes: once, when his rescue is taken."""

import datetime

from django.conf import settings
from django.urls import reverse

from guanxi.contact_centre.queries import calls
from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.messaging.models import Message
from guanxi.messaging.queries import templates
from guanxi.messaging.services import queueing
from guanxi.messaging.services.queueing import Outcome, Reader
from guanxi.rescue.models import Rescue
from guanxi.rescue.queries.following import secret_of
from guanxi.rescue.states import RUNNING

TEMPLATE = "rescue_follow"


def tell_link(*, actor: Actor, rescue_id: int, at: datetime.datetime) -> Outcome | None:
    """Write the customer of a running rescue the address of its page: reads, lets messaging decide on his number and
    his consent, which writes, audits and sends at any hour. None: it has no customer or has ended, he was written to
    before, no template is in force, or nobody said under which address he reaches us.
    """
    row = Rescue.objects.filter(pk=rescue_id, customer__isnull=False, state__in=RUNNING).first()
    key = f"rescue:{rescue_id}:follow"
    if row is None or row.customer_id is None or not settings.PUBLIC_URL or Message.objects.filter(key=key).exists():
        return None
    if not templates.in_force(clock.day_of(at)).filter(code=TEMPLATE).exists():
        return None
    link = settings.PUBLIC_URL + reverse("rescue:follow", args=[secret_of(rescue_id)])
    outlet_id = calls.outlet_of(actor, row.customer_id, row.place_id)
    to = Reader(row.customer_id, None, link)
    return queueing.queue_link(actor=actor, template=TEMPLATE, node_id=outlet_id, to=to, key=key, at=at)
