"""A look at what an import would write: the first clean rows, in the words of the kind's fields."""

import datetime
from dataclasses import dataclass

from guanxi.codelists import queries as codelists
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


def preview(row: Run, day: datetime.date) -> Preview | None:
    """Return the first clean rows of a run that is checked; None if there are none, or no longer."""
    file = folders.folder(row.pk) / folders.STAGE
    if not row.kind or not file.exists():
        return None
    merger = mergers.merger(row.kind)
    with folders.scratch(row.pk) as work, columnar.connected(work, files=[file]) as duck:
        query = statement(LOOK, columns=", ".join(("row", *merger.shown)), file=literal(file), most=MOST)
        rows = run(duck, query)
    words = {key: codelists.labels(name, day) for key, name in merger.coded.items()}

    def shown(key: str, value: object) -> object:
        if key == "mobile" and value is not None:
            return personal_data.mask_phone(str(value))
        label = words.get(key, {}).get(str(value))
        return label.name if label else value

    return Preview(list(merger.shown.values()), [tuple(map(shown, ("row", *merger.shown), row)) for row in rows])
