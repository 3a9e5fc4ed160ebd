"""Reads of messages and of what was answered."""

import datetime
from collections.abc import Sequence

from django.db.models import QuerySet

from guanxi.customers import queries as customers
from guanxi.customers.models import Customer, Relation
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound
from guanxi.messaging.models import Message, Reply, StrayMail
from guanxi.messaging.permissions import Verb
from guanxi.messaging.states import State
from guanxi.privacy.states import Medium


def visible_to(actor: Actor) -> QuerySet[Message]:
    """Return the messages of places where the actor may see messages."""
    where = actor.where(Verb.VIEW)
    return Message.objects.all() if where is None else Message.objects.filter(db.among("node_id", where))


def message(actor: Actor, pk: int) -> Message:
    """Return one visible message with its place and template.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("node", "template").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def of_customer(actor: Actor, customer_id: int, limit: int) -> list[Message]:
    """Return the newest visible messages to a customer; one query."""
    rows = visible_to(actor).filter(customer_id=customer_id).select_related("node", "template")
    return list(rows.order_by("-queued_at", "-pk")[:limit])


def replies_visible_to(actor: Actor) -> QuerySet[Reply]:
    """Return the answers of customers of outlets where the actor may see messages; who may everywhere sees all."""
    places = customers.outlets(actor, Verb.VIEW)
    if places is None:
        return Reply.objects.all()
    return Reply.objects.filter(customer_id__in=Relation.objects.filter(customers.at(places)).values("customer_id"))


def replies_of(actor: Actor, customer_id: int, limit: int) -> list[Reply]:
    """Return the newest visible answers of a customer; one query."""
    return list(replies_visible_to(actor).filter(customer_id=customer_id).order_by("-received_at", "-pk")[:limit])


def strays_visible_to(actor: Actor) -> QuerySet[StrayMail]:
    """Return the mails that could not be kept as answers, for those who see messages everywhere."""
    return StrayMail.objects.all() if actor.can_everywhere(Verb.VIEW) else StrayMail.objects.none()


def names(ids: Sequence[int]) -> dict[int, str]:
    """Return the names of customers as far as they are in sight; one query."""
    return dict(Customer.objects.filter(db.among("pk", ids)).values_list("pk", "name"))


def under_way() -> QuerySet[Message]:
    """Return what waits or is being sent; letters are printed, not sent."""
    return Message.objects.filter(state__in=(State.QUEUED, State.SENDING)).exclude(channel=Medium.LETTER)


def due(at: datetime.datetime) -> QuerySet[Message]:
    """Return what waits and may go, whoever waits longest first."""
    return under_way().filter(state=State.QUEUED, not_before__lte=at).order_by("not_before", "pk")
