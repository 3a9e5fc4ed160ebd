"""Telephone numbers for whole columns (``values.phones``): most cells are one mobile number, the rest is parted."""

from guanxi.foundation.values import phones
from guanxi.foundation.values.flaws import Flaw
from guanxi.intake.services.columns.plan import Plan, cases, flaw, full, has, regex, sub

LANDLINE_AS_IT_IS = r"0(?:10|2\d|[3-9]\d\d)-[1-9]\d{6,7}"
# What a part of a cell is found to be: the first letter of its mark.
MOBILE, LANDLINE, BAD, REMARK = "m", "l", "b", "r"


def _mark() -> str:
    """Return the marks of one part ``p``: a list, since a part may hold several numbers without separator."""
    digits = "replace(p, '-', '')"
    written = {
        phones.PART_SERVICE: (digits, r"\1-\2-\3"),
        phones.PART_LANDLINE: ("p", r"0\1-\2\3-\4"),
        phones.PART_LOCAL: ("p", r"\1\2-\3"),
    }
    service, landline, local = (
        f"['{LANDLINE}' || rtrim(regexp_replace({text}, {regex(f'^(?:{pattern})$')}, '{form}'), '-')]"
        for pattern, (text, form) in written.items()
    )
    mobile = f"['{MOBILE}' || right({digits}, 11)]"
    several = f"list_transform(regexp_extract_all({digits}, {regex(phones.MOBILE)}), lambda n: '{MOBILE}' || n)"
    only = "regexp_replace(p, '[^0-9]', '', 'g')"
    says = f"contains(p, '*') OR length({only}) >= {phones.LEAST_DIGITS}"
    return cases(
        (full(digits, phones.PART_MOBILE), mobile),
        (full(digits, phones.PART_SEVERAL), several),
        (full(digits, phones.PART_SERVICE), service),
        (full("p", phones.PART_LANDLINE), landline),
        (full("p", phones.PART_LOCAL), local),
        (says, f"['{BAD}' || p]"),
        other=f"['{REMARK}' || p]",
    )


def _numbers(marks: str, letter: str) -> str:
    """Return the numbers with one letter, each once, in their order."""
    found = f"list_transform(list_filter({marks}, lambda m: m[1] = '{letter}'), lambda m: m[2:])"
    return f"list_filter({found}, lambda n, i: list_position({found}, n) = i)"


def _wrong(part: str) -> str:
    digits = f"regexp_replace({part}, '[^0-9]', '', 'g')"
    return cases(
        (f"{part} IS NULL", flaw(Flaw.PHONE_FORM)),
        (f"contains({part}, '*')", flaw(Flaw.PHONE_MASKED)),
        (f"starts_with({digits}, '1') AND length({digits}) <> 11", flaw(Flaw.PHONE_LENGTH)),
        (f"length({digits}) BETWEEN {phones.SHORTEST} AND {phones.LONGEST_PART}", flaw(Flaw.PHONE_FORM)),
        other=flaw(Flaw.PHONE_LENGTH),
    )


def _parts(text: str) -> str:
    """Return the parts of a cell, each with single hyphens for its separators."""
    marked = sub(sub(text, phones.EXTENSION, r"\1~\2"), phones.STRONG, "/")
    whole = sub(marked, phones.WHOLE, r"\1/")
    split = f"string_split({whole}, '/')"
    hyphened = f"list_transform({split}, lambda p: trim({sub('p', phones.WEAK + '+', '-')}, '-'))"
    return f"list_filter({hyphened}, lambda p: p <> '')"


def _one(key: str, cell: str) -> tuple[dict[str, str], ...]:
    """Return the stages that tell the cells with a single number: as it is, or behind separators and a country code."""
    exponent = "^" + phones.EXPONENT + "$"
    upper = f"{key}__u"
    groups = [f"regexp_extract({upper}, {regex(exponent)}, {at})" for at in (1, 2, 3)]
    exact = f"length({groups[1]}) = try_cast({groups[2]} AS INT)"
    return (
        {f"{key}__g": full(cell, phones.MOBILE), f"{key}__t0": full(cell, LANDLINE_AS_IT_IS)},
        {
            upper: cases(
                (f"{key}__g OR {key}__t0 OR trim({cell}, '0') = ''", "NULL"),
                other=f"upper({cell})",
            )
        },
        {f"{key}__o": f"nullif(regexp_extract({sub(upper, phones.WEAK)}, {regex('^' + phones.ONE + '$')}, 1), '')"},
        {
            f"{key}__p": cases(
                (f"{key}__o IS NOT NULL", "NULL"),
                (has(upper, exponent), cases((exact, f"{groups[0]} || {groups[1]}"))),
                other=f"regexp_replace({upper}, {regex(phones.FRACTION + '$')}, '')",
            )
        },
    )


def phone(key: str, cell: str) -> Plan:
    """Return the plan of telephone numbers; columns are the first mobile, the first landline, all further ones."""
    plain, parts, marks, mobiles, landlines, bad = (f"{key}__{part}" for part in ("p", "s", "k", "ms", "ls", "b"))
    single = f"{key}__g OR {key}__t0 OR {key}__o IS NOT NULL OR {key}__u IS NULL"
    some = f"{marks} IS NOT NULL"
    return Plan(
        stages=(
            *_one(key, cell),
            {parts: cases((f"{plain} IS NOT NULL", _parts(plain)))},
            {marks: cases((f"{parts} IS NOT NULL", f"flatten(list_transform({parts}, lambda p: {_mark()}))"))},
            {
                mobiles: cases((some, _numbers(marks, MOBILE))),
                landlines: cases((some, _numbers(marks, LANDLINE))),
                bad: cases((some, f"list_filter({marks}, lambda m: m[1] IN ('{BAD}', '{REMARK}'))")),
            },
            {
                f"{key}__m": cases((f"{key}__g", cell), other=f"coalesce({key}__o, {mobiles}[1])"),
                f"{key}__l": cases((f"{key}__t0", cell), other=f"{landlines}[1]"),
                f"{key}__r": cases(
                    (f"len({mobiles}) + len({landlines}) > 1", f"list_concat({mobiles}[2:], {landlines}[2:])"),
                    other="[]::VARCHAR[]",
                ),
            },
            {f"{key}__v": f"coalesce({key}__m, {key}__l)"},
            {
                f"{key}__w": cases(
                    (single, "NULL"),
                    (f"{plain} IS NULL", flaw(Flaw.DIGITS_LOST)),
                    (f"{key}__v IS NULL", _wrong(f"{bad}[1][2:]")),
                    (f"len(list_filter({bad}, lambda m: m[1] = '{BAD}')) > 0", flaw(Flaw.PHONE_PART)),
                ),
            },
        ),
        outputs={key: f"{key}__m", f"{key}_landline": f"{key}__l", f"{key}_more": f"{key}__r"},
        value=f"{key}__v",
        flaw=f"{key}__w",
    )
