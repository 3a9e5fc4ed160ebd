"""The units of SMPP 3.4 (issue 1.2): values to octets and back. Only what a bound client says and hears."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

HEAD = struct.Struct(">IIII")
LONGEST = 65_536
ANSWER = 0x8000_0000
VERSION = 0x34


class Command(IntEnum):
    SUBMIT = 0x04
    DELIVER = 0x05
    UNBIND = 0x06
    BIND_TRANSCEIVER = 0x09
    ENQUIRE_LINK = 0x15
    NACK = 0x8000_0000


class Tag(IntEnum):
    """Optional parameters that are read."""

    RECEIPTED_ID = 0x001E
    SAR_REFERENCE = 0x020C
    SAR_TOTAL = 0x020E
    SAR_NUMBER = 0x020F
    NETWORK_ERROR = 0x0423
    PAYLOAD = 0x0424
    MESSAGE_STATE = 0x0427


class Malformed(OSError):
    """The other side does not speak SMPP; the connection is of no use any more."""


@dataclass(frozen=True)
class Pdu:
    """A unit: its head and the octets of its body."""

    command: int
    sequence: int
    status: int = 0
    body: bytes = b""

    def octets(self) -> bytes:
        """Return the unit as it goes over the line."""
        return HEAD.pack(HEAD.size + len(self.body), self.command, self.status, self.sequence) + self.body

    def answer(self, status: int = 0, body: bytes = b"") -> "Pdu":
        """Return the answer to this unit."""
        return Pdu(self.command | ANSWER, self.sequence, status, body)


@dataclass(frozen=True)
class Party:
    """An address with the type of its number and its numbering plan."""

    number: str
    kind: int = 0
    plan: int = 0

    def octets(self) -> bytes:
        return bytes([self.kind, self.plan]) + cstring(self.number)


@dataclass(frozen=True)
class Delivery:
    """What the centre delivers: an answer of somebody, or a report on something sent."""

    source: str
    esm_class: int
    coding: int
    text: bytes
    options: dict[int, bytes]

    @property
    def is_report(self) -> bool:
        return bool(self.esm_class & 0x04)

    @property
    def has_header(self) -> bool:
        return bool(self.esm_class & 0x40)


def cstring(text: str) -> bytes:
    return text.encode("ascii", errors="replace").replace(b"\0", b"") + b"\0"


def bind(user: str, password: str) -> bytes:
    """Return the body with which one binds as sender and receiver."""
    return cstring(user) + cstring(password) + cstring("") + bytes([VERSION, 0, 0]) + cstring("")


def submit(source: Party, to: Party, coding: int, text: bytes, *, has_header: bool) -> bytes:
    """Return the body that hands over one part and asks for a report, good or bad."""
    esm_class, is_reported = 0x40 if has_header else 0, 1
    return (
        cstring("") + source.octets() + to.octets() + bytes([esm_class, 0, 0]) + cstring("") + cstring("")
        + bytes([is_reported, 0, coding, 0, len(text)]) + text
    )  # fmt: skip


def first_text(body: bytes) -> str:
    """Return the text with which a body begins: the number of a message, the name of a centre."""
    return body.partition(b"\0")[0].decode("ascii", errors="replace")


def delivery(body: bytes) -> Delivery:
    """Read the body of a delivery.

    :raises Malformed: it ends too early.
    """
    try:
        _service, at = _text(body, 0)
        source, at = _text(body, at + 2)
        _to, at = _text(body, at + 2)
        esm_class, at = body[at], at + 3
        _when, at = _text(body, at)
        _until, at = _text(body, at)
        coding, size = body[at + 2], body[at + 4]
        at += 5
        text, options = body[at : at + size], dict(_options(body, at + size))
    except (IndexError, ValueError) as error:
        raise Malformed("a delivery that ends too early") from error
    return Delivery(source, esm_class, coding, text or options.get(Tag.PAYLOAD, b""), options)


def _text(body: bytes, at: int) -> tuple[str, int]:
    end = body.index(b"\0", at)
    return body[at:end].decode("ascii", errors="replace"), end + 1


def _options(body: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(body):
        tag, size = struct.unpack_from(">HH", body, at)
        yield tag, body[at + 4 : at + 4 + size]
        at += 4 + size
