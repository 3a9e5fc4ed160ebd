"""Rows of text become the table ``raw``: every cell as text, with the number of its row."""

import csv
from collections.abc import Iterable, Sequence

from guanxi.foundation import columnar
from guanxi.foundation.columnar import Connection, literal, run, statement
from guanxi.intake.services.files import limits

READ = (
    "CREATE OR REPLACE TABLE raw AS SELECT * FROM read_csv({file}, columns = {columns}, auto_detect = false, "
    "header = false, delim = ',', quote = '\"', escape = '\"', strict_mode = true, parallel = false, "
    "max_line_size = {longest}, buffer_size = {buffer})"
)
LONGEST = limits.MOST_COLUMNS * limits.LONGEST_CELL


def store(connection: Connection, rows: Iterable[Sequence[str | None]], columns: int) -> None:
    """Make the table ``raw`` of rows in the order of the sheet; cells beyond ``columns`` are left out."""
    path = columnar.workplace(connection) / "rows.csv"
    width = max(1, columns)
    try:
        with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            for number, row in enumerate(rows, 1):
                writer.writerow((number, *row[:width], *[None] * (width - len(row))))
        names = ", ".join(["row: 'BIGINT'", *(f"c{at}: 'VARCHAR'" for at in range(width))])
        run(
            connection,
            statement(
                READ, file=literal(path), columns="{" + names + "}", longest=LONGEST, buffer=LONGEST * 2,
            ),
        )  # fmt: skip
    finally:
        path.unlink(missing_ok=True)
