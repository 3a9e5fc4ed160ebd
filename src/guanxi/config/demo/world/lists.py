"""What the statements choose from: names with their pinyin, words, trims, kinds of visits, as temporary tables."""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg import sql

from guanxi.codelists.models import Code
from guanxi.config.demo.divisions import divisions
from guanxi.foundation import readings
from guanxi.network.models import Node
from guanxi.workshop.states import CATEGORIES

FOLDER = Path(__file__).parent.parent
# How many equal chances a list has; a shorter list begins again.
SURNAMES, GIVEN, FIRMS, TRADES, SORTS, SAYINGS, HAPPENINGS = 1000, 256, 128, 10, 6, 16, 1024
# Neighbourhoods whose outlet is fixed, so that the smallest world has customers where somebody looks for them.
FIXED = ("YLHD001", "YLHD001", "YLHD001", "YLHN001", "QCHD001")
SPELT = "zh text, py text, initials text"

Row = Mapping[str, Any]


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def write() -> None:
    """Make the temporary tables, and a function for each list of words; all of it is gone with the session."""
    words = read("words")
    _functions(words["words"])
    table("demo_surname", f"k int, {SPELT}", _surnames(words["surnames"]))
    table("demo_given", f"male boolean, age int, k int, {SPELT}", _given(words["given"]))
    table("demo_town", SPELT, (_spelt(item.city, first=True) for item in divisions()))
    _companies(words["companies"])
    columns = "city text, division text, office text, area text, digits int, postcode text, districts text[]"
    table("demo_city", columns, ({**asdict(item), "division": item.code} for item in divisions()))
    table("demo_group", "node_id int", ({"node_id": pk} for pk in _nodes("GROUP").values()))
    _workshop(read("workshop"))


def write_fixed() -> None:
    """Tie the first neighbourhoods to their outlets; wants the places to be there."""
    table(
        "demo_fixed", "block bigint, code text, o int", ({"block": at, "code": code} for at, code in enumerate(FIXED))
    )
    run("UPDATE demo_fixed f SET o = p.o FROM demo_place p WHERE p.code = f.code")


def run(statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statements)


def table(name: str, columns: str, rows: Iterable[Row]) -> None:
    """Make a temporary table of some rows."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {name} ({columns}) ON COMMIT DROP")
        cursor.execute(
            f"INSERT INTO {name} SELECT * FROM json_to_recordset(%s::json) AS x ({columns})",  # noqa: S608 -- both names are ours
            [json.dumps(list(rows))],
        )


def _nodes(kind: str) -> dict[str, int]:
    return dict(Node.objects.filter(kind=kind).values_list("code", "pk"))


def _functions(words: Mapping[str, str | Sequence[str]]) -> None:
    """Make ``pg_temp.w_<list>(chance)`` for every list of words."""
    lists = {name: found.split() if isinstance(found, str) else list(found) for name, found in words.items()}
    spelt = [readings.spell(name) for name in lists["junk_name"]]
    lists["junk_reading"], lists["junk_initials"] = ([pair[at] for pair in spelt] for at in (0, 1))
    body = sql.SQL(
        "CREATE OR REPLACE FUNCTION pg_temp.{} (chance float8) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE"
        " RETURN ({}::text[])[1 + floor(chance * {})::int]"
    )
    with connection.cursor() as cursor:
        for name, found in lists.items():
            statement = body.format(sql.Identifier(f"w_{name}"), sql.Literal(found), sql.Literal(len(found)))
            cursor.execute(statement.as_string(cursor.connection))


# ── Names ────────────────────────────────────────────────────────────────────


def _spelt(text: str, *, first: bool = False) -> dict[str, str]:
    """Return a part of a name with its pinyin; the ``first`` part is read as a surname."""
    if first:
        reading, initials = readings.spell(text)
    else:
        syllables = [readings.syllables()[mark] for mark in text]
        reading, initials = "".join(syllables), "".join(syllable[0] for syllable in syllables)
    return {"zh": text, "py": reading, "initials": initials}


def _numbered(parts: Iterable[str], most: int) -> Iterator[Row]:
    return ({"k": k, **_spelt(part)} for k, part in enumerate(islice(cycle(parts), most)))


def _surnames(frequency: Mapping[str, int]) -> Iterator[Row]:
    every = [name for name, times in frequency.items() for _ in range(times)]
    spelt = {name: _surname(name) for name in frequency}
    return ({"k": k, **spelt[every[k * len(every) // SURNAMES]]} for k in range(SURNAMES))


def _surname(name: str) -> dict[str, str]:
    """Spell a surname as it is read before a given name."""
    reading, initials = readings.spell(f"{name}一")
    return {"zh": name, "py": reading.removesuffix("yi"), "initials": initials[:-1]}


def _given(groups: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    ages: dict[str, int] = {"M": -1, "F": -1}
    for group in groups:
        ages[group["gender"]] += 1
        pairs = [first + last for first in group["first"] for last in group["last"] if first != last]
        names = [*group["whole"].split() * 6, *pairs]
        for row in _numbered(names, GIVEN):
            yield {"male": group["gender"] == "M", "age": ages[group["gender"]], **row}


def _companies(words: Mapping[str, Any]) -> None:
    table("demo_firm", f"k int, {SPELT}", _numbered(words["name"].split(), FIRMS))
    table("demo_sort", f"k int, {SPELT}", _numbered(words["suffix"].split(), SORTS))
    trades = [
        {"line": line, "k": k, "industry": industry, **_spelt(trade)}
        for line in ("COMMERCIAL", "PASSENGER")
        for k, (trade, industry) in enumerate(words[line.lower()])
    ]
    table("demo_trade", f"line text, k int, industry text, {SPELT}", trades)


# ── Workshop ─────────────────────────────────────────────────────────────────


def _workshop(kinds: Mapping[str, Any]) -> None:
    found = Code.objects.filter(list__code=CATEGORIES, node=None).values_list("code", "attributes")
    counts = {code: attributes["counts"] == "yes" for code, attributes in found if "counts" in attributes}
    table(
        "demo_kind",
        "kind text, counts boolean, yearly float8, least_days int, most_days int, labour_from float8, labour_to float8,"
        " parts_from float8, parts_to float8, work text[], part text[]",
        (_kind(name, kind, counts=counts[name]) for name, kind in kinds.items() if name != "summer"),
    )
    sayings = (
        {"kind": name, "k": k, "text": text}
        for name, kind in kinds.items()
        for k, text in enumerate(islice(cycle(kind["words"]), SAYINGS))
    )
    table("demo_saying", "kind text, k int, text text", sayings)
    yearly = {name: kind["yearly"] for name, kind in kinds.items() if "yearly" in kind}
    table("demo_happening", "s int, category text", chances(yearly, HAPPENINGS, "category"))


def _kind(name: str, kind: Mapping[str, Any], *, counts: bool) -> Row:
    spans = {
        "least_days": kind["days"][0], "most_days": kind["days"][1],
        "labour_from": kind["labour"][0], "labour_to": kind["labour"][1],
        "parts_from": kind["parts"][0], "parts_to": kind["parts"][1],
    }  # fmt: skip
    return {
        "kind": name,
        "counts": counts,
        "yearly": kind.get("yearly"),
        "work": kind["work"],
        "part": kind["part"],
    } | spans


def chances(weights: Mapping[Any, float], most: int, column: str) -> list[dict[str, Any]]:
    """Return ``most`` equal chances dealt out by weight."""
    total, passed = sum(weights.values()), 0.0
    rows: list[dict[str, Any]] = []
    for value, weight in weights.items():
        passed += weight
        rows += [{"s": s, column: value} for s in range(len(rows), round(most * passed / total))]
    return rows
