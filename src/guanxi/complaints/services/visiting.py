"""Which visit to the workshop a complaint is about."""

import datetime

from django.utils.translation import gettext as _

from guanxi.complaints.models import Complaint
from guanxi.complaints.permissions import Verb, may_add
from guanxi.complaints.queries import visits
from guanxi.complaints.services import steps
from guanxi.complaints.states import OPEN, Act
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Invalid, NotAllowed
from guanxi.records import services as records


def link_visit(*, actor: Actor, complaint_id: int, visit_id: int | None, at: datetime.datetime) -> Complaint:
    """Say which visit to the workshop a complaint is about, or that it is about none: locks, checks that it is one of
    its car (or of its customer, if no car is known) at its outlet, writes, notes it, audits.

    :raises NotFound: there is no such complaint, or not for this actor.
    :raises NotAllowed: the actor adds nothing to it.
    :raises Conflict: it is closed.
    :raises Invalid: a visit of another car, customer or outlet, or none that the actor sees.
    """
    with db.atomic():
        row = steps.locked(actor, complaint_id)
        if not may_add(actor, row):
            raise NotAllowed(Verb.OPEN)
        steps.need(row, *OPEN)
        before = steps.plain(row) | {"visit": row.visit_id}
        visit = visits.of_complaint(actor, row).filter(pk=visit_id).first() if visit_id is not None else None
        if visit_id is not None and visit is None:
            raise Invalid(_("This is no visit of this car at this outlet."), field="visit")
        if row.visit_id == visit_id:
            return row
        row.visit = visit
        row.save(update_fields=["visit"])
        steps.say(actor, row, Act.VISIT, f"{visit.order_no} · {visit.entered_on:%Y-%m-%d}" if visit else "–", at)
        records.audit(actor=actor, verb="complaints.link_visit", **steps.line(row, before, {"visit": visit_id}))
    return row
