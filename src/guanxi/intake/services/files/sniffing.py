"""What a file is, by its first bytes; its name is only a claim."""

import re
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.errors import Text
from guanxi.intake.services.files import limits
from guanxi.intake.services.files.limits import refuse
from guanxi.intake.services.sheets import Form

TEXT_NAMES = {"csv", "tsv", "txt", "tab", "dat", "prn", "asc", "del", ""}
SHEET_NAMES = {"xlsx", "xlsm", "xls", "et", "htm", "html", "xml"}
HEAD = 64 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
# Files of other kinds by their first bytes, so that nobody reads a picture as text.
FOREIGN: tuple[bytes, ...] = (
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"MZ",
    b"\x7fELF", b"SQLite format 3", b"{\\rtf", b"PK\x05\x06", b"RIFF", b"BM", b"MIME-Version:",
)  # fmt: skip
_XML_SHEET = re.compile(rb"urn:schemas-microsoft-com:office:spreadsheet|progid=.Excel\.Sheet", re.IGNORECASE)
_MARKUP = re.compile(
    rb"\s*<(?:!doctype\s+html|html|head|meta|table|body|style|div|center|font|!--|\?xml)", re.IGNORECASE
)
_NOT_READ: Text = _("This file is neither an Excel workbook nor a table as text.")


def sniff(path: Path, name: str) -> Form:
    """Tell the form of a file.

    :raises Invalid: it is empty, too large, of another kind, or called by a name that no table has.
    """
    size = path.stat().st_size
    suffix = Path(name).suffix.lower().lstrip(".")
    if suffix not in TEXT_NAMES | SHEET_NAMES:
        raise refuse(_("Only Excel workbooks (.xlsx, .xls) and tables as text (.csv, .tsv, .txt) are read."))
    if size == 0:
        raise refuse(_("The file is empty."))
    with path.open("rb") as file:
        head = file.read(HEAD)
    form = _form(head)
    largest = {
        Form.WORKBOOK: limits.LARGEST_WORKBOOK,
        Form.DELIMITED: limits.LARGEST_TEXT,
    }.get(form, limits.LARGEST_MARKUP)
    if size > largest:
        raise refuse(_("The file is larger than %(most)s MB.") % {"most": largest // limits.MB})
    return form


def _form(head: bytes) -> Form:
    if head.startswith((ZIP, OLE)):
        return Form.WORKBOOK
    if head.startswith(FOREIGN):
        raise refuse(_NOT_READ)
    text = _narrow(head)
    if _MARKUP.match(text):
        if _XML_SHEET.search(text):
            return Form.XML
        if re.search(rb"<(?:table|tr|html)\b", text, re.IGNORECASE):
            return Form.HTML
        raise refuse(_NOT_READ)
    return Form.DELIMITED


def _narrow(head: bytes) -> bytes:
    """Return the first bytes as ASCII would have them, so that marks are found in any encoding."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[2:].replace(b"\0", b"")
    return head.removeprefix(b"\xef\xbb\xbf")
