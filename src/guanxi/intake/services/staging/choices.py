"""What the columns of a file may be and were chosen to be; nothing here changes anything."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from guanxi.intake import queries
from guanxi.intake.models import Run
from guanxi.intake.services import proposing
from guanxi.intake.services.sheets import Form, SheetInfo
from guanxi.intake.services.staging import mergers
from guanxi.intake.services.staging.shaping import Place
from guanxi.network.states import Kind

OUTLET = "outlet"


def sheets(run: Run) -> list[SheetInfo]:
    """Return the sheets of a run as they were found."""
    return [
        SheetInfo(**(kept | {
            "form": Form(kept["form"]), "headings": tuple(kept["headings"]),
            "sample": tuple(tuple(row) for row in kept["sample"]),
        }))
        for kept in run.sheets
    ]  # fmt: skip


def propose(run: Run, sheet: SheetInfo, kind: str = "") -> tuple[str, Mapping[str, int], float]:
    """Return kind, columns and score of a sheet: as the last time with these headings, else as they look."""
    known = queries.remembered(run.place_id, run.source, sheet.headings)
    if known is not None and kind in {"", known.kind}:
        at = {heading: number for number, heading in enumerate(sheet.headings)}
        return known.kind, {key: at[heading] for key, heading in known.columns.items() if heading in at}, 2.0
    kinds = [merger.kind for merger in mergers.mergers() if kind in {"", merger.kind.key}]
    found = proposing.propose(sheet, kinds)
    return (found.kind_key, found.mapping, found.score) if found else (kind, {}, 0.0)


def with_header(sheet: SheetInfo, header_row: int) -> SheetInfo:
    """Return a sheet as if its headings stood in the row that a person chose."""
    return replace(sheet, header_row=header_row, headings=tuple(headings_at(sheet, header_row)))


def headings_at(sheet: SheetInfo, header_row: int) -> list[str]:
    """Return the headings of a sheet in the row that a person chose."""
    if header_row == sheet.header_row or not 0 < header_row <= len(sheet.sample):
        return list(sheet.headings)
    return [" ".join(cell.split()) for cell in sheet.sample[header_row - 1]]


def headings_of(row: Run) -> dict[str, str]:
    """Return the heading of each field of a run."""
    named = headings_at(sheets(row)[row.sheet], row.header_row)
    return {key: named[at] if at < len(named) else "" for key, at in row.mapping.items()}


def lacking(run: Run, kind: str, mapping: Mapping[str, int]) -> list[str]:
    """Return the fields that need a column and have none; all of them where the kind is not known."""
    if kind not in {merger.kind.key for merger in mergers.mergers()}:
        return ["kind"]
    return [key for key in required(run, kind) if key not in mapping]


def required(run: Run, kind: str) -> list[str]:
    """Return the fields that need a column: those of the kind, and the outlet where the place is none."""
    outlet = [OUTLET] if run.place.kind != Kind.OUTLET else []
    return [*mergers.merger(kind).kind.required, *outlet]


def place_of(row: Run, day: datetime.date) -> Place:
    """Return whose rows a run brings."""
    is_outlet = row.place.kind == Kind.OUTLET
    return Place(row.place_id if is_outlet else None, {} if is_outlet else queries.outlets(row.place_id, day))


def values(row: Run, at: datetime.datetime | None, day: datetime.date) -> Mapping[str, Any]:
    """Return what the statements of a merge are given."""
    return {"run": row.pk, "place": row.place_id, "source": row.source, "at": at, "day": day}
