"""Reads of weekly meetings: those of one's places, one with its agenda, what they want to be asked."""

import datetime
from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet

from guanxi.complaints.models import Complaint, Meeting, Point, Question
from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries import figures
from guanxi.complaints.states import Asking, Kind
from guanxi.contact_centre.permissions import Verb as Scripts
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound

SUBJECT = "complaints.meeting"
WEEK = datetime.timedelta(days=7)


def monday(day: datetime.date) -> datetime.date:
    return day - datetime.timedelta(days=day.weekday())


def visible_to(actor: Actor) -> QuerySet[Meeting]:
    """Return the meetings of places where the actor sees complaints."""
    where = actor.where(Verb.VIEW)
    return Meeting.objects.all() if where is None else Meeting.objects.filter(db.among("place_id", where))


def meeting(actor: Actor, pk: int) -> Meeting:
    """Return one visible meeting with its outlet.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("place").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def with_counts(rows: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Return meetings with how many complaints stand on their agenda, and how many have a measure."""
    return rows.annotate(
        many=Count("points", distinct=True),
        measured=Count("points", filter=~Q(points__measure=""), distinct=True),
    )


def agenda(row: Meeting) -> list[Point]:
    """Return the agenda of a visible meeting in the order of the complaints; one query."""
    return list(row.points.select_related("complaint__category", "complaint__outlet").order_by("complaint_id"))


def improvements(row: Complaint) -> list[Point]:
    """Return what weekly meetings decided about a visible complaint, the newest first; one query (CMP-32)."""
    return list(row.discussed.exclude(measure="").select_related("meeting").order_by("-meeting__week", "-pk"))


def point(row: Meeting, pk: int) -> Point:
    """Return a point of the agenda of a visible meeting.

    :raises NotFound: there is none.
    """
    found = row.points.select_related("complaint").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def of_week(row: Meeting) -> QuerySet[Complaint]:
    """Return the complaints that a meeting is about: taken in in its week about its outlet, of its angle."""
    rows = Complaint.objects.filter(
        outlet_id=row.place_id, kind=Kind.COMPLAINT, opened_at__gte=clock.start_of(row.week),
        opened_at__lt=clock.start_of(row.week + WEEK),
    )  # fmt: skip
    return rows.filter(angle=row.angle) if row.angle else rows


def frequent(row: Meeting) -> Sequence[tuple[str, int]]:
    """Return what came up more than once in the week of a meeting; two queries."""
    return figures.frequent(of_week(row).order_by())


def questions(actor: Actor) -> QuerySet[Question]:
    """Return what meetings of places where the actor sees complaints want to be asked; all to who writes scripts."""
    where = None if actor.can_everywhere(Scripts.WRITE_SCRIPT) else actor.where(Verb.VIEW)
    return Question.objects.all() if where is None else Question.objects.filter(db.among("place_id", where))


def question(actor: Actor, pk: int) -> Question:
    """Return one visible question with its outlet.

    :raises NotFound: there is none, or not for this actor.
    """
    found = questions(actor).select_related("place", "category").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def wanted(actor: Actor) -> int:
    """Count the questions that wait for a decision; one query."""
    return questions(actor).filter(state=Asking.WANTED).count()
