"""Decisions about attachments from plain values: what a file really is, and under which name it is kept."""

import unicodedata
from dataclasses import dataclass

LONGEST_NAME = 120


@dataclass(frozen=True)
class Media:
    """A kind of file that is taken in: its name, the endings of its files, and how its content begins."""

    name: str
    endings: tuple[str, ...]
    start: bytes
    at_eight: bytes = b""

    def fits(self, content: bytes) -> bool:
        return content.startswith(self.start) and content[8:].startswith(self.at_eight)


KINDS = (
    Media("image/jpeg", (".jpg", ".jpeg"), b"\xff\xd8\xff"),
    Media("image/png", (".png",), b"\x89PNG\r\n\x1a\n"),
    Media("image/webp", (".webp",), b"RIFF", b"WEBP"),
    Media("application/pdf", (".pdf",), b"%PDF-"),
)


def media_of(content: bytes) -> Media | None:
    """Return what a file is by its content, whatever its name says; None: nothing that is taken in."""
    return next((kind for kind in KINDS if kind.fits(content)), None)


def clean_name(name: str, media: Media) -> str:
    """Return the name under which a file is kept: without folders and signs that do not show, and with an ending that
    says what it is.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip() or "file"
    if not shown.lower().endswith(media.endings):
        shown += media.endings[0]
    return shown[-LONGEST_NAME:]
