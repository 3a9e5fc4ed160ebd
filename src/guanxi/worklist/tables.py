"""The list of tasks."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable
from guanxi.worklist import states
from guanxi.worklist.permissions import Verb
from guanxi.worklist.queries import calendars, people
from guanxi.worklist.queries import tasks as queries
from guanxi.worklist.states import LIVE, Priority, State

MOST = 10_000


def _written(moment: datetime.datetime | None) -> str:
    """A moment as it stands in a file: on the clock of the business."""
    return "" if moment is None else f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def prepare(rows: list[Any], _actor: Actor) -> None:
    """Give each task the names of its place, owner and role; three queries."""
    queries.prepare(rows)


def _search(rows: Rows, text: str, _actor: Actor) -> Rows:
    return rows.filter(Q(subject_label__icontains=text) | Q(note__icontains=text))


def _state(rows: Rows, value: str) -> Rows:
    return rows.filter(state__in=LIVE) if value == "live" else rows.filter(state=value)


def _due(rows: Rows, value: str) -> Rows:
    at = clock.now()
    rows = rows.filter(state__in=LIVE)
    if value == "late":
        return rows.filter(due_at__lt=at)
    days = {"today": 0, "week": 6}[value]
    return rows.filter(due_at__lt=queries.day_end(at) + datetime.timedelta(days=days))


def _whose(rows: Rows, value: str) -> Rows:
    return rows.filter(owner=None) if value == "nobody" else rows.filter(owner_id=int(value))


def _people(actor: Actor) -> Sequence[tuple[str, Text]]:
    known = people.colleagues(actor, clock.today())
    return [("nobody", _("Nobody yet")), *((str(person.pk), person.name) for person in known)]


def _places(actor: Actor) -> Sequence[tuple[str, Text]]:
    return [(str(row.pk), row.name) for row in calendars.places(actor, Verb.VIEW_TEAM, clock.today())]


def _kinds(_actor: Actor) -> Sequence[tuple[str, Text]]:
    return [(kind.key, kind.label) for kind in states.kinds().values()]


def _below(rows: Rows, value: str) -> Rows:
    return rows.filter(people.below(int(value), clock.today()))


def _urgent(rows: Rows, value: str) -> Rows:
    return rows.filter(priority=int(value))


SOON = selectable((("late", _("Late")), ("today", _("Today")), ("week", _("In 7 days"))))

TASKS = Table(
    key="worklist.tasks",
    title=_("Tasks"),
    columns=(
        Column("title", _("Task"), lambda row: row.title, cell="title", personal=True),
        Column("why", _("Why"), lambda row: row.why, cell="why"),
        Column("due", _("Due"), lambda row: _written(row.due_at), sort=("due_at",), cell="due"),
        Column("state", _("State"), lambda row: row.get_state_display(), sort=("state",), cell="state"),
        Column("owner", _("Whose"), lambda row: row.owner_name or row.role_name, cell="whose"),
        Column("place", _("Place"), lambda row: row.place),
        Column("priority", _("Priority"), lambda row: row.priority_label, sort=("priority",), cell="text"),
        Column("tries", _("Attempts"), lambda row: row.tries, sort=("tries",), cell="number"),
        Column("kind", _("Kind"), lambda row: row.kind_label, sort=("kind",), hidden=True),
        Column("level", _("Escalation"), lambda row: row.level, sort=("level",), cell="number", hidden=True),
        Column("outcome", _("Outcome"), lambda row: row.outcome_label, hidden=True),
        Column("came", _("What came of it"), lambda row: row.outcome_note, hidden=True, personal=True),
        Column(
            "finished", _("Finished"), lambda row: _written(row.finished_at), sort=("finished_at",), cell="code",
            hidden=True,
        ),
        Column("made", _("Written at"), lambda row: _written(row.made_at), sort=("made_at",), cell="code", hidden=True),
        Column("note", _("Note"), lambda row: row.words, hidden=True, personal=True),
    ),
    filters=(
        Filter("state", _("State"), _state, selectable((("live", _("Open or in work")), *State.choices))),
        Filter("due", _("Due"), _due, SOON),
        Filter("whose", _("Whose"), _whose, _people),
        Filter("kind", _("Kind"), lambda rows, value: rows.filter(kind=value), _kinds, primary=False),
        Filter("priority", _("Priority"), _urgent, selectable(Priority.choices), primary=False),
        Filter("place", _("Place"), _below, _places, primary=False),
    ),
    search=_search,
    search_hint=_("Whom it is about, what is to be done"),
    default_sort="due",
    row_url=lambda row: reverse("worklist:task", args=[row.pk]),
    prepare=prepare,
    most=MOST,
)  # fmt: skip
