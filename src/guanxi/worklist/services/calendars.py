"""Everything that changes the working calendar of a place, or of the whole network."""

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from guanxi.foundation import db, jobs
from guanxi.foundation.actor import Actor, check, check_everywhere
from guanxi.foundation.errors import Conflict, Invalid, NotFound
from guanxi.records import services as records
from guanxi.worklist.models import SpecialDay, WorkingWeek
from guanxi.worklist.permissions import Verb
from guanxi.worklist.policy import hours as rules
from guanxi.worklist.queries.calendars import of
from guanxi.worklist.queries.tasks import place_of

LONGEST = 62
NETWORK = "network"


def _check(actor: Actor, node_id: int | None) -> str:
    """Check the right to change a calendar and return the place's name."""
    if node_id is None:
        check_everywhere(actor, Verb.CHANGE_CALENDAR)
        return NETWORK
    check(actor, Verb.CHANGE_CALENDAR, node_id)
    return place_of(actor, node_id, Verb.CHANGE_CALENDAR).name


def _read_day(text: str, field: str) -> rules.Day:
    """Return the hours of a line as people write them.

    :raises Invalid: something in it is no span of time.
    """
    try:
        return rules.read_day(text)
    except ValueError as error:
        message = _("Write hours like 09:00-12:00, 13:30-18:00; a shift that ends in the morning may cross midnight.")
        raise Invalid(message, field=field) from error


def set_week(
    *, actor: Actor, node_id: int | None, since: datetime.date, days: Sequence[str], keeps_holidays: bool,
    at: datetime.datetime,
) -> WorkingWeek:  # fmt: skip
    """Give a place (None: the whole network) its own working week from a day on: checks, writes (a week of the same
    day is replaced), audits, and stores the job that reckons open deadlines anew.

    ``days`` are seven lines of hours from Monday on; an empty one is closed.

    :raises NotAllowed: the actor may not change this calendar.
    :raises Invalid: hours that cannot be read, or a shift that runs into the next day's first.
    """
    label = _check(actor, node_id)
    week = tuple(_read_day(text, f"day_{number}") for number, text in enumerate(days))
    if len(week) != rules.DAYS:
        raise Invalid(_("A week has seven days."))
    for number in rules.clashes(week):
        raise Invalid(_("This shift runs into the first of the day after."), field=f"day_{number}")
    return _write_week(actor, node_id, label, since, rules.write_week(week), keeps_holidays=keeps_holidays, at=at)


def inherit_week(*, actor: Actor, node_id: int, since: datetime.date, at: datetime.datetime) -> WorkingWeek:
    """Let a place follow those above it again from a day on: checks, writes, audits, and stores the job that reckons
    open deadlines anew. What held before that day stays.

    :raises NotAllowed: the actor may not change this calendar.
    """
    label = _check(actor, node_id)
    return _write_week(actor, node_id, label, since, "", keeps_holidays=True, at=at)


def _write_week(
    actor: Actor, node_id: int | None, label: str, since: datetime.date, text: str, *, keeps_holidays: bool,
    at: datetime.datetime,
) -> WorkingWeek:  # fmt: skip
    with db.atomic():
        db.serialise(f"worklist.calendar.{node_id or 0}")
        before = WorkingWeek.objects.filter(of(node_id), since=since).first()
        old = {"hours": before.hours, "keeps_holidays": before.keeps_holidays} if before else None
        new = {"hours": text, "keeps_holidays": keeps_holidays}
        row = before or WorkingWeek(node_id=node_id, since=since)
        row.hours, row.keeps_holidays, row.made_at = text, keeps_holidays, at
        row.save()
        records.audit(
            actor=actor, verb=Verb.CHANGE_CALENDAR, subject_type="calendar", subject_id=node_id or 0,
            subject_label=f"{label} {since}", node_id=node_id, before=old, after=new,
        )  # fmt: skip
        _reckon(node_id)
    return row


def _reckon(node_id: int | None) -> None:
    jobs.enqueue("worklist.reckon_anew", node_id=node_id, after=0, queueing_lock=f"worklist.reckon.{node_id or 0}")


def set_days(
    *, actor: Actor, node_id: int | None, first: datetime.date, last: datetime.date, hours: str, reason: str,
    at: datetime.datetime,
) -> int:  # fmt: skip
    """Give the days of a run other hours than usual, or none (a closure): checks, writes (what stood there is
    replaced), audits, and stores the job that reckons open deadlines anew. Return how many days.

    :raises NotAllowed: the actor may not change this calendar.
    :raises Invalid: hours that cannot be read, no reason, or a run that ends before it begins or is too long.
    """
    label = _check(actor, node_id)
    text, reason = rules.write_day(_read_day(hours, "hours")), " ".join(reason.split())[:120]
    if not reason:
        raise Invalid(_("Say why: colleagues and customers will ask."), field="reason")
    if not 0 <= (last - first).days < LONGEST:
        raise Invalid(_("From a day to a later one, at most two months."), field="last")
    run = [first + datetime.timedelta(days=number) for number in range((last - first).days + 1)]
    with db.atomic():
        db.serialise(f"worklist.calendar.{node_id or 0}")
        SpecialDay.objects.filter(of(node_id), day__range=(first, last)).delete()
        SpecialDay.objects.bulk_create(
            [SpecialDay(node_id=node_id, day=day, hours=text, reason=reason, made_at=at) for day in run]
        )
        records.audit(
            actor=actor, verb=Verb.CHANGE_CALENDAR, subject_type="calendar", subject_id=node_id or 0,
            subject_label=f"{label} {first}/{last}", node_id=node_id, after={"hours": text, "reason": reason},
        )  # fmt: skip
        _reckon(node_id)
    return len(run)


def drop_day(*, actor: Actor, node_id: int | None, day: datetime.date) -> None:
    """Take a special day of a place back: checks, deletes, audits, and stores the job that reckons open deadlines anew.

    :raises NotAllowed: the actor may not change this calendar.
    :raises NotFound: the place wrote nothing for this day.
    """
    label = _check(actor, node_id)
    with db.atomic():
        row = SpecialDay.objects.select_for_update().filter(of(node_id), day=day).first()
        if row is None:
            raise NotFound
        row.delete()
        records.audit(
            actor=actor, verb=Verb.CHANGE_CALENDAR, subject_type="calendar", subject_id=node_id or 0,
            subject_label=f"{label} {day}", node_id=node_id, before={"hours": row.hours, "reason": row.reason},
        )  # fmt: skip
        _reckon(node_id)


def drop_week(*, actor: Actor, node_id: int | None, since: datetime.date) -> None:
    """Take a week of a place back, so that the one before it holds on: checks, deletes, audits, and stores the job
    that reckons open deadlines anew.

    :raises NotAllowed: the actor may not change this calendar.
    :raises NotFound: the place has no week from this day.
    :raises Conflict: the whole network needs a week.
    """
    label = _check(actor, node_id)
    with db.atomic():
        row = WorkingWeek.objects.select_for_update().filter(of(node_id), since=since).first()
        if row is None:
            raise NotFound
        if node_id is None and WorkingWeek.objects.filter(node=None).count() == 1:
            raise Conflict(_("The whole network needs a week; change it instead."))
        row.delete()
        records.audit(
            actor=actor, verb=Verb.CHANGE_CALENDAR, subject_type="calendar", subject_id=node_id or 0,
            subject_label=f"{label} {since}", node_id=node_id, before={"hours": row.hours},
        )  # fmt: skip
        _reckon(node_id)
