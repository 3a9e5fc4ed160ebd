"""Reads of limits that were passed: which outlet, what, how often (CMP-40)."""

from django.db.models import Q, QuerySet

from guanxi.complaints.models import Breach
from guanxi.complaints.permissions import Verb
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound

SUBJECT = "complaints.breach"


def visible_to(actor: Actor) -> QuerySet[Breach]:
    """Return what was passed at outlets where the actor sees complaints, and what he looks at from his place."""
    where = actor.where(Verb.VIEW)
    if where is None:
        return Breach.objects.all()
    return Breach.objects.filter(Q(db.among("outlet_id", where)) | Q(db.among("place_id", where)))


def breach(actor: Actor, pk: int) -> Breach:
    """Return one visible breach with its outlet, category and limit.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("outlet", "category", "limit").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
