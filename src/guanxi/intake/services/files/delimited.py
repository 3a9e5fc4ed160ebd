"""Text with delimiters: looked at by its first lines, loaded by DuckDB, or by records where it is badly written."""

import codecs
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from guanxi.foundation import columnar
from guanxi.foundation.columnar import Connection, literal, run, statement
from guanxi.intake.policy import dialects, encodings
from guanxi.intake.services.files import limits, storing
from guanxi.intake.services.files.limits import refuse

BLOCK = 4 * 1024 * 1024
HEAD = 512 * 1024
LINES = 200
_BLANK = re.compile(rb"\n\r?\n(?=[^\r\n])")  # empty lines at the end do not matter
READ = (
    "CREATE OR REPLACE TABLE raw AS SELECT row_number() OVER () AS row, * FROM read_csv({file}, columns = {columns}, "
    "auto_detect = false, header = false, delim = {delimiter}, quote = '\"', escape = '\"', null_padding = true, "
    "strict_mode = true, parallel = false, max_line_size = {longest}, buffer_size = {buffer})"
)


@dataclass(frozen=True)
class Look:
    """What the first lines of a text show."""

    encoding: str
    delimiter: str
    rows: int
    sample: list[list[str]]


def encoding(path: Path) -> str:
    """Tell the encoding of a text, by its first bytes that are not ASCII.

    :raises Invalid: it holds bytes that no text has.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
        marked = encodings.by_mark(head)
        if marked:
            return marked
        block = head
        while block:
            if b"\0" in block:
                raise refuse(_("The file is no text: it holds zero bytes."))
            if not block.isascii():
                return encodings.of(block[:HEAD] if not block[:HEAD].isascii() else block)
            block = file.read(BLOCK)
    return "utf-8"


def look(path: Path) -> Look:
    """Read the first lines of a text and count its lines.

    :raises Invalid: it is no text, a line is too long, or it has too many columns.
    """
    name = encoding(path)
    with path.open("rb") as file:
        head = codecs.getincrementaldecoder(name)("replace").decode(file.read(HEAD)).removeprefix(encodings.MARK)
    lines = _lines_of(head)
    delimiter = dialects.delimiter(lines)
    sample = list(islice(dialects.records(lines, delimiter), LINES))
    if max((len(record) for record in sample), default=0) > limits.MOST_COLUMNS:
        raise limits.refuse_wide()
    if len(lines) == 1 and len(head) >= HEAD // 4:
        raise _refuse_line()
    return Look(name, delimiter, _count_lines(path, name), sample)


def _lines_of(head: str) -> list[str]:
    lines = head.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return (lines[:-1] or lines)[:LINES]


def _refuse_line() -> Exception:
    return refuse(_("A line has more than %(most)s characters.") % {"most": f"{limits.LONGEST_LINE:,}"})


def _count_lines(path: Path, name: str) -> int:
    """Count the lines."""
    total, last, end = 0, b"", "\n".encode(name)
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            total += block.count(end)
            last = block[-4:]
    return total + (not last.endswith(end))


def load(connection: Connection, path: Path, name: str, delimiter: str, columns: int) -> None:
    """Make the table ``raw`` of a text: directly where it is well written, else record by record.

    :raises Invalid: a line or a cell is too long, or there are too many columns.
    """
    plain = _as_utf8(connection, path, name)
    try:
        if not _read_fast(connection, plain, _facts(plain), delimiter, columns):
            _read_carefully(connection, plain, delimiter, columns)
        _drop_unused(connection)
    finally:
        for left in columnar.workplace(connection).glob("text*.csv"):
            left.unlink()


def _read_fast(connection: Connection, path: Path, facts: "_Facts", delimiter: str, columns: int) -> bool:
    """Let DuckDB read a text that is well written; tell whether it was."""
    if facts.has_odd_ends or facts.has_open_quote or (facts.has_blanks and facts.quotes):
        return False
    try:
        _read(connection, _without_blanks(path, delimiter) if facts.has_blanks else path, delimiter, columns)
    except columnar.OutOfMemory:
        raise
    except columnar.Error:
        return False
    return not _is_doubtful(connection, columns, facts)


def _is_doubtful(connection: Connection, columns: int, facts: "_Facts") -> bool:
    """Tell whether a cell is too long, or holds so many lines that two stray quotes must have made one of many."""
    names = [f"c{at}" for at in range(columns)]
    doubts = [f"strlen({name}) > {limits.LONGEST_CELL}" for name in names]
    if facts.lines > run(connection, "SELECT count(*) FROM raw")[0][0]:
        doubts += [f"len(string_split({name}, chr(10))) > {dialects.MOST_LINES}" for name in names]
    return bool(run(connection, statement("SELECT 1 FROM raw WHERE {doubts} LIMIT 1", doubts=" OR ".join(doubts))))


def _drop_unused(connection: Connection) -> None:
    if not run(connection, "SELECT count(extra) FROM raw")[0][0]:
        run(connection, "ALTER TABLE raw DROP COLUMN extra")


def _as_utf8(connection: Connection, path: Path, name: str) -> Path:
    """Return the text in UTF-8 in the workplace of the connection: linked, copied or rewritten."""
    target = columnar.workplace(connection) / "text.csv"
    target.unlink(missing_ok=True)
    if name == "utf-8" and _is_valid(path):
        try:
            os.link(path, target)
        except OSError:
            shutil.copyfile(path, target)
        return target
    decoder = codecs.getincrementaldecoder(name)("replace")
    with path.open("rb") as source, target.open("wb") as file:
        while block := source.read(BLOCK):
            file.write(decoder.decode(block).removeprefix(encodings.MARK).encode("utf-8", "replace"))
        file.write(decoder.decode(b"", final=True).encode("utf-8", "replace"))
    return target


def _is_valid(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


@dataclass
class _Facts:
    """What decides how a text can be read."""

    quotes: int = 0
    lines: int = 0
    has_blanks: bool = False
    has_odd_ends: bool = False

    @property
    def has_open_quote(self) -> bool:
        return self.quotes % 2 == 1


def _facts(path: Path) -> _Facts:
    """Look through a text in UTF-8 for quotes, empty lines, and ends of lines of several kinds."""
    facts = _Facts()
    ends = singles = 0
    tail = b"\n"  # an empty first line is one too
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if b"\0" in block:
                raise refuse(_("The file is no text: it holds zero bytes."))
            seen = tail + block
            facts.quotes += block.count(b'"')
            facts.has_blanks = facts.has_blanks or _BLANK.search(seen) is not None
            ends += seen.count(b"\r\n") - tail.count(b"\r\n")
            singles += block.count(b"\r")
            facts.lines += block.count(b"\n")
            tail = block[-4:]
    facts.has_odd_ends = ends != singles
    return facts


def _without_blanks(path: Path, delimiter: str) -> Path:
    """Write a delimiter into every empty line, since DuckDB passes over them and rows would be counted wrong."""
    target = path.with_name("text_blanks.csv")
    filler = delimiter.encode()
    with path.open("rb") as source, target.open("wb") as file:
        for line in source:
            file.write(filler + line if line in {b"\n", b"\r\n"} else line)
    return target


def _read(connection: Connection, path: Path, delimiter: str, columns: int) -> None:
    """Let DuckDB read; a spare column takes what a row has too many."""
    names = ", ".join([*(f"c{at}: 'VARCHAR'" for at in range(columns)), "extra: 'VARCHAR'"])
    longest = limits.LONGEST_LINE * 4
    run(
        connection,
        statement(
            READ, file=literal(path), columns="{" + names + "}", delimiter=literal(delimiter), longest=longest,
            buffer=longest * 4,
        ),
    )  # fmt: skip


def _read_carefully(connection: Connection, path: Path, delimiter: str, columns: int) -> None:
    """Read record by record as people write them, and store that."""
    storing.store(connection, _fitted(dialects.records(_lines(path), delimiter), delimiter, columns), columns + 1)
    run(connection, statement("ALTER TABLE raw RENAME COLUMN c{columns} TO extra", columns=columns))


def _fitted(records: Iterable[list[str]], delimiter: str, columns: int) -> Iterator[list[str | None]]:
    """Put what a record has too many into one cell behind the columns."""
    for record in records:
        if len(record) > limits.MOST_COLUMNS:
            raise limits.refuse_wide()
        if max(map(len, record)) > limits.LONGEST_CELL:
            raise limits.refuse_long_cell()
        missing = [None] * (columns - len(record))
        yield [*record[:columns], *missing, delimiter.join(record[columns:]) or None]


def _lines(path: Path) -> Iterator[str]:
    """Yield the lines without their ends, however these are written."""
    with path.open(encoding="utf-8-sig", errors="replace", newline=None) as file:
        while line := file.readline(limits.LONGEST_LINE):
            if len(line) == limits.LONGEST_LINE:
                raise _refuse_line()
            yield line.removesuffix("\n")
