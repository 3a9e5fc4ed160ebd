"""Decisions about messages from plain values: what a text names, its length, when it may go, what stops a channel."""

import datetime
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

NAME = re.compile(r"\{([a-z_]{1,40})\}")
FIELD = re.compile(r"([a-z][a-z_]{0,30}[0-9]{0,3})\s*[:：]\s*(.+)")
BRACE = re.compile(r"[{}]")
# How programs begin what they quote, and end what one wrote oneself.
QUOTES = re.compile(
    r"-{2,}\s*(Original Message|Forwarded message|原始邮件|转发邮件|原邮件)|On .{1,200} wrote:$|在.{1,200}写道[:：]$"
    r"|(发件人|From)[:：].{0,200}$|发自我的|Sent from my ", re.IGNORECASE,
)  # fmt: skip
SIGNATURES = ("-- ", "--")
# GSM 03.38: the signs of one septet; those of the extension take two.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
GSM_ONE, GSM_PART, UCS_ONE, UCS_PART = 160, 153, 70, 67


@dataclass(frozen=True)
class Part:
    """A piece of a text: words as they are, or the name of a variable."""

    words: str = ""
    variable: str = ""


def parts(text: str) -> list[Part]:
    """Return the pieces of a text in order."""
    found, end = [], 0
    for match in NAME.finditer(text):
        if match.start() > end:
            found.append(Part(text[end : match.start()]))
        found.append(Part(variable=match[1]))
        end = match.end()
    if end < len(text):
        found.append(Part(text[end:]))
    return found


def named(*texts: str) -> list[str]:
    """Return the variables that texts name, each once, in order."""
    return list(dict.fromkeys(match[1] for text in texts for match in NAME.finditer(text)))


def unknown(text: str, known: Collection[str]) -> list[str]:
    """Return what a text has in braces that is none of the known variables."""
    return [f"{{{name}}}" for name in named(text) if name not in known]


def is_balanced(text: str) -> bool:
    """Say whether every brace of a text belongs to the name of a variable."""
    return BRACE.search(NAME.sub("", text)) is None


def named_lines(text: str) -> list[tuple[str, str]]:
    """Return the fields of a text whose lines begin with a name, as templates of WeChat want them: ``keyword1: …``."""
    return [(match[1], match[2].strip()) for line in text.splitlines() if (match := FIELD.fullmatch(line.strip()))]


def is_named(text: str) -> bool:
    """Say whether every line of a text begins with the name of a field, each once."""
    names = [name for name, _words in named_lines(text)]
    return bool(names) and len(names) == len([line for line in text.splitlines() if line.strip()]) == len(set(names))


@dataclass(frozen=True)
class Length:
    """How long a text message is: units of its coding, and how many parts a network sends."""

    is_unicode: bool
    units: int
    parts: int


def length(text: str) -> Length:
    """Return the length of a text message: 160 septets (153 a part) in the GSM alphabet, else 70 UTF-16 units (67).

    A sign of two units is never divided between parts.
    """
    widths, one, _part = _measure(text)
    units, is_unicode = sum(widths), one == UCS_ONE
    return Length(is_unicode, units, len(split(text)) if units else 0)


def split(text: str) -> list[str]:
    """Return the parts in which a network sends a text message; a sign of two units is never divided."""
    widths, one, part = _measure(text)
    if sum(widths) <= one:
        return [text]
    starts, room = [0], part
    for place, width in enumerate(widths):
        if width > room:
            starts.append(place)
            room = part
        room -= width
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def _measure(text: str) -> tuple[list[int], int, int]:
    """Return how many units each sign takes, and how many go into a message alone and into a part."""
    if all(sign in BASIC or sign in EXTENDED for sign in text):
        return [2 if sign in EXTENDED else 1 for sign in text], GSM_ONE, GSM_PART
    return [2 if ord(sign) > 0xFFFF else 1 for sign in text], UCS_ONE, UCS_PART  # noqa: PLR2004 -- beyond the first plane


def is_quiet(at: datetime.datetime, start: datetime.time, end: datetime.time) -> bool:
    """Say whether a moment on the wall clock lies in the quiet hours, which may cross midnight; the end is outside."""
    if start <= end:
        return start <= at.time() < end
    return at.time() >= start or at.time() < end


def earliest(at: datetime.datetime, start: datetime.time, end: datetime.time) -> datetime.datetime:
    """Return the first moment from ``at`` on, on the wall clock, at which somebody may be written to."""
    if not is_quiet(at, start, end):
        return at
    ends = at.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return ends if ends > at else ends + datetime.timedelta(days=1)


def bare(words: str) -> str:
    """Return what somebody wrote without width, case, spaces and punctuation."""
    folded = unicodedata.normalize("NFKC", words).casefold()
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LN")


def is_stop(words: str, stops: Iterable[str]) -> bool:
    """Say whether an answer is one of the words that stop a channel, and nothing else."""
    return bare(words) in {bare(stop) for stop in stops} - {""}


def is_dead_address(status: str) -> bool:
    """Say whether a status (RFC 3463) says that there is no such address, and not that its box is full or a server
    away.
    """
    return status.startswith("5.1.") or status == "5.2.1"


def own_words(text: str) -> str:
    """Return what somebody wrote himself in a mail: without what he quotes below it, and without his signature."""
    own: list[str] = []
    for line in text.splitlines():
        bare_line = line.strip()
        if bare_line.startswith(">"):
            continue
        if line.rstrip("\r\n") in SIGNATURES or QUOTES.match(bare_line):
            break
        own.append(line.rstrip())
    return "\n".join(own).strip()
