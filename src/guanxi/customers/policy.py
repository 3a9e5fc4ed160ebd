"""Decisions about customers from plain values: what a typed word may mean, what a merge keeps."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guanxi.foundation.personal_data import mask_phone

LAST = "\U0010ffff"  # sorts after everything
SHORTEST_DIGITS, SHORTEST_TAIL, SHORTEST_SPELLING = 4, 4, 2
HAN = re.compile("[\u3400-\u9fff]")
PLAIN = ("kind", "name", "gender", "born_on", "industry", "occupation", "hobbies", "preferred_channel")
IDENTITY = ("identity_kind", "identity_tail", "identity_sealed", "identity_digest")  # one number: chosen as a whole
FIELDS = (*PLAIN, *IDENTITY)


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
    if choice == "gone" or (choice is None and own in (None, "")):
        return other
    return own


def mask_identity(tail: str) -> str:
    """Show the end of an identity number and nothing else."""
    return f"**************{tail}" if tail else ""


def mask_contact(channel: str, value: str) -> str:
    """Hide the middle of a number, or of what stands before the @ of an address."""
    if channel == "EMAIL":
        name, _at, domain = value.partition("@")
        return f"{name[:1]}***@{domain}"
    return mask_phone(value)
