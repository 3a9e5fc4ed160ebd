"""Absences: who is away, who stands in, and the return of the work."""

import datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import db, events
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed
from guanxi.records import services as records
from guanxi.worklist.events import TasksAssigned
from guanxi.worklist.models import Absence, Task
from guanxi.worklist.permissions import Verb
from guanxi.worklist.queries import people
from guanxi.worklist.queries.tasks import names
from guanxi.worklist.states import LIVE, State

LONGEST = 366


def add_absence(
    *, actor: Actor, person_id: int, first_day: datetime.date, last_day: datetime.date, deputy_id: int | None,
    note: str, at: datetime.datetime,
) -> Absence:  # fmt: skip
    """Write down that somebody is away and who stands in: checks, writes, audits. From the first day to the last new
    work of the person goes to the deputy; what is open already stays, and can be handed over.

    :raises NotAllowed: the actor does not keep this person's absences.
    :raises Invalid: it ends before it begins, is longer than a year, or the deputy is the person or unknown here.
    :raises Conflict: the person is away on some of these days already.
    """
    if not people.keeps(actor, person_id, first_day):
        raise NotAllowed(Verb.MANAGE_ABSENCE)
    if not 0 <= (last_day - first_day).days < LONGEST:
        raise Invalid(_("From a day to a later one, at most a year."), field="last_day")
    if deputy_id == person_id:
        raise Invalid(_("Choose a colleague."), field="deputy")
    known = names([person_id, deputy_id])
    if len(known) < len({person_id, deputy_id} - {None}):
        raise Invalid(_("This person is not known here."), field="deputy")
    try:
        with db.atomic():
            row = Absence.objects.create(
                person_id=person_id, first_day=first_day, last_day=last_day, deputy_id=deputy_id,
                note=note.strip()[:200], made_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict(_("This person is away on some of these days already."), field="first_day") from error
    records.audit(
        actor=actor, verb=Verb.MANAGE_ABSENCE, subject_type="absence", subject_id=row.pk,
        subject_label=known[person_id], node_id=actor.home_id, after=_plain(row),
    )  # fmt: skip
    return row


def _plain(row: Absence) -> dict[str, object]:
    return {
        "first_day": row.first_day.isoformat(), "last_day": row.last_day.isoformat(), "deputy": row.deputy_id,
        "is_over": row.is_over,
    }  # fmt: skip


def end_absence(*, actor: Actor, absence_id: int, day: datetime.date) -> int:
    """End an absence, before its time or before it began: locks, checks, gives back the work that the deputy has not
    taken up yet, audits, and publishes TasksAssigned. Return how many tasks came back.

    :raises NotFound: there is none, or it is over.
    :raises NotAllowed: the actor does not keep this person's absences.
    """
    with db.atomic():
        row = db.lock(Absence.objects.filter(is_over=False), absence_id)
        if not people.keeps(actor, row.person_id, day):
            raise NotAllowed(Verb.MANAGE_ABSENCE)
        before = _plain(row)
        came = _come_back(row)
        records.audit(
            actor=actor, verb=Verb.MANAGE_ABSENCE, subject_type="absence", subject_id=row.pk,
            subject_label=names([row.person_id]).get(row.person_id, ""), node_id=actor.home_id, before=before,
            after=_plain(row),
        )  # fmt: skip
    return came


def _come_back(row: Absence) -> int:
    """Give back what was meant for the person and the deputy has not taken up; what he has, he keeps."""
    meant = Task.objects.filter(meant_for_id=row.person_id, state__in=LIVE)
    waiting = meant.filter(state=State.OPEN).order_by("due_at", "pk")
    first = waiting.first()
    came = waiting.order_by().update(owner_id=row.person_id, meant_for=None)
    meant.update(meant_for=None)
    row.is_over = True
    row.save(update_fields=["is_over"])
    if first is not None:
        events.publish(TasksAssigned(row.person_id, "", came, first.pk, str(first)[:80]))
    return came


def return_work(*, actor: Actor, day: datetime.date) -> int:
    """Give the work of those who are back to them: locks, writes, audits each, publishes TasksAssigned. Return how many
    absences ended.
    """
    with db.atomic():
        over = Absence.objects.select_for_update(skip_locked=True).filter(is_over=False, last_day__lt=day)
        rows = list(over.order_by("pk")[:500])
        for row in rows:
            came = _come_back(row)
            records.audit(
                actor=actor, verb="worklist.return_work", subject_type="absence", subject_id=row.pk,
                after={"tasks": came},
            )  # fmt: skip
    return len(rows)
