"""What a sheet is and what its columns mean: other headings, other orders, none at all."""

import csv
import io

import pytest

from guanxi.intake.services import kinds, proposing
from guanxi.intake.services.kinds import Field, Kind, Need, Shape

PEOPLE = [
    [
        "张伟",
        "13812345678",
        "LFV2A1159C3567437",
        "湘A12345",
        "2024-01-05",
        "430102196610073991",
        "128000",
        "湖南省",
        "长沙市",
    ],
    [
        "王芳",
        "13912345678",
        "1M8GDM9AXKP042788",
        "湘AD12345",
        "2024-01-06",
        "430102196801243471",
        "98000",
        "湖南省",
        "长沙市",
    ],
    [
        "欧阳娜娜",
        "13712345678",
        "LVBV3J0BXLW010382",
        "京A12345",
        "2024-01-07",
        "430102199412127817",
        "88000",
        "北京市",
        "北京市",
    ],
]
KEYS = ["name", "mobile", "vin", "plate", "sold_on", "id_number", "price", "province", "city"]


@pytest.fixture
def propose(read):
    """A function that proposes for a table; returns the proposal."""

    def of(*rows):
        buffer = io.StringIO()
        csv.writer(buffer).writerows(rows)
        return proposing.propose(read(buffer.getvalue().encode()).sheet, kinds.kinds())

    return of


@pytest.mark.parametrize(
    "headings",
    [
        ["客户姓名", "移动电话", "VIN码", "车牌号", "购车日期", "证件号码", "发票价(元)", "省份", "城市"],
        ["车主", "联系电话", "车架号", "牌照号码", "销售日期", "身份证号", "成交价格", "所在省", "所在市"],
        [
            "*客户名称：",
            "手机号码（必填）",
            "底盘号[17位]",
            "车牌 号码",
            "开票日期(yyyy-mm-dd)",
            "身份证号码*",
            "开票价 (元)",
            "省",
            "市",
        ],
        [
            "Owner Name",
            "Mobile Phone",
            "VIN No.",
            "Plate Number",
            "Purchase Date",
            "ID Card",
            "Invoice Price",
            "Province",
            "City",
        ],
        [
            "客户姓名／单位",
            "客户联系电话",
            "车辆VIN码",
            "车牌号码信息",
            "购车开票日期",
            "客户证件号码",
            "车辆发票价格",
            "客户省份",
            "客户城市",
        ],
    ],
)
def test_headings_in_other_words(propose, headings):
    proposal = propose(headings, *PEOPLE)
    assert proposal.kind_key == "owners"
    assert dict(proposal.mapping) == {key: at for at, key in enumerate(KEYS)}
    assert (proposal.missing, proposal.unused) == ((), ())


def test_columns_in_another_order(propose):
    order = [8, 3, 5, 0, 7, 2, 6, 1, 4]
    headings = ["客户姓名", "移动电话", "VIN码", "车牌号", "购车日期", "证件号码", "发票价", "省份", "城市"]
    proposal = propose(*([row[at] for at in order] for row in (headings, *PEOPLE)))
    assert dict(proposal.mapping) == {KEYS[at]: place for place, at in enumerate(order)}


def test_values_tell_columns_without_headings(propose):
    proposal = propose(*PEOPLE)
    found = {key: at for at, key in enumerate(KEYS) if key not in {"sold_on", "price"}}
    assert dict(proposal.mapping) == found  # which of several dates and amounts, nobody could say
    assert proposal.unused == (4, 6)


def test_a_column_of_vins_under_an_unknown_heading_is_found(propose):
    proposal = propose(["客户姓名", "电话", "编码X"], *(row[:3] for row in PEOPLE))
    assert proposal.mapping["vin"] == 2


def test_values_correct_a_heading_that_stands_over_something_else(propose):
    """联系方式 holds landlines here, and the mobiles stand under 备用电话."""
    rows = [
        ["客户姓名", "VIN", "联系方式", "备用号码"],
        *([row[0], row[2], "0731-8303208" + str(at), row[1]] for at, row in enumerate(PEOPLE)),
    ]
    assert propose(*rows).mapping["mobile"] == 3


def test_two_telephone_columns(propose):
    rows = [["姓名", "VIN", "固定电话", "手机"], *([row[0], row[2], "0731-83032085", row[1]] for row in PEOPLE)]
    assert {key: propose(*rows).mapping[key] for key in ("mobile", "telephone")} == {"mobile": 3, "telephone": 2}


def test_visits_are_told_from_owners(propose):
    proposal = propose(
        [
            "单据编号",
            "客户",
            "开单时间",
            "结算时间",
            "车辆牌号",
            "底盘号",
            "维修种类",
            "进站公里数",
            "工时费合计",
            "材料费合计",
            "实收金额",
        ],
        [
            "WX001",
            "张伟",
            "2024-01-05 10:00",
            "2024-01-05 12:00",
            "湘A12345",
            "LFV2A1159C3567437",
            "小修",
            "12000",
            "100",
            "20",
            "120",
        ],
    )
    assert proposal.kind_key == "visits"
    assert dict(proposal.mapping) == {
        "order": 0, "bringer": 1, "entered_on": 2, "left_on": 3, "plate": 4, "vin": 5, "category": 6, "km": 7, "labour": 8, "parts": 9, "total": 10,
    }  # fmt: skip


def test_what_is_required_and_missing_is_named(propose):
    proposal = propose(["客户姓名", "手机", "地址"], ["张伟", "13812345678", "某某路1号"])
    assert (proposal.kind_key, proposal.missing) == ("owners", ("vin",))
    assert proposal.score < propose(["客户姓名", "手机", "VIN"], ["张伟", "13812345678", "LFV2A1159C3567437"]).score


def test_a_sheet_of_something_else_gets_no_proposal(propose):
    assert propose(["菜名", "辣度"], ["鱼香肉丝", "微辣"], ["麻婆豆腐", "重辣"]) is None


def test_the_heading_over_several_columns_decides_between_two(propose, read):
    kind = Kind("both", "Both", (
        Field("owner", "Owner", Shape.NAME, ("车主姓名",), Need.REQUIRED), Field("driver", "Driver", Shape.NAME, ("送修人姓名",)),
    ), ("owner",))  # fmt: skip
    sheet = read("车主,车主,送修人,送修人\n姓名,电话,姓名,电话\n张伟,13812345678,李四,13912345678\n".encode()).sheet
    assert proposing.propose(sheet, [kind]).mapping == {"owner": 0, "driver": 2}


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Field("Name", "x", Shape.NAME, ()), lambda: Field("a b", "x", Shape.NAME, ()), lambda: Field("x", "x", Shape.CODE, ()),
        lambda: Field("x", "x", Shape.DIVISION, ()), lambda: Field("x", "x", Shape.TEXT, (), codes={"a": "b"}),
        lambda: Kind("k", "k", (Field("x", "x", Shape.TEXT, ()),) * 2, ("x",)), lambda: Kind("k", "k", (), ("x",)),
    ],
)  # fmt: skip
def test_kinds_that_cannot_work_are_refused_when_they_are_made(wrong):
    with pytest.raises(ValueError, match=r"key|codes"):
        wrong()


def test_kinds_are_known_by_key():
    assert [kind.key for kind in kinds.kinds()] == ["owners", "visits"]
    assert kinds.kind("owners").required == ("name", "vin")
    with pytest.raises(KeyError):
        kinds.kind("unknown")
