"""Excel workbooks: values as text, merged cells, dates, formulas; what must not be read is refused."""

import datetime
import io
import random
import zipfile

import openpyxl
import pytest
from tests.intake.books import BODY, HEAD, SHEET, TABLE, book, packed, rewritten
from tests.intake.conftest import ROOT, rows_of

from guanxi.foundation.columnar import run
from guanxi.foundation.errors import DomainError, Invalid
from guanxi.intake.services import kinds, normalising, proposing, reading
from guanxi.intake.services.files import limits, sheets
from guanxi.intake.services.sheets import Form

MIDNIGHT = datetime.datetime.combine(datetime.date(2024, 1, 5), datetime.time())
OLD = ROOT / "tests" / "intake" / "files" / "old.xls"


def test_a_workbook_is_read_as_text(read):
    found = read(book(), "x.xlsx")
    assert found.rows == TABLE
    assert (found.sheet.form, found.sheet.rows, found.sheet.columns, found.sheet.header_row) == (Form.WORKBOOK, 3, 3, 1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (13812345678, "13812345678"), (12.0, "12"), (0.1 + 0.2, "0.3"), (128000.5, "128000.5"), (-3, "-3"), (1e20, "1" + "0" * 20),
        (0.00001, "0.00001"), (430102196610073991, "430102196610074000"), (True, "TRUE"), ("00123", "00123"), (" x ", " x "),
        (datetime.date(2024, 1, 5), "2024-01-05"), (MIDNIGHT, "2024-01-05"),
        (MIDNIGHT.replace(hour=10, minute=30, second=1), "2024-01-05 10:30:01"), (datetime.time(10, 30), "10:30:00"), ("a\nb", "a\nb"),
    ],
)  # fmt: skip
def test_values_become_text(read, value, text):
    assert read(book([["姓名", "x"], ["a", value]]), "x.xlsx").rows[1] == ("a", text)


@pytest.mark.parametrize("form", ['yyyy"年"m"月"d"日"', "[$-804]yyyy/m/d;@", "m/d/yyyy", "dd-mmm-yy", "yyyy-mm-dd"])
def test_dates_are_told_by_their_format(read, form):
    def shape(sheet):
        sheet["B2"].number_format = form

    assert read(book([["a", "b"], ["x", 45480]], shape), "x.xlsx").rows[1][1] == "2024-07-07"


@pytest.mark.parametrize(
    ("epoch", "day"),
    [(openpyxl.utils.datetime.MAC_EPOCH, "2024-07-08"), (openpyxl.utils.datetime.WINDOWS_EPOCH, "2020-07-07")],
)
def test_bare_serial_numbers_count_from_the_files_own_epoch(read, connection, epoch, day):
    made = openpyxl.Workbook()
    made.epoch = epoch
    for row in ([*HEAD, "购车日期"], [*BODY[0], 44019]):
        made.active.append(row)
    found = read(packed(made), "x.xlsx")
    proposal = proposing.propose(found.sheet, kinds.kinds())
    normalising.normalise(connection, kinds.kind("owners"), proposal.mapping, 1)
    assert rows_of(connection, "clean")[0]["sold_on"].isoformat() == day


def test_merged_cells_hold_their_text_everywhere(read):
    def merge(sheet):
        sheet.merge_cells("A1:C1")
        sheet.merge_cells("A3:A4")

    rows = [["客户档案"], HEAD, BODY[0], [None, *BODY[1][1:]]]
    found = read(book(rows, merge), "x.xlsx")
    assert found.rows[0] == ("客户档案",) * 3
    assert found.rows[3] == ("张伟", *BODY[1][1:])
    assert found.sheet.header_row == 2


def test_headings_in_two_rows_are_put_together(read):
    def merge(sheet):
        sheet.merge_cells("A1:B1")
        sheet.merge_cells("C1:D1")
        sheet.merge_cells("E1:E2")

    rows = [
        ["车主", None, "送修人", None, "车架号"],
        ["姓名", "电话", "姓名", "电话"],
        ["张伟", "13812345678", "李四", "13912345678", "LVB5UT4F7BS061981"],
    ]
    sheet = read(book(rows, merge), "x.xlsx").sheet
    assert sheet.header_row == 2
    assert sheet.headings == ("车主 / 姓名", "车主 / 电话", "送修人 / 姓名", "送修人 / 电话", "车架号")


def test_a_table_that_does_not_begin_at_the_corner(read):
    rows = [[], [], [None, None, *HEAD], [None, None, *BODY[0]]]
    found = read(book(rows), "x.xlsx")
    assert found.numbered[2:] == [(3, None, None, *HEAD), (4, None, None, *BODY[0])]
    assert found.sheet.header_row == 3


def test_formulas_give_their_last_value_and_are_never_evaluated(read):
    made = rewritten(
        book([["a", "b"], ["=1+1", "x"], ['=HYPERLINK("file:///etc/passwd")', "y"]]),
        {
            SHEET: lambda part: part.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>7</v>").replace(
                b"<f>1+1</f><v />", b"<f>1+1</f><v>7</v>"
            )
        },
    )
    assert read(made, "x.xlsx").rows[1:] == [("7", "x"), (None, "y")]


def test_sheets_are_listed_with_their_visibility(read):
    made = openpyxl.Workbook()
    made.active.title = "客户"
    made.active.append(["a", "b"])
    made.create_sheet("隐藏").sheet_state = "hidden"
    made.create_sheet("空")
    sheets = read(packed(made), "x.xlsx").book.sheets
    assert [(sheet.name, sheet.visible, sheet.rows) for sheet in sheets] == [
        ("客户", True, 1),
        ("隐藏", False, 0),
        ("空", True, 0),
    ]


def test_another_sheet_is_loaded_by_its_place(connection, tmp_path):
    made = openpyxl.Workbook()
    made.active.append(["first"])
    made.create_sheet("二").append(["second", 2])
    path = tmp_path / "x.xlsx"
    path.write_bytes(packed(made))
    reading.load(connection, path, reading.inspect(path, "x.xlsx").sheets[1])
    assert run(connection, "SELECT * FROM raw") == [(1, "second", "2")]


def test_a_stray_format_far_away_is_no_column(read):
    def shape(sheet):
        sheet["XFD5"].font = openpyxl.styles.Font(bold=True)

    assert read(book(TABLE, shape), "x.xlsx").sheet.columns == 3


def test_an_old_workbook_is_read(read):
    found = read(OLD.read_bytes(), "old.xls")
    assert found.rows[:3] == [
        ("客户档案", "客户档案", "客户档案", "客户档案"),
        ("姓名", "车架号", "手机", "购车日期"),
        ("张伟", "LVB5UT4F7BS061981", "13812345678", "2024-01-05"),
    ]
    assert found.sheet.header_row == 2


def test_macros_are_told_and_not_read(read):
    made = rewritten(book(), {}, added={"xl/vbaProject.bin": b"Sub AutoOpen()"})
    found = read(made, "x.xlsm")
    assert found.book.has_macros
    assert found.rows == TABLE


def _declared(content, size):
    """The same archive with a lie about the size of its sheet in the directory."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        info = old.getinfo(SHEET)
    true = info.file_size.to_bytes(4, "little")
    at = content.rindex(SHEET.encode()) - 46 + 24
    assert content[at : at + 4] == true
    return content[:at] + size.to_bytes(4, "little") + content[at + 4 :]


def _sheet(xml):
    return rewritten(book(), {SHEET: lambda _part: xml})


ROWS = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
BOMB = ROWS % (b'<row><c t="inlineStr"><is><t>' + b"</t></is></c></row>" + b"<row></row>" * 12_000_000)


def _moved(xml):
    """The sheet stands under a name that no sheet has."""
    away = {"xl/_rels/workbook.xml.rels": lambda part: part.replace(b"worksheets/sheet1.xml", b"media/image1.png")}
    return rewritten(book(), away, added={"xl/media/image1.png": xml})


HOSTILE = {
    "bomb": (lambda: _sheet(BOMB), "inflates"),
    "bomb that lies": (lambda: _declared(_sheet(BOMB), 1000), "inflates"),
    "long cell": (lambda: _sheet(ROWS % (b'<row><c t="inlineStr"><is><t>' + b"x" * 5_000_000 + b"</t></is></c></row>")), "characters"),
    "entities": (lambda: _sheet(b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + ROWS % b"<row><c><v>&b;</v></c></row>"), "document type"),
    "far cell": (lambda: _sheet(ROWS % b'<row r="1"><c r="XFD1048576"><v>1</v></c></row>'), "columns"),
    "large area": (lambda: _sheet(ROWS % b'<row r="1"><c r="A1"><v>1</v></c><c r="CZ1048576"><v>1</v></c></row>'), "more cells"),
    "no references": (lambda: _sheet(ROWS % (b"<row>" + b"<c><v>1</v></c>" * 600 + b"</row>")), "columns"),
    "below the last row": (lambda: _sheet(ROWS % b'<row r="2000000"><c r="A2000000"><v>1</v></c></row>'), "damaged"),
    "broken xml": (lambda: _sheet(ROWS[:60]), "cannot be read|can be read|no table"),
    "sheet under another name": (lambda: _moved(ROWS % b'<row r="1"><c r="XFD1048576"><v>1</v></c></row>'), "columns"),
    "references in disguise": (lambda: _sheet(ROWS % b'<row><c x=">" r="XFD1048576"><v>1</v></c></row>'), "columns"),
    "another encoding": (lambda: _sheet((ROWS % b"").decode().encode("utf-16")), "damaged"),
    "cut": (lambda: book()[:3000], "damaged"),
    "no workbook": (lambda: rewritten(b"PK\x05\x06" + b"\0" * 18, {}, added={"a.csv": "a,b"}), "no Excel workbook"),
    "encrypted": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "password"),
    "document": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "not an Excel"),
    "garbage": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Workbook".ljust(9000, b"\1") + "Workbook".encode("utf-16-le"), "not an Excel"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "neither"),
    "empty sheets": (lambda: book([]), "no table"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_workbooks_are_refused_with_a_sentence(read, name):
    make, sentence = HOSTILE[name]
    with pytest.raises(Invalid, match=sentence):
        read(make(), "x.xlsx")


@pytest.mark.parametrize("name", ["x.pdf", "x.exe", "x.zip", "x.docx", "x.csv.gz"])
def test_other_names_are_refused(read, name):
    with pytest.raises(Invalid, match="Only Excel"):
        read(book(), name)


def test_a_workbook_over_the_limit_is_refused(read, monkeypatch):
    monkeypatch.setattr(limits, "LARGEST_WORKBOOK", 1000)
    with pytest.raises(Invalid, match="larger"):
        read(book(), "x.xlsx")


def test_more_cells_than_the_limit_are_refused(read, monkeypatch):
    monkeypatch.setattr(limits, "MOST_CELLS", 5)
    with pytest.raises(Invalid, match="more cells"):
        read(book(), "x.xlsx")


@pytest.mark.parametrize("name", ["new", "old"])
def test_damaged_bytes_are_refused_or_read_but_never_crash(read, name):
    content, chance = (book() if name == "new" else OLD.read_bytes()), random.Random(7)
    for _round in range(60):
        changed = bytearray(content)
        for _change in range(chance.randrange(1, 12)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        try:
            read(bytes(changed), "x.xls")
        except DomainError as refusal:
            assert str(refusal)


def test_a_text_about_the_epoch_changes_none(read):
    assert not read(book([["a", 'date1904="1"'], ["1", "2"]]), "x.xlsx").sheet.date_1904


def test_letters_of_columns_count_as_in_excel():
    assert [sheets.number(letters) for letters in (b"A", b"Z", b"AA", b"ZZ", b"XFD")] == [1, 26, 27, 702, 16384]
