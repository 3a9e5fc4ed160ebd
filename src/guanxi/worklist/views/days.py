"""My day, one task with its history, and the panels about open work."""

import datetime
from dataclasses import dataclass

from django.http import HttpResponseBase

from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.pages import Request
from guanxi.foundation.slots import Moment
from guanxi.records import queries as trail
from guanxi.records.models import AuditEntry
from guanxi.records.permissions import Verb as Records
from guanxi.worklist.models import Absence
from guanxi.worklist.panels import Card, card, cards, what_happened
from guanxi.worklist.permissions import Verb
from guanxi.worklist.queries import people
from guanxi.worklist.queries import tasks as queries

FEW = 6


@dataclass(frozen=True)
class MyDayPage:
    """The own tasks by urgency, the first of them, what waits for the role, and for whom one stands in."""

    first: Card | None
    late: list[Card]
    today: list[Card]
    coming: list[Card]
    pile: list[Card]
    count: dict[str, int]
    standing_in: list[Absence]
    can_add: bool
    is_short: bool


@dataclass(frozen=True)
class TaskPage:
    card: Card
    sheet: queries.Sheet
    children: list[Card]
    moments: list[Moment]
    history: list[AuditEntry]
    is_mine: bool
    can_release: bool
    can_assign: bool


@dataclass(frozen=True)
class Panel:
    cards: list[Card]
    add_url: str
    is_home: bool
    late: int
    today: int


def my_day(request: Request) -> HttpResponseBase:
    """What is due, why, and what to do first."""
    actor, at = request.actor, clock.now()
    check(actor, Verb.WORK)
    mine, waiting = queries.mine(actor), queries.pile(actor)
    shown = {item.pk: item for item in cards(actor, [*mine, *waiting], at)}
    own = {row.pk for row in mine}
    groups: dict[str, list[Card]] = {"late": [], "today": [], "coming": []}
    for pk, item in shown.items():
        if pk in own:
            groups[item.group].append(item)
    order = [*groups["late"], *groups["today"], *groups["coming"]]
    first = next((item for item in order if not item.waits_until), None)
    today = clock.day_of(at)
    away = people.absences(actor, today)
    page = MyDayPage(
        first=first,
        pile=[item for pk, item in shown.items() if pk not in own],
        count={name: len(items) for name, items in groups.items()},
        standing_in=[row for row in away if row.deputy_id == actor.user_id and row.first_day <= today],
        can_add=actor.can(Verb.ADD_TASK),
        is_short=len(mine) == queries.MOST,
        **{name: [item for item in items if item is not first] for name, items in groups.items()},
    )  # fmt: skip
    return pages.render(request, "worklist/my_day.html", page, block="day")


def task(request: Request, pk: int) -> HttpResponseBase:
    """One task: what, about whom, why, and everything that happened to it."""
    actor, at = request.actor, clock.now()
    check(actor, Verb.VIEW)
    sheet = queries.sheet(actor, pk)
    row = sheet.task
    queries.prepare([row])
    item = card(actor, row, at)
    page = TaskPage(
        card=item,
        sheet=sheet,
        children=cards(actor, sheet.children, at),
        moments=what_happened(sheet),
        history=trail.history(actor, "task", pk, 12) if actor.can(Records.VIEW_AUDIT, row.node_id) else [],
        is_mine=row.owner_id == actor.user_id,
        can_release=item.can_work and row.owner_id is not None and row.role_id is not None,
        can_assign=row.is_live and actor.can(Verb.ASSIGN, row.node_id),
    )
    return pages.render(request, "worklist/task.html", page)


def customer_panel(request: Request, subject_id: int) -> HttpResponseBase:
    """The panel of a customer: open work about him, and a task for a colleague."""
    actor, at = request.actor, clock.now()
    check(actor, Verb.VIEW)
    rows = [row for row in queries.about(actor, "customer", subject_id, FEW) if row.is_live]
    address = f"?subject=customer:{subject_id}" if actor.can(Verb.ADD_TASK) else ""
    page = Panel(cards(actor, rows, at), address, is_home=False, late=0, today=0)
    return pages.render(request, "worklist/panel.html", page)


def home_panel(request: Request, subject_id: int) -> HttpResponseBase:  # noqa: ARG001 -- panels share one URL shape
    """The tile of the start page: how much is late and due today, and what comes first."""
    actor, at = request.actor, clock.now()
    check(actor, Verb.WORK)
    counts = queries.counts(actor, at, queries.day_end(at))
    rows = queries.mine(actor, FEW)
    page = Panel(cards(actor, rows, at), "", is_home=True, late=counts["late"], today=counts["today"])
    return pages.render(request, "worklist/panel.html", page)


def tomorrow(at: datetime.datetime) -> datetime.datetime:
    """Return ten in the morning of the day after, where the business lives."""
    return queries.day_end(at) + datetime.timedelta(hours=10)
