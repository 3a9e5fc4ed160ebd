"""The numbers of records that people read out: two letters for the kind and the key, such as TS0000012."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.slots import Hit

LONGEST_KEY = 18


@dataclass(frozen=True)
class Numbered:
    """A kind of record with numbers: its letters, its name, its page, who may look for it, and what he sees of it."""

    letters: str
    label: Text
    icon: str
    page: str
    verb: str
    rows: Callable[[Actor], QuerySet[Any]]


_kinds: dict[str, Numbered] = {}


def register(*kinds: Numbered) -> None:
    """Let a kind of record be found by its number from everywhere; called from ``apps.py``."""
    _kinds.update({kind.letters: kind for kind in kinds})


def kinds() -> Iterable[Numbered]:
    return _kinds.values()


def key_of(text: str, letters: str) -> int | None:
    """Return the key that a number names, with its letters or without; None if it is no number of that kind."""
    digits = text.strip().upper().removeprefix(letters)
    return int(digits) if digits.isdecimal() and len(digits) <= LONGEST_KEY else None


def matching(text: str, letters: str) -> Q:
    """Return the condition under which a record bears a number; one that no record fulfils if it is none."""
    key = key_of(text, letters)
    return Q(pk__in=()) if key is None else Q(pk=key)


def find(actor: Actor, text: str) -> Sequence[Hit]:
    """Find a record by its whole number, whatever kind it is; no query unless the letters are those of one."""
    letters = text.strip()[:2].upper()
    kind, key = _kinds.get(letters), key_of(text, letters)
    if kind is None or key is None or not actor.can(kind.verb):
        return []
    rows = kind.rows(actor).filter(pk=key)
    return [
        Hit(f"{row} {getattr(row, 'title', '')}".strip(), str(kind.label), reverse(kind.page, args=[row.pk]), kind.icon)
        for row in rows
    ]
