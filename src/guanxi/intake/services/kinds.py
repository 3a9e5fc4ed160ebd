"""Kinds of files: which fields rows may have, how their cells are read and what must be there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from guanxi.foundation.divisions import Level
from guanxi.foundation.errors import Text
from guanxi.foundation.values.flaws import Flaw


class Shape(StrEnum):
    """How the cells of a field are read."""

    TEXT = "text"
    NAME = "name"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    VIN = "vin"
    PLATE = "plate"
    DATE = "date"
    MONEY = "money"
    KM = "km"
    CODE = "code"
    DIVISION = "division"
    NUMBER = "number"


class Need(StrEnum):
    """What follows when a cell cannot be read, or is empty."""

    REQUIRED = "required"  # empty or bad: the row is rejected
    EXPECTED = "expected"  # empty or bad: NULL and a warning
    WARN = "warn"  # bad: NULL and a warning; empty is fine
    SILENT = "silent"  # bad: NULL and a note, which does not count as a warning


@dataclass(frozen=True)
class Field:
    """One thing that a row may say. The synonyms are headings in any language, the most usual one first."""

    key: str
    label: Text
    shape: Shape
    synonyms: tuple[str, ...]
    need: Need = Need.SILENT
    codes: Mapping[str, str] = field(default_factory=dict)
    """For a code: what people write -> the code."""
    level: Level | None = None
    """For a division: its level; the fields of one kind are read together."""
    only_noted: tuple[Flaw, ...] = ()
    """Flaws that are no warning in this field."""

    def __post_init__(self) -> None:
        if not self.key.isidentifier() or not self.key.islower():
            msg = f"a field's key is a lower-case identifier, not {self.key!r}"
            raise ValueError(msg)
        if (self.shape == Shape.CODE) != bool(self.codes) or (self.shape == Shape.DIVISION) != bool(self.level):
            msg = f"{self.key}: codes belong to the shape CODE, a level to DIVISION"
            raise ValueError(msg)


@dataclass(frozen=True)
class Kind:
    """One kind of file. Rows that agree in every column of ``identity`` are the same row again."""

    key: str
    label: Text
    fields: tuple[Field, ...]
    identity: tuple[str, ...]

    def __post_init__(self) -> None:
        keys = [item.key for item in self.fields]
        if len(set(keys)) != len(keys) or not set(self.identity) <= set(keys):
            msg = f"{self.key}: every key once, and the identity made of them"
            raise ValueError(msg)

    def field(self, key: str) -> Field:
        """Return a field by key."""
        return next(item for item in self.fields if item.key == key)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(item.key for item in self.fields if item.need == Need.REQUIRED)


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; called from the ``apps.py`` of the capability whose rows it describes."""
    _kinds[kind.key] = kind


def kind(key: str) -> Kind:
    """Return a kind by key; raises KeyError."""
    return _kinds[key]


def kinds() -> tuple[Kind, ...]:
    """Return the kinds in the order of their registration."""
    return tuple(_kinds.values())
