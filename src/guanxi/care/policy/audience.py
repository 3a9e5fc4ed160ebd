"""The audience of a rule: a list of conditions, all of which hold; read from data and checked without a database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

ANY, NONE, BETWEEN, YES, NO = "any", "none", "between", "yes", "no"
OPERATORS = {"choice": (ANY, NONE), "list": (ANY, NONE), "number": (BETWEEN,), "flag": (YES, NO)}
MOST = 12


@dataclass(frozen=True)
class Condition:
    """One condition: a fact of the fixed set, how it is compared, and with what."""

    fact: str
    op: str
    values: tuple[str, ...] = ()


def read(rows: Iterable[Mapping[str, Any]]) -> list[Condition]:
    """Return conditions from their stored form."""
    return [Condition(str(row["fact"]), str(row["op"]), tuple(map(str, row.get("values", ())))) for row in rows]


def write(conditions: Iterable[Condition]) -> list[dict[str, Any]]:
    return [{"fact": item.fact, "op": item.op, "values": list(item.values)} for item in conditions]


def fault(condition: Condition, kinds: Mapping[str, str]) -> str:
    """Return what is wrong with a condition: ``fact``, ``op`` or ``values``; nothing if it can be compiled."""
    kind = kinds.get(condition.fact)
    if kind is None:
        return "fact"
    if condition.op not in OPERATORS[kind]:
        return "op"
    if kind == "number":
        return "" if _is_span(condition.values) else "values"
    return "" if bool(condition.values) == (kind != "flag") else "values"


def _is_span(values: tuple[str, ...]) -> bool:
    """Say whether two bounds are given, one of which may be open."""
    numbers = [value for value in values if value]
    if len(values) != 2 or not numbers or not all(value.lstrip("-").isdecimal() for value in numbers):  # noqa: PLR2004 -- a span has two ends
        return False
    return len(numbers) == 1 or int(values[0]) <= int(values[1])
