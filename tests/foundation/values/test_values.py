"""The rules for single values, one writing after the other."""

import datetime
from decimal import Decimal

import pytest

from guanxi.foundation.values import dates, distances, identity, money, names, numerals, phones, plates, texts, vins
from guanxi.foundation.values.phones import Phones

MOBILE = "13812345678"


@pytest.mark.parametrize(
    ("text", "mobile", "landline", "more"),
    [
        (MOBILE, MOBILE, None, ()), ("138 1234 5678", MOBILE, None, ()), ("138-1234-5678", MOBILE, None, ()), ("+8613812345678", MOBILE, None, ()),
        ("0086-138 1234 5678", MOBILE, None, ()), ("86 13812345678", MOBILE, None, ()), ("013812345678", MOBILE, None, ()),
        ("１３８１２３４５６７８", MOBILE, None, ()), ("\u200b13812345678\u00a0", MOBILE, None, ()), ("13812345678.0", MOBILE, None, ()),
        ("1.3812345678E+10", MOBILE, None, ()), ('="13812345678"', MOBILE, None, ()), ("'13812345678", MOBILE, None, ()),
        ("手机：13812345678", MOBILE, None, ()), ("13812345678(李先生)", MOBILE, None, ()), ("13812345678 (微信同号)", MOBILE, None, ()),
        ("13812345678/13987654321", MOBILE, None, ("13987654321",)), ("13812345678、13987654321", MOBILE, None, ("13987654321",)),
        ("13812345678;13987654321", MOBILE, None, ("13987654321",)), ("13812345678，13987654321", MOBILE, None, ("13987654321",)),
        ("13812345678 13987654321", MOBILE, None, ("13987654321",)), ("13812345678\n13987654321", MOBILE, None, ("13987654321",)),
        ("138 1234 5678 139 8765 4321", MOBILE, None, ("13987654321",)), ("1381234567813987654321", MOBILE, None, ("13987654321",)),
        ("13812345678或13987654321", MOBILE, None, ("13987654321",)), ("13812345678/13812345678", MOBILE, None, ()),
        ("0731-83032085", None, "0731-83032085", ()), ("073183032085", None, "0731-83032085", ()), ("(0731)83032085", None, "0731-83032085", ()),
        ("0731 8303208", None, "0731-8303208", ()), ("010-12345678", None, "010-12345678", ()), ("01012345678", None, "010-12345678", ()),
        ("+86-731-83032085", None, "0731-83032085", ()), ("0731-8303-2085", None, "0731-83032085", ()), ("83032085", None, "83032085", ()),
        ("0731-83032085-801", None, "0731-83032085-801", ()), ("0731-83032085转801", None, "0731-83032085-801", ()),
        ("0731-83032085 ext.801", None, "0731-83032085-801", ()), ("0731-83032085#801", None, "0731-83032085-801", ()),
        ("400-820-8820", None, "400-820-8820", ()), ("4008208820", None, "400-820-8820", ()),
        ("0731-83032085/13812345678", MOBILE, "0731-83032085", ()), ("电话0731-83032085 手机13812345678", MOBILE, "0731-83032085", ()),
        ("0731 83032085 13812345678", MOBILE, "0731-83032085", ()), ("0731-83032085,0731-83032086", None, "0731-83032085", ("0731-83032086",)),
    ],
)  # fmt: skip
def test_telephone_numbers(text, mobile, landline, more):
    assert phones.clean(text) == (Phones(mobile, landline, more), "")


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("1381234567", "phone_length"), ("138123456789", "phone_length"), ("12812345678", "phone_form"), ("138****5678", "phone_masked"), ("1.38E+10", "digits_lost"),
        ("abc", "phone_form"), ("+852 91234567", "phone_form"), ("110", "phone_length"), ("", ""), ("无", ""), ("0", ""), ("000000", ""), (None, ""),
    ],
)  # fmt: skip
def test_no_telephone_numbers(text, flaw):
    assert phones.clean(text) == (None, flaw)


def test_an_unreadable_part_is_said_and_the_rest_kept():
    assert phones.clean("13812345678/1398765432") == (Phones(MOBILE, None, ()), "phone_part")
    assert phones.clean("手机2:13812345678") == (Phones(MOBILE, None, ()), "")


JANUARY = datetime.date(2024, 1, 5)


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-05", "2024/1/5", "2024.1.5", "2024年1月5日", "2024年01月05号", "20240105", "24-1-5", "24.1.5", "24年1月5日", "1/5/2024", "01/05/2024", "1/5/24",
        "5-Jan-2024", "05JAN2024", "Jan 5, 2024", "January 5th 2024", "5 January 2024", "2024-01-05 10:30:00", "2024-01-05T10:30:00.000Z", "2024/1/5 下午 3:20",
        "2024年1月5日10时30分", "2024年1月5日 星期五", "2024-1-5 0:00", "20240105103000", "45296", "45296.5", "２０２４－０１－０５", "二〇二四年一月五日", " 2024 1 5 ",
    ],
)  # fmt: skip
def test_days(text):
    assert dates.clean(text) == (JANUARY, "")


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("2023-02-30", "date_impossible"), ("2024-13-01", "date_impossible"), ("1850-01-01", "date_impossible"), ("3024-01-01", "date_impossible"),
        ("1900-01-01", "date_placeholder"), ("0000-00-00", "date_placeholder"), ("9999-12-31 00:00:00", "date_placeholder"), ("2024年1月", "date_no_day"),
        ("202401", "date_no_day"), ("2024", "date_no_day"), ("24/6/2024", "date_order"), ("10/11/12", "date_order"), ("明天", "date_form"), ("12345", "date_form") ,
        ("-", ""), ("", ""), (None, ""),
    ],
)  # fmt: skip
def test_no_days(text, flaw):
    expected = (datetime.date(1933, 10, 18), "") if text == "12345" else (None, flaw)
    assert dates.clean(text) == expected


def test_days_of_other_orders_and_epochs():
    assert dates.clean("24/6/2024", day_first=True).value == datetime.date(2024, 6, 24)
    assert dates.clean("43834", epoch=dates.EPOCH_1904).value == datetime.date(2024, 1, 5)
    assert dates.clean("68-1-24").value == datetime.date(1968, 1, 24)
    assert [dates.order(text) for text in ("24/6/2024", "6/24/2024", "6/7/2024", "2024-06-24")] == [1, -1, 0, 0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("128000", 128000), ("128,000.00", 128000), ("¥128,000", 128000), ("￥１２８，０００", 128000), ("356000元", 356000), ("RMB 1,200", 1200), ("人民币1200元整", 1200),
        ("12.8万", 128000), ("12.8万元", 128000), ("12W", 120000), ("15K", 15000), ("1.2亿", 120000000), ("(1,200.00)", -1200), ("-35", -35), ("35-", -35), ("0", 0),
        ("12万8千", 128000), ("一万五", 15000), ("壹拾贰万捌仟元整", 128000), ("一千零五", 1005), ("1 280", 1280), ("0.005", "0.01"), ("十块三毛", "10.30"),
    ],
)  # fmt: skip
def test_amounts(text, value):
    assert money.clean(text) == (Decimal(value), "")


@pytest.mark.parametrize(
    ("text", "flaw"),
    [("面议", "money_form"), ("128.000,00", "money_form"), ("$100", "money_foreign"), ("10-12万", "money_range"), ("十几万", "money_range"), ("1.2E+5", "digits_lost"), ("元", "money_form"), ("", "")],
)  # fmt: skip
def test_no_amounts(text, flaw):
    assert money.clean(text) == (None, flaw)


@pytest.mark.parametrize(
    ("text", "value", "flaw"),
    [
        ("35663", 35663, ""), ("35,000公里", 35000, ""), ("3.5万公里", 35000, ""), ("12345KM", 12345, ""), ("12345 千米", 12345, ""), ("35663.5", 35664, ""), ("五万", 50000, ""),
        ("约35663", 35663, "km_about"), ("3万左右", 30000, "km_about"), ("-5", None, "km_form"), ("很多", None, "km_form"), ("99999999", None, "km_range"), ("1万-2万", None, "km_form"), ("", None, ""),
    ],
)  # fmt: skip
def test_mileages(text, value, flaw):
    assert distances.clean(text) == (value, flaw)


@pytest.mark.parametrize(
    ("text", "value", "flaw"),
    [
        ("LFV2A1159C3567437", "LFV2A1159C3567437", ""), (" lfv2a-1159 c3567437", "LFV2A1159C3567437", ""), ("*LFV2A1159C3567437*", "LFV2A1159C3567437", ""),
        ("LFV2A1150C3567437", "LFV2A1150C3567437", "vin_check"), ("LFV2A1159C356743", None, "vin_length"), ("LFV2A1159C3567437/8", None, "vin_length"),
        ("LFVOA1159C3567437", None, "vin_letter"), ("LFV2A1159C356743车", None, "vin_character"), ("", None, ""),
    ],
)  # fmt: skip
def test_vins(text, value, flaw):
    assert vins.clean(text) == (value, flaw)


@pytest.mark.parametrize(
    "text",
    ["湘A12345", "湘A·12345", "湘a 12345", "湘A－12345", "湘AD12345", "湘A12345D", "湘A1234警", "湘A1234挂", "湘A1234学", "粤Z1234港", "粤Z1234澳", "沪A1234领", "224578使", "京A1234应急"],
)  # fmt: skip
def test_plates(text):
    value, flaw = plates.clean(text)
    assert flaw == ""
    assert value == texts.upper(texts.cell(text)).translate({ord(sign): None for sign in " ·-"})


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("湘A1234O", "plate_letter"),
        ("A12345", "plate_province"),
        ("湘112345", "plate_province"),
        ("湘A123", "plate_form"),
        ("无牌", ""),
        ("临牌", ""),
        ("", ""),
    ],
)
def test_no_plates(text, flaw):
    assert plates.clean(text) == (None, flaw)


@pytest.mark.parametrize(
    ("text", "value", "flaw"),
    [
        ("11010519491231002x", "11010519491231002X", ""), ("110105 19491231 002X", "11010519491231002X", ""), ("610104620927690", "610104196209276908", ""),
        ("91350100M000100Y43", "91350100M000100Y43", ""), ("91350100M000100Y44", None, "id_check"), ("E12345678", "E12345678", "id_other"),
        ("4.30102E+17", None, "digits_lost"), ("430102196801243000", None, "digits_lost"), ("43010219661007399", None, "id_form"), ("无", None, ""),
    ],
)  # fmt: skip
def test_identity_numbers(text, value, flaw):
    got = identity.clean(text)
    assert got.flaw == flaw
    if len(text) == 15:
        assert got.value[:17] == value[:17]
        assert got.value[17] == identity.check_digit(value[:17])
    else:
        assert got.value == value


@pytest.mark.parametrize(
    ("text", "name", "company"),
    [
        (" 周 豪桂 ", "周豪桂", False), ("John  Smith", "John Smith", False), ("阿卜杜拉•买买提", "阿卜杜拉·买买提", False), ("欧阳建厂", "欧阳建厂", False), ("王公司", "王公司", False),
        ("长沙 伟豪物流有限公司", "长沙伟豪物流有限公司", True), ("长沙市第一中学", "长沙市第一中学", True), ("ABC Co., Ltd.", "ABC Co., Ltd.", True), ("长沙县（总）招待所", "长沙县(总)招待所", True),
    ],
)  # fmt: skip
def test_names(text, name, company):
    assert names.clean(text) == (name, "")
    assert names.is_company(name) is company


def test_no_names():
    assert names.clean("400") == (None, "name_number")
    assert names.clean("王" * 121) == (None, "text_long")
    assert names.clean("锟斤拷") == ("锟斤拷", "text_damaged")
    assert names.clean("暂无") == (None, "")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三百五", 350),
        ("两万零五十", 20050),
        ("3千万亿", 3 * 10**15),
        ("二〇二四", 2024),
        ("1,234.5", Decimal("1234.5")),
        ("三五百", None),
        ("1,23", None),
        ("", None),
    ],
)
def test_numerals(text, value):
    assert numerals.parse(text) == value


def test_running_text_keeps_its_lines_and_punctuation():
    assert texts.clean(" 老客户介绍，\r\n优惠\u200b１２％ ") == ("老客户介绍，\n优惠12％", "")
    assert texts.clean("-") == ("-", "")
    assert texts.clean("NULL") == (None, "")
    assert texts.clean("x" * 2001) == ("x" * 2000, "text_long")
    assert texts.clean("⾯") == ("面", "")


@pytest.mark.parametrize("text", ['="="x""', "'`'13", '` "null', "=-", ' = "1', "\u00a0'\u3000x ", "＝＂１＂"])
def test_a_cell_that_was_read_once_stays_as_it_is(text):
    once = texts.cell(text)
    assert texts.cell(once) == once
    assert not once.startswith(tuple(texts.SIGNS_BEFORE))
