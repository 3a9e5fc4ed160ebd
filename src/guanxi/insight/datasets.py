"""The facts of all capabilities as Parquet beside the database, brought up to date each night by what changed.

A row that changed is one whose transaction was not over when the dataset was last read: PostgreSQL knows this of every
row, whoever wrote it and however long he took. Rows that are gone show in the number of rows of a span of keys; such a
span is read anew. Files are never changed: a new one takes its place when the transaction commits, so a killed export
leaves the dataset as it was.
"""

import datetime
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

from guanxi.care import facts as care
from guanxi.customers import facts as customers
from guanxi.foundation import columnar
from guanxi.foundation.columnar import Connection, literal, run, statement
from guanxi.foundation.facts import Fact, plain
from guanxi.insight.models import Part
from guanxi.vehicles import facts as vehicles
from guanxi.worklist import facts as worklist
from guanxi.workshop import facts as workshop

FACTS: tuple[Fact, ...] = (*customers.FACTS, *vehicles.FACTS, *workshop.FACTS)
SALES = Fact(
    "sales",
    "vehicles_sale t",
    plain(id="BIGINT", customer_id="BIGINT", outlet_id="INTEGER", sold_on="DATE"),
    where="t.sold_on IS NOT NULL",
    customer="t.customer_id",
)
CONTACTS: tuple[Fact, ...] = (*care.FACTS, *worklist.FACTS, SALES)  # what rules did and what followed: the night asks
HELD = care.HELD  # what the night before worked out, and the day since
BITS = 18  # a file holds a span of 262,144 keys
SPANS = 16  # read at once
MEMORY_MB = 3072  # at most, and a sixth of the machine's
# The table as it lies on the disk with the columns that are read of it, the oldest transaction under way, and the mark
# of the last export. A mark that was not written by the transaction that it names came here by a restore: it says
# nothing of the rows that are here.
ORIGIN = """
SELECT pg_relation_filenode(%(table)s::regclass) || '/' || left(md5(%(select)s), 8),
  pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
  (SELECT oldest FROM insight_mark WHERE dataset = %(name)s
    AND origin = concat_ws('/', pg_relation_filenode(%(table)s::regclass), left(md5(%(select)s), 8), xmin))
"""
MARK = (
    """
    INSERT INTO insight_mark (dataset, origin, oldest) VALUES (%(name)s, '', %(oldest)s)
    ON CONFLICT (dataset) DO UPDATE SET oldest = excluded.oldest
    """,
    "UPDATE insight_mark SET origin = %(origin)s || '/' || xmin::text WHERE dataset = %(name)s",
)
NEWER = "age(t.xmin) <= age(%(oldest)s::text::xid)"
SPANS_OF = "SELECT DISTINCT id >> {bits} FROM delta ORDER BY 1"
ROWS_OF = "SELECT {key} >> {bits}, count(*) FROM {table} WHERE {where} GROUP BY 1"
KEPT = " UNION ALL SELECT * FROM read_parquet({file}) WHERE id NOT IN (SELECT id FROM delta)"
WRITE = """
COPY (SELECT * FROM delta WHERE id >> {bits} = {number}{kept} ORDER BY id)
TO {target} (FORMAT parquet, COMPRESSION zstd)
"""
VIEW = "CREATE OR REPLACE VIEW {name} AS SELECT * FROM {source} WHERE {condition}"
AS_OF = {
    "relations": "since <= {day} AND (ended_on IS NULL OR ended_on > {day})",
    "participants": "(since IS NULL OR since <= {day}) AND (until IS NULL OR until > {day})",
    "cars": "sold_on IS NULL OR sold_on <= {day}",
    "readings": "is_plausible AND read_on <= {day}",
    "visits": "entered_on <= {day}",
    "decisions": "decided_on <= {day}",
    "sales": "sold_on <= {day}",
}


def root() -> Path:
    """Return the folder of the datasets of this database: not media, since a backup need not keep them."""
    return Path(settings.MEDIA_ROOT).parent / "work" / "insight" / str(connection.settings_dict["NAME"])


def place() -> Path:
    """Return the folder of the datasets, made if it is not there; nobody else may read it."""
    folder = root()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


@dataclass(frozen=True)
class Export:
    """One export under way: the database, DuckDB in the folder of the datasets."""

    cursor: CursorWrapper
    duck: Connection
    folder: Path


def export(cursor: CursorWrapper, duck: Connection, folder: Path) -> dict[str, int]:
    """Bring every large dataset up to date, in the caller's transaction; return how many rows of each were read."""
    under_way = Export(cursor, duck, folder)
    _tidy(folder)
    return {fact.name: _export(under_way, fact) for fact in (*FACTS, *CONTACTS, *HELD) if not fact.small}


def _tidy(folder: Path) -> None:
    """Remove the files of exports that were broken off, and those that newer ones have replaced."""
    known = set(Part.objects.values_list("file", flat=True))
    for path in folder.iterdir():
        if path.name not in known:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _export(under_way: Export, fact: Fact) -> int:
    cursor = under_way.cursor
    cursor.execute(ORIGIN, {"table": fact.table.split()[0], "name": fact.name, "select": fact.select})
    origin, oldest, marked = cursor.fetchone()
    parts = {part.number: part for part in Part.objects.filter(dataset=fact.name)}
    is_whole = all((under_way.folder / part.file).is_file() for part in parts.values())
    if marked is None or marked > oldest or not is_whole:
        Part.objects.filter(dataset=fact.name).delete()
        parts, read = {}, 0
    else:
        read = _load(under_way, fact, NEWER, {"oldest": marked % 2**32})
        for number in _spans(under_way):
            _write(under_way, fact, number, parts)
    read += _reread(under_way, fact, parts)
    for statement_of_mark in MARK:
        cursor.execute(statement_of_mark, {"name": fact.name, "origin": origin, "oldest": oldest})
    return read


def _load(under_way: Export, fact: Fact, condition: str, values: Mapping[str, Any]) -> int:
    """Read rows of the database into the table ``delta`` of DuckDB; return how many they are."""
    path = under_way.folder / f"delta-{os.urandom(6).hex()}.csv"
    copy_out(under_way.cursor, f"{fact.select} AND {condition}", values, path)
    read_in(under_way.duck, fact, path, "delta")
    return int(run(under_way.duck, "SELECT count(*) FROM delta")[0][0])


def copy_out(cursor: CursorWrapper, select: str, values: Mapping[str, Any], path: Path) -> None:
    """Write what a statement of the database finds as CSV."""
    with path.open("wb") as file, cursor.cursor.copy(f"COPY ({select}) TO STDOUT (FORMAT csv)", values) as copy:
        for block in copy:
            file.write(block)


def read_in(duck: Connection, fact: Fact, path: Path, name: str) -> None:
    """Read the CSV of a fact into a table of DuckDB, and remove it."""
    columns = ", ".join(f"'{column}': '{of_type}'" for column, of_type in fact.types.items())
    source = f"read_csv({literal(path)}, header = false, auto_detect = false, columns = {{{columns}}})"
    run(duck, statement("CREATE OR REPLACE TABLE {name} AS SELECT * FROM {source}", name=name, source=source))
    path.unlink()


def _spans(under_way: Export) -> list[int]:
    return [row[0] for row in run(under_way.duck, statement(SPANS_OF, bits=BITS))]


def _write(under_way: Export, fact: Fact, number: int, parts: dict[int, Part], *, anew: bool = False) -> None:
    """Write the file of a span: what the old one holds and ``delta`` does not, and ``delta``."""
    held = None if anew else parts.get(number)
    name = f"{fact.name}-{number}-{os.urandom(6).hex()}.parquet"
    target = literal(under_way.folder / name)
    kept = "" if held is None else statement(KEPT, file=literal(under_way.folder / held.file))
    run(under_way.duck, statement(WRITE, bits=BITS, number=number, kept=kept, target=target))
    count = run(under_way.duck, statement("SELECT count(*) FROM read_parquet({target})", target=target))[0][0]
    parts[number], _is_new = Part.objects.update_or_create(
        dataset=fact.name, number=number, defaults={"file": name, "rows": count}
    )


def _reread(under_way: Export, fact: Fact, parts: dict[int, Part]) -> int:
    """Read those spans anew whose number of rows is not that of the database: all of a new dataset, and where rows
    are gone.
    """
    key = fact.columns["id"][1]
    counted = statement(ROWS_OF, key=key, bits=BITS, table=fact.table, where=fact.where or "true")
    under_way.cursor.execute(counted)
    wanted = dict(under_way.cursor.fetchall())
    held = {number: part.rows for number, part in parts.items()}
    for number in held.keys() - wanted.keys():
        Part.objects.filter(dataset=fact.name, number=number).delete()
        del parts[number]
    wrong = sorted(number for number, rows in wanted.items() if held.get(number) != rows)
    read = 0
    for group in _groups(wrong):
        span = {"first": group[0] << BITS, "end": (group[-1] + 1) << BITS}
        read += _load(under_way, fact, f"{key} >= %(first)s AND {key} < %(end)s", span)
        for number in _spans(under_way):
            _write(under_way, fact, number, parts, anew=True)
    return read


def _groups(numbers: Sequence[int]) -> Iterator[list[int]]:
    """Yield runs of neighbours, so many at most as are read at once."""
    group: list[int] = []
    for number in numbers:
        if group and (number != group[-1] + 1 or len(group) == SPANS):
            yield group
            group = []
        group.append(number)
    if group:
        yield group


def view(duck: Connection, fact: Fact, day: datetime.date, source: str) -> None:
    """Let a fact be read under its name as it was on a day."""
    condition = AS_OF.get(fact.name, "true").format(day=f"DATE {literal(day)}")
    run(duck, statement(VIEW, name=fact.name, source=source, condition=condition))


def files(fact: Fact, folder: Path) -> str:
    """Return the files of a dataset as a source of rows; of an empty one, a table of no rows."""
    names = Part.objects.filter(dataset=fact.name).order_by("number").values_list("file", flat=True)
    if not names:
        columns = ", ".join(f"NULL::{of_type} AS {name}" for name, of_type in fact.types.items())
        return statement("(SELECT {columns} WHERE false)", columns=columns)
    return f"read_parquet([{', '.join(literal(folder / name) for name in names)}])"


def opened(folder: Path) -> Any:
    """Open DuckDB in the folder of the datasets."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return columnar.connected(folder, memory_mb=max(columnar.MEMORY_MB, min(MEMORY_MB, machine // 6)))
