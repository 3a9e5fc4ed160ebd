"""Where personal data lives: every model field is classified in its capability's ``privacy.py`` (NFR-01)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Sensitivity(StrEnum):
    """How a field is treated on screen, in logs and on request of the person."""

    NONE = "none"  # says nothing about a person
    STAFF = "staff"  # about a member of staff at work
    PERSONAL = "personal"  # identifies or describes a private person: masked, exported, erased
    SECRET = "secret"  # a credential: never shown, never exported  # noqa: S105 -- a class of data


@dataclass(frozen=True)
class Holding:
    """The fields of one model by sensitivity, and what happens on a person's request."""

    model: str
    fields: Mapping[str, Sensitivity]
    export: Callable[[int], list[dict[str, Any]]] | None = None
    erase: Callable[[int], int] | None = None


_holdings: dict[str, Holding] = {}
# a telephone or identity number however it is grouped, or a mail address
_PERSONAL_TEXT = re.compile(r"(?<!\w)\+?\d(?:[ -]?\d){6,}[Xx]?(?!\w)|[^\s@]+@[^\s@]+")


def declare(*holdings: Holding) -> None:
    """Register what a capability keeps; called from its ``apps.py``."""
    for holding in holdings:
        _holdings[holding.model] = holding


def holdings() -> dict[str, Holding]:
    return dict(_holdings)


def mask_phone(number: str) -> str:
    """Return a telephone number with its middle hidden: 138 **** 8084."""
    digits = number.replace(" ", "")
    return f"{digits[:3]} **** {digits[-4:]}" if len(digits) >= 8 else "****"  # noqa: PLR2004 -- shorter shows too much


def mask_text(text: str) -> str:
    """Return words that somebody typed with each number of seven digits or more, and each mail address, hidden."""
    return _PERSONAL_TEXT.sub(lambda found: "****" if "@" in found[0] else mask_phone(found[0]), text)
