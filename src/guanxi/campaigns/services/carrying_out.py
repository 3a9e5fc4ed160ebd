"""What becomes of a car of a recall by hand: carried out with a visit, or refused by its owner."""

import datetime

from django.utils.translation import gettext_lazy as _

from guanxi.campaigns.models import RecallCar
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import recalls as queries
from guanxi.campaigns.services.recalls import SUBJECT
from guanxi.campaigns.states import STARTED, CarState
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM, Actor, check
from guanxi.foundation.errors import Conflict, Invalid
from guanxi.records import services as records
from guanxi.worklist.services import working
from guanxi.worklist.states import Result

SHORT = 400


def mark_done(*, actor: Actor, car_id: int, visit_id: int, at: datetime.datetime) -> RecallCar:
    """Mark a car as carried out with one of its visits: locks, checks the right at its outlet and the visit, writes,
    ends the tasks about its owner, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not record answers there.
    :raises Conflict: it is carried out already, or the recall was never opened.
    :raises Invalid: no visit of this car since the recall was opened that the actor sees.
    """
    with db.atomic():
        row = _locked(actor, car_id)
        visit = next((item for item in queries.visits_of(row) if item.pk == visit_id), None)
        if visit is None:
            raise Invalid(_("Choose a visit of this car since the recall was opened."), field="visit")
        row.state, row.done_on, row.visit = CarState.DONE, visit.left_on or visit.entered_on, visit
        _keep(actor, "campaigns.mark_done", row, at)
    return row


def mark_refused(*, actor: Actor, car_id: int, note: str, at: datetime.datetime) -> RecallCar:
    """Record that an owner refuses, in his words: locks, checks the right at its outlet, writes, ends the tasks about
    him, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not record answers there.
    :raises Conflict: it is carried out already, or the recall was never opened.
    :raises Invalid: no words.
    """
    words = " ".join(note.split())[:SHORT]
    if not words:
        raise Invalid(_("Say why."), field="note")
    with db.atomic():
        row = _locked(actor, car_id)
        row.state, row.note = CarState.REFUSED, words
        _keep(actor, "campaigns.mark_refused", row, at)
    return row


def _locked(actor: Actor, car_id: int) -> RecallCar:
    row = db.lock(queries.cars_visible_to(actor).select_related("recall"), car_id)
    check(actor, Verb.RESPOND, queries.place_of(row))
    if row.state == CarState.DONE:
        raise Conflict(_("It is carried out already."))
    if row.recall.state not in STARTED or not row.is_approved:
        raise Conflict(_("The recall is not open."))
    return row


def _keep(actor: Actor, verb: str, row: RecallCar, at: datetime.datetime) -> None:
    row.since, row.by = at, actor.name[:160]
    row.save()
    outcome = Result.DONE if row.state == CarState.DONE else Result.REFUSED
    for work in ("invite", "chase"):
        working.settle(actor=SYSTEM, key=row.recall.key_of(row.vehicle_id, work), outcome=outcome, at=at)
    records.audit(
        actor=actor, verb=verb, subject_type=SUBJECT, subject_id=row.recall_id, subject_label=row.recall.name,
        node_id=queries.place_of(row), after={"vehicle": row.vehicle_id, "state": row.state, "note": row.note},
    )  # fmt: skip
