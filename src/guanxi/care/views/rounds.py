"""Going round: today's rounds of an outlet, the form of one, and the sheet of one that was filed."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.care.forms import rounds as forms
from guanxi.care.models import Answer, CheckList, Round, Shortcoming
from guanxi.care.panels import rounds as panels
from guanxi.care.permissions import Verb
from guanxi.care.queries import checklists, scores
from guanxi.care.queries import rounds as queries
from guanxi.care.services import rounds as services
from guanxi.care.tables.rounds import places
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import DomainError, NotAllowed, NotFound, Text
from guanxi.foundation.forms import refuse, show
from guanxi.foundation.pages import Request
from guanxi.network.models import Node
from guanxi.records.queries import Evidence
from guanxi.worklist.models import Task

FEW, MANY = 12, 25


@dataclass(frozen=True)
class Line:
    """A list at an outlet today: how often, by whom, how soon; its round, if it was asked for or filed."""

    list: CheckList
    round: Round | None
    often: str
    soon: str
    due: str
    filed: str
    is_late: bool
    is_mine: bool
    may_go: bool

    @property
    def is_left(self) -> bool:
        return self.round is not None and self.round.filed_at is None

    @property
    def is_filed(self) -> bool:
        return self.round is not None and self.round.filed_at is not None


@dataclass(frozen=True)
class Wanting:
    """A shortcoming that is open, with the task that asks for it to be put right, if one lives and is in sight."""

    row: Shortcoming
    task: Task | None
    due: str
    is_late: bool


@dataclass(frozen=True)
class TodayPage:
    outlet: Node
    outlets: Sequence[tuple[str, Text]]
    asked: list[Line]
    others: list[Line]
    wanting: list[Wanting]
    figures_of: Sequence[panels.Figure]
    before: list[Round]
    left: int


@dataclass(frozen=True)
class FilePage:
    form: forms.RoundForm
    list: CheckList
    outlet: Node
    back: str
    due: str
    soon: str
    is_correction: bool


@dataclass(frozen=True)
class SheetPage:
    round: Round
    title: str
    answers: list[Answer]
    wanting: list[Wanting]
    can_correct: bool
    is_over: bool
    soon: str
    evidence: Evidence


def wanting(actor: Actor, rows: list[Shortcoming], at: datetime.datetime) -> list[Wanting]:
    """Return shortcomings with their tasks; one query."""
    tasks = queries.tasks_of(actor, rows)
    found = ((row, tasks.get(row.task_key)) for row in rows)
    return [
        Wanting(row, task, panels.when(task.due_at, at) if task else "", task is not None and task.due_at < at)
        for row, task in found
    ]


def _today_of(outlet: Node) -> str:
    return f"{reverse('care:rounds')}?outlet={outlet.pk}"


def rounds(request: Request) -> HttpResponseBase:
    """Today's rounds of an outlet and what is left to do; who sees many outlets begins with the overview."""
    actor, at, today = request.actor, clock.now(), clock.today()
    check(actor, Verb.VIEW_ROUNDS)
    wanted = request.GET.get("outlet") or str(checklists.only_place(actor, today) or "")
    if not wanted:
        return HttpResponseRedirect(reverse("care:rounds-overview"))
    if not wanted.isdecimal():
        raise NotFound
    outlet = checklists.place(actor, int(wanted), today)
    lines = _lines(actor, outlet, at)
    asked = scores.Asked(at, today, outlet=outlet.pk)
    held = queries.still_open(asked.still_open(actor), MANY)
    page = TodayPage(
        outlet=outlet, outlets=places(actor), asked=[line for line in lines if line.round is not None],
        others=[line for line in lines if line.round is None], wanting=wanting(actor, held, at),
        figures_of=panels.figures(scores.in_sum(actor, asked)), before=queries.before(actor, outlet.pk, today, FEW),
        left=sum(1 for line in lines if line.is_left),
    )  # fmt: skip
    return pages.render(request, "care/rounds.html", page)


def _lines(actor: Actor, outlet: Node, at: datetime.datetime) -> list[Line]:
    """Return the lists that are gone through at an outlet, with their rounds of today; three queries."""
    today = clock.day_of(at)
    done = queries.of_day(actor, outlet.pk, today)
    of_outlet = checklists.held_at(actor, checklists.in_force(actor, today), [outlet], today)
    lists = {row.code: row for row in of_outlet[outlet.pk]}
    lists |= {code: row.list for code, row in done.items()}  # the version that was asked for
    found = []
    for code, row in lists.items():
        held = done.get(code)
        late = held is not None and held.filed_at is None and held.due_at is not None and held.due_at < at
        mine = held is not None and held.filed_at is not None and held.person_id == actor.user_id
        due = panels.when(held.due_at, at) if held and held.due_at else ""
        filed = panels.when(held.filed_at, at) if held and held.filed_at else ""
        may = checklists.may_go(actor, row, outlet.pk)
        found.append(Line(row, held, panels.how_often(row), panels.how_soon(row), due, filed, late, mine, may))
    return sorted(found, key=lambda line: (line.is_filed, line.list.by, line.list.code))


def file_round(request: Request, outlet_id: int, code: str) -> HttpResponseBase:
    """The form of today's round of a list: to file it, or to correct what one has filed."""
    actor, at, today = request.actor, clock.now(), clock.today()
    check(actor, Verb.FILE_ROUNDS, outlet_id)
    outlet = checklists.place(actor, outlet_id, today)
    line = next((line for line in _lines(actor, outlet, at) if line.list.code == code), None)
    if line is None:
        raise NotFound
    if not line.may_go:
        raise NotAllowed
    if line.is_filed and not line.is_mine and line.round is not None and request.method != "POST":
        return HttpResponseRedirect(reverse("care:round", args=[line.round.pk]))
    mine = line.round if line.is_mine else None
    initial = {"day": today} | (forms.said(queries.answers(mine)) if mine else {})
    form = forms.RoundForm(request.POST or None, items=checklists.items_of([line.list.pk]), initial=initial)
    page = FilePage(form, line.list, outlet, _today_of(outlet), line.due, line.soon, mine is not None)
    if request.method != "POST" or not form.is_valid():
        return show(request, "care/round_form.html", page)
    try:
        row = _save(actor, page, mine, at)
    except DomainError as error:
        refuse(form, error)
        return show(request, "care/round_form.html", page)
    told = _("Corrected.") if mine else _("The round is filed.")
    return pages.done(request, reverse("care:round", args=[row.pk]), told)


def _save(actor: Actor, page: FilePage, mine: Round | None, at: datetime.datetime) -> Round:
    replies, day = page.form.replies(), page.form.cleaned_data["day"]
    if mine is not None and mine.day == day:
        return services.correct_round(actor=actor, round_id=mine.pk, replies=replies, at=at)
    return services.file_round(
        actor=actor, outlet_id=page.outlet.pk, code=page.list.code, day=day, replies=replies, at=at
    )


def round_sheet(request: Request, pk: int) -> HttpResponseBase:
    """The sheet of a round; one of today that is not filed yet is a form for who may file it."""
    actor, at, today = request.actor, clock.now(), clock.today()
    row = queries.round_of(actor, pk)
    can_file = row.day == today and actor.can(Verb.FILE_ROUNDS, row.outlet_id)
    if row.filed_at is None and can_file:
        return HttpResponseRedirect(reverse("care:file-round", args=[row.outlet_id, row.code]))
    held = list(row.shortcomings.select_related("item", "round__list", "outlet").order_by("pk"))
    page = SheetPage(
        round=row,
        title=panels.title(row),
        answers=queries.answers(row),
        wanting=wanting(actor, held, at),
        can_correct=can_file and row.person_id == actor.user_id,
        is_over=row.day < today,
        soon=panels.how_soon(row.list),
        evidence=panels.photos(actor, row),
    )
    return pages.render(request, "care/round.html", page)
