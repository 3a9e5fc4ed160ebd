"""Check lists: all of them, one version, and the editor of a new one or of the next version."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.care.forms import checklists as forms
from guanxi.care.models import CheckList
from guanxi.care.panels import rounds as panels
from guanxi.care.permissions import Verb
from guanxi.care.policy.checklists import MOST
from guanxi.care.queries import checklists as queries
from guanxi.care.queries.rules import places
from guanxi.care.services import checklists as services
from guanxi.care.views.rules import source
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import DomainError, NotAllowed, Text
from guanxi.foundation.forms import FormPage, refuse, show
from guanxi.foundation.pages import Request
from guanxi.foundation.values.rows import rearranged

TEMPLATE = "care/check_list_editor.html"
BUTTONS = ("add", "up", "down", "remove")
Form = forms.CheckListForm
Maker = Callable[..., Form]


@dataclass(frozen=True)
class Line:
    """One list: how often it is gone through, and how soon what is wanting is put right."""

    list: CheckList
    often: str
    soon: str
    is_planned: bool


@dataclass(frozen=True)
class ListsPage:
    groups: Sequence[tuple[str, list[Line]]]
    can_add: bool
    only: int | None


@dataclass(frozen=True)
class ListPage:
    """One version with its points, and the other versions."""

    line: Line
    parts: Sequence[tuple[Text, Text]]
    versions: Sequence[CheckList]
    today: datetime.date
    can_change: bool


def _line(row: CheckList, today: datetime.date) -> Line:
    return Line(row, panels.how_often(row), panels.how_soon(row), row.since > today)


def check_lists(request: Request) -> HttpResponseBase:
    """All check lists by where they came from: the version of today, and the next one where that is planned."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.VIEW_ROUNDS)
    rows = queries.visible_to(actor).select_related("node").exclude(until__lte=today)
    groups: dict[str, list[Line]] = defaultdict(list)
    for row in rows.order_by("source", "by", "code", "since"):
        groups[row.source].append(_line(row, today))
    found = [(source(name, _("Own check lists")), lines) for name, lines in groups.items()]
    page = ListsPage(found, actor.can(Verb.CHANGE_CHECK_LISTS), queries.only_place(actor, today))
    return pages.render(request, "care/check_lists.html", page)


def check_list(request: Request, pk: int) -> HttpResponseBase:
    """One version of a check list: what it says, its points in both languages, the other versions."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.VIEW_ROUNDS)
    row = queries.check_list(actor, pk)
    line = _line(row, today)
    parts = [
        (_("When"), line.often), (_("At"), row.get_outlets_display()), (_("Gone through by"), row.role.name),
        (_("Shortcomings"), line.soon), (_("Holds at"), row.node.name if row.node else _("Everywhere")),
        (_("Valid from"), row.since.isoformat()),
    ]  # fmt: skip
    can_change = row.until is None and queries.may_change(actor, row)
    page = ListPage(line, parts, queries.versions(actor, row.code), today, can_change)
    return pages.render(request, "care/check_list.html", page)


def add_check_list(request: Request) -> HttpResponseBase:
    """Write a new check list, of the whole network or of an own outlet."""
    actor = request.actor
    check(actor, Verb.CHANGE_CHECK_LISTS)
    everywhere = actor.can_everywhere(Verb.CHANGE_CHECK_LISTS)
    chosen = places(actor, Verb.CHANGE_CHECK_LISTS)

    def make(*args: object, **kwargs: object) -> Form:
        return forms.NewCheckListForm(*args, places=chosen, everywhere=everywhere, **kwargs)

    def save(form: Form) -> CheckList:
        node = form.cleaned_data["node"]
        return services.add_check_list(
            actor=actor, code=form.cleaned_data["code"], node_id=node.pk if node else None, wording=form.wording(),
            at=clock.now(),
        )  # fmt: skip

    return _edit(request, _("New check list"), reverse("care:check-lists"), make, save, None)


def change_check_list(request: Request, pk: int) -> HttpResponseBase:
    """Write the next version of a check list: rounds that were done keep the version they were done with."""
    actor = request.actor
    check(actor, Verb.CHANGE_CHECK_LISTS)
    row = queries.check_list(actor, pk)
    if not queries.may_change(actor, row):
        raise NotAllowed(Verb.CHANGE_CHECK_LISTS)

    def save(form: Form) -> CheckList:
        return services.change_check_list(actor=actor, list_id=pk, wording=form.wording(), at=clock.now())

    return _edit(request, row.name, reverse("care:check-list", args=[pk]), Form, save, row)


def _edit(
    request: Request, title: Text, back: str, make: Maker, save: Callable[[Form], CheckList], row: CheckList | None
) -> HttpResponseBase:
    """Show the editor, move its points about, or save what stands in it."""
    pressed, _dot, place = request.POST.get("do", "").partition(".")
    typed = forms.typed_rows(request.POST)
    if request.method != "POST":
        form = _begun(make, row)
    elif pressed in BUTTONS:
        number = int(place) if place.isdecimal() and len(place) < len("100") else -1
        form = _moved(request, make, rearranged(typed, pressed, number, forms.BLANK), pressed)
    else:
        form = make(request.POST, typed=typed)
        if form.is_valid():
            try:
                made = save(form)
            except DomainError as error:
                refuse(form, error)
            else:
                told = _("The list holds from %(day)s on.") % {"day": made.since.isoformat()}
                return pages.done(request, reverse("care:check-list", args=[made.pk]), told)
    crumbs = [(_("Check lists"), reverse("care:check-lists"))]
    note = _("Rounds that were done keep the version they were done with.")
    return show(request, TEMPLATE, FormPage(form, title, _("Save"), back, note, crumbs))


def _begun(make: Maker, row: CheckList | None) -> Form:
    """Return the form as it begins: with the last version, or with one empty point."""
    today = clock.today()
    if row is None:
        rows: Sequence[forms.Row] = [forms.BLANK]
        blank = {"valid_from": today, "is_on": True, "every": 1, "within": 1, "unit": "WORKING_DAYS"}
        return make(initial=forms.initial(blank, rows), typed=rows)
    rows = forms.shown_rows(queries.points(row))
    values = {**forms.plain(row), "valid_from": max(row.since, today)}
    return make(initial=forms.initial(values, rows), typed=rows)


def _moved(request: Request, make: Maker, rows: Sequence[forms.Row], pressed: str) -> Form:
    """Return the form with its points in another order; nothing is saved and nothing is complained about."""
    rows = rows[:MOST]
    values = {
        name: request.POST.getlist(name) if name == "weekdays" else request.POST.get(name, "")
        for name in make(typed=()).fields
    }
    focus = len(rows) - 1 if pressed == "add" else None
    return make(initial=forms.initial(values, rows), typed=rows, focus=focus)
