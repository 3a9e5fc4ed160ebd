"""Reads of crises: the list, one with its complaints, its log and its statements, the one that a complaint is in."""

import datetime
from collections.abc import Iterable

from django.db import connection
from django.db.models import QuerySet

from guanxi.complaints.models import Complaint
from guanxi.complaints.queries import cases
from guanxi.crisis.models import Crisis, Entry, Link, Statement
from guanxi.crisis.permissions import Verb, entered
from guanxi.crisis.queries import choosing
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound
from guanxi.worklist.models import Task

SUBJECT = "crisis.crisis"
LEGAL = "crisis.legal"  # its legal documents, among attachments
MOST = 500


def visible_to(actor: Actor) -> QuerySet[Crisis]:
    """Return the crises of places where the actor may see them, without the rooms that are closed to him."""
    rows = Crisis.objects.filter(entered(actor))
    where = actor.where(Verb.VIEW)
    return rows if where is None else rows.filter(db.among("place_id", where))


def insiders(row: Crisis, day: datetime.date) -> frozenset[int] | None:
    """Return who alone may know of a room that is closed to named people; None: it is open; two queries."""
    return insiders_of([row.pk], day).get(row.pk)


def insiders_of(ids: Iterable[int], day: datetime.date) -> dict[int, frozenset[int]]:
    """Return who alone may know of which of these crises, for those that are closed to named people; two queries."""
    rows = list(Crisis.objects.filter(pk__in=list(ids), admitted__isnull=False))
    leaders = choosing.at_headquarters(day) if rows else frozenset()
    return {row.pk: leaders | {*(row.admitted or ()), *([row.owner_id] if row.owner_id else [])} for row in rows}


def taken(complaint_ids: Iterable[int]) -> bool:
    """Say whether one of these complaints is in a crisis that runs, also in one that nobody here may know of; one
    query.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT crisis_taken(%s::bigint[])", [list(complaint_ids)])
        return bool(cursor.fetchone()[0])


def crisis(actor: Actor, pk: int) -> Crisis:
    """Return one visible crisis with its place, model and matter.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("place", "model", "matter").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def statement(actor: Actor, pk: int) -> Statement:
    """Return one statement of a visible crisis.

    :raises NotFound: there is none, or not for this actor.
    """
    found = Statement.objects.select_related("crisis").filter(pk=pk, crisis__in=visible_to(actor)).first()
    if found is None:
        raise NotFound
    return found


def entries(row: Crisis) -> list[Entry]:
    """Return the log of a visible crisis, the newest first; one query."""
    return list(row.entries.order_by("-at", "-pk")[:MOST])


def statements(row: Crisis) -> list[Statement]:
    """Return the versions of the statement of a visible crisis, the newest first; one query."""
    return list(row.statements.order_by("-version"))


def complaints(actor: Actor, row: Crisis) -> list[Complaint]:
    """Return the complaints of a visible crisis that the actor sees, the newest first; one query."""
    linked = Link.objects.filter(crisis=row, off_at__isnull=True).values("complaint_id")
    rows = cases.visible_to(actor).filter(pk__in=linked).select_related("outlet", "category")
    return list(rows.order_by("-opened_at", "-pk")[:MOST])


def of_complaint(actor: Actor, complaint_id: int) -> list[Crisis]:
    """Return the visible crises to which a complaint belongs, the newest first; one query."""
    linked = Link.objects.filter(complaint_id=complaint_id, off_at__isnull=True).values("crisis_id")
    return list(visible_to(actor).filter(pk__in=linked).order_by("-opened_at"))


def owed(row: Crisis) -> list[Task]:
    """Return the living tasks of a visible crisis, as far as they are in sight; one query."""
    rows = Task.objects.filter(subject_type=SUBJECT, subject_id=row.pk, finished_at__isnull=True)
    return list(rows.select_related("owner", "role").order_by("due_at", "pk")[:MOST])


def linked(complaint_ids: Iterable[int]) -> frozenset[int]:
    """Return which of these complaints are in a crisis that runs; one query."""
    rows = Link.objects.filter(complaint_id__in=list(complaint_ids), is_open=True)
    return frozenset(rows.values_list("complaint_id", flat=True))
