"""Reading a network sheet: which column is which, and what is wrong with each row."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from guanxi.foundation.errors import Invalid, Problem
from guanxi.network import policy
from guanxi.network.services import rows
from guanxi.network.states import Kind, PartnerType, UnitType


@dataclass(frozen=True)
class Found:
    rows: list[rows.Row]
    problems: list[Problem]


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return re.sub(r"[\u200b-\u200f\ufeff]", "", str(value if value is not None else "")).replace("\u3000", " ").strip()


def _headings(sheet: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]]:
    """Find the heading row among the first twenty: the first that names code, kind, name and parent.

    :raises Invalid: there is none.
    """
    names = {synonym: field for field, synonyms in rows.SYNONYMS.items() for synonym in synonyms}
    for number, cells in enumerate(sheet[:20]):
        found: dict[str, int] = {}
        for position, cell in enumerate(cells):
            field = names.get(_text(cell).lower().rstrip("*").strip())
            if field and field not in found:
                found[field] = position
        if {"code", "kind", "name_zh", "parent"} <= set(found):
            return number, found
    message = _("No heading row with code, kind, name and parent code was found in the first twenty rows.")
    raise Invalid(message, field="file")


def read(sheet: Sequence[Sequence[Any]]) -> Found:
    """Return the rows of a sheet and what is wrong with them; empty rows are passed over.

    :raises Invalid: no heading row is found.
    """
    top, columns = _headings(sheet)
    found: list[rows.Row] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for number, cells in enumerate(sheet[top + 1 :], start=top + 2):
        if not any(_text(cell) for cell in cells):
            continue
        reader = _Reader(number, {name: cells[at] if at < len(cells) else None for name, at in columns.items()})
        row = reader.row()
        if row is not None and row.code in seen:
            reader.say("code", _("The code stands in row %(row)s already.") % {"row": seen[row.code]})
            row = None
        problems += reader.problems
        if row is not None:
            seen[row.code] = number
            found.append(row)
    return Found(found, problems)


class _Reader:
    """Reads one row and collects what is wrong with it."""

    def __init__(self, number: int, cells: Mapping[str, Any]) -> None:
        self.number = number
        self.cells = cells
        self.problems: list[Problem] = []

    def say(self, name: str, message: str) -> None:
        value = _text(self.cells.get(name))
        self.problems.append(Problem(message, row=self.number, column=rows.SYNONYMS[name][0], value=value[:80]))

    def text(self, name: str, *, needed: bool = False) -> str:
        value = _text(self.cells.get(name))
        if needed and not value:
            self.say(name, _("This cell is empty."))
        if len(value) > rows.LENGTHS.get(name, 200):
            self.say(name, _("Longer than %(most)s characters.") % {"most": rows.LENGTHS.get(name, 200)})
        return value

    def code(self, name: str) -> str:
        value = self.text(name, needed=True).upper()
        if value and not re.fullmatch(r"[A-Z0-9][A-Z0-9._-]*", value):
            self.say(name, _("The code is made of capital letters, digits, dot and hyphen."))
        return value

    def yes(self, name: str) -> bool:
        value = _text(self.cells.get(name)).lower()
        if value not in rows.YES | rows.NO:
            self.say(name, _("Say yes or no."))
        return value in rows.YES

    def number_of(self, name: str, least: int, most: int) -> Decimal | None:
        value = _text(self.cells.get(name))
        if not value:
            return None
        try:
            number = Decimal(value).quantize(Decimal("0.000001"))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            self.say(name, _("This is not a number."))
            return None
        if not least <= number <= most:
            self.say(name, _("Must lie between %(least)s and %(most)s.") % {"least": least, "most": most})
        return number

    def whole(self, name: str, least: int, most: int) -> int | None:
        number = self.number_of(name, least, most)
        if number is not None and number != int(number):
            self.say(name, _("This is not a whole number."))
        return None if number is None else int(number)

    def hours(self, name: str) -> str:
        value = _text(self.cells.get(name))
        try:
            policy.read_week(value)
        except ValueError:
            self.say(name, _("Write hours like 08:30-18:00, or with days: 周一至周五 08:30-18:00; 周六 09:00-16:00."))
        return value

    def codes(self, name: str) -> list[str]:
        return sorted(
            {part.strip().upper() for part in re.split(r"[,，、;；]", _text(self.cells.get(name))) if part.strip()}
        )

    def day(self, name: str) -> datetime.date:
        value = self.cells.get(name)
        if isinstance(value, datetime.datetime):
            return value.date()
        if isinstance(value, datetime.date):
            return value
        match = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?", _text(value))
        try:
            if match:
                return datetime.date(*(int(part) for part in match.groups()))
        except ValueError:
            match = None
        self.say(name, _("This is not a date: write 2026-01-31."))
        return datetime.date.min

    def function(self, kind: str) -> str:
        value = _text(self.cells.get("function"))
        known = {**{str(item.label): item.value for item in (*PartnerType, *UnitType)}}
        value = str(known.get(value, value.upper()))
        allowed = {Kind.PARTNER: PartnerType.values, Kind.UNIT: UnitType.values}.get(Kind(kind))
        if allowed is not None and value not in allowed:
            self.say("function", _("Choose one of: %(choices)s") % {"choices": ", ".join(allowed)})
        return value[:40]

    def kind(self) -> str:
        value = rows.KINDS.get(self.text("kind", needed=True).lower(), "")
        if not value and _text(self.cells.get("kind")):
            self.say("kind", _("Unknown kind of place."))
        if value == Kind.GROUP:
            self.say("kind", _("The group itself is not imported."))
        return value

    def row(self) -> rows.Row | None:
        """Return the row, or None if anything in it cannot be accepted."""
        kind = self.kind()
        is_outlet = kind == Kind.OUTLET
        latitude, longitude = self.number_of("latitude", -90, 90), self.number_of("longitude", -180, 180)
        row = rows.Row(
            number=self.number, code=self.code("code"), kind=kind, name_zh=self.text("name_zh", needed=True),
            name_en=self.text("name_en"), parent=self.code("parent"), function=self.function(kind) if kind else "",
            valid_from=self.day("valid_from"), sells=self.yes("sells"), serves=self.yes("serves"),
            is_key=self.yes("is_key"), province=self.text("province"), city_zh=self.text("city_zh"),
            city_en=self.text("city_en"), address=self.text("address"), phone=self.text("phone"),
            hotline=self.text("hotline"), latitude=latitude, longitude=longitude,
            service_radius_km=self.whole("service_radius_km", 0, 1000), sales_hours=self.hours("sales_hours"),
            service_hours=self.hours("service_hours"), services=self.codes("services"), columns=sorted(self.cells),
        )  # fmt: skip
        if is_outlet and not (row.sells or row.serves):
            self.say("sells", _("An outlet sells or serves, or both."))
        given = [bool(_text(self.cells.get(name))) for name in ("latitude", "longitude")]
        if given[0] != given[1]:
            self.say("latitude", _("Give latitude and longitude together."))
        if row.province and not re.fullmatch(r"[1-8]\d", row.province):
            self.say("province", _("A province code has two digits, such as 31."))
        return None if self.problems else row
