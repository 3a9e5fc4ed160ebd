"""Names, VINs and plates for whole columns (``values.names``, ``values.vins``, ``values.plates``)."""

from guanxi.foundation.values import names, plates, texts, vins
from guanxi.foundation.values.flaws import Flaw
from guanxi.intake.services.columns import plan
from guanxi.intake.services.columns.plan import Plan, cases, flaw, full, has, sub


def name(key: str, cell: str) -> Plan:
    """Return the plan of a name; the column ``<key>_is_company`` tells an organisation."""
    spaced, plain = f"{key}__s", f"{key}__v"
    close = sub(sub(sub(cell, f"[{texts.DOTS}]", "·"), " +", " "), f" *([{names.HAN}()·]) *", r"\1")
    ending = f"[{names.LAST}](?:[(][^()]*[)])?$"
    company = (
        f"regexp_matches({plain}, {plan.regex(names.WESTERN)}, 'i')"
        f" OR (length({plain}) >= {names.SHORTEST} AND {has(plain, names.ORGANISATION)})"
        f" OR (length({plain}) >= {names.SHORTEST_LAST} AND {has(plain, ending)})"
    )
    return Plan(
        stages=(
            {spaced: cases((has(cell, f"[ {texts.DOTS}]"), close), other=cell)},
            {
                f"{key}__w": cases(
                    (full(spaced, names.NO_NAME), flaw(Flaw.NAME_NUMBER)),
                    (f"length({spaced}) > {names.LONGEST}", flaw(Flaw.TEXT_LONG)),
                    (plan.damaged(spaced, texts.DAMAGED), flaw(Flaw.TEXT_DAMAGED)),
                )
            },
            {
                plain: cases(
                    (plan.among(f"{key}__w", [Flaw.NAME_NUMBER, Flaw.TEXT_LONG]), "NULL"),
                    other=f"nullif({spaced}, '')",
                )
            },
            {f"{key}__y": company},
        ),
        outputs={key: plain, f"{key}_is_company": f"{key}__y"},
        value=plain,
        flaw=f"{key}__w",
    )


# The place of a character in this line, without its tens, is its worth: the same as ``vins.VALUES``.
_WORTHS = "1234567890ABCDEFGH..JKLMN.P.R..STUVWXYZ"


def _check(vin: str) -> str:
    """Return the check digit that a well-formed VIN should carry."""
    terms = (
        f"{weight} * (strpos('{_WORTHS}', substring({vin}, {at}, 1)) % 10)"
        for at, weight in enumerate(vins.WEIGHTS, 1)
        if weight
    )
    return f"substring('0123456789X', ({' + '.join(terms)}) % {vins.MODULUS} + 1, 1)"


def vin(key: str, cell: str) -> Plan:
    """Return the plan of a VIN."""
    good, bare, seen, check = (f"{key}__{part}" for part in ("g", "b", "v", "d"))
    formed = "[A-HJ-NPR-Z0-9]{17}"
    return Plan(
        stages=(
            {good: full(cell, formed)},
            {bare: cases((f"NOT {good}", f"nullif({sub(f'upper({cell})', vins.DROPPED)}, '')"))},
            {seen: cases((good, cell), (full(bare, formed), bare))},
            {check: cases((f"{seen} IS NOT NULL", _check(seen)))},
            {
                f"{key}__w": cases(
                    (f"{check} <> substring({seen}, {vins.CHECK_AT + 1}, 1)", flaw(Flaw.VIN_CHECK)),
                    (f"{seen} IS NOT NULL OR {bare} IS NULL", "NULL"),
                    (f"length({bare}) <> {vins.LENGTH}", flaw(Flaw.VIN_LENGTH)),
                    (has(bare, "[IOQ]"), flaw(Flaw.VIN_LETTER)),
                    other=flaw(Flaw.VIN_CHARACTER),
                )
            },
        ),
        outputs={key: seen},
        value=seen,
        flaw=f"{key}__w",
    )


def plate(key: str, cell: str) -> Plan:
    """Return the plan of a number plate."""
    good, bare, again = (f"{key}__{part}" for part in ("g", "b", "a"))
    office = f"^(?:[{plates.PROVINCES}][A-Z]|WJ|使|[0-9]{{6}}使)"
    return Plan(
        stages=(
            {good: full(cell, plates.FORM)},
            {bare: cases((f"NOT {good}", f"nullif({sub(f'upper({cell})', plates.DROPPED)}, '')"))},
            {again: full(bare, plates.FORM)},
            {
                f"{key}__v": cases((good, cell), (again, bare)),
                f"{key}__w": cases(
                    (f"{bare} IS NULL OR {again} OR {plan.among(bare, plates.NONE_YET)}", "NULL"),
                    (f"NOT {has(bare, office)}", flaw(Flaw.PLATE_PROVINCE)),
                    (has(f"{bare}[3:]", "[IO]"), flaw(Flaw.PLATE_LETTER)),
                    other=flaw(Flaw.PLATE_FORM),
                ),
            },
        ),
        outputs={key: f"{key}__v"},
        value=f"{key}__v",
        flaw=f"{key}__w",
    )
