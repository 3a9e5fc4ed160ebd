"""Reads of listening samples: those to be judged, and the agent's own."""

import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.contact_centre.models import Review, ScoreSheet
from guanxi.contact_centre.permissions import Verb
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Conflict, NotFound


def visible_to(actor: Actor) -> QuerySet[Review]:
    """Return the reviews at places whose calls the actor reviews, and his own once they are done."""
    where = actor.where(Verb.REVIEW_CALLS)
    if where is None:
        return Review.objects.all()
    own = Q(agent_id=actor.person_id, reviewed_at__isnull=False) if actor.can(Verb.VIEW) else Q(pk__in=())
    return Review.objects.filter(own | Q(db.among("node_id", where))) if where else Review.objects.filter(own)


def review(actor: Actor, pk: int) -> Review:
    """Return one visible review with its sheet.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("sheet").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def newest_sheet(source: str) -> ScoreSheet | None:
    return ScoreSheet.objects.filter(source=source).order_by("-since").first()


def sheet_on(day: datetime.date) -> ScoreSheet:
    """Return the sheet that holds on a day; the one written last comes first.

    :raises Conflict: there is none.
    """
    found = ScoreSheet.objects.filter(since__lte=day).order_by("-since", "-pk").first()
    if found is None:
        raise Conflict(_("No score sheet is in force; apply the base preset."))
    return found
