"""Closing a room to named people, and opening it to all again (CRIS-05)."""

import datetime
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from guanxi.crisis.events import CrisisShut
from guanxi.crisis.models import Crisis
from guanxi.crisis.permissions import may_enter
from guanxi.crisis.queries import choosing, rooms
from guanxi.crisis.services import steps
from guanxi.crisis.states import Act
from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Conflict, Invalid, words_of
from guanxi.records import services as records


def restrict(
    *, actor: Actor, crisis_id: int, person_ids: Iterable[int], reason: str, at: datetime.datetime
) -> Crisis:  # fmt: skip
    """Close a room to named people, or change who they are, with a reason: locks, checks, writes the list, notes it,
    audits, publishes CrisisShut. From then on only they, the actor, who is in charge, who owes work in it and who leads
    crises of the whole network find a trace of it; whom it is about is left alone as before.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle crises there.
    :raises Invalid: no reason, nobody named, or somebody who may not see crises there.
    """
    said, wanted = words_of(reason, "reason"), set(person_ids)
    with db.atomic():
        row = steps.locked(actor, crisis_id)
        names, before = choosing.readers(row.place_id, clock.day_of(at)), steps.plain(row)
        if not wanted or not wanted <= names.keys():
            raise Invalid(_("Name one or more of the people offered."), field="people")
        owing = {task.owner_id for task in rooms.owed(row) if task.owner_id}
        row.admitted = sorted(wanted | owing)
        if not may_enter(actor, row):
            steps.let_in(row, actor.user_id)
        row.save(update_fields=["admitted"])
        inside = ", ".join(names.get(pk, str(pk)) for pk in row.admitted or ())
        steps.say(actor, row, Act.SHUT, f"{inside}: {said}", at)
        records.audit(actor=actor, verb="crisis.restrict", **steps.line(row, before, {"reason": said}))
        events.publish(CrisisShut(row.number, sorted(rooms.insiders(row, clock.day_of(at)) or ())))
    return row


def lift(*, actor: Actor, crisis_id: int, reason: str, at: datetime.datetime) -> Crisis:
    """Open a room to all who may see crises there again, with a reason: locks, checks, writes, notes it, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle crises there.
    :raises Conflict: it is open to all.
    :raises Invalid: no reason.
    """
    said = words_of(reason, "reason")
    with db.atomic():
        row = steps.locked(actor, crisis_id)
        if row.admitted is None:
            raise Conflict
        before = steps.plain(row)
        row.admitted = None
        row.save(update_fields=["admitted"])
        steps.say(actor, row, Act.UNSHUT, said, at)
        records.audit(actor=actor, verb="crisis.lift", **steps.line(row, before, {"reason": said}))
    return row
