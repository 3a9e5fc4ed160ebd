"""HTML tables and XML sheets under the name .xls, as many systems export them."""

import pytest
from tests.intake.books import TABLE

from guanxi.foundation.errors import Invalid
from guanxi.intake.services.files import limits
from guanxi.intake.services.sheets import Form

PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="gb2312"><style>td {{ color: red }}</style>
<title>客户</title></head><body><table border=1>{rows}</table></body></html>"""
ROW = "<tr>{}</tr>".format
XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="客户"><Table>{rows}</Table></Worksheet></Workbook>"""


def _page(*rows, cell="<td>{}</td>"):
    return PAGE.format(rows="".join(ROW("".join(cell.format(text) for text in row)) for row in rows))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_page_is_read_as_a_table(read, encoding):
    found = read(_page(*TABLE).encode(encoding), "导出.xls")
    assert found.rows == TABLE
    assert found.sheet.form == Form.HTML


def test_a_bare_table_is_read_too(read):
    assert read("<table><tr><th>姓名<th>手机<tr><td>张伟<td>13812345678</table>".encode(), "x.xls").rows == [
        ("姓名", "手机"),
        ("张伟", "13812345678"),
    ]


def test_spans_entities_breaks_and_hidden_numbers(read):
    rows = (
        '<tr><td colspan="3">客户&nbsp;档案</td></tr>'
        "<tr><td>姓名</td><td>手机</td><td>备注</td></tr>"
        '<tr><td rowspan="2">张伟</td><td x:num="13812345678">1.38E+10</td><td>一<br>二 &lt;三&gt;</td></tr>'
        "<tr><td>139</td><td><b>x</b><script>alert(1)</script></td></tr>"
    )
    assert read(PAGE.format(rows=rows).encode(), "x.xls").rows == [
        ("客户 档案",) * 3, ("姓名", "手机", "备注"), ("张伟", "13812345678", "一\n二 <三>"), ("张伟", "139", "x"),
    ]  # fmt: skip


def test_every_table_is_a_sheet(read):
    page = _page(["a", "b"], ["1", "2"]) + _page(["c", "d", "e"])
    assert [(sheet.name, sheet.rows, sheet.columns) for sheet in read(page.encode(), "x.htm").book.sheets] == [
        ("Table 1", 2, 2),
        ("Table 2", 1, 3),
    ]


def test_a_table_in_a_cell_is_text_of_the_cell(read):
    page = PAGE.format(rows="<tr><td>a</td><td>b <table><tr><td>inner</td></tr></table></td></tr>")
    assert read(page.encode(), "x.xls").rows == [("a", "b inner")]


def test_an_xml_sheet_is_read(read):
    rows = (
        '<Row><Cell ss:MergeAcross="2"><Data ss:Type="String">客户档案</Data></Cell></Row>'
        '<Row ss:Index="3"><Cell><Data ss:Type="String">姓名</Data></Cell><Cell ss:Index="3"><Data ss:Type="String">生日</Data></Cell></Row>'
        '<Row><Cell><Data ss:Type="String">张&amp;伟</Data></Cell><Cell/><Cell><Data ss:Type="DateTime">1968-01-24T00:00:00.000</Data></Cell></Row>'
    )
    found = read(XML.format(rows=rows).encode(), "x.xls")
    assert found.numbered == [
        (1, "客户档案", "客户档案", "客户档案"),
        (2, None, None, None),
        (3, "姓名", None, "生日"),
        (4, "张&伟", None, "1968-01-24"),
    ]
    assert (found.sheet.name, found.sheet.form) == ("客户", Form.XML)


@pytest.mark.parametrize("name", ["gb2312", "GBK", "gb18030", "utf-8", "utf-16"])
def test_an_xml_sheet_says_its_encoding(read, name):
    text = XML.replace("?>", f' encoding="{name}"?>', 1).format(
        rows='<Row><Cell><Data ss:Type="String">张伟</Data></Cell></Row>'
    )
    assert read(text.encode(name), "x.xls").rows == [("张伟",)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (XML.replace("<Workbook", '<!DOCTYPE x [<!ENTITY a "b">]><Workbook').format(rows="<Row/>"), "document type"),
        (XML.format(rows='<Row><Cell ss:Index="900"><Data>x</Data></Cell></Row>'), "columns"),
        (XML.format(rows="<Row><Cell><Data>" + "x" * 40_000 + "</Data></Cell></Row>"), "characters"),
        (XML.format(rows='<Row ss:Index="2000000"><Cell><Data>x</Data></Cell></Row>'), "more rows"),
        (XML.format(rows="<Row>")[:200], "damaged"),
        (XML.format(rows=""), "no table"),
        (PAGE.format(rows='<tr><td colspan="99999">x</td></tr>'), "columns"),
        (PAGE.format(rows='<tr><td colspan="400" rowspan="60000">x</td></tr>' * 9), "merged"),
        (PAGE.format(rows="<tr><td>" + "x" * 40_000 + "</td></tr>"), "characters"),
        (PAGE.format(rows=""), "no table"),
        ("<html><body><p>Session expired</p></body></html>", "no table"),
        ("<?xml version='1.0'?><data><row/></data>", "neither"),
        ("MIME-Version: 1.0\nContent-Type: multipart/related", "neither"),
    ],
    ids=[
        "entities",
        "wide",
        "long",
        "far",
        "cut",
        "empty",
        "colspan",
        "rowspan",
        "long-html",
        "empty-html",
        "page",
        "xml",
        "mht",
    ],
)
def test_hostile_markup_is_refused_with_a_sentence(read, content, sentence):
    with pytest.raises(Invalid, match=sentence):
        read(content.encode(), "x.xls")


def test_markup_over_the_limit_is_refused(read, monkeypatch):
    monkeypatch.setattr(limits, "LARGEST_MARKUP", 100)
    with pytest.raises(Invalid, match="larger"):
        read(_page(*TABLE).encode(), "x.xls")
