"""In which characters a text is written: told by its bytes."""

import codecs

MARK = "\ufeff"
BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
MOST_LOST = 0.02  # of the characters that are not ASCII: a few damaged ones do not make a text GBK


def by_mark(head: bytes) -> str:
    """Return the encoding that a byte order mark names, or that zeros between ASCII characters show; else nothing."""
    for mark, name in BOMS:
        if head.startswith(mark):
            return name
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 4 > len(head) and min(even, odd) * 10 < max(even, odd):
        return "utf-16-be" if even > odd else "utf-16-le"
    return ""


def of(sample: bytes) -> str:
    """Return the encoding of bytes that are not all ASCII: UTF-8 if they are, else GB18030, which covers GBK."""
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(sample)
    lost = text.count("\ufffd")
    foreign = sum(1 for sign in text if sign > "\x7f")
    return "utf-8" if lost <= foreign * MOST_LOST else "gb18030"
