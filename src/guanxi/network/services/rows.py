"""One row of a network sheet: its columns, and what it says of a place."""

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from guanxi.network.models import Node, OutletProfile
from guanxi.network.states import Kind

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
    "sales_hours": ("销售营业时间", "sales hours"),
    "service_hours": ("服务营业时间", "营业时间", "service hours", "opening hours"),
    "services": ("服务项目", "提供服务", "services"),
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
YES = {"是", "y", "yes", "true", "1", "√", "✓", "有", "√ "}
NO = {"", "否", "n", "no", "false", "0", "×", "无", "-", "—"}
LENGTHS = {
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
    sales_hours: str
    service_hours: str
    services: list[str]
    columns: list[str]

    def as_json(self) -> dict[str, Any]:
        values = asdict(self)
        for name in ("latitude", "longitude", "valid_from"):
            values[name] = None if values[name] is None else str(values[name])
        return values

    def as_trail(self) -> dict[str, Any]:
        """Return what the row says of the place, for the audit trail: no sheet matters, nothing empty."""
        said = self.as_json().items()
        return {name: value for name, value in said if value and name not in {"number", "columns"}}

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
        """Return what a stored place says of the fields that this sheet has; others are left alone."""
        facts = {"name_zh": node.name_zh, "name_en": node.name_en}
        if node.kind == Kind.OUTLET:
            facts |= {name: getattr(node.profile, name) for name in PROFILE_FIELDS}
        return {name: value for name, value in facts.items() if name in self.columns}

    def offers(self) -> dict[str, Any]:
        """Return what the row says of hours and services."""
        return {name: getattr(self, name) for name in ("sales_hours", "service_hours", "services")}

    def differs(self, node: Node) -> bool:
        return any(getattr(self, name) != value for name, value in self.facts_of(node).items())

    def write_to(self, node: Node) -> None:
        for name in self.facts_of(node):
            target = node if name in {"name_zh", "name_en"} else node.profile
            setattr(target, name, getattr(self, name))


def template() -> list[list[str]]:
    """Return the headings and two example rows of an empty sheet."""
    names = [field.name for field in fields(Row) if field.name not in {"number", "columns"}]
    example = {
        "code": "DEMO-OUTLET-1", "kind": "网点", "name_zh": "示例门店", "name_en": "Example outlet",
        "parent": "DEMO-OFFICE-1", "valid_from": "2026-01-01", "sells": "是", "serves": "是", "is_key": "否",
        "province": "31", "city_zh": "上海", "city_en": "Shanghai",
        "sales_hours": "08:30-18:00", "service_hours": "周一至周五 08:30-12:00, 13:30-18:00; 周六 09:00-16:00",
    }  # fmt: skip
    return [[SYNONYMS[name][0] for name in names], [example.get(name, "") for name in names]]
