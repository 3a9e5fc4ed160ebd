"""Text files as dealer systems and people write them."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.foundation import columnar
from guanxi.foundation.columnar import run
from guanxi.foundation.errors import Invalid
from guanxi.intake.policy import dialects
from guanxi.intake.services import reading
from guanxi.intake.services.files import delimited, limits

HEAD = ["姓名", "车架号", "手机"]
BODY = [["张伟", "LVB5UT4F7BS061981", "13812345678"], ["王芳", "LVBHS1BB2ES123456", "13912345678"]]
TABLE = [tuple(row) for row in (HEAD, *BODY)]


def _text(delimiter=",", end="\n"):
    return end.join(delimiter.join(row) for row in (HEAD, *BODY)) + end


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，"])
def test_every_encoding_and_delimiter(read, encoding, delimiter):
    text = read(_text(delimiter).encode(encoding))
    assert text.rows == TABLE
    assert (text.sheet.delimiter, text.sheet.header_row, text.sheet.headings) == (delimiter, 1, tuple(HEAD))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_end_of_line(read, end):
    assert read(_text(end=end).encode()).rows == TABLE


def test_the_last_line_needs_no_end(read):
    assert read(_text().rstrip("\n").encode()).rows == TABLE


def test_ascii_is_read_as_utf_8(read):
    assert read(b"name,vin\nA,B\n").sheet.encoding == "utf-8"


def test_the_first_chinese_character_may_come_late(read):
    lines = "".join(f"{number},text without any\n" for number in range(60_000))
    text = read(("no,note\n" + lines + "1,最后\n").encode("gb18030"))
    assert text.sheet.encoding == "gb18030"
    assert text.rows[-1] == ("1", "最后")


def test_a_few_damaged_characters_do_not_change_the_encoding(read):
    content = ("姓名,备注\n" + "张伟,正常的一行文字\n" * 50).encode() + b"\xe5\xbc,broken\n"
    text = read(content)
    assert text.sheet.encoding == "utf-8"
    assert text.rows[1] == ("张伟", "正常的一行文字")
    assert text.rows[-1] == ("\ufffd", "broken")


def test_rows_are_counted_as_excel_shows_them(read):
    content = 'a,b\n\n1,"two\nlines"\n\n\n2,x\n\n\n'
    assert read(content.encode()).numbered == [
        (1, "a", "b"), (2, None, None), (3, "1", "two\nlines"), (4, None, None), (5, None, None), (6, "2", "x"),
        (7, None, None), (8, None, None),
    ]  # fmt: skip


def test_empty_lines_count_without_quotes_too(read):
    numbered = read(b"a,b\n\n1,2\n\n3,4\n").numbered
    assert [row[0] for row in numbered if row[1]] == [1, 3, 5]


def test_quoted_cells_hold_delimiters_quotes_and_lines(read):
    content = 'a,b,c\n1,"x,y","he said ""hi"""\n2,"one\r\ntwo",""\n'
    assert read(content.encode()).rows == [
        ("a", "b", "c"),
        ("1", "x,y", 'he said "hi"'),
        ("2", "one\r\ntwo", None),
    ] or read(content.encode()).rows == [("a", "b", "c"), ("1", "x,y", 'he said "hi"'), ("2", "one\ntwo", None)]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('1,15" wheel,x', ("1", '15" wheel', "x")),
        ('1,"吱吱"声,x', ("1", '"吱吱"声', "x")),
        ('1,"never closed,x', ("1", '"never closed', "x")),
        ('1, "spaces" ,x', ("1", "spaces", "x")),
        ('1,"a""b",x', ("1", 'a"b', "x")),
        ('1,"a"b",x', ("1", 'a"b', "x")),
        ('"","",""', (None, None, None)),
    ],
)
def test_quotes_as_people_write_them(read, line, cells):
    text = read(f"a,b,c\n{line}\n2,y,z\n3,y,z\n".encode())
    assert text.rows == [("a", "b", "c"), cells, ("2", "y", "z"), ("3", "y", "z")]


def test_an_open_quote_swallows_nothing(read):
    lines = "".join(f"{number},x,y\n" for number in range(200))
    rows = read(('a,b,c\n1,"open,z\n' + lines).encode()).rows
    assert len(rows) == 202
    assert rows[1] == ("1", '"open', "z")


def test_rows_with_too_few_and_too_many_cells(read):
    text = read(b"a,b,c\n1\n2,x,y,surplus\n3,x,y\n")
    assert text.sheet.columns == 3
    names = [name for (name,) in run(text.connection, "SELECT column_name FROM (DESCRIBE raw)")]
    rows = [row[:3] for row in text.rows]
    assert rows == [("a", "b", "c"), ("1", None, None), ("2", "x", "y"), ("3", "x", "y")]
    assert len(names) == 5
    assert text.rows[2][3] == "surplus"


def test_titles_above_the_headings(read):
    text = read(
        "某某公司客户档案\n导出时间:2026-11-20\n姓名,车架号,手机\n张伟,LVB5UT4F7BS061981,13812345678\n".encode()
    )
    assert (text.sheet.header_row, text.sheet.headings) == (3, tuple(HEAD))


def test_a_file_without_headings(read):
    sheet = read("张伟,LVB5UT4F7BS061981,13812345678\n王芳,LVBHS1BB2ES123456,13912345678\n".encode()).sheet
    assert (sheet.header_row, sheet.headings) == (0, ("", "", ""))


def test_the_hint_of_excel_is_a_title(read):
    text = read("sep=;\n姓名;车架号\n张伟;LVB5UT4F7BS061981\n王芳;LVBHS1BB2ES123456\n".encode())
    assert (text.sheet.delimiter, text.sheet.header_row) == (";", 2)


def test_a_table_of_one_column(read):
    text = read("手机\n13812345678\n\n13912345678\n".encode())
    assert [row[:1] for row in text.rows] == [("手机",), ("13812345678",), (None,), ("13912345678",)]


def test_text_that_calls_itself_xls(read):
    text = read(_text("\t").encode("gb18030"), "客户档案.xls")
    assert text.rows == TABLE
    assert text.sheet.name == "客户档案"


def test_signs_of_the_shell_in_a_name_do_no_harm(connection, tmp_path):
    path = tmp_path / "客户[1]*?{a}.csv"
    path.write_text(_text())
    sheet = reading.inspect(path, path.name).sheets[0]
    reading.load(connection, path, sheet)
    assert run(connection, "SELECT count(*) FROM raw") == [(3,)]


def test_the_sample_is_the_first_twenty_rows(read):
    text = read(("a,b\n" + "1,2\n" * 100).encode())
    assert len(text.sheet.sample) == limits.SAMPLE_ROWS == 20
    assert text.sheet.sample[0] == ("a", "b")
    assert text.sheet.rows == 101


def test_nothing_is_left_in_the_workplace(read, workplace):
    read(_text().encode("gb18030"))
    assert list(workplace.glob("*.csv")) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"a,b\n1,\x00\n", "zero bytes"),
        (b"," * 1_000_000 + b"\n", "columns"),
        (b"a,b\n" + b"," * 2000 + b"\n", "columns"),
        (b"x" * 3_000_000, "characters"),
        (b"a,b\n1," + b"x" * 3_000_000 + b"\n", "characters"),
        (b'a,b\n1,"' + b"x" * 3_000_000 + b'"\n', "characters"),
    ],
    ids=["empty", "nul", "million-columns", "wide-row", "one-line", "long-line", "long-cell"],
)
def test_hostile_texts_are_refused_with_a_sentence(read, content, sentence):
    with pytest.raises(Invalid, match=sentence):
        read(content)


def test_a_text_over_the_limit_is_refused(read, monkeypatch):
    monkeypatch.setattr(limits, "LARGEST_TEXT", 10)
    with pytest.raises(Invalid, match="larger"):
        read(_text().encode())


CELLS = st.text("ab中 ,;\"\n'x1", max_size=6)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(table=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=2, max_size=12))
def test_well_written_text_is_read_as_it_was_written(tmp_path, table):
    """Whatever the way, fast or careful, the cells come back."""
    path, buffer = tmp_path / "x.csv", io.StringIO()
    csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(table)
    path.write_text(buffer.getvalue())
    place = tmp_path / "place"
    place.mkdir(exist_ok=True)
    with columnar.connected(place) as connection:
        delimited.load(connection, path, "utf-8", ",", 3)
        rows = run(connection, "SELECT c0, c1, c2 FROM raw ORDER BY row")
    assert rows == [tuple(cell or None for cell in row) for row in table]


@settings(max_examples=200, deadline=None)
@given(lines=st.lists(st.text('a",;\n ', max_size=12), max_size=8))
def test_every_line_comes_back_somewhere(lines):
    """The careful way never loses a sign other than quotes, delimiters and spaces around them."""
    text = [line.replace("\n", "") for line in lines]
    cells = [cell for record in dialects.records(text, ",") for cell in record]
    assert "".join(cells).count("a") == "".join(text).count("a")
    assert "".join(cells).count(";") == "".join(text).count(";")
