"""The clock of a complaint stands still only for a reason that somebody stated: its task was postponed."""

import datetime
from dataclasses import dataclass

from guanxi.complaints.models import Complaint, Deed, Round
from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries import cases
from guanxi.complaints.services import steps
from guanxi.complaints.services.steps import SOLVE
from guanxi.complaints.states import Act, State
from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.records import services as records


@dataclass(frozen=True)
class Postponed:
    """Which task was postponed, until when, why, and by whom."""

    key: str
    due_at: datetime.datetime
    reason: str
    person_id: int | None
    person_name: str


def follow(*, actor: Actor, complaint_id: int, postponed: Postponed, at: datetime.datetime) -> bool:
    """Note that the clock of a complaint was stopped: checks the right, locks, moves what is owed next and the deadline
    of the round if it was about the solution, notes the reason in the name of whoever stated it, audits. The first
    deadlines stay as they were. Return whether anything moved; the same news again changes nothing.

    :raises NotFound: there is no such complaint.
    :raises NotAllowed: the actor does not work for the whole network.
    """
    check_everywhere(actor, Verb.HANDLE)
    with db.atomic():
        row = steps.locked(actor, complaint_id)
        if row.state == State.CLOSED:
            return False
        before, this = steps.plain(row), steps.this_round(row)
        row.due_at = min((task.due_at for task in cases.owed(row)), default=row.due_at)
        if postponed.key == row.key(SOLVE):
            this.due_at = postponed.due_at
        if not _save(row, this):
            return False
        _note(row, postponed, at)
        records.audit(actor=actor, verb="complaints.follow_postponed", **steps.line(row, before))
    return True


def _save(row: Complaint, this: Round) -> bool:
    """Write what moved; say whether anything did."""
    moved = Complaint.objects.filter(pk=row.pk).exclude(due_at=row.due_at).update(due_at=row.due_at)
    return bool(moved + Round.objects.filter(pk=this.pk).exclude(due_at=this.due_at).update(due_at=this.due_at))


def _note(row: Complaint, postponed: Postponed, at: datetime.datetime) -> None:
    Deed.objects.create(
        complaint=row, at=at, person_id=postponed.person_id, person_name=postponed.person_name, act=Act.POSTPONED,
        words=postponed.reason[: steps.LONGEST],
    )  # fmt: skip
