"""Numbers as written: digits with separators, Chinese numerals (GB/T 15835, 大写 too), units 十百千万亿, mixtures."""

import re
from decimal import ROUND_HALF_UP, Decimal

from guanxi.foundation.values import texts
from guanxi.foundation.values.flaws import Flaw
from guanxi.foundation.values.texts import Cleaned

DIGITS = dict(zip("〇零一二三四五六七八九", (0, *range(10)), strict=True)) | dict(
    zip("壹贰叁肆伍陆柒捌玖貳叄參陸两俩兩幺", (*range(1, 10), 2, 3, 3, 6, 2, 2, 2, 1), strict=True)
)
SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "K": 1000}
LARGE = {"万": 10**4, "萬": 10**4, "W": 10**4, "亿": 10**8, "億": 10**8}
CHINESE = "".join(DIGITS) + "".join(SMALL) + "".join(LARGE)
_PLAIN = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+", re.ASCII)
# One of a fixed set of signs after the other: nested repetitions would take for ever on long digits.
_SIGNS = re.compile(f"[0-9.{CHINESE}]+")
_TOKEN = re.compile(rf"\d+(?:\.\d+)?|[{CHINESE}]", re.ASCII)
_SEVERAL_DIGITS = re.compile(f"[{''.join(DIGITS)}]{{2,}}", re.ASCII)
MOST_SIGNS = 40


def plain(text: str) -> Decimal | None:
    """Read digits with an optional fraction and separators of thousands."""
    return Decimal(text.replace(",", "")) if _PLAIN.fullmatch(text) and len(text) <= MOST_SIGNS else None


def _spelled(text: str) -> Decimal | None:
    """Read digits one by one: 二〇二四."""
    if _SEVERAL_DIGITS.fullmatch(text):
        return Decimal("".join(str(DIGITS[sign]) for sign in text))
    return None


class _Sum:
    """The sum so far: finished thousands, the running section below them, the number before its unit."""

    def __init__(self) -> None:
        self.total = self.section = self.number = Decimal(0)
        self.unit = Decimal(1)
        self.pending = False

    def take(self, token: str) -> bool:
        """Add one token; False where it cannot stand here."""
        if token in SMALL:
            self.section += (self.number if self.pending else 1) * SMALL[token]
            self.unit = Decimal(SMALL[token])
        elif token in LARGE:
            self.total = (self.total + self.section + (self.number if self.pending else 0)) * LARGE[token]
            self.section = Decimal(0)
            self.unit = Decimal(LARGE[token])
        else:
            return self._digit(token)
        self.pending = False
        return True

    def _digit(self, token: str) -> bool:
        if self.pending and self.number:
            return False  # 三五百: a range, not a number
        self.number = Decimal(DIGITS[token]) if token in DIGITS else Decimal(token)
        if token in DIGITS and not self.number:
            self.unit = Decimal(1)
        self.pending = True
        return True

    def result(self) -> Decimal:
        """Return the sum; a last digit without a unit counts in the next lower one: 一万五, 三百五."""
        last = self.number if self.pending else Decimal(0)
        lower = self.unit / 10 if self.unit > 10 and last < 10 else Decimal(1)  # noqa: PLR2004 -- tens have no lower unit
        return self.total + self.section + last * lower


def parse(text: str) -> Decimal | None:
    """Read a number in any of the writings, or return None: ``12,345.6``, ``1.2万``, ``六十四万零一百``."""
    if len(text) > MOST_SIGNS:
        return None
    simple = plain(text)
    if simple is not None:
        return simple
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text).replace("个", "")
    tokens = _TOKEN.findall(text) if _SIGNS.fullmatch(text) else []
    if not tokens or "".join(tokens) != text:
        return None
    spelled = _spelled(text)
    if spelled is not None:
        return spelled
    running = _Sum()
    for token in tokens:
        if not running.take(token):
            return None
    return running.result()


_SIGNED = re.compile(r"([+-]?)(.+)", re.ASCII)


PLACES, MOST = Decimal("0.0001"), Decimal(10) ** 14


def clean(text: str | None) -> Cleaned[Decimal]:
    """Return a plain number with up to four decimal places."""
    written = texts.upper(texts.cell(text)).replace(" ", "")
    if not written:
        return Cleaned(None)
    found = _SIGNED.fullmatch(written)
    number = plain(found[2]) if found else None
    if number is None or number >= MOST:
        return Cleaned(None, Flaw.NUMBER_FORM)
    number = number.quantize(PLACES, ROUND_HALF_UP)
    return Cleaned(-number if found and found[1] == "-" else number)
