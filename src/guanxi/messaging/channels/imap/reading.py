"""What a mail says: the answer of a person, a report that a mail did not arrive (RFC 3464), or nothing to be kept.

Nothing in a mail is trusted: whatever cannot be read is said to be so, and never stops the others.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parseaddr
from html.parser import HTMLParser

LONGEST_ADDRESS, LONGEST_NUMBER, LONGEST_TEXT = 120, 200, 4000
ADDRESS = re.compile(r"[^@\s\x00]+@[^@\s\x00]+")
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class Mail:
    """What a person wrote; ``is_automatic`` if a program did in his name (RFC 3834)."""

    reference: str
    address: str
    subject: str
    text: str
    is_automatic: bool


@dataclass(frozen=True)
class Bounce:
    """A mail of ours that did not arrive: its Message-ID, to whom, the status (RFC 3463), in the server's words."""

    reference: str
    address: str
    status: str
    words: str


@dataclass(frozen=True)
class Unreadable:
    """What cannot be kept as an answer, and why."""

    reference: str
    address: str
    subject: str
    why: str


def read(raw: bytes) -> list[Mail | Bounce | Unreadable]:
    """Return what a mail says; a report may be about several."""
    number = f"sha256:{hashlib.sha256(raw).hexdigest()}"
    try:
        mail = message_from_bytes(raw, policy=policy.default)
        return list(_read(mail, number))
    except Exception as error:  # noqa: BLE001 -- the parser meets whatever anybody sends, and is known to stumble
        return [Unreadable(number, "", "", f"{type(error).__name__}: {error}"[:400])]


def _read(mail: EmailMessage, number: str) -> Iterator[Mail | Bounce | Unreadable]:
    reference = _plain(mail, "Message-ID") or number
    reference = reference if len(reference) <= LONGEST_NUMBER else number
    address = parseaddr(_plain(mail, "From"))[1].strip().lower()
    subject = _plain(mail, "Subject")[:400]
    if mail.get_content_type() == "multipart/report" and mail.get_param("report-type") == "delivery-status":
        found = list(_bounces(mail))
        yield from found
        if not found:
            yield Unreadable(reference, address[:LONGEST_ADDRESS], subject, "delivery report that names nobody")
    elif not ADDRESS.fullmatch(address) or len(address) > LONGEST_ADDRESS:
        yield Unreadable(reference, address[:LONGEST_ADDRESS], subject, "no sender to whom one could answer")
    else:
        said = _plain(mail, "Auto-Submitted").lower()
        is_automatic = said not in {"", "no"} or _plain(mail, "Precedence").lower() in {"bulk", "junk", "auto_reply"}
        yield Mail(reference, address, subject, _text(mail)[:LONGEST_TEXT], is_automatic)


def _plain(mail: Message, name: str) -> str:
    """Return a heading in one line, without signs that a database cannot hold."""
    return " ".join(str(mail.get(name, "")).replace("\x00", "").split())


def _text(mail: EmailMessage) -> str:
    """Return the words of a mail: its plain text, else what its HTML says."""
    body = mail.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    raw = body.get_payload(decode=True)
    content = raw if isinstance(raw, bytes) else b""
    try:
        words = content.decode(body.get_content_charset("utf-8"), "replace")
    except LookupError:  # a coding that nobody knows
        words = content.decode("utf-8", "replace")
    words = words.replace("\r\n", "\n").replace("\x00", "")
    return _without_tags(words) if body.get_content_type() == "text/html" else words


class _Words(HTMLParser):
    """Collects what a page says, without its scripts, its style and what it quotes."""

    SILENT = ("script", "style", "title", "blockquote")

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- the parser's shape
        if tag in self.SILENT:
            self._silent.append(tag)
        elif tag in {"br", "p", "div", "tr", "li"}:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._silent and tag == self._silent[-1]:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def _without_tags(page: str) -> str:
    parser = _Words()
    parser.feed(page)
    parser.close()
    return "".join(parser.words)


def _bounces(mail: EmailMessage) -> Iterator[Bounce]:
    """Yield the recipients whom a report says that a mail did not reach, if it says which mail."""
    original = _original(mail)
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for fields in part.get_payload():
            if not isinstance(fields, Message) or _plain(fields, "Action").lower() != "failed":
                continue
            address = _plain(fields, "Final-Recipient") or _plain(fields, "Original-Recipient")
            status = STATUS.search(_plain(fields, "Status"))
            words = _plain(fields, "Diagnostic-Code") or _plain(fields, "Status")
            yield Bounce(
                original, address.rpartition(";")[2].strip().lower(), status[0] if status else "", words[:400]
            )  # fmt: skip


def _original(mail: EmailMessage) -> str:
    """Return the Message-ID of the mail that a report returns, in whole or its headings."""
    for part in mail.walk():
        if part.get_content_type() == "message/rfc822":
            for inner in part.get_payload():
                if isinstance(inner, Message):
                    return _plain(inner, "Message-ID")
        if part.get_content_type() == "text/rfc822-headers":
            raw = part.get_payload(decode=True)
            return _plain(message_from_bytes(raw if isinstance(raw, bytes) else b""), "Message-ID")
    return ""
