"""Reading a network sheet: which column is which, and what each row says."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from guanxi.foundation.errors import Invalid, Problem
from guanxi.network.models import Node, OutletProfile
from guanxi.network.states import Kind, PartnerType, UnitType

CODE, KIND, NAME, ENGLISH, PARENT = "编码", "类型", "中文名称", "英文名称", "上级编码"
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "code": (CODE, "代码", "网点编码", "门店编码", "经销商代码", "服务站代码", "code", "dealer code"),
    "kind": (KIND, "节点类型", "级别", "kind", "type"),
    "name_zh": (NAME, "名称", "网点名称", "门店名称", "经销商名称", "简称", "chinese name", "name"),
    "name_en": (ENGLISH, "英文名", "english name"),
    "parent": (PARENT, "上级", "上级代码", "所属编码", "所属机构编码", "parent", "parent code"),
    "function": ("职能", "功能", "function"),
    "valid_from": ("开业日期", "启用日期", "生效日期", "open from", "valid from"),
    "sells": ("销售", "是否销售", "销售功能", "sales"),
    "serves": ("服务", "售后", "是否服务", "服务功能", "service"),
    "is_key": ("重点", "重点网点", "重点服务站", "重点服务商", "key outlet", "key"),
    "province": ("省份代码", "省代码", "province code"),
    "city_zh": ("城市", "市", "city", "city (chinese)"),
    "city_en": ("城市英文", "city (english)"),
    "address": ("地址", "详细地址", "address"),
    "phone": ("电话", "联系电话", "销售电话", "phone", "telephone"),
    "hotline": ("服务热线", "售后热线", "24小时热线", "hotline"),
    "latitude": ("纬度", "latitude", "lat"),
    "longitude": ("经度", "longitude", "lon", "lng"),
    "service_radius_km": ("服务半径", "服务半径(公里)", "service radius", "service radius (km)"),
}
KINDS: Mapping[str, str] = {
    "集团": Kind.GROUP, "品牌": Kind.BRAND, "总部部门": Kind.DEPARTMENT, "部门": Kind.DEPARTMENT,
    "呼叫中心": Kind.CALL_CENTRE, "客服中心": Kind.CALL_CENTRE, "分公司": Kind.BRANCH, "大区": Kind.BRANCH,
    "市场部": Kind.MARKET_OFFICE, "小区": Kind.MARKET_OFFICE, "网点": Kind.OUTLET, "门店": Kind.OUTLET,
    "经销商": Kind.OUTLET, "服务商": Kind.OUTLET, "4s店": Kind.OUTLET, "网点部门": Kind.UNIT,
    "合作伙伴": Kind.PARTNER,
    **{kind.lower(): kind for kind in Kind.values}, **{kind.lower().replace("_", " "): kind for kind in Kind.values},
}  # fmt: skip
PROFILE_FIELDS = (
    "sells", "serves", "is_key", "province", "city_zh", "city_en", "address", "phone", "hotline", "latitude",
    "longitude", "service_radius_km",
)  # fmt: skip
_YES = {"是", "y", "yes", "true", "1", "√", "✓", "有", "√ "}
_NO = {"", "否", "n", "no", "false", "0", "×", "无", "-", "—"}
_LENGTHS = {
    "code": 20,
    "name_zh": 120,
    "name_en": 160,
    "city_zh": 40,
    "city_en": 60,
    "address": 200,
    "phone": 30,
    "hotline": 30,
}


@dataclass
class Row:
    """One place as a sheet describes it; ``number`` is the row of the sheet."""

    number: int
    code: str
    kind: str
    name_zh: str
    name_en: str
    parent: str
    function: str
    valid_from: datetime.date
    sells: bool
    serves: bool
    is_key: bool
    province: str
    city_zh: str
    city_en: str
    address: str
    phone: str
    hotline: str
    latitude: Decimal | None
    longitude: Decimal | None
    service_radius_km: int | None

    def as_json(self) -> dict[str, Any]:
        values = asdict(self)
        for name in ("latitude", "longitude", "valid_from"):
            values[name] = None if values[name] is None else str(values[name])
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Row":
        exact = {name: Decimal(values[name]) if values[name] else None for name in ("latitude", "longitude")}
        day = datetime.date.fromisoformat(values["valid_from"])
        return cls(**{**values, **exact, "valid_from": day})

    def node(self, pk: int) -> Node:
        return Node(
            id=pk, code=self.code, kind=self.kind, function=self.function, name_zh=self.name_zh,
            name_en=self.name_en, valid_from=self.valid_from,
        )  # fmt: skip

    def profile(self, pk: int) -> OutletProfile:
        return OutletProfile(node_id=pk, **{name: getattr(self, name) for name in PROFILE_FIELDS})

    def facts_of(self, node: Node) -> dict[str, Any]:
        """Return what a stored place says of the fields that a sheet may change."""
        facts = {"name_zh": node.name_zh, "name_en": node.name_en}
        if node.kind == Kind.OUTLET:
            facts |= {name: getattr(node.profile, name) for name in PROFILE_FIELDS}
        return facts

    def differs(self, node: Node) -> bool:
        return any(getattr(self, name) != value for name, value in self.facts_of(node).items())

    def write_to(self, node: Node) -> None:
        for name in self.facts_of(node):
            target = node if name in {"name_zh", "name_en"} else node.profile
            setattr(target, name, getattr(self, name))


@dataclass(frozen=True)
class Found:
    rows: list[Row]
    problems: list[Problem]


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return re.sub(r"[\u200b-\u200f\ufeff]", "", str(value if value is not None else "")).replace("\u3000", " ").strip()


def _headings(sheet: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]]:
    """Find the heading row among the first twenty: the first that names code, kind, name and parent.

    :raises Invalid: there is none.
    """
    names = {synonym: field for field, synonyms in SYNONYMS.items() for synonym in synonyms}
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
    rows: list[Row] = []
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
            rows.append(row)
    return Found(rows, problems)


class _Reader:
    """Reads one row and collects what is wrong with it."""

    def __init__(self, number: int, cells: Mapping[str, Any]) -> None:
        self.number = number
        self.cells = cells
        self.problems: list[Problem] = []

    def say(self, name: str, message: str) -> None:
        value = _text(self.cells.get(name))
        self.problems.append(Problem(message, row=self.number, column=SYNONYMS[name][0], value=value[:80]))

    def text(self, name: str, *, needed: bool = False) -> str:
        value = _text(self.cells.get(name))
        if needed and not value:
            self.say(name, _("This cell is empty."))
        if len(value) > _LENGTHS.get(name, 200):
            self.say(name, _("Longer than %(most)s characters.") % {"most": _LENGTHS.get(name, 200)})
        return value

    def code(self, name: str) -> str:
        value = self.text(name, needed=True).upper()
        if value and not re.fullmatch(r"[A-Z0-9][A-Z0-9._-]*", value):
            self.say(name, _("The code is made of capital letters, digits, dot and hyphen."))
        return value

    def yes(self, name: str) -> bool:
        value = _text(self.cells.get(name)).lower()
        if value not in _YES | _NO:
            self.say(name, _("Say yes or no."))
        return value in _YES

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
        value = KINDS.get(self.text("kind", needed=True).lower(), "")
        if not value and _text(self.cells.get("kind")):
            self.say("kind", _("Unknown kind of place."))
        if value == Kind.GROUP:
            self.say("kind", _("The group itself is not imported."))
        return value

    def row(self) -> Row | None:
        """Return the row, or None if anything in it cannot be accepted."""
        kind = self.kind()
        is_outlet = kind == Kind.OUTLET
        latitude, longitude = self.number_of("latitude", -90, 90), self.number_of("longitude", -180, 180)
        radius = self.number_of("service_radius_km", 0, 1000)
        row = Row(
            number=self.number, code=self.code("code"), kind=kind, name_zh=self.text("name_zh", needed=True),
            name_en=self.text("name_en"), parent=self.code("parent"), function=self.function(kind) if kind else "",
            valid_from=self.day("valid_from"), sells=self.yes("sells"), serves=self.yes("serves"),
            is_key=self.yes("is_key"), province=self.text("province"), city_zh=self.text("city_zh"),
            city_en=self.text("city_en"), address=self.text("address"), phone=self.text("phone"),
            hotline=self.text("hotline"), latitude=latitude, longitude=longitude,
            service_radius_km=None if radius is None else int(radius),
        )  # fmt: skip
        if is_outlet and not (row.sells or row.serves):
            self.say("sells", _("An outlet sells or serves, or both."))
        if (latitude is None) != (longitude is None):
            self.say("latitude", _("Give latitude and longitude together."))
        if row.province and not re.fullmatch(r"[1-8]\d", row.province):
            self.say("province", _("A province code has two digits, such as 31."))
        return None if self.problems else row


def template() -> list[list[str]]:
    """Return the headings and two example rows of an empty sheet."""
    names = [field.name for field in fields(Row) if field.name != "number"]
    example = {
        "code": "DEMO-OUTLET-1", "kind": "网点", "name_zh": "示例门店", "name_en": "Example outlet",
        "parent": "DEMO-OFFICE-1", "valid_from": "2026-01-01", "sells": "是", "serves": "是", "is_key": "否",
        "province": "31", "city_zh": "上海", "city_en": "Shanghai",
    }  # fmt: skip
    return [[SYNONYMS[name][0] for name in names], [example.get(name, "") for name in names]]
