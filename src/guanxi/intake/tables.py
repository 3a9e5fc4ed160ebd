"""The lists of imports and of what was found in one."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable
from guanxi.intake.services import findings
from guanxi.intake.services.findings import Level
from guanxi.intake.services.staging import mergers
from guanxi.intake.states import State

LEVELS: tuple[tuple[str, Text], ...] = (
    (Level.REJECT, _("Rejected")), (Level.WARN, _("Warning")), (Level.NOTE, _("Note")), (Level.IGNORE, _("Ignored")),
)  # fmt: skip
TONES: Mapping[str, str] = {
    State.DONE: "green", State.FAILED: "red", State.CHECKED: "amber", State.UPLOADED: "amber", State.UNDONE: "",
}  # fmt: skip
LEVEL_TONES: Mapping[str, str] = {Level.REJECT: "red", Level.WARN: "amber", Level.NOTE: "blue", Level.IGNORE: ""}


def kind_label(row: Any) -> Text:
    """Return what a run's file holds, in words."""
    return next((merger.kind.label for merger in mergers.mergers() if merger.kind.key == row.kind), "")


def _search(rows: Rows, text: str, _actor: Any) -> Rows:
    return rows.filter(file_name__icontains=text) | rows.filter(source__icontains=text)


RUNS = Table(
    key="intake.runs",
    title=_("Imports"),
    columns=(
        Column("file", _("File"), lambda row: row.file_name, sort=("file_name",), cell="run"),
        Column("state", _("State"), lambda row: row.get_state_display(), cell="state"),
        Column("kind", _("Kind"), lambda row: str(kind_label(row))),
        Column("place", _("Outlet"), lambda row: row.place.name),
        Column("source", _("System"), lambda row: row.source),
        Column("rows", _("Rows"), lambda row: row.count("rows"), cell="number"),
        Column("good", _("Good"), lambda row: row.count("good"), cell="number"),
        Column("warned", _("With warnings"), lambda row: row.count("warned"), cell="number"),
        Column("rejected", _("Rejected"), lambda row: row.count("rejected"), cell="number"),
        Column("who", _("By"), lambda row: row.person_name),
        Column("at", _("Started"), lambda row: row.at, sort=("at",), cell="ago"),
    ),
    filters=(
        Filter("state", _("State"), lambda rows, value: rows.filter(state=value), selectable(State.choices)),
        Filter(
            "kind", _("Kind"), lambda rows, value: rows.filter(kind=value),
            lambda _actor: [(merger.kind.key, merger.kind.label) for merger in mergers.mergers()],
        ),
    ),
    search=_search,
    search_hint=_("File or system"),
    default_sort="-at",
    row_url=lambda row: reverse("intake:run", args=[row.pk]),
)  # fmt: skip
FINDINGS = Table(
    key="intake.findings",
    title=_("Findings"),
    columns=(
        Column("row", _("Row"), lambda row: row.row, sort=("row",), cell="number"),
        Column("level", _("What follows"), lambda row: str(dict(LEVELS).get(row.level, row.level)), cell="level"),
        Column("heading", _("Column"), lambda row: row.heading),
        Column("message", _("Reason"), lambda row: str(findings.message(row.code))),
        Column("original", _("Text in the file"), lambda row: row.original, cell="code", personal=True),
    ),
    filters=(
        Filter("level", _("What follows"), lambda rows, value: rows.filter(level=value), selectable(LEVELS)),
        Filter(
            "code", _("Reason"), lambda rows, value: rows.filter(code=value),
            lambda _actor: [(str(code), label) for code, label in findings.MESSAGES.items()],
        ),
    ),
    default_sort="row",
)  # fmt: skip
