"""Workbooks made in memory, and made bad."""

import io
import zipfile

import openpyxl

HEAD = ["姓名", "车架号", "手机"]
BODY = [["张伟", "LVB5UT4F7BS061981", "13812345678"], ["王芳", "LVBHS1BB2ES123456", "13912345678"]]
TABLE = [tuple(row) for row in (HEAD, *BODY)]
SHEET = "xl/worksheets/sheet1.xml"


def packed(book):
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def book(rows=TABLE, change=None):
    """A workbook of one sheet; ``change`` may do more to the sheet."""
    made = openpyxl.Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(list(row))
    if change:
        change(sheet)
    return packed(made)


def rewritten(content, changes, *, added=None):
    """The same archive with the content of some parts changed by functions, and parts added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, lambda part: part)(old.read(name)))
        for name, part in (added or {}).items():
            new.writestr(name, part)
    return buffer.getvalue()
