"""The invented people: a cast with known sign-ins, and staff for every outlet."""

from collections.abc import Iterator
from dataclasses import dataclass

PASSWORD = "guanxi-demo-2026"  # noqa: S105 -- printed at start and shown on the sign-in page of a demonstration
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = (
    "伟", "芳", "秀英", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀兰",
    "霞", "平", "刚", "桂英", "晓燕", "子涵", "佳怡", "浩然", "梓萱", "思远", "嘉豪", "诗琪", "鹏飞", "志强", "静怡",
    "文博", "雨桐", "宇轩", "欣怡", "俊杰", "晨曦", "若兰",
)  # fmt: skip


@dataclass(frozen=True)
class Member:
    """One of the cast: who, which role, where (a code of the network)."""

    username: str
    name: str
    role: str
    node: str


CAST = (
    Member("hq", "陈思敏", "hq_administrator", "YUNLING"),
    Member("planner", "林晓彤", "cr_planner", "HQ-CS"),
    Member("auditor", "韩文博", "auditor", "YUNLING"),
    Member("supervisor", "何佳", "call_centre_supervisor", "CALL"),
    Member("agent", "周凯", "call_centre_agent", "CALL"),
    Member("branch", "郑宇", "branch_manager", "YL-HD"),
    Member("office", "许若兰", "market_office_manager", "YL-HD-31"),
    Member("gm", "沈建国", "general_manager", "YLHD001"),
    Member("admin", "吕晨曦", "outlet_administrator", "YLHD001"),
    Member("crm", "曾雨桐", "cr_manager", "YLHD001"),
    Member("callback", "彭静怡", "follow_up_agent", "YLHD001-CR"),
    Member("relations", "苏静", "customer_representative", "YLHD001"),
    Member("saleslead", "魏明", "sales_manager", "YLHD001"),
    Member("showroom", "董俊杰", "showroom_manager", "YLHD001"),
    Member("sales", "邓子涵", "sales_consultant", "YLHD001"),
    Member("service", "程志强", "service_manager", "YLHD001"),
    Member("advisor", "曹浩然", "service_advisor", "YLHD001"),
    Member("technician", "袁刚", "technician", "YLHD001"),
    Member("parts", "唐敏", "parts_clerk", "YLHD001"),
    Member("rescue", "冯磊", "rescue_partner", "P-SOS"),
)
_STAFF = (
    "general_manager", "outlet_administrator", "cr_manager", "sales_manager", "sales_consultant", "sales_consultant",
    "service_manager", "service_advisor", "technician",
)  # fmt: skip
_RELATIONS = ("customer_representative", "follow_up_agent")


def staff(outlets: list[str]) -> Iterator[Member]:
    """Return eleven people for each outlet, the same at every start."""
    posts = [(outlet, role) for roles in (_STAFF, _RELATIONS) for outlet in outlets for role in roles]
    for number, (outlet, role) in enumerate(posts, 1):
        surname = _SURNAMES[number * 7 % len(_SURNAMES)]
        given = _GIVEN[(number * 13 + number // len(_GIVEN)) % len(_GIVEN)]
        yield Member(f"{outlet.lower()}.{number:04d}", surname + given, role, outlet)
