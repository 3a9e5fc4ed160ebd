"""The weekly meeting: its agenda from the complaints of the week, minutes, measures as work (CMP-16, FORM-18)."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.complaints.models import Meeting, Point
from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries import choosing, meetings
from guanxi.complaints.queries.meetings import SUBJECT
from guanxi.complaints.states import Angle
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM, Actor, check
from guanxi.foundation.errors import Conflict, Invalid, Problem, words_of
from guanxi.network.models import Node
from guanxi.network.states import Kind
from guanxi.records import services as records
from guanxi.worklist.services import adding

MEASURE = "complaints.measure"
REASON = gettext_noop("Decided in the weekly meeting about %(number)s: %(measure)s")
EVENING = datetime.timedelta(hours=18)


@dataclass(frozen=True)
class Minutes:
    """When a meeting was held, who led it, who was there, what was discussed."""

    held_on: datetime.date
    chair: str
    attendants: str
    words: str = ""


@dataclass(frozen=True)
class Measure:
    """Why a complaint came to it, what is done about it; by whom and by when, or by nobody in particular."""

    cause: str
    measure: str
    person_id: int | None = None
    due_on: datetime.date | None = None


def call_meeting(
    *, actor: Actor, place_id: int, week: datetime.date, angle: str, at: datetime.datetime
) -> Meeting:  # fmt: skip
    """Call the meeting of an outlet about a week, or return the one that was called; its agenda are the complaints of
    the week, and those that came in since: checks, locks, writes by set, audits. A filed one is left as it is.

    :raises NotAllowed: the actor keeps no minutes there.
    :raises Invalid: no outlet, no such angle, or a week that has not begun.
    """
    check(actor, Verb.MEET, place_id)
    first = meetings.monday(week)
    _refuse(place_id, first, angle, at)
    with db.atomic():
        called = {"called_at": at, "called_by_id": actor.user_id, "called_by": actor.name[:160]}
        row, is_new = Meeting.objects.get_or_create(place_id=place_id, week=first, angle=angle, defaults=called)
        row = db.lock(Meeting.objects.all(), row.pk)
        many = 0 if row.filed_at else _fill(row)
        if is_new or many:
            _audit(actor, Verb.MEET, row, {"added": many})
    return row


def _refuse(place_id: int, first: datetime.date, angle: str, at: datetime.datetime) -> None:
    if not Node.objects.filter(pk=place_id, kind=Kind.OUTLET).exists():
        raise Invalid(_("Choose one of the values offered."), field="place")
    if angle and angle not in Angle.values:
        raise Invalid(_("Choose one of the values offered."), field="angle")
    if first > clock.day_of(at):
        raise Invalid(_("This week has not begun."), field="week")


def _fill(row: Meeting) -> int:
    """Put the complaints of the week that are not on the agenda yet on it; three queries, however many."""
    held = set(row.points.values_list("complaint_id", flat=True))
    new = [pk for pk in meetings.of_week(row).order_by("pk").values_list("pk", flat=True) if pk not in held]
    Point.objects.bulk_create([Point(meeting=row, complaint_id=pk) for pk in new])
    return len(new)


def _locked(actor: Actor, meeting_id: int) -> Meeting:
    """Lock a visible meeting that is not filed.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor keeps no minutes there.
    :raises Conflict: it is filed.
    """
    row = db.lock(meetings.visible_to(actor), meeting_id)
    check(actor, Verb.MEET, row.place_id)
    if row.filed_at:
        raise Conflict(_("The minutes are filed; they stay as they are."))
    return row


def write_minutes(*, actor: Actor, meeting_id: int, minutes: Minutes, at: datetime.datetime) -> Meeting:
    """Write who met when and what was discussed: locks, checks, writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor keeps no minutes there.
    :raises Conflict: it is filed.
    :raises Invalid: no chair, nobody who was there, or a day outside the week and those after it until today.
    """
    with db.atomic():
        row = _locked(actor, meeting_id)
        chair = words_of(minutes.chair, "chair", _("Say who led it."))
        people = words_of(minutes.attendants, "attendants", _("Say who was there."))
        if not row.week <= minutes.held_on <= clock.day_of(at):
            raise Invalid(_("A day from the beginning of the week until today."), field="held_on")
        row.held_on, row.chair, row.attendants = minutes.held_on, chair[:160], people[:1000]
        row.words = minutes.words.strip()[:2000]
        row.save()
        said = {"held_on": minutes.held_on.isoformat(), "chair": row.chair, "attendants": row.attendants}
        _audit(actor, "complaints.write_minutes", row, said | {"words": row.words})
    return row


def decide_measure(*, actor: Actor, meeting_id: int, point_id: int, measure: Measure) -> Point:
    """Write what is done about a complaint of the agenda: locks, checks that whoever does it works there, writes,
    audits. His task is written when the minutes are filed.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor keeps no minutes there.
    :raises Conflict: it is filed.
    :raises Invalid: no measure, a person without a day or a day without a person, or somebody who does not work there.
    """
    with db.atomic():
        row = _locked(actor, meeting_id)
        point = meetings.point(row, point_id)
        said = words_of(measure.measure, "measure", _("Say what is done about it."))
        if (measure.person_id is None) != (measure.due_on is None):
            raise Invalid(_("A person and a day go together."), field="due_on" if measure.person_id else "person")
        name = _name(row, measure.person_id)
        point.cause, point.measure = measure.cause.strip()[:1000], said[:1000]
        point.person_id, point.person_name, point.due_on = measure.person_id, name, measure.due_on
        point.save()
        told = {"complaint": point.complaint.number, "measure": point.measure, "cause": point.cause, "by": name}
        _audit(actor, "complaints.decide_measure", row, told)
    return point


def _name(row: Meeting, person_id: int | None) -> str:
    if person_id is None:
        return ""
    found = choosing.handlers(row.place_id, clock.today()).get(person_id)
    if found is None:
        raise Invalid(_("Choose one of the values offered."), field="person")
    return found


def file_meeting(*, actor: Actor, meeting_id: int, at: datetime.datetime) -> Meeting:
    """File the minutes: locks, checks that they are whole, writes, writes the task of everybody who does something, by
    set, audits. They stay as they are from then on.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor keeps no minutes there.
    :raises Conflict: it is filed.
    :raises Invalid: nobody wrote who met, or a complaint without a measure: each said.
    """
    with db.atomic():
        row = _locked(actor, meeting_id)
        points = meetings.agenda(row)
        problems = [] if row.held_on else [Problem(_("Write who met, and when."), "held_on")]
        bare = [item.complaint.number for item in points if not item.measure]
        if bare:
            problems.append(Problem(_("Say what is done about %(numbers)s.") % {"numbers": ", ".join(bare)}, "points"))
        if problems:
            raise Invalid(problems=problems)
        row.filed_at, row.filed_by = at, actor.name[:160]
        row.save()
        db.widen(row.place_id)
        adding.add_tasks(actor=SYSTEM, tasks=[_task(row, item) for item in points if item.person_id], at=at)
        _audit(actor, "complaints.file_meeting", row, {"points": len(points)})
    return row


def _task(row: Meeting, item: Point) -> adding.NewTask:
    assert item.due_on is not None  # a person and a day go together
    return adding.NewTask(
        kind=MEASURE, key=f"{MEASURE}:{item.pk}", node_id=row.place_id, reason=REASON,
        due=clock.start_of(item.due_on) + EVENING, owner_id=item.person_id, subject_type=SUBJECT, subject_id=row.pk,
        subject_label=item.complaint.number, values={"number": item.complaint.number, "measure": item.measure},
    )  # fmt: skip


def strike(*, actor: Actor, meeting_id: int, point_id: int, reason: str) -> None:
    """Strike a complaint from the agenda, such as one that another meeting discusses: locks, checks, removes, audits
    with the reason.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor keeps no minutes there.
    :raises Conflict: it is filed.
    :raises Invalid: no reason.
    """
    said = words_of(reason, "reason", _("Say why."))
    with db.atomic():
        row = _locked(actor, meeting_id)
        point = meetings.point(row, point_id)
        number = point.complaint.number
        point.delete()
        _audit(actor, "complaints.strike", row, {"complaint": number, "reason": said})


def _audit(actor: Actor, verb: str, row: Meeting, after: Mapping[str, object]) -> None:
    records.audit(
        actor=actor, verb=verb, subject_type=SUBJECT, subject_id=row.pk, subject_label=row.week.isoformat(),
        node_id=row.place_id, after=dict(after),
    )  # fmt: skip
