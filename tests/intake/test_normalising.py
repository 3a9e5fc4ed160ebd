"""Rows as other dealers send them: what is taken, what is said, what is passed over."""

import datetime
from decimal import Decimal

import pytest
from tests.intake.conftest import rows_of

from guanxi.foundation.columnar import run
from guanxi.foundation.errors import Invalid
from guanxi.intake.services import kinds, normalising
from guanxi.intake.services.kinds import Field, Kind, Need, Shape

HEAD = ["序号", "姓名", "车架号", "手机", "车牌", "购车日期", "发票价", "备注"]
MAPPING = {"name": 1, "vin": 2, "mobile": 3, "plate": 4, "sold_on": 5, "price": 6, "note": 7}
GOOD = ["1", "张伟", "LFV2A1159C3567437", "13812345678", "湘A12345", "2024-01-05", "128000", "x"]
OTHER = ["2", "王芳", "1M8GDM9AXKP042788", "13912345678", "湘AD12345", "2024-01-06", "9.8万", ""]


def _but(row, **changes):
    changed = list(row)
    for key, value in changes.items():
        changed[MAPPING[key]] = value
    return changed


@pytest.fixture
def take(connection):
    """A function that loads rows below the headings and normalises them; returns counts, rows and findings."""

    def load(*rows, kind="owners", mapping=MAPPING, head=HEAD, above=()):
        table = [*above, head, *rows]
        columns = ", ".join(f"unnest(${at + 1}::VARCHAR[]) AS c{at}" for at in range(len(head)))
        values = [[row[at] if at < len(row) else None for row in table] for at in range(len(head))]
        run(
            connection,
            f"CREATE OR REPLACE TABLE raw AS SELECT row_number() OVER () AS row, * FROM (SELECT {columns})",
            values,
        )
        run(connection, "CREATE OR REPLACE TABLE origin AS SELECT false AS date_1904")
        found = kinds.kind(kind) if isinstance(kind, str) else kind
        counts = normalising.normalise(connection, found, mapping, len(above) + 1)
        findings = run(connection, "SELECT row, field, level, code FROM findings ORDER BY row, field, code")
        return counts, rows_of(connection, "clean"), findings

    return load


def test_a_good_row(take):
    counts, rows, findings = take(GOOD, OTHER)
    assert (counts.rows, counts.good) == (2, 2)
    assert findings == []
    assert rows[0] == {
        "row": 2, "name": "张伟", "name_is_company": False, "vin": "LFV2A1159C3567437", "mobile": "13812345678",
        "mobile_landline": None, "mobile_more": [], "plate": "湘A12345", "sold_on": datetime.date(2024, 1, 5),
        "price": Decimal("128000.00"), "note": "x", "repeats": None,
    }  # fmt: skip
    assert rows[1]["price"] == 98000


@pytest.mark.parametrize(
    ("changes", "field", "level", "code"),
    [
        ({"name": ""}, "name", "reject", "empty"), ({"name": "无"}, "name", "reject", "empty"), ({"name": "12345"}, "name", "reject", "name_number"),
        ({"vin": ""}, "vin", "reject", "empty"), ({"vin": "LFV2A1159C356743"}, "vin", "reject", "vin_length"),
        ({"vin": "LFVOA1159C3567437"}, "vin", "reject", "vin_letter"), ({"vin": "LFV2A115车C3567437"[:17]}, "vin", "reject", "vin_character"),
        ({"vin": "LFV2A1150C3567437"}, "vin", "warn", "vin_check"), ({"mobile": ""}, "mobile", "warn", "empty"),
        ({"mobile": "1381234567"}, "mobile", "warn", "phone_length"), ({"mobile": "138****5678"}, "mobile", "warn", "phone_masked"),
        ({"mobile": "1.38E+10"}, "mobile", "warn", "digits_lost"), ({"mobile": "0731-83032085"}, "mobile", "warn", "phone_no_mobile"),
        ({"mobile": "13812345678/1391234567"}, "mobile", "warn", "phone_part"), ({"plate": "湘A1234O"}, "plate", "warn", "plate_letter"),
        ({"plate": "A12345"}, "plate", "warn", "plate_province"), ({"plate": "湘A123"}, "plate", "warn", "plate_form"),
        ({"sold_on": "2023-02-30"}, "sold_on", "warn", "date_impossible"), ({"sold_on": "去年"}, "sold_on", "warn", "date_form"),
        ({"sold_on": "2024年1月"}, "sold_on", "warn", "date_no_day"), ({"sold_on": "1900-01-01"}, "sold_on", "warn", "date_placeholder"),
        ({"price": "面议"}, "price", "warn", "money_form"), ({"price": "2万美元"}, "price", "warn", "money_foreign"),
        ({"price": "10-12万"}, "price", "warn", "money_range"), ({"price": "约12万"}, "price", "warn", "money_about"),
        ({"note": "锟斤拷锟斤拷"}, "note", "note", "text_damaged"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_bad_cell(take, changes, field, level, code):
    counts, _rows, findings = take(OTHER, _but(GOOD, **changes))
    assert findings == [(3, field, level, code)]
    assert (counts.rejected, counts.warned, counts.good) == {"reject": (1, 0, 1), "warn": (0, 1, 1), "note": (0, 0, 2)}[
        level
    ]


@pytest.mark.parametrize("field", ["plate", "sold_on", "price", "note"])
def test_an_empty_cell_that_may_be_empty_is_not_mentioned(take, field):
    counts, rows, findings = take(_but(GOOD, **{field: " \u3000"}))
    assert (counts.good, findings, rows[0][field]) == (1, [], None)


def test_cells_are_read_whatever_characters_they_are_written_in(take):
    _counts, rows, findings = take(
        _but(GOOD, name="\u200b 张\u3000伟 ", vin="ｌｆｖ２ａ１１５９ｃ３５６７４３７", mobile='="138-1234-5678"', plate="湘a·１２３４５", sold_on="２０２４．１．５", price="￥１２８，０００．００")
    )  # fmt: skip
    assert findings == []
    expected = take(GOOD)[1][0]
    assert rows[0] == expected


BLANK = [""] * 8
NO_DATA = {
    "blank": ([None] * 8, None), "spaces": ([" ", "\u3000", "\u200b", "", "\t", None, "\u00a0", " "], None),
    "headings": (HEAD, "heading"), "most headings": ([*HEAD[:6], "", ""], "heading"), "title": (["某某公司客户档案"], "title"),
    "total": (["合计", "", "", "", "", "", "256000", ""], "total"), "total with space": (["合  计", "", "2"], "total"), "subtotal": (["小计:长沙店", "3"], "total"),
    "total in the name": (["", "合计", "", "", "", "", "256000"], "total"), "total further right": (["", "", "总计", "", "", "", "1"], "total"),
    "merged total": (["合计"] * 8, "total"), "english": (["Total", "", "", "", "", "", "1"], "total"), "count": (["共 398 条记录"], "footer"),
    "page": (["第 1 页 共 3 页"], "footer"), "made by": (["制表人:", "管理员"], "footer"), "merged note": (["备注：以上数据仅供参考"] * 8, "footer"),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_DATA)
def test_rows_that_are_no_data_are_passed_over(take, name):
    row, code = NO_DATA[name]
    counts, rows, findings = take(GOOD, row, OTHER, above=[["某某公司客户档案"]])
    assert (counts.rows, counts.good, counts.ignored) == (3, 2, 1)
    assert [row["row"] for row in rows] == [3, 5]
    assert findings == ([(4, "", "ignore", code)] if code else [])


@pytest.mark.parametrize(
    "row",
    [_but(GOOD, note="合计"), ["合计", *GOOD[1:]], _but(GOOD, note="第1页"), ["共3台", *GOOD[1:]]],
    ids=["note", "first", "page", "count"],
)
def test_a_row_with_everything_is_data_whatever_it_says(take, row):
    counts, _rows, _findings = take(row)
    assert (counts.good, counts.ignored) == (1, 0)


def test_a_row_that_only_lacks_something_is_rejected_not_passed_over(take):
    counts, _rows, findings = take(["长沙分店"], _but(GOOD, name=""))
    assert (counts.rejected, counts.ignored) == (2, 0)
    assert {row for row, _field, level, _code in findings if level == "reject"} == {2, 3}


def test_the_same_row_again(take):
    again = ["9", *GOOD[1:3], "138 1234 5678", *GOOD[4:]]
    counts, rows, findings = take(GOOD, OTHER, again, GOOD)
    assert findings == [(4, "", "warn", "same_row"), (5, "", "warn", "same_row")]
    assert [row["repeats"] for row in rows] == [None, None, 2, 2]
    assert (counts.good, counts.warned) == (2, 2)


def test_the_same_key_with_other_values(take):
    _counts, rows, findings = take(GOOD, _but(GOOD, price="130000"))
    assert findings == [(3, "", "warn", "same_key")]
    assert rows[1]["repeats"] == 2


def test_another_owner_of_the_same_car_is_no_repetition(take):
    assert take(GOOD, _but(GOOD, name="李四"))[2] == []


def test_rejected_rows_are_no_model_for_later_ones(take):
    bad = _but(GOOD, vin="LFV2A1159C356743")
    _counts, rows, findings = take(bad, bad, GOOD)
    assert [row["repeats"] for row in rows] == [None]
    assert {code for _row, _field, _level, code in findings} == {"vin_length"}


def test_the_days_of_a_column_tell_their_order_together(take):
    _counts, rows, findings = take(_but(GOOD, sold_on="5/6/2024"), _but(OTHER, sold_on="24/6/2024"))
    assert [row["sold_on"].isoformat() for row in rows] == ["2024-06-05", "2024-06-24"]
    assert findings == []


def test_days_of_both_orders_in_a_column_are_doubted(take):
    _counts, rows, findings = take(_but(GOOD, sold_on="6/24/2024"), _but(OTHER, sold_on="24/6/2024"))
    assert [row["sold_on"] for row in rows] == [datetime.date(2024, 6, 24), None]
    assert findings == [(3, "sold_on", "warn", "date_order")]


def test_a_row_with_more_cells_than_the_headings_is_doubted(read):
    file = "姓名,车架号\n张伟,LFV2A1159C3567437\n李四,1M8GDM9AXKP042788,surplus\n".encode()
    connection = read(file).connection
    counts = normalising.normalise(connection, kinds.kind("owners"), {"name": 0, "vin": 1}, 1)
    assert run(connection, "SELECT row, field, level, code, original FROM findings") == [
        (3, "", "warn", "row_shifted", "surplus")
    ]
    assert (counts.good, counts.warned) == (1, 1)


def test_normalising_again_with_another_mapping_replaces_the_tables(take, connection):
    take(GOOD)
    counts = normalising.normalise(connection, kinds.kind("owners"), {"name": 1, "vin": 2}, 1)
    assert counts.good == 1
    assert set(rows_of(connection, "clean")[0]) == {"row", "name", "name_is_company", "vin", "repeats"}


def test_without_headings_every_row_is_data(take, connection):
    take(GOOD)
    run(connection, "DELETE FROM raw WHERE row = 1")
    run(connection, "UPDATE raw SET row = row - 1")
    assert normalising.normalise(connection, kinds.kind("owners"), MAPPING, 0).good == 1


def test_a_line_of_titles_with_quotes_is_only_text(take):
    """What a file says never becomes a statement."""
    title = ["'); DROP TABLE raw; --", "$1 {x}"]
    counts, _rows, findings = take(GOOD, title, head=["'||(SELECT 1)||'", *HEAD[1:]], above=[title])
    assert (counts.good, counts.ignored) == (1, 1)
    assert findings == [(4, "", "ignore", "title")]


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"name": 1}, "VIN"), ({"name": 1, "vin": 99}, "do not fit"), ({"name": 1, "vin": -1}, "do not fit"),
        ({"name": 1, "vin": 2, "shoe_size": 3}, "do not fit"),
    ],
)  # fmt: skip
def test_a_mapping_that_does_not_fit_is_refused(take, mapping, words):
    with pytest.raises(Invalid, match=words):
        take(GOOD, mapping=mapping)


def test_a_kind_may_have_any_shapes(take):
    """Another capability's kind: numbers, codes, a telephone number without which the row is worth nothing."""
    kind = Kind("leads", "Leads", (
        Field("phone", "Phone", Shape.PHONE, ("电话",), Need.REQUIRED),
        Field("share", "Share", Shape.NUMBER, ("比例",), Need.WARN),
        Field("level", "Level", Shape.CODE, ("级别",), Need.EXPECTED, {"H级": "H", "A": "A"}),
        Field("km", "Mileage", Shape.KM, ("里程",), Need.WARN),
    ), ("phone",))  # fmt: skip
    counts, rows, findings = take(
        ["13812345678", "0.25", "h级", "3.5万公里"], ["0731-83032085", "1,234.5", "", "约1万"], ["13912345678", "x", "Z", "-1"], ["", "", "", "1"],
        kind=kind, mapping={"phone": 0, "share": 1, "level": 2, "km": 3}, head=["电话", "比例", "级别", "里程"],
    )  # fmt: skip
    assert [(row["phone"], row["share"], row["level"], row["km"]) for row in rows] == [
        ("13812345678", Decimal("0.2500"), "H", 35000), ("13912345678", None, None, None),
    ]  # fmt: skip
    assert [finding for finding in findings if finding[2] == "reject"] == [
        (3, "phone", "reject", "phone_no_mobile"),
        (5, "phone", "reject", "empty"),
    ]
    assert [finding[1:] for finding in findings if finding[0] == 4] == [
        ("km", "warn", "km_form"), ("level", "warn", "code_unknown"), ("share", "warn", "number_form"),
    ]  # fmt: skip
    assert (counts.good, counts.warned, counts.rejected) == (1, 1, 2)
