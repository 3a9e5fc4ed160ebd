"""Fields with few different texts: each distinct text is read once by its rule in Python and joined back.

Days, amounts, mileages, codes and divisions repeat; plain numbers need no rule and are cast directly.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from guanxi.foundation import divisions
from guanxi.foundation.columnar import Connection, run, statement
from guanxi.foundation.divisions import Level
from guanxi.foundation.values import dates, distances, money, numerals, texts
from guanxi.foundation.values.flaws import Flaw
from guanxi.foundation.values.texts import Cleaned
from guanxi.intake.services.columns.plan import Plan, cases, full, sub
from guanxi.intake.services.kinds import Field, Shape

TYPES = {
    Shape.DATE: "DATE",
    Shape.MONEY: "DECIMAL(18, 2)",
    Shape.NUMBER: "DECIMAL(18, 4)",
    Shape.KM: "INTEGER",
    Shape.CODE: "VARCHAR",
}
# Texts that the database casts itself: the rule says the same of them.
DIRECT = {
    Shape.MONEY: r"\d{1,12}(?:\.\d{1,2})?",
    Shape.NUMBER: r"\d{1,12}(?:\.\d{1,4})?",
    Shape.KM: r"\d{1,6}",
}
LONGEST = 120  # what is longer is no value of these shapes, as its rule says too, and need not be read to its end
LEVELS = (Level.PROVINCE, Level.CITY, Level.DISTRICT)
PLACES = "read_places"


@dataclass(frozen=True)
class Join:
    """A table of texts that were read: how it is joined, and what is taken from it under which name."""

    clause: str
    takes: Mapping[str, str]


def text(field: Field, cell: str) -> str:
    """Return the expression of the text to read; NULL where there is nothing to read."""
    short = f"left({cell}, {LONGEST})"
    if field.shape == Shape.DATE:
        # The time of day says nothing of the day and would make every text another one.
        timed = f"length({cell}) BETWEEN 10 AND {dates.LONGEST}"
        return cases((timed, sub(f"upper({cell})", dates.TIME)), other=short)
    direct = DIRECT.get(field.shape)
    return cases((full(cell, direct), "NULL"), other=short) if direct else short


def plan(field: Field, cell: str) -> Plan:
    """Return the plan of a field whose texts were joined under ``<key>__r`` and ``<key>__w``."""
    key, direct = field.key, DIRECT.get(field.shape)
    value = f"{key}__r"
    stages: tuple[Mapping[str, str], ...] = ()
    if direct:
        cast = cases((full(cell, direct), f"try_cast({cell} AS {TYPES[field.shape]})"), other=value)
        value, stages = f"{key}__v", ({f"{key}__v": cast},)
    outputs = {key: value}
    if field.shape == Shape.DIVISION:
        outputs[f"{key}_code"] = f"{key}__c"
    return Plan(stages=stages, outputs=outputs, value=value, flaw=f"{key}__w")


def spelling(word: str) -> str:
    """Return a word as it is compared: plain characters, small letters, no spaces and no punctuation."""
    return "".join(sign for sign in texts.cell(word).lower() if sign.isalnum())


def _code(codes: Mapping[str, str], word: str) -> Cleaned[str]:
    spelled = spelling(word)
    found = codes.get(spelled)
    return Cleaned(found, Flaw.CODE_UNKNOWN if spelled and not found else Flaw.NONE)


def rule(field: Field, epoch: datetime.date, seen: Iterable[str]) -> Callable[[str], Cleaned[Any]]:
    """Return the rule of a field; the days of a column tell together whether the day or the month comes first."""
    if field.shape == Shape.DATE:
        orders = {dates.order(word) for word in seen}
        return partial(dates.clean, epoch=epoch, day_first=1 in orders and -1 not in orders)
    if field.shape == Shape.CODE:
        return partial(_code, {spelling(word): value for word, value in field.codes.items()})
    rules: dict[Shape, Callable[[str], Cleaned[Any]]] = {
        Shape.MONEY: money.clean,
        Shape.KM: distances.clean,
        Shape.NUMBER: numerals.clean,
    }
    return rules[field.shape]


def read(connection: Connection, field: Field, epoch: datetime.date) -> Join:
    """Read the distinct texts of a field of the view ``words`` and return how to join them to ``cells``."""
    key, table = f"{field.key}__j", f"read_{field.key}"
    found = run(connection, statement("SELECT DISTINCT {key} FROM words WHERE {key} IS NOT NULL", key=key))
    seen = [row[0] for row in found]
    clean = rule(field, epoch, seen)
    answers = [clean(word) for word in seen]
    _store(
        connection,
        table,
        {
            "word": seen,
            "value": [_text(item.value) for item in answers],
            "flaw": [item.flaw or None for item in answers],
        },
    )
    kind = TYPES[field.shape]
    takes = {f"{field.key}__r": f"{table}.value::{kind}", f"{field.key}__w": f"{table}.flaw"}
    return Join(f"LEFT JOIN {table} ON {table}.word = cells.{key}", takes)


def read_places(connection: Connection, fields: Sequence[Field]) -> Join:
    """Read the distinct places that the fields of the levels name together and return how to join them."""
    by_level = {field.level: field for field in fields}
    keys = [f"coalesce({by_level[level].key}__j, '')" if level in by_level else "''" for level in LEVELS]
    found = run(connection, statement("SELECT DISTINCT {keys} FROM words", keys=", ".join(keys)))
    places = [divisions.resolve(*row) for row in found]
    columns: dict[str, list[str | None]] = {f"word{at}": [row[at] for row in found] for at in range(len(LEVELS))}
    takes: dict[str, str] = {}
    for at, level in enumerate(LEVELS):
        found_here = [(place.province, place.city, place.district)[at] for place in places]
        columns[f"value{at}"] = [divisions.shown(item) if item else None for item in found_here]
        columns[f"code{at}"] = [item.code if item else None for item in found_here]
        columns[f"flaw{at}"] = [place.flaws[at] or None for place in places]
        if level in by_level:
            key = by_level[level].key
            takes |= {
                f"{key}__r": f"{PLACES}.value{at}",
                f"{key}__c": f"{PLACES}.code{at}",
                f"{key}__w": f"{PLACES}.flaw{at}",
            }
    _store(connection, PLACES, columns)
    condition = " AND ".join(f"{PLACES}.word{at} = {key}" for at, key in enumerate(keys))
    return Join(f"LEFT JOIN {PLACES} ON {condition}", takes)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _store(connection: Connection, table: str, columns: Mapping[str, Sequence[str | None]]) -> None:
    """Write texts into a temporary table of columns of text."""
    lists = ", ".join(f"unnest(${at}::VARCHAR[]) AS {name}" for at, name in enumerate(columns, 1))
    run(
        connection,
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {lists}",
        [list(words) for words in columns.values()],
    )
