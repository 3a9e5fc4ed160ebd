"""Decisions about visits from plain values: what a bill comes to, and where its figures do not agree."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from guanxi.workshop.states import LineKind

ZERO = Decimal(0)


@dataclass(frozen=True)
class Amounts:
    """What a bill says: labour, parts, total; None where it says nothing."""

    labour: Decimal | None = None
    parts: Decimal | None = None
    total: Decimal | None = None


Line = tuple[str, Decimal]


def _sum(lines: Iterable[Line], kind: str) -> Decimal | None:
    found = [amount for of_kind, amount in lines if of_kind == kind]
    return sum(found, ZERO) if found else None


def filled(said: Amounts, lines: Iterable[Line]) -> Amounts:
    """Return the amounts of a bill with what was left open taken from its lines, and the total from the rest."""
    known = list(lines)
    labour = said.labour if said.labour is not None else _sum(known, LineKind.LABOUR)
    parts = said.parts if said.parts is not None else _sum(known, LineKind.PART)
    others = _sum(known, LineKind.OTHER)
    given = [amount for amount in (labour, parts, others) if amount is not None]
    total = said.total if said.total is not None else (sum(given, ZERO) if given else None)
    return Amounts(labour, parts, total)


def disagreements(said: Amounts, lines: Iterable[Line]) -> list[str]:
    """Return where the figures of a bill do not agree: ``total``, ``labour``, ``parts``. A discount is no mistake, so
    this is said and nothing is refused.
    """
    known = list(lines)
    wrong = []
    given = [amount for amount in (said.labour, said.parts, _sum(known, LineKind.OTHER)) if amount is not None]
    if said.total is not None and given and sum(given, ZERO) != said.total:
        wrong.append("total")
    for name, kind in (("labour", LineKind.LABOUR), ("parts", LineKind.PART)):
        stated, summed = getattr(said, name), _sum(known, kind)
        if stated is not None and summed is not None and stated != summed:
            wrong.append(name)
    return wrong
