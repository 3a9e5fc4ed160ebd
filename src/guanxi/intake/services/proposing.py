"""Proposing what a sheet is: its kind, and which column is which field."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from guanxi.foundation import divisions
from guanxi.foundation.values import dates, distances, identity, money, names, numerals, phones, plates, texts, vins
from guanxi.intake.policy import headings, matching
from guanxi.intake.policy.matching import Marks
from guanxi.intake.services.columns.distinct import spelling
from guanxi.intake.services.kinds import Field, Kind, Need, Shape
from guanxi.intake.services.sheets import SheetInfo

# How telling the values of a shape are; words are not, and an amount looks like every other number.
TELLING = {
    Shape.VIN: 1.0, Shape.ID_NUMBER: 1.0, Shape.PLATE: 1.0, Shape.PHONE: 0.9, Shape.DIVISION: 0.9, Shape.CODE: 0.8,
    Shape.DATE: 0.5, Shape.NAME: 0.45,
}  # fmt: skip
# Shapes that tell a field by themselves: of dates and amounts a sheet has several.
ALONE = {Shape.VIN, Shape.ID_NUMBER, Shape.PLATE, Shape.PHONE, Shape.DIVISION, Shape.CODE, Shape.NAME}
WEIGHTS = {Need.REQUIRED: 4.0, Need.EXPECTED: 2.0, Need.WARN: 1.5, Need.SILENT: 1.0}
LONGEST = 200  # characters of a value that may be one of these


@dataclass(frozen=True)
class Proposal:
    """What a sheet most likely is. ``score`` is between 0 and 1; a person decides."""

    kind_key: str
    mapping: Mapping[str, int]
    score: float
    unused: tuple[int, ...]
    missing: tuple[str, ...]


def propose(sheet: SheetInfo, kinds: Iterable[Kind]) -> Proposal | None:
    """Return the best proposal among some kinds of files; None if none fits at all."""
    columns = _columns(sheet)
    found = [_proposal(kind, sheet, columns) for kind in kinds]
    best = max(found, key=lambda proposal: proposal.score, default=None)
    return best if best and best.mapping else None


def _columns(sheet: SheetInfo) -> list[list[str]]:
    """Return the values of each column in the sample, without the empty ones."""
    below = sheet.sample[sheet.header_row :]
    return [[value for row in below if (value := texts.cell(row[at]))] for at in range(sheet.columns)]


def _proposal(kind: Kind, sheet: SheetInfo, columns: Sequence[Sequence[str]]) -> Proposal:
    marks = {
        (field.key, at): _marks(field, sheet.headings[at], values)
        for field in kind.fields
        for at, values in enumerate(columns)
    }
    found = matching.assign(marks, {field.key: place for place, field in enumerate(kind.fields)})
    most = sum(WEIGHTS[field.need] for field in kind.fields)
    reached = sum(WEIGHTS[field.need] * min(1.0, found[field.key][1]) for field in kind.fields if field.key in found)
    missing = tuple(key for key in kind.required if key not in found)
    said = [at for at in range(sheet.columns) if columns[at] or sheet.headings[at]]
    share = len(found) / max(1, len(said))
    lacking = len(missing) / max(1, len(kind.required))
    score = (0.5 * reached / most + 0.5 * share) * (1 - 0.6 * lacking)
    taken = {column for column, _score in found.values()}
    return Proposal(
        kind_key=kind.key,
        mapping={key: column for key, (column, _score) in found.items()},
        score=round(score, 3),
        unused=tuple(at for at in said if at not in taken),
        missing=missing,
    )


def _marks(field: Field, heading: str, values: Sequence[str]) -> Marks:
    share = _share(field, values)
    likeness = _likeness(field, heading)
    telling = TELLING.get(field.shape, 0.0)
    if likeness < matching.LIKELY and field.shape not in ALONE:
        telling = 0.0
    return Marks(likeness, share, telling)


def _likeness(field: Field, heading: str) -> float:
    """Return how like a heading is to the field's: the whole, or the part below a heading over several columns."""
    whole, own = headings.normal(heading), headings.normal(heading.rpartition(headings.BETWEEN)[2])
    known = [headings.normal(synonym) for synonym in field.synonyms]
    best = max((headings.likeness(whole, synonym) for synonym in known), default=0.0)
    if own != whole:
        best = max(best, *(headings.likeness(own, synonym) * 0.98 for synonym in known))
    return best


def _share(field: Field, values: Sequence[str]) -> float | None:
    """Return the share of the values that the field's rule reads; None where there are none, or any text will do."""
    accepts = _rule(field)
    if not values or accepts is None:
        return None
    return sum(1 for value in values if len(value) <= LONGEST and accepts(value)) / len(values)


def _rule(field: Field) -> Callable[[str], bool] | None:
    if field.shape == Shape.PHONE and field.need in {Need.REQUIRED, Need.EXPECTED}:
        return _is_mobile
    if field.shape == Shape.CODE:
        return partial(_is_code, {spelling(word) for word in field.codes})
    if field.shape == Shape.DIVISION:
        return partial(_is_division, field.level or divisions.Level.PROVINCE)
    return _RULES.get(field.shape)


def _is_mobile(value: str) -> bool:
    read = phones.clean(value).value
    return read is not None and read.mobile is not None


def _is_code(words: set[str], value: str) -> bool:
    # a lone digit is a code in many lists and tells nothing
    return not value.isdecimal() and spelling(value) in words


def _is_division(level: divisions.Level, value: str) -> bool:
    found = divisions.find(value.replace(" ", ""), level)
    direct = level == divisions.Level.CITY and divisions.find(value, divisions.Level.PROVINCE)
    return bool(found or (direct and direct[0].code in divisions.DIRECT))


def _is_name(value: str) -> bool:
    read = names.clean(value).value
    return read is not None and (names.is_company(read) or names.is_person(read))


_RULES: Mapping[Shape, Callable[[str], bool]] = {
    Shape.NAME: _is_name,
    Shape.VIN: lambda value: vins.clean(value).value is not None,
    Shape.PLATE: lambda value: plates.clean(value).value is not None,
    Shape.ID_NUMBER: lambda value: identity.clean(value).value is not None,
    Shape.PHONE: lambda value: phones.clean(value).value is not None,
    Shape.DATE: lambda value: dates.clean(value).value is not None,
    Shape.MONEY: lambda value: money.clean(value).value is not None,
    Shape.KM: lambda value: distances.clean(value).value is not None,
    Shape.NUMBER: lambda value: numerals.clean(value).value is not None,
}
