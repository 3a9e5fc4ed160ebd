"""Leading a crisis: the log, the assessment, who is in charge, work given, complaints, and how it ends."""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.complaints.queries import cases
from guanxi.crisis.events import ConcernedChanged, CrisisClosed, CrisisOpened
from guanxi.crisis.models import Crisis, Entry, Link
from guanxi.crisis.permissions import Verb
from guanxi.crisis.queries import choosing, rooms
from guanxi.crisis.queries.rooms import SUBJECT
from guanxi.crisis.services import opening, steps
from guanxi.crisis.services.opening import NewCrisis
from guanxi.crisis.states import BY_HAND, Act, Result, State
from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import SYSTEM, Actor
from guanxi.foundation.errors import Conflict, Invalid, NotFound, words_of
from guanxi.records import services as records
from guanxi.worklist.models import Task
from guanxi.worklist.services import adding, sharing
from guanxi.worklist.states import LIVE

STEP = "crisis.step"
TO_DO = gettext_noop("%(who)s asks you for this crisis: %(what)s")
ASSESSED = ("title", "types", "risk", "model_id", "matter_id", "amount", "currency", "spokesperson", "authority")


def note(*, actor: Actor, crisis_id: int, act: str, words: str, at: datetime.datetime) -> Entry:
    """Note what was heard, decided or done: locks, checks, writes the line, ends the task of whoever is in charge with
    the first decision, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle crises there.
    :raises Conflict: it is closed.
    :raises Invalid: no words, or a kind of line that nobody writes by hand.
    """
    said = words_of(words)
    if act not in BY_HAND:
        raise Invalid(_("Choose one of the values offered."), field="act")
    with db.atomic():
        row = steps.locked(actor, crisis_id)
        steps.need_running(row)
        entry = steps.say(actor, row, Act(act), said, at)
        if act == Act.DECIDED:
            steps.end_lead(row, Result.DECIDED, at)
        records.audit(actor=actor, verb="crisis.note", **steps.line(row, {}, {"act": act, "words": said}))
    return entry


def assess(*, actor: Actor, crisis_id: int, values: Mapping[str, Any], reason: str, at: datetime.datetime) -> Crisis:
    """Change what is known of a crisis (the fields of ``ASSESSED``) with a reason: locks, checks, writes, notes it,
    audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle crises there.
    :raises Conflict: it is closed.
    :raises Invalid: no reason, or something is none of what is offered.
    """
    said = words_of(reason, "reason")
    with db.atomic():
        row = steps.locked(actor, crisis_id)
        steps.need_running(row)
        known = {name: getattr(row, name) for name in ASSESSED} | {
            name: value for name, value in values.items() if name in ASSESSED
        }
        opening.refuse_unknown(replace(NewCrisis(row.place_id, "", ()), **known), at)
        before = steps.plain(row)
        for name, value in known.items():
            setattr(row, name, value.strip() if isinstance(value, str) else value)
        row.title = words_of(row.title, "title", most=160)
        row.save()
        steps.say(actor, row, Act.CHANGED, said, at)
        records.audit(actor=actor, verb="crisis.assess", **steps.line(row, before, {"reason": said}))
    return row


def put_in_charge(
    *, actor: Actor, crisis_id: int, person_id: int, reason: str, at: datetime.datetime
) -> Crisis:  # fmt: skip
    """Put somebody in charge of a crisis, with a reason: locks, checks, writes, gives him the task, notes it, audits.
    Whoever was in charge stays in a room that is closed to named people.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle crises there.
    :raises Conflict: it is closed.
    :raises Invalid: no reason, or somebody who does not lead crises there or leads this one.
    """
    said = words_of(reason, "reason")
    with db.atomic():
        row = steps.locked(actor, crisis_id)
        steps.need_running(row)
        names = choosing.leaders(row.place_id, clock.day_of(at))
        if person_id not in names or person_id == row.owner_id:
            raise Invalid(_("Choose one of the values offered."), field="person")
        before = steps.plain(row)
        steps.let_in(row, row.owner_id)
        row.owner_id, row.owner_name = person_id, names[person_id]
        row.save()
        db.widen(row.place_id)
        task = Task.objects.filter(key=row.lead_key, state__in=LIVE).first()
        if task is not None:
            sharing.assign(actor=SYSTEM, task_id=task.pk, person_id=person_id, at=at)
        steps.say(actor, row, Act.IN_CHARGE, f"{row.owner_name}: {said}", at)
        records.audit(actor=actor, verb="crisis.put_in_charge", **steps.line(row, before, {"reason": said}))
    return row


def give_work(
    *, actor: Actor, crisis_id: int, person_id: int, words: str, due_at: datetime.datetime, at: datetime.datetime
) -> Task:  # fmt: skip
    """Ask somebody for a piece of work by a moment: locks, checks, writes his task, lets him into a room that is closed
    to named people, notes it, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle crises there.
    :raises Conflict: it is closed.
    :raises Invalid: no words, a moment that is past, or somebody who does not lead crises there.
    """
    said = words_of(words)
    if due_at <= at:
        raise Invalid(_("This moment is past."), field="due_at")
    with db.atomic():
        row = steps.locked(actor, crisis_id)
        steps.need_running(row)
        names = choosing.leaders(row.place_id, clock.day_of(at))
        if person_id not in names:
            raise Invalid(_("Choose one of the values offered."), field="person")
        task = adding.NewTask(
            kind=STEP, key=f"{STEP}:{row.pk}:{uuid.uuid4().hex}", node_id=row.place_id, reason=TO_DO, due=due_at,
            owner_id=person_id, subject_type=SUBJECT, subject_id=row.pk, subject_label=row.number,
            values={"who": actor.name, "what": row.title}, note=said, priority=1,
        )  # fmt: skip
        db.widen(row.place_id)
        made = adding.add_task(actor=SYSTEM, task=task, at=at)
        steps.let_in(row, person_id, made.owner_id)
        row.save(update_fields=["admitted"])
        steps.say(actor, row, Act.ASKED, f"{names[person_id]}: {said}", at)
        records.audit(actor=actor, verb="crisis.give_work", **steps.line(row, {}, {"person": person_id}))
    return made


def link(*, actor: Actor, crisis_id: int, complaint_id: int, at: datetime.datetime) -> Crisis:
    """Put a complaint into a crisis: locks, checks, waits for others, writes, notes it, audits,
    publishes ConcernedChanged.

    :raises NotFound: there is no such crisis or complaint, or not for this actor.
    :raises NotAllowed: the actor does not handle crises there.
    :raises Conflict: the crisis is closed, or the complaint is in a crisis that runs.
    """
    with db.atomic():
        row = steps.locked(actor, crisis_id)
        steps.need_running(row)
        complaint = cases.complaint(actor, complaint_id)
        db.serialise(f"crisis.{complaint.pk}")
        opening.refuse_taken(complaint.pk)
        Link.objects.update_or_create(
            crisis=row, complaint=complaint,
            defaults={"is_open": True, "at": at, "by": actor.name[:160], "off_at": None},
        )  # fmt: skip
        steps.say(actor, row, Act.LINKED, complaint.number, at)
        records.audit(actor=actor, verb="crisis.link", **steps.line(row, {}, {"complaint": complaint.number}))
        events.publish(ConcernedChanged(row.pk))
    return row


def unlink(*, actor: Actor, crisis_id: int, complaint_id: int, reason: str, at: datetime.datetime) -> Crisis:
    """Take a complaint off that does not belong to a crisis, with a reason: locks, checks, writes, notes it, audits,
    publishes ConcernedChanged. That it was there stays in the log.

    :raises NotFound: there is no such crisis, or the complaint is not in it.
    :raises NotAllowed: the actor does not handle crises there.
    :raises Conflict: the crisis is closed.
    :raises Invalid: no reason.
    """
    said = words_of(reason, "reason")
    with db.atomic():
        row = steps.locked(actor, crisis_id)
        steps.need_running(row)
        held = Link.objects.filter(crisis=row, complaint_id=complaint_id, off_at__isnull=True).first()
        if held is None:
            raise NotFound
        held.is_open, held.off_at = False, at
        held.save(update_fields=["is_open", "off_at"])
        number = held.complaint.number
        steps.say(actor, row, Act.UNLINKED, f"{number}: {said}", at)
        records.audit(actor=actor, verb="crisis.unlink", **steps.line(row, {}, {"complaint": number, "reason": said}))
        events.publish(ConcernedChanged(row.pk))
    return row


def calm(*, actor: Actor, crisis_id: int, words: str, at: datetime.datetime) -> Crisis:
    """Say that a crisis has calmed down, and why: locks, checks, moves it, ends the task of whoever is in charge, notes
    it, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle crises there.
    :raises Conflict: it is not open.
    :raises Invalid: no words.
    """
    said = words_of(words)
    with db.atomic():
        row = steps.locked(actor, crisis_id)
        before = steps.plain(row)
        steps.move(row, State.CALMED)
        row.calmed_at = at
        row.save()
        steps.end_lead(row, Result.CALMED, at)
        steps.say(actor, row, Act.CALMED, said, at)
        records.audit(actor=actor, verb="crisis.calm", **steps.line(row, before, {"words": said}))
    return row


def close(*, actor: Actor, crisis_id: int, words: str, at: datetime.datetime) -> Crisis:
    """Close a crisis that has calmed down, with its conclusion: locks, checks, moves it, lets its complaints go, notes
    it, audits, publishes CrisisClosed and ConcernedChanged.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle crises there.
    :raises Conflict: it has not calmed down.
    :raises Invalid: no conclusion.
    """
    said = words_of(words)
    with db.atomic():
        row = steps.locked(actor, crisis_id)
        before = steps.plain(row)
        steps.move(row, State.CLOSED)
        row.closed_at, row.conclusion = at, said
        row.save()
        row.links.filter(is_open=True).update(is_open=False)
        steps.say(actor, row, Act.CLOSED, said, at)
        records.audit(actor=actor, verb="crisis.close", **steps.line(row, before))
        events.publish(CrisisClosed(row.pk, row.place_id))
        events.publish(ConcernedChanged(row.pk))
    return row


def reopen(*, actor: Actor, crisis_id: int, reason: str, at: datetime.datetime) -> Crisis:
    """Open a crisis again, with a reason: locks, checks, moves it, takes its complaints back, writes the task of
    whoever is in charge, notes it, audits, publishes CrisisOpened and ConcernedChanged. What its conclusion was stays
    in the log.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not open crises there.
    :raises Conflict: it is open, or one of its complaints is in another crisis by now.
    :raises Invalid: no reason.
    """
    said = words_of(reason, "reason")
    with db.atomic():
        row = steps.locked(actor, crisis_id, Verb.OPEN)
        before = steps.plain(row)
        steps.move(row, State.OPEN)
        row.calmed_at, row.closed_at, row.conclusion = None, None, ""
        row.save()
        _take_back(row)
        opening.ask_lead(row, at)
        steps.say(actor, row, Act.REOPENED, said, at)
        records.audit(actor=actor, verb="crisis.reopen", **steps.line(row, before, {"reason": said}))
        events.publish(CrisisOpened(row.pk, row.place_id))
        events.publish(ConcernedChanged(row.pk))
    return row


def _take_back(row: Crisis) -> None:
    ids = list(
        row.links.filter(off_at__isnull=True, is_open=False).order_by("pk").values_list("complaint_id", flat=True)
    )
    for pk in ids:
        db.serialise(f"crisis.{pk}")
    if Link.objects.filter(complaint_id__in=ids, is_open=True).exists():
        raise Conflict(_("One of its complaints is in another crisis by now; take it off there, or lead that one."))
    if rooms.taken(ids):
        raise Conflict(_("This complaint cannot be put into a crisis at the moment."))
    row.links.filter(complaint_id__in=ids).update(is_open=True)
