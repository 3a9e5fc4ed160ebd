"""The rules exist twice, for one value in Python and for columns in DuckDB: they say the same of everything."""

import csv
import io
import json

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.intake.columns import assert_agree

from guanxi.foundation import columnar
from guanxi.intake.services.kinds import Shape

WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
SPACES = ["", " ", "  ", "\u3000", "\u00a0", "\t", "\n", "\r\n", "\u200b", "\ufeff"]
WORDS = [
    "",
    "-",
    "无",
    "N/A",
    "null",
    "#N/A",
    "(空)",
    "0",
    '="',
    "'",
    '"',
    "`",
    "锟斤拷",
    "\ufffd",
    "⼀⾯",
    "é",
    "ß",
    "ı",
    "٣",
    "𠮷",
    "x" * 130,
    "1" * 61,
    " " * 70 + "a",
]
DIGITS = st.text("0123456789", min_size=1, max_size=12)
PARTS = {
    Shape.PHONE: st.one_of(
        DIGITS,
        st.from_regex(r"\A1[3-9][0-9]{9}\Z"),
        st.from_regex(r"\A0(10|2[0-9]|[3-9][0-9]{2})-?[2-9][0-9]{6,7}\Z"),
        st.sampled_from(["+86", "0086", "86-", "(", ")", "-", "/", "、", ",", ";", "；", " ", ".", "转", "ext", "x", "#", "分机:", "手机:", "电话",
                         "或", "138****8888", "400-820-8820", "1.38E+10", "1.3868106871E+10", ".0", "先生", "~", "—", "_", "·", "*"]),
    ),
    Shape.VIN: st.one_of(
        st.from_regex(r"\AL[A-HJ-NPR-Z0-9]{16}\Z"), st.text("LVBSXIOQ0123456789", max_size=18),
        st.sampled_from(["-", " ", "*", "LSVAA4182E2123456", "1M8GDM9AXKP042788", "lvb", "_", "车"]),
    ),
    Shape.PLATE: st.one_of(
        st.from_regex(r"\A[京湘粤沪][A-Z][A-HJ-NP-Z0-9]{5}\Z"), st.from_regex(r"\A[京湘粤沪][A-Z][DFAI][0-9]{5}\Z"),
        st.sampled_from(["·", "•", "-", " ", "学", "警", "挂", "港", "粤Z1234澳", "使014578", "WJ京00123", "无牌", "临牌", "湘", "A", "12345", "io", "应急"]),
    ),
    Shape.ID_NUMBER: st.one_of(
        st.from_regex(r"\A(43|11|44)[0-9]{4}(19|20)[0-9]{2}(0[1-9]|1[0-2])[0-3][0-9]{4}\Z"), st.from_regex(r"\A4301[0-9]{11}\Z"),
        st.sampled_from(["440308199901101512", "44030819990110151x", "91430100MA4L1234XY", "91350100M000100Y43", "E12345678", "4.30102E+17",
                         "军字第12345678号", "430102196610073000", " ", "-", ".", "_", "A1234567(8)"]),
    ),
    Shape.NAME: st.one_of(
        st.text("张王李欧阳司马·•・ ()（）公司厂店中心集团有限站部", max_size=12),
        st.sampled_from(["John", "Smith Co., Ltd", "长沙", "物流有限公司", "123", "A", " 先生", "inc"]),
    ),
    Shape.DATE: st.one_of(
        st.dates().map(str), st.from_regex(r"\A[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?\Z"), st.from_regex(r"\A[0-9]{1,2}/[0-9]{1,2}/([0-9]{4}|[0-9]{2})\Z"),
        st.sampled_from([" 10:30", "T10:30:00", " 下午3:20", "10时30分", "星期五", " 00:00:00", "45480", "45480.25", "5-Jan-2024", "二〇二四年一月十五日", "1900-01-01"]),
    ),
    Shape.MONEY: st.one_of(
        DIGITS, st.from_regex(r"\A[0-9]{1,3}(,[0-9]{3}){0,2}(\.[0-9]{1,3})?\Z"),
        st.sampled_from(["¥", "元", "万", "W", "RMB", "(", ")", "-", "约", "左右", "美元", "$", "十", "三", "五", "百", "至", "整", "角", "1.2E+5", "."]),
    ),
    Shape.KM: st.one_of(
        DIGITS, st.from_regex(r"\A[0-9]{1,3}(,[0-9]{3}){0,2}(\.[0-9]{1,3})?\Z"), st.sampled_from(["公里", "km", "KM", "千米", "万", "约", "左右", "-", "K", "?"])
    ),
    Shape.NUMBER: st.one_of(DIGITS, st.sampled_from([".", "-", "+", ",", "1,234.5", "e", "%"])),
    Shape.TEXT: st.text(max_size=12),
}  # fmt: skip
ANY = st.one_of(st.sampled_from(SPACES), st.sampled_from(WORDS), st.text(max_size=3))


def texts_of(shape):
    """Cells as people write them: likely parts, now and then in full width, now and then with anything between."""
    part = st.one_of(PARTS[shape], PARTS[shape], PARTS[shape], ANY)
    text = st.lists(part, max_size=4).map("".join).filter(lambda value: "\0" not in value)
    return st.one_of(text, text, text.map(lambda value: value.translate(WIDE)), text.map(str.lower))


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    with columnar.connected(tmp_path_factory.mktemp("agreement")) as opened:
        yield opened


@pytest.mark.parametrize("shape", PARTS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@given(data=st.data())
def test_both_forms_of_a_rule_agree(database, shape, data):
    assert_agree(database, shape, data.draw(st.lists(texts_of(shape), min_size=20, max_size=60)))


def _cells(shared):
    """Every different cell of the two files, and every vector."""
    sheet = openpyxl.load_workbook(shared("import/owners.xlsx"), read_only=True).active
    found = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None}
    text = shared("import/visits.csv").read_bytes().decode("gb18030")
    found |= {cell for row in csv.reader(io.StringIO(text)) for cell in row}
    for name, key in (("vin_vectors", "vin"), ("cn_plate_vectors", "plate"), ("cn_id_number_vectors", "id")):
        found |= {vector[key] for vector in json.loads(shared(f"reference/{name}.json").read_text())}
    found |= {text for text, _answer in json.loads(shared("reference/cn_money_parse_jionlp.json").read_text())}
    return sorted(found)


@pytest.mark.parametrize("shape", PARTS)
def test_both_forms_agree_on_every_real_cell(database, shared, shape):
    cells = _cells(shared)
    assert len(cells) > 10_000
    assert_agree(database, shape, cells)
