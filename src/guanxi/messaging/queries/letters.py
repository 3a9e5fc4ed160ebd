"""Reads of letters: what waits to be printed, the batches, and how an address is written."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from guanxi.foundation import divisions
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound
from guanxi.messaging.models import Message, PrintBatch
from guanxi.messaging.permissions import Verb
from guanxi.messaging.states import State
from guanxi.network.models import Node
from guanxi.privacy.states import Medium


@dataclass(frozen=True)
class Waiting:
    """A place with how many letters wait there to be printed."""

    node: Node
    letters: int


@dataclass(frozen=True)
class Postal:
    """An address as it stands on an envelope."""

    postcode: str
    region: str
    line: str


def batches_visible_to(actor: Actor) -> QuerySet[PrintBatch]:
    """Return the batches of places where the actor may see messages."""
    where = actor.where(Verb.VIEW)
    return PrintBatch.objects.all() if where is None else PrintBatch.objects.filter(node_id__in=where)


def batch(actor: Actor, pk: int) -> PrintBatch:
    """Return one visible batch with its place.

    :raises NotFound: there is none, or not for this actor.
    """
    found = batches_visible_to(actor).select_related("node").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def waiting_at(node_id: int) -> QuerySet[Message]:
    """Return the letters that wait to be printed at a place."""
    return Message.objects.filter(node_id=node_id, channel=Medium.LETTER, state=State.QUEUED)


def waiting(actor: Actor) -> list[Waiting]:
    """Return the places where the actor may print and letters wait; two queries."""
    rows = Message.objects.filter(channel=Medium.LETTER, state=State.QUEUED)
    where = actor.where(Verb.PRINT_LETTERS)
    if where is not None:
        rows = rows.filter(node_id__in=where)
    counts = dict(rows.values("node_id").annotate(number=Count("pk")).values_list("node_id", "number"))
    return [Waiting(node, counts[node.pk]) for node in Node.objects.filter(pk__in=counts).order_by("code")]


def letters_of(row: PrintBatch) -> Sequence[Message]:
    """Return the letters of a batch in the order in which they are printed; one query."""
    return list(Message.objects.filter(batch=row).select_related("template").order_by("pk"))


def postal(address: str) -> Postal:
    """Return an address as kept with a message (``code|line|postcode``) as it is written on an envelope."""
    code, line, postcode = [*address.split("|"), "", ""][:3]
    return Postal(postcode, region(code), line)


def region(code: str) -> str:
    """Return the names of a division and of those above it, each once."""
    found = [divisions.get(code[:length]) for length in (2, 4, 6) if len(code) >= length]
    return "".join(dict.fromkeys(divisions.shown(row) for row in found if row is not None))
