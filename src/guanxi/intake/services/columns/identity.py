"""Identity numbers for whole columns (``values.identity``): GB 11643 and GB 32100."""

from collections.abc import Sequence

from guanxi.foundation.columnar import literal
from guanxi.foundation.values import identity
from guanxi.foundation.values.flaws import Flaw
from guanxi.intake.services.columns.plan import Plan, cases, flaw, full, has, sub


def _weighted(number: str, weights: Sequence[int]) -> str:
    """Return the weighted sum of the digits of a whole number."""
    last = len(weights) - 1
    return " + ".join(f"{weight} * (({number} // {10 ** (last - at)}) % 10)" for at, weight in enumerate(weights))


def _credit_check(code: str) -> str:
    signs = literal(identity.CREDIT_SIGNS)
    terms = (f"{weight} * (strpos({signs}, {code}[{at}]) - 1)" for at, weight in enumerate(identity.CREDIT_WEIGHTS, 1))
    base = len(identity.CREDIT_SIGNS)
    return f"({signs})[({base} - ({' + '.join(terms)}) % {base}) % {base} + 1]"


def _resident_flaws(number: str, first: str, check: str) -> str:
    """Return what is wrong with a resident identity number, given its first 17 digits and the digit they call for."""
    birth = f"try_cast({first}[7:10] || '-' || {first}[11:12] || '-' || {first}[13:14] AS DATE)"
    return cases(
        (f"{first} IS NULL", "NULL"),
        (f"NOT {has(first, f'^{identity.AREA}')}", flaw(Flaw.ID_AREA)),
        (f"{birth} IS NULL OR {first}[7:10] < '{identity.EARLIEST}'", flaw(Flaw.ID_BIRTH)),
        (f"length({number}) = {identity.OLD} OR {number}[18] = {check}", "NULL"),
        (f"ends_with({number}, '000')", flaw(Flaw.DIGITS_LOST)),
        other=flaw(Flaw.ID_CHECK),
    )


def number(key: str, cell: str) -> Plan:
    """Return the plan of an identity number; 15 digits are written in 18."""
    bare, first, whole, check, wrong, credit = (f"{key}__{part}" for part in ("b", "f", "n", "d", "x", "u"))
    upper = f"upper({cell})"
    exponent = full(upper, r"\d(?:\.\d+)?E\+?\d{1,2}")
    return Plan(
        stages=(
            {bare: cases((full(cell, "[0-9X]*"), cell), other=f"nullif({sub(upper, identity.DROPPED)}, '')")},
            {
                first: cases(
                    (full(bare, r"\d{17}[\dX]"), f"{bare}[1:17]"),
                    (full(bare, r"\d{15}"), f"{bare}[1:6] || '19' || {bare}[7:]"),
                )
            },
            {
                whole: f"try_cast({first} AS BIGINT)",
                credit: cases(
                    (f"{first} IS NULL AND {full(bare, identity.CREDIT)}", f"{_credit_check(bare)} = {bare}[18]")
                ),
            },
            {check: f"{literal(identity.CHECK)}[({_weighted(whole, identity.WEIGHTS)}) % {identity.MODULUS} + 1]"},
            {wrong: _resident_flaws(bare, first, check)},
            {
                f"{key}__v": cases(
                    (f"{first} IS NOT NULL AND {wrong} IS NULL", f"{first} || {check}"),
                    (f"{first} IS NOT NULL OR {bare} IS NULL", "NULL"),
                    (credit, bare),
                    (f"{credit} IS NULL AND NOT {exponent} AND {full(bare, identity.OTHER)}", bare),
                ),
                f"{key}__w": cases(
                    (f"{first} IS NOT NULL OR {bare} IS NULL", wrong),
                    (credit, "NULL"),
                    (f"{credit} IS NOT NULL", flaw(Flaw.ID_CHECK)),
                    (exponent, flaw(Flaw.DIGITS_LOST)),
                    (full(bare, identity.OTHER), flaw(Flaw.ID_OTHER)),
                    other=flaw(Flaw.ID_FORM),
                ),
            },
        ),
        outputs={key: f"{key}__v"},
        value=f"{key}__v",
        flaw=f"{key}__w",
    )
