"""What a run brought is taken back: what stands in the way is found, added rows go, changed ones are as they were."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.backends.utils import CursorWrapper
from django.urls import NoReverseMatch, reverse

from guanxi.foundation import db
from guanxi.foundation.errors import Text
from guanxi.intake.services.staging import mergers
from guanxi.intake.services.staging.mergers import Merger, Values

SHOWN = 3
HELD = """(t.run_id = %(run)s AND NOT EXISTS (
  SELECT 1 FROM intake_before b WHERE b.run_id = %(run)s AND b.table_name = '{table}' AND b.key = t.id))"""
CHANGED = "t.id IN (SELECT key FROM intake_before WHERE run_id = %(run)s AND table_name = '{table}')"
LOCK = """
SELECT count(*) FROM (SELECT 1 FROM {table} t WHERE t.run_id = %(run)s OR {changed} FOR UPDATE) locked
"""
LATER = """
SELECT t.{link}, count(*) OVER () FROM {table} t WHERE ({held} OR {changed}) AND {touched} ORDER BY t.id LIMIT {shown}
"""
GONE = """
SELECT NULL::bigint, count(*) OVER () FROM intake_before b WHERE b.run_id = %(run)s AND b.table_name = '{table}'
  AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.id = b.key) LIMIT {shown}
"""
HANGING = """
SELECT t.{link}, count(*) OVER () FROM {other} o JOIN {table} t ON o.{column} = t.{target}
WHERE {held} AND {foreign} ORDER BY t.id LIMIT {shown}
"""
DERIVED = "DELETE FROM {other} o USING {table} t WHERE o.{column} = t.{target} AND {held}"
REMOVE = "DELETE FROM {table} t WHERE {held}"
RESTORE = """
UPDATE {table} t SET {sets} FROM intake_before b CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, b.values) r
WHERE b.run_id = %(run)s AND b.table_name = '{table}' AND b.key = t.id
  AND array(SELECT jsonb_object_keys(b.values)) = %(columns)s
"""
SHAPES = """
SELECT DISTINCT array(SELECT jsonb_object_keys(values)) FROM intake_before
WHERE run_id = %(run)s AND table_name = %(table)s
"""


@dataclass(frozen=True)
class Hindrance:
    """Rows in the way of an undo: what they are, how many, and where the first of them are seen."""

    label: Text
    count: int
    urls: Sequence[str]


def _table(model: type[models.Model]) -> str:
    return model._meta.db_table  # noqa: SLF001 -- Django's documented reflection


def _has(model: type[models.Model], name: str) -> bool:
    return name in {field.name for field in model._meta.fields}  # noqa: SLF001 -- Django's documented reflection


def lock(cursor: CursorWrapper, merger: Merger, values: Values) -> None:
    """Hold every row of the run until the end: nothing new can hang itself on one of them."""
    for model in merger.models:
        table = _table(model)
        cursor.execute(LOCK.format(table=table, changed=CHANGED.format(table=table)), values)


def hindrances(cursor: CursorWrapper, merger: Merger, values: Values) -> list[Hindrance]:
    """Return what is newer than the run: rows of it that somebody touched, and rows of others that hang on them."""
    found = []
    for label, link, sql in _questions(merger):
        cursor.execute(sql, values)
        rows = cursor.fetchall()
        if rows:
            found.append(Hindrance(label, rows[0][1], _urls(link, [row[0] for row in rows])))
    return found


def _questions(merger: Merger) -> Iterator[tuple[Text, str, str]]:
    """Yield label, address and statement of each way in which something can be in the way."""
    for model in merger.models:
        table = _table(model)
        label, address, column = merger.links[table]
        parts = {
            "table": table, "link": column or "id", "held": HELD.format(table=table), "shown": SHOWN,
            "changed": CHANGED.format(table=table),
        }  # fmt: skip
        touched = "t.touched_at <> %(at)s" if _has(model, "touched_at") else "t.decided_at IS NOT NULL"
        yield label, address, LATER.format(**parts, touched=touched)
        yield label, "", GONE.format(**parts)
        for other, ends in _hanging(model):
            if not mergers.is_derived(other):
                foreign = "o.run_id IS DISTINCT FROM %(run)s" if _has(other, "run_id") else "true"
                yield label, address, HANGING.format(**parts, **ends, foreign=foreign)


def _hanging(model: type[models.Model]) -> Iterator[tuple[type[models.Model], dict[str, Any]]]:
    """Yield each table that points at one, with the names of both ends."""
    for other, field in db.pointing_at(model):
        yield other, {"other": _table(other), "column": field.column, "target": field.target_field.column}


def _urls(address: str, keys: Sequence[int]) -> list[str]:
    try:
        return [reverse(address, args=[key]) for key in dict.fromkeys(keys)] if address else []
    except NoReverseMatch:
        return []


def forget_derived(cursor: CursorWrapper, merger: Merger, values: Values) -> None:
    """Delete what was worked out of the rows that the run added."""
    for model in merger.models:
        table = _table(model)
        for other, ends in _hanging(model):
            if mergers.is_derived(other):
                cursor.execute(DERIVED.format(table=table, **ends, held=HELD.format(table=table)), values)


def remove(cursor: CursorWrapper, merger: Merger, values: Values) -> Mapping[str, int]:
    """Delete what the run added, children first; return how many rows of each table."""
    counts = {}
    for model in reversed(merger.models):
        table = _table(model)
        cursor.execute(REMOVE.format(table=table, held=HELD.format(table=table)), values)
        counts[table] = int(cursor.rowcount)
    return {table: count for table, count in counts.items() if count}


def restore(cursor: CursorWrapper, merger: Merger, values: Values) -> Mapping[str, int]:
    """Give changed rows back what they were; return how many of each table."""
    counts: dict[str, int] = {}
    for model in merger.models:
        table = _table(model)
        cursor.execute(SHAPES, {**values, "table": table})
        for (columns,) in cursor.fetchall():
            sets = ", ".join(f"{name} = r.{name}" for name in _known(model, columns))
            exactly: dict[str, Any] = {**values, "columns": columns}
            cursor.execute(RESTORE.format(table=table, sets=sets), exactly)
            counts[table] = counts.get(table, 0) + int(cursor.rowcount)
    cursor.execute("DELETE FROM intake_before WHERE run_id = %(run)s", values)
    return {table: count for table, count in counts.items() if count}


def _known(model: type[models.Model], columns: Sequence[str]) -> list[str]:
    held = {field.column for field in model._meta.fields}  # noqa: SLF001 -- Django's documented reflection
    return [name for name in columns if name in held]
