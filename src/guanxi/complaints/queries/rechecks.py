"""Reads of the sample: which closed complaints were drawn, and what came of it."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from guanxi.complaints.models import Recheck
from guanxi.complaints.permissions import Verb
from guanxi.complaints.states import Checked
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound

SUBJECT = "complaints.recheck"


@dataclass(frozen=True)
class Tally:
    """How many were drawn, confirmed, refuted, and not reached."""

    drawn: int
    confirmed: int
    refuted: int
    unreached: int

    @property
    def share(self) -> int | None:
        """How many of a hundred who were reached confirmed it: only those closures are verified."""
        reached = self.confirmed + self.refuted
        return round(100 * self.confirmed / reached) if reached else None


def visible_to(actor: Actor) -> QuerySet[Recheck]:
    """Return what was drawn to be asked from places where the actor asks once more."""
    rows, where = Recheck.objects.all(), actor.where(Verb.RECHECK)
    return rows if where is None else rows.filter(db.among("place_id", where))


def one(actor: Actor, pk: int) -> Recheck:
    """Return one of the sample with its complaint.

    :raises NotFound: there is none, or not for this actor.
    """
    rows = visible_to(actor).select_related("complaint__outlet", "complaint__category", "complaint__process")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def tally(rows: QuerySet[Recheck]) -> Tally:
    """Count what came of some of the sample; one query."""
    counted = rows.order_by().aggregate(
        drawn=Count("pk"), confirmed=Count("pk", filter=Q(result=Checked.CONFIRMED)),
        refuted=Count("pk", filter=Q(result=Checked.REFUTED)),
        unreached=Count("pk", filter=Q(result=Checked.UNREACHED)),
    )  # fmt: skip
    return Tally(**counted)
