"""The words of a text message as octets and back: the alphabet of GSM 03.38, UTF-16, and long messages in parts."""

from collections.abc import Iterator

from guanxi.messaging import policy

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


def words(coding: int, octets: bytes, *, has_header: bool) -> str:
    """Return what a part says; of a long message with its number in front, “(1/2) …”."""
    length = octets[0] + 1 if has_header and octets else 0
    text = _text(coding, octets[length:]).replace("\0", "")
    number = next(_numbers(octets[1:length]), None)
    return f"({number[1]}/{number[0]}) {text}" if number and number[0] > 1 else text


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


def _numbers(header: bytes) -> Iterator[tuple[int, int]]:
    """Yield how many parts there are and which one this is, as a header says in one octet or two."""
    at = 0
    while at + 2 <= len(header):
        kind, size = header[at], header[at + 1]
        value = header[at + 2 : at + 2 + size]
        if (kind, size) in {(NUMBERED, 3), (WIDE, 4)} and len(value) == size:
            yield value[-2], value[-1]
        at += 2 + size
