"""Pages on which an import begins: the list of all, a new one, its columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Conflict, DomainError
from guanxi.foundation.forms import refuse, show
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing
from guanxi.intake import queries
from guanxi.intake.forms import ColumnsForm, SheetForm, UploadForm
from guanxi.intake.models import Run
from guanxi.intake.permissions import Verb
from guanxi.intake.services import receiving
from guanxi.intake.services.sheets import SheetInfo
from guanxi.intake.services.staging import choices, mergers
from guanxi.intake.states import MOVES, State
from guanxi.intake.tables import RUNS, TONES

SAMPLES = 10


@dataclass(frozen=True)
class RunsPage:
    listing: Listing
    can_import: bool
    tones: Mapping[str, str]


@dataclass(frozen=True)
class UploadPage:
    form: forms.Form
    sources: Sequence[str]


@dataclass(frozen=True)
class ColumnsPage:
    """The columns of a file: what is chosen and, beside each field, what the first rows say there."""

    run: Run
    sheet_form: SheetForm
    form: ColumnsForm
    samples: dict[str, list[str]]
    above: Sequence[tuple[int, Sequence[tuple[str, int]]]]
    header_row: int
    can_drop: bool


def runs(request: Request) -> HttpResponseBase:
    actor = request.actor
    check(actor, Verb.VIEW)
    rows = queries.visible_to(actor).select_related("place")
    page = RunsPage(listing(RUNS, rows, request.GET, actor), actor.can(Verb.IMPORT_FILE), TONES)
    return pages.render(request, "intake/runs.html", page, block="list")


def add(request: Request) -> HttpResponseBase:
    """Receive files; one leads on to its columns, several to the list."""
    actor = request.actor
    check(actor, Verb.IMPORT_FILE)
    places = queries.places(actor, Verb.IMPORT_FILE, clock.today())
    sources = queries.sources(actor)
    form = UploadForm(request.POST or None, request.FILES or None, places=places, sources=sources)
    if request.method == "POST" and form.is_valid():
        made = [run for file in form.cleaned_data["file"] if (run := _receive(request, form, file))]
        if len(made) == 1 and not form.errors:
            return pages.done(request, reverse("intake:columns", args=[made[0].pk]))
        if made and not form.errors:
            return pages.done(
                request, reverse("intake:runs"), _("The files are received: choose their columns one by one.")
            )
    return show(request, "intake/add.html", UploadPage(form, sources))


def _receive(request: Request, form: UploadForm, file: Any) -> Run | None:
    """Receive one of several files; what is refused is said with the name of its file."""
    values = form.cleaned_data
    try:
        return receiving.add_run(
            actor=request.actor, place_id=values["place"], source=values["source"], name=file.name or "",
            content=file, at=clock.now(), day=clock.today(),
        )  # fmt: skip
    except DomainError as error:
        if error.field == "source":
            refuse(form, error)
        else:
            refuse_file(form, file.name or "", error)
        return None


def refuse_file(form: UploadForm, name: str, error: DomainError) -> None:
    """Say at the field of files which of them was refused, and why.

    :raises NotAllowed, NotFound: what is no matter of the form goes on up.
    """
    if error.status in {403, 404}:
        raise error
    form.add_error("file", f"{name}: {error.message}")


def columns(request: Request, pk: int) -> HttpResponseBase:
    """Choose sheet, headings, kind and columns; a look at another choice is a GET, the decision a POST."""
    actor = request.actor
    run = queries.run(actor, pk)
    check(actor, Verb.IMPORT_FILE, run.place_id)
    if State.CHECKING not in MOVES[run.state] or not run.sheets:
        raise Conflict(_("This import is at another step by now: look at it again."))
    page = _columns_page(run, request)
    form = page.form
    if request.method == "POST" and form.is_valid():
        choice = page.sheet_form.initial
        try:
            receiving.choose_columns(
                actor=actor, run_id=pk, sheet=choice["sheet"], header_row=choice["header_row"], kind=choice["kind"],
                mapping=form.mapping(), at=clock.now(),
            )  # fmt: skip
        except DomainError as error:
            refuse(form, error)
        else:
            return pages.done(request, reverse("intake:run", args=[pk]))
    return show_columns(request, page)


def show_columns(request: Request, page: ColumnsPage) -> HttpResponseBase:
    return pages.render(request, "intake/columns.html", page, status=422 if page.form.errors else 200)


def _columns_page(run: Run, request: Request) -> ColumnsPage:
    sheets = choices.sheets(run)
    asked = request.POST if request.method == "POST" else request.GET
    number = _number(asked.get("sheet"), run.sheet, len(sheets) - 1)
    sheet = sheets[number]
    same = number == run.sheet
    header = _number(asked.get("header_row"), run.header_row if same else sheet.header_row, max(sheet.rows - 1, 0))
    kinds = {merger.kind.key: merger.kind for merger in mergers.mergers()}
    wanted = asked.get("kind") or (run.kind if same else "")
    kind, proposed = _proposal(run, sheet, header, wanted if wanted in kinds else "")
    kept = same and header == run.header_row and kind == run.kind
    chosen = run.mapping if kept else proposed
    headings = choices.headings_at(sheet, header)
    form = ColumnsForm(
        request.POST if request.method == "POST" else None, fields=kinds[kind].fields, headings=headings, chosen=chosen,
        required=choices.required(run, kind),
    )  # fmt: skip
    values = {"sheet": number, "header_row": header, "kind": kind}
    names = [f"{item.name} ({item.rows:,})" for item in sheets]
    sheet_form = SheetForm(initial=values, sheets=names, kinds=[(key, item.label) for key, item in kinds.items()])
    below = sheet.sample[header : header + SAMPLES]
    samples = {key: [row[at] for row in below] for key, at in chosen.items() if at < sheet.columns}
    above = [(at, _spans(row, at < header)) for at, row in enumerate(sheet.sample[: header + 3], 1)]
    return ColumnsPage(run, sheet_form, form, samples, above, header, run.state != State.DONE)


def _spans(row: Sequence[str], is_title: bool) -> list[tuple[str, int]]:
    """Return cells with how many columns they fill: a title that was merged says the same in each."""
    return [(text, len(list(same))) for text, same in groupby(row)] if is_title else [(text, 1) for text in row]


def _proposal(run: Run, sheet: SheetInfo, header: int, kind: str) -> tuple[str, dict[str, int]]:
    """Return kind and columns as proposed for a sheet whose headings stand in a row."""
    moved = choices.with_header(sheet, header)
    found, mapping, _score = choices.propose(run, moved, kind)
    return found or mergers.mergers()[0].kind.key, dict(mapping)


def _number(text: str | None, default: int, most: int) -> int:
    number = int(text) if text and text.isdecimal() and len(text) < 8 else default  # noqa: PLR2004 -- a row of a sheet
    return max(0, min(number, most))
