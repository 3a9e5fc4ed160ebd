"""The words of a text message as octets and back: the alphabet of GSM 03.38, UTF-16, and long messages in parts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from guanxi.messaging import policy
from guanxi.messaging.channels.smpp.pdu import Tag

GSM, LATIN, UCS = 0, 3, 8  # data_coding of SMPP
ESCAPE, HEADER, NUMBERED, WIDE = 0x1B, 6, 0x00, 0x08
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = {0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|",
             0x65: "€"}  # fmt: skip
OCTETS = {sign: bytes([place]) for place, sign in enumerate(BASIC)} | {
    sign: bytes([ESCAPE, place]) for place, sign in EXTENSION.items()
}


def octets(text: str, reference: int) -> tuple[int, list[bytes]]:
    """Return the coding of a text and the octets of its parts; of a long one each begins with a header that numbers it.

    The alphabet of GSM is written one sign an octet, as centres want it.
    """
    is_unicode = policy.length(text).is_unicode
    pieces = policy.split(text)
    coded = [piece.encode("utf-16-be") if is_unicode else b"".join(OCTETS[sign] for sign in piece) for piece in pieces]
    if len(coded) > 1:
        coded = [
            bytes([HEADER - 1, NUMBERED, 3, reference % 256, len(coded), number]) + part
            for number, part in enumerate(coded, 1)
        ]
    return UCS if is_unicode else GSM, coded


@dataclass(frozen=True)
class Segment:
    """What a unit carries: octets without header, and of a long message its series, which part this is of how many."""

    octets: bytes
    series: str = ""
    number: int = 1
    total: int = 1


def segment(octets: bytes, options: Mapping[int, bytes], *, has_header: bool) -> Segment:
    """Return what a unit carries: the numbers of a part stand in its header (GSM 03.40), with a reference of one octet
    or two, or beside it (the sar parameters of SMPP). Numbers that cannot be are none: it is a message of its own.
    """
    length = octets[0] + 1 if has_header and octets and octets[0] < len(octets) else 0  # one that lies is none
    found = next(_numbers(octets[1:length]), None) or _beside(options)
    if found is None:
        return Segment(octets[length:])
    series, total, number = found
    if total < 2 or not 1 <= number <= total:  # noqa: PLR2004 -- a whole message
        return Segment(octets[length:])
    return Segment(octets[length:], series, number, total)


def _beside(options: Mapping[int, bytes]) -> tuple[str, int, int] | None:
    values = [options.get(tag, b"") for tag in (Tag.SAR_REFERENCE, Tag.SAR_TOTAL, Tag.SAR_NUMBER)]
    if not all(values):
        return None
    reference, total, number = (int.from_bytes(value, "big") for value in values)
    return f"sar:{reference}", total, number


def text(parts: Iterable[tuple[int, bytes]]) -> str:
    """Return what parts say that follow one another, each with its coding. A sign may begin in one and end in the next:
    octets of one coding are read together.
    """
    runs = (
        (coding, b"".join(octets for _coding, octets in run)) for coding, run in groupby(parts, lambda part: part[0])
    )
    return "".join(_text(coding, octets) for coding, octets in runs).replace("\0", "")


def _text(coding: int, octets: bytes) -> str:
    if coding == UCS:
        return octets.decode("utf-16-be", errors="replace")
    if coding == LATIN:
        return octets.decode("latin-1")
    if coding == GSM:
        return "".join(_signs(octets))
    return octets.decode("ascii", errors="replace")


def _signs(octets: bytes) -> Iterator[str]:
    is_escaped = False
    for octet in octets:
        if octet == ESCAPE and not is_escaped:
            is_escaped = True
            continue
        yield EXTENSION.get(octet, " ") if is_escaped else BASIC[octet] if octet < len(BASIC) else "?"
        is_escaped = False


def _numbers(header: bytes) -> Iterator[tuple[str, int, int]]:
    """Yield the series, how many parts there are and which one this is, as a header says in one octet or two."""
    at = 0
    while at + 2 <= len(header):
        kind, size = header[at], header[at + 1]
        value = header[at + 2 : at + 2 + size]
        if (kind, size) in {(NUMBERED, 3), (WIDE, 4)} and len(value) == size:
            yield f"{kind}:{int.from_bytes(value[:-2], 'big')}", value[-2], value[-1]
        at += 2 + size
