"""What an import does to rows that are there: it fills what is empty, replaces what the same system brought, leaves
the rest and says so. What a row was before is kept.

A row is the system's own as long as an import of the same system into the same place brought it and nobody but
imports touched it since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.utils import CursorWrapper

OWN = """
DROP TABLE IF EXISTS intake_own, intake_moment;
CREATE TEMP TABLE intake_own ON COMMIT DROP AS
  SELECT id FROM intake_run WHERE source = %(source)s AND place_id = %(place)s AND merged_at IS NOT NULL;
CREATE TEMP TABLE intake_moment ON COMMIT DROP AS SELECT merged_at AS at FROM intake_run WHERE merged_at IS NOT NULL
"""
COMPARE = """
DROP TABLE IF EXISTS intake_new, intake_change;
CREATE TEMP TABLE intake_new ON COMMIT DROP AS {new};
CREATE TEMP TABLE intake_change ON COMMIT DROP AS
WITH held AS (
  SELECT t.id, n.row, {olds}, {news},
    (t.run_id IN (SELECT id FROM intake_own) AND t.touched_at IN (SELECT at FROM intake_moment)) IS TRUE AS is_own
  FROM intake_new n JOIN {table} t ON t.id = n.key
), judged AS (SELECT *, {kept} FROM held)
SELECT *, {takes} FROM judged
"""
IS_REMEMBERED = "SELECT EXISTS (SELECT 1 FROM intake_before WHERE run_id = %(run)s AND table_name = %(table)s)"
REMEMBER = """
INSERT INTO {before} (run_id, table_name, key, values)
SELECT %(run)s, '{table}', t.id, jsonb_build_object({pairs})
FROM {table} t JOIN intake_change c ON c.id = t.id WHERE {any_take}
"""
OLDEST = "ON CONFLICT (run_id, table_name, key) DO UPDATE SET values = excluded.values || intake_before.values"
NEW = "SELECT key, row, {columns} FROM ({query}) AS given"
KEEP = """
INSERT INTO intake_before (run_id, table_name, key, values)
SELECT %(run)s, '{table}', t.id, jsonb_build_object({pairs}) FROM {table} t WHERE {which}
ON CONFLICT (run_id, table_name, key) DO UPDATE SET values = excluded.values || intake_before.values
"""
UPDATE = """
UPDATE {table} t SET {sets}, touched_at = %(at)s, run_id = CASE WHEN c.is_own THEN %(run)s ELSE t.run_id END
FROM intake_change c WHERE c.id = t.id AND ({any_take})
"""
TELL = """
INSERT INTO intake_found SELECT row, '{field}', 'warn', 'kept', {shown} FROM intake_change c WHERE {kept}
"""


@dataclass(frozen=True)
class Group:
    """Columns that are one value: taken together or not at all. ``field`` names it in the file."""

    field: str
    columns: tuple[str, ...]
    shown: str = ""
    """Which column a finding shows; the first if none is named."""
    is_fact: bool = False
    """The file is right whoever wrote the other value: what the row is to the file's outlet."""


@dataclass(frozen=True)
class Change:
    """The new values of rows of one table: a query of key, row and a column for each of the groups' columns."""

    table: str
    groups: tuple[Group, ...]
    new: str
    empties: Mapping[str, str]
    """Column -> what it holds when it is empty; NULL for those not named."""


def begin(cursor: CursorWrapper, values: Mapping[str, Any]) -> None:
    """Find out which imports are the same system's."""
    cursor.execute(OWN, values)


def _empty(change: Change, side: str, column: str) -> str:
    name = f"{side}_{column}"
    blank = change.empties.get(column)
    return f"{name} IS NULL" if blank is None else f"({name} IS NULL OR {name} = {blank})"


def _parts(change: Change) -> dict[str, str]:
    """Return the expressions of a change, by what they are for."""
    columns = [column for group in change.groups for column in group.columns]
    kept, takes = [], []
    for group in change.groups:
        named = " AND ".join(_empty(change, "new", column) for column in group.columns)
        unheld = " AND ".join(_empty(change, "old", column) for column in group.columns)
        differs = " OR ".join(
            f"(NOT {_empty(change, 'new', column)} AND new_{column} IS DISTINCT FROM old_{column})"
            for column in group.columns
        )
        may = f"is_own OR ({unheld}) OR {'true' if group.is_fact else 'false'}"
        kept.append(f"(NOT ({named}) AND ({differs}) AND NOT ({may})) AS kept_{group.field}")
        takes.append(f"(NOT ({named}) AND ({differs}) AND NOT kept_{group.field}) AS take_{group.field}")
    return {
        "olds": ", ".join(f"t.{column} AS old_{column}" for column in columns),
        "news": ", ".join(f"n.{column} AS new_{column}" for column in columns),
        "kept": ", ".join(kept),
        "takes": ", ".join(takes),
        "pairs": ", ".join([*(f"'{name}', t.{name}" for name in (*columns, "touched_at", "run_id"))]),
        "any_take": " OR ".join(f"c.take_{group.field}" for group in change.groups),
        "sets": ", ".join(_set(change, group, column) for group in change.groups for column in group.columns),
    }


def _set(change: Change, group: Group, column: str) -> str:
    """Return the assignment of one column: of a group of several, an empty part of the new value counts too."""
    blank = change.empties.get(column, "NULL")
    new = f"c.new_{column}" if len(group.columns) == 1 else f"coalesce(c.new_{column}, {blank})"
    return f"{column} = CASE WHEN c.take_{group.field} THEN {new} ELSE t.{column} END"


def apply(cursor: CursorWrapper, change: Change, values: Mapping[str, Any]) -> int:
    """Change rows, remember what they were, say what was kept; return how many rows changed.

    The rows that changed are in ``intake_change`` until the next change.
    """
    parts = _parts(change) | {"table": change.table}
    new = NEW.format(columns=_columns(change), query=change.new)
    cursor.execute(COMPARE.format(**parts, new=new), values)
    _remember_changed(cursor, parts, values)
    cursor.execute(UPDATE.format(**parts), values)
    changed = int(cursor.rowcount)
    for group in change.groups:
        shown = f"left(c.new_{group.shown or group.columns[0]}::text, 200)"
        cursor.execute(TELL.format(field=group.field, shown=shown, kept=f"kept_{group.field}"), values)
    return changed


def _remember_changed(cursor: CursorWrapper, parts: Mapping[str, str], values: Mapping[str, Any]) -> None:
    """Keep what the rows to change are now: through the door, unless the run knows rows of the table already."""
    cursor.execute(IS_REMEMBERED, {**values, "table": parts["table"]})
    if cursor.fetchone()[0]:
        cursor.execute(REMEMBER.format(**parts, before="intake_before") + OLDEST, values)
        return
    cursor.execute("SELECT intake_before_stage()")
    cursor.execute(REMEMBER.format(**parts, before="intake_before_new"), values)
    if cursor.rowcount:
        cursor.execute("SELECT intake_before_add()")


def _columns(change: Change) -> str:
    return ", ".join(column for group in change.groups for column in group.columns)


def remember(cursor: CursorWrapper, table: str, columns: Sequence[str], which: str, values: Mapping[str, Any]) -> None:
    """Keep what some rows of a table are now, before the caller changes them; ``which`` is a condition on ``t``."""
    pairs = ", ".join(f"'{name}', t.{name}" for name in (*columns, "touched_at", "run_id"))
    cursor.execute(KEEP.format(table=table, pairs=pairs, which=which), values)
