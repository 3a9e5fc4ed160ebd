"""A look at what an import would write: the first clean rows, in the words of the kind's fields."""

from dataclasses import dataclass

from guanxi.foundation import columnar, personal_data
from guanxi.foundation.columnar import literal, run, statement
from guanxi.foundation.errors import Text
from guanxi.intake.models import Run
from guanxi.intake.services.staging import folders, mergers

MOST = 20
LOOK = "SELECT {columns} FROM read_parquet({file}) ORDER BY row LIMIT {most}"


@dataclass(frozen=True)
class Preview:
    """Names of columns, and rows of texts."""

    names: list[Text]
    rows: list[tuple[object, ...]]


def preview(row: Run) -> Preview | None:
    """Return the first clean rows of a run that is checked; None if there are none, or no longer."""
    file = folders.folder(row.pk) / folders.STAGE
    if not row.kind or not file.exists():
        return None
    shown = mergers.merger(row.kind).shown
    with folders.scratch(row.pk) as work, columnar.connected(work, files=[file]) as duck:
        query = statement(LOOK, columns=", ".join(("row", *shown)), file=literal(file), most=MOST)
        rows = run(duck, query)
    masked = [key == "mobile" for key in ("row", *shown)]
    return Preview(list(shown.values()), [tuple(map(_shown, row, masked)) for row in rows])


def _shown(value: object, is_masked: object) -> object:
    return personal_data.mask_phone(str(value)) if is_masked and value is not None else value
