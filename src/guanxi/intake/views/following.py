"""Pages that follow an import: what the check found, how far it is, what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.foundation import clock, pages
from guanxi.foundation.errors import NotFound, Text
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing
from guanxi.intake import queries
from guanxi.intake.models import Finding, Run
from guanxi.intake.permissions import Verb
from guanxi.intake.services import findings, merging, receiving, rejects, undoing
from guanxi.intake.services.staging import mergers, previewing, progress
from guanxi.intake.services.staging.previewing import Preview
from guanxi.intake.services.staging.progress import Progress
from guanxi.intake.states import OPEN, State
from guanxi.intake.tables import FINDINGS, LEVEL_TONES, LEVELS, TONES, kind_label

EXAMPLES = 3
AGAIN = {State.CHECKED, State.FAILED}


@dataclass(frozen=True)
class Group:
    """Findings of one kind: how many, and the first of them."""

    level: str
    label: Text
    tone: str
    code: str
    message: Text
    count: int
    examples: list[Finding]


@dataclass(frozen=True)
class RunPage:
    run: Run
    kind: Text
    tone: str
    progress: Progress | None
    step: Text
    groups: list[Group]
    preview: Preview | None
    written: list[tuple[Text, int, int, str]]
    hindrances: Sequence[str]
    can: dict[str, bool]


@dataclass(frozen=True)
class FindingsPage:
    run: Run
    listing: Listing
    tones: dict[Any, str]


def steps() -> dict[str, Text]:
    """Return what a run says that it is doing, in words."""
    return {
        "reading": _("Reading the file"), "cleaning": _("Cleaning the rows"),
        "looking": _("Comparing with what is stored"), "staging": _("Bringing the rows into the database"),
        "people": _("Finding the people"), "cars": _("Finding the cars"), "changes": _("Changing what is there"),
        "words": _("Making them findable"), "quality": _("Grading the records"),
        "removing": _("Taking away what was added"), "restoring": _("Giving back what was changed"),
        "readings": _("Judging the mileages"),
    }  # fmt: skip


def run(request: Request, pk: int) -> HttpResponseBase:
    """The page of one import; while a job is at it, its block ``work`` asks for itself every second."""
    found = queries.run(request.actor, pk)
    if (
        found.state in {State.UPLOADED, State.FAILED}
        and found.sheets
        and not found.problem
        and _may(request, found, Verb.IMPORT_FILE)
    ):
        return pages.done(request, reverse("intake:columns", args=[pk]))
    if pages.is_htmx(request) and not found.is_working:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return pages.render(request, "intake/run.html", _page(request, found), block="work")


def _may(request: Request, found: Run, verb: str) -> bool:
    return request.actor.can(verb, found.place_id)


def _page(request: Request, found: Run) -> RunPage:
    now = progress.of(found.pk) if found.is_working else None
    is_calm = not found.is_working
    return RunPage(
        run=found,
        kind=kind_label(found),
        tone=TONES.get(State(found.state), "blue"),
        progress=now,
        step=steps().get(now.step, _("Writing")) if now else _("Waiting for its turn"),
        groups=_groups(found) if is_calm else [],
        preview=previewing.preview(found, clock.today()) if found.state == State.CHECKED else None,
        written=_written(found),
        hindrances=found.counts.get("hindrances", []),
        can={
            "choose": found.state in AGAIN and bool(found.sheets) and _may(request, found, Verb.IMPORT_FILE),
            "merge": found.state == State.CHECKED and _may(request, found, Verb.IMPORT_FILE),
            "undo": found.state == State.DONE and _may(request, found, Verb.UNDO_IMPORT),
            "drop": found.state in OPEN and _may(request, found, Verb.IMPORT_FILE),
            "rejects": is_calm and found.count("rejected") > 0 and found.emptied_at is None,
        },
    )  # fmt: skip


def _groups(found: Run) -> list[Group]:
    """Return the findings by level and code with the true numbers, and examples; two queries."""
    kept = queries.summary(found)
    counted = {**found.counts.get("findings", {}), **found.counts.get("store_findings", {})}
    examples = queries.examples(found, EXAMPLES)
    labels = dict(LEVELS)
    return [
        Group(
            level, labels.get(level, level), LEVEL_TONES.get(level, ""), code, findings.message(code),
            max(count, int(counted.get(f"{level} {code}", 0))), examples.get((level, code), []),
        )
        for level, code, count in kept
    ]  # fmt: skip


def _written(found: Run) -> list[tuple[Text, int, int, str]]:
    """Return label, rows added, rows changed and the address to look at, for each table that was written."""
    added, changed = found.counts.get("added", {}), found.counts.get("changed", {})
    if not found.kind or found.state not in {State.DONE, State.UNDONE}:
        return []
    merger = mergers.merger(found.kind)
    rows = (
        (table, label, added.get(table, 0), changed.get(table, 0))
        for table, (label, _page, _key) in merger.links.items()
    )
    return [
        (label, new, other, _list(merger.lists.get(table), found)) for table, label, new, other in rows if new or other
    ]


def _list(address: str | None, found: Run) -> str:
    return f"{reverse(address)}?outlet={found.place_id}" if address else ""


def findings_page(request: Request, pk: int) -> HttpResponseBase:
    found = queries.run(request.actor, pk)
    page = FindingsPage(
        found, listing(FINDINGS, queries.findings(found), request.GET, request.actor), dict(LEVEL_TONES)
    )
    return pages.render(request, "intake/findings.html", page, block="list")


def download(request: Request, pk: int) -> HttpResponseBase:
    """The rejected rows as a file."""
    file = rejects.export_rejects(actor=request.actor, run_id=pk, kind=request.GET.get("kind", "xlsx"))
    return pages.download(file)


def merge(request: Request, pk: int) -> HttpResponseBase:
    if request.method != "POST":
        raise NotFound
    merging.start_merge(actor=request.actor, run_id=pk)
    return pages.done(request, reverse("intake:run", args=[pk]))


def undo(request: Request, pk: int) -> HttpResponseBase:
    if request.method != "POST":
        raise NotFound
    undoing.start_undo(actor=request.actor, run_id=pk)
    return pages.done(request, reverse("intake:run", args=[pk]))


def drop(request: Request, pk: int) -> HttpResponseBase:
    if request.method != "POST":
        raise NotFound
    receiving.drop_run(actor=request.actor, run_id=pk)
    return pages.done(request, reverse("intake:runs"), _("Dropped."))
