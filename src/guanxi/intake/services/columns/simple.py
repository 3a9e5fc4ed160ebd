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


def _check(vin: str) -> str:
    """Return the check digit that a well-formed VIN should carry, computed from its characters' codes.

    A to R count 1 to 9 twice and S to Z 2 to 9, as in ``vins.VALUES``.
    """
    terms = []
    for at, weight in enumerate(vins.WEIGHTS, 1):
        sign = f"ascii({vin}[{at}])"
        worth = f"CASE WHEN {sign} < 65 THEN {sign} - 48 ELSE ({sign} - 65) % 9 + 1 + ({sign} >= 83)::INT END"
        if weight:
            terms.append(f"{weight} * ({worth})")
    return f"('0123456789X')[({' + '.join(terms)}) % {vins.MODULUS} + 1]"


def vin(key: str, cell: str) -> Plan:
    """Return the plan of a VIN."""
    bare, seen, check = f"{key}__b", f"{key}__v", f"{key}__d"
    wrong = f"{key}__x"
    return Plan(
        stages=(
            {bare: cases((full(cell, "[A-Z0-9]*"), cell), other=f"nullif({sub(f'upper({cell})', vins.DROPPED)}, '')")},
            {
                wrong: cases(
                    (f"length({bare}) <> {vins.LENGTH}", flaw(Flaw.VIN_LENGTH)),
                    (has(bare, "[IOQ]"), flaw(Flaw.VIN_LETTER)),
                    (f"NOT {full(bare, '[A-Z0-9]*')}", flaw(Flaw.VIN_CHARACTER)),
                )
            },
            {seen: cases((f"{wrong} IS NULL", bare))},
            {check: cases((f"{seen} IS NOT NULL", _check(seen)))},
            {f"{key}__w": cases((f"{check} <> {seen}[{vins.CHECK_AT + 1}]", flaw(Flaw.VIN_CHECK)), other=wrong)},
        ),
        outputs={key: seen},
        value=seen,
        flaw=f"{key}__w",
    )


def plate(key: str, cell: str) -> Plan:
    """Return the plan of a number plate."""
    bare, good = f"{key}__b", f"{key}__g"
    plain = f"[{plates.PROVINCES}A-Z0-9]*"
    kept = f"nullif({sub(f'upper({cell})', plates.DROPPED)}, '')"
    none_yet = plan.among(bare, plates.NONE_YET)
    office = f"^(?:[{plates.PROVINCES}][A-Z]|WJ|使|[0-9]{{6}}使)"
    return Plan(
        stages=(
            {bare: cases((full(cell, plain), cell), other=kept)},
            {good: full(bare, plates.FORM)},
            {
                f"{key}__v": cases((good, bare)),
                f"{key}__w": cases(
                    (f"{good} OR {none_yet}", "NULL"),
                    (f"NOT {has(bare, office)}", flaw(Flaw.PLATE_PROVINCE)),
                    (has(f"{bare}[3:]", "[IO]"), flaw(Flaw.PLATE_LETTER)),
                    (f"{bare} IS NOT NULL", flaw(Flaw.PLATE_FORM)),
                ),
            },
        ),
        outputs={key: f"{key}__v"},
        value=f"{key}__v",
        flaw=f"{key}__w",
    )
