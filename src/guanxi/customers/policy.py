"""Decisions about customers from plain values: what a typed word may mean, what a merge keeps."""

import datetime
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guanxi.customers.states import OF_PEOPLE, Binding, Category, Field, Kind
from guanxi.foundation.personal_data import mask_phone
from guanxi.foundation.values import phones

LAST = "\U0010ffff"  # sorts after everything
SHORTEST_DIGITS, SHORTEST_TAIL, SHORTEST_SPELLING = 4, 4, 2
HAN = re.compile("[\u3400-\u9fff]")
PLAIN = ("kind", "name", "gender", "born_on", "industry", "occupation", "hobbies", "habits", "preferred_channel")
IDENTITY = ("identity_kind", "identity_tail", "identity_sealed", "identity_digest")  # one number: chosen as a whole
FIELDS = (*PLAIN, *IDENTITY)


LEVELS = {Category.POTENTIAL: 0, Category.LOST: 0, Category.BASE: 1, Category.OWNER: 2}
FROM = (Category.POTENTIAL, Category.BASE, Category.OWNER)  # from which categories on a field may be asked for
MARKS = ("complete", "valid", "fresh", "unique", "proven")
DAYS = ("fresh_days", "stale_days")


@dataclass(frozen=True)
class Ask:
    """What a version of the standard says of one field of a person or of a company."""

    kind: str
    field: str
    binding: str = Binding.OPTIONAL
    weight: int = 0
    applies_from: str = Category.POTENTIAL


@dataclass(frozen=True)
class Rules:
    """What a version of the standard says: the weights of the marks, two spans of days, every field."""

    numbers: Mapping[str, int]
    asks: tuple[Ask, ...]


@dataclass(frozen=True)
class Difference:
    """One thing that two versions say differently: of a field of a kind, or a number of the whole."""

    name: str
    kind: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Way:
    """One way to look for what was typed: the words that begin with ``start``."""

    start: str
    reason: str

    @property
    def end(self) -> str:
        return self.start + LAST


def ways(text: str) -> list[Way]:
    """Return how a typed text may be looked for: name, pinyin, telephone, plate, VIN, the likeliest first.

    Names count from one Chinese character, spellings from two letters, numbers from their last four digits.
    """
    plain = re.sub(r"[\s·•.+\-()（）]", "", text).upper()
    if not plain:
        return []
    tail = plain[::-1]
    found = []
    if plain.isdecimal() and len(plain) >= SHORTEST_DIGITS:
        digits = re.sub(r"^(?:0086|86)(?=1\d{10}$)", "", plain)
        found.append(Way("t" + digits[::-1], "phone"))
        read = phones.clean(text).value
        if read is not None and read.landline:  # kept with a hyphen after its area code
            found.append(Way("t" + read.landline[::-1], "phone"))
    if HAN.search(plain):
        found.append(Way("n" + plain, "name"))
    if re.fullmatch(r"[\u3400-\u9fff]?[A-Z0-9]{4,8}[\u3400-\u9fff]?", plain):
        found.append(Way("p" + tail, "plate"))
    if re.fullmatch(r"[A-HJ-NPR-Z0-9]{4,17}", plain):
        found.append(Way("v" + tail, "vin"))
    if plain.isascii() and plain.isalpha() and len(plain) >= SHORTEST_SPELLING:
        found += [Way("r" + plain.lower(), "pinyin"), Way("i" + plain.lower(), "initials"), Way("n" + plain, "name")]
    return found


def chosen(kept: Mapping[str, Any], gone: Mapping[str, Any], choices: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of the record that stays: its own, unless empty or the other's was chosen.

    The identity number is one choice, ``identity_tail``.
    """
    result = {name: _one(kept.get(name), gone.get(name), choices.get(name)) for name in PLAIN}
    choice = choices.get("identity_tail")
    takes_other = choice == "gone" or (choice is None and not kept.get("identity_tail"))
    source = gone if takes_other else kept
    return result | {name: source.get(name) for name in IDENTITY}


def _one(own: Any, other: Any, choice: str | None) -> Any:
    if choice == "gone" or (choice is None and own in (None, "", [])):
        return other
    return own


EARLIEST, LEAP = 1900, 2000


def is_birthday(month: int, day: int, year: int | None, today: datetime.date) -> bool:
    """Say whether somebody can be born on a day, of a year or of one that is not known; not in the future."""
    try:
        born = datetime.date(year or LEAP, month, day)
    except ValueError:
        return False
    return year is None or (year >= EARLIEST and born <= today)


def birthday(month: int, day: int, year: int | None) -> str:
    """Return a birthday as it is written, with its year if that is known."""
    return f"{year:04}-{month:02}-{day:02}" if year else f"{month:02}-{day:02}"


def mask_identity(tail: str) -> str:
    """Show the end of an identity number and nothing else."""
    return f"**************{tail}" if tail else ""


def mask_contact(channel: str, value: str) -> str:
    """Hide the middle of a number, or of what stands before the @ of an address."""
    if channel == "EMAIL":
        name, _at, domain = value.partition("@")
        return f"{name[:1]}***@{domain}"
    return mask_phone(value)


def fields_of(kind: str) -> list[Field]:
    """Return what a person or a company can be asked for, in the order of asking."""
    return [field for field in Field if kind == Kind.PERSON or field not in OF_PEOPLE]


def whole(asks: Iterable[Ask]) -> tuple[Ask, ...]:
    """Return what is said of every field of both kinds: those not named are optional, save the name."""
    said = {(ask.kind, ask.field): ask for ask in asks}
    every = [(kind, field) for kind in Kind for field in fields_of(kind)]
    beyond = [ask for key, ask in said.items() if key not in every]
    named = {(kind, Field.NAME): Ask(kind, Field.NAME, Binding.REQUIRED) for kind in Kind}
    return (*(said.get(key) or named.get(key) or Ask(*key) for key in every), *beyond)


def flaws(rules: Rules) -> Iterator[tuple[str, str]]:
    """Yield what a version cannot say: what is wrong in a word, and where."""
    weights = [rules.numbers[name] for name in MARKS]
    if sum(weights) != 100 or min(weights) < 0:  # noqa: PLR2004 -- per cent
        yield "sum", "complete"
    if not 0 < rules.numbers["fresh_days"] <= rules.numbers["stale_days"] <= 3650:  # noqa: PLR2004 -- ten years
        yield "days", "stale_days"
    for ask in rules.asks:
        word = _flaw(ask)
        if word:
            yield word, f"{ask.kind}_{ask.field}"


def _flaw(ask: Ask) -> str:
    if ask.kind not in Kind.values or ask.field not in fields_of(ask.kind):
        return "unknown"
    if ask.field == Field.NAME and (ask.binding, ask.applies_from) != (Binding.REQUIRED, Category.POTENTIAL):
        return "name"
    if ask.field == Field.CONSULTANT and ask.binding == Binding.REQUIRED:
        return "consultant"
    fits = ask.weight == 0 if ask.binding == Binding.OPTIONAL else 0 <= ask.weight <= 100  # noqa: PLR2004 -- per cent
    return "" if fits and ask.applies_from in FROM else "weight"


def missing(asks: Iterable[Ask], *, kind: str, category: str, given: Collection[str]) -> list[str]:
    """Return the fields that the standard requires of such a customer at entry and that are not given."""
    return [
        ask.field
        for ask in asks
        if ask.kind == kind and ask.binding == Binding.REQUIRED and ask.field not in given
        and LEVELS[Category(ask.applies_from)] <= LEVELS[Category(category)]
    ]  # fmt: skip


def differences(new: Rules, old: Rules) -> list[Difference]:
    """Return what one version says otherwise than the one before it: numbers first, then field by field."""
    numbers = [
        Difference(name, "", old.numbers[name], value)
        for name, value in new.numbers.items()
        if old.numbers[name] != value
    ]
    before = {(ask.kind, ask.field): ask for ask in old.asks}
    return numbers + [
        Difference(ask.field, ask.kind, before.get((ask.kind, ask.field)), ask)
        for ask in new.asks
        if before.get((ask.kind, ask.field)) != ask
    ]
