"""Rows that are no data: totals, titles, notes. Words of the reports of Chinese dealer systems."""

# A cell that is only this word makes a row of totals, if the row lacks what every row has.
_WORDS = (
    "合计",
    "小计",
    "总计",
    "共计",
    "累计",
    "总数",
    "本页合计",
    "本页小计",
    "本页总计",
    "total",
    "subtotal",
    "grand total",
    "sum",
)
TOTALS = frozenset(
    f"{word}{colon}"
    for plain in _WORDS
    for word in (plain, plain.capitalize(), plain.upper(), plain.title(), " ".join(plain), "  ".join(plain))
    for colon in ("", ":", "：")
)
# The beginning of the first cell of such a row …
TOTAL = r"^(?:[合小总共累]\s*计|本页[合小总]\s*计|全部合计|(?i:(?:sub|grand )?total)\b|(?i:sum)\b)"
# … and of a note below or between the tables.
FOOTER = (
    r"^(?:共\s*[0-9,]+\s*(?:条|行|台|辆|人|位|个|笔|户|单|页)|第\s*\d+\s*页|(?i:page)\s*\d+|制表|打印|导出|审核|复核|制单|经手|"
    r"统计|查询|报表|数据来源|以上|备注[:：]|注[:：]|说明[:：]|记录数|总记录|总条数|-+\s*\d+\s*-+$|\d+\s*/\s*\d+$)"
)
FEW_CELLS = 4  # a note has fewer cells than a row of data
