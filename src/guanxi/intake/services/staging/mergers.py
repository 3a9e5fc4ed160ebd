"""Which kinds of files can be written, and what does it: each belongs to the capability whose rows it brings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.utils import CursorWrapper
from django.db.models import Model

from guanxi.foundation.columnar import Connection
from guanxi.foundation.errors import Text
from guanxi.intake.services import kinds
from guanxi.intake.services.kinds import Kind
from guanxi.intake.services.staging.loading import Tell
from guanxi.intake.services.staging.shaping import Place

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """How many rows of each table a merge added and changed."""

    added: Mapping[str, int]
    changed: Mapping[str, int]


@dataclass(frozen=True)
class Merger:
    """What a kind of file needs to be written. Each function works on what the one before it left.

    ``shape`` makes the table ``stage`` in DuckDB. ``match`` finds out with the database whom and what the rows mean,
    writing what is to be said into ``intake_found``; a mere look has no moment (``at``). ``write`` writes them and
    ``derive_new`` brings up to date what hangs on them, or returns the ranges of keys for ``derive_range`` to do
    later. ``touched``, ``forget`` and ``derive`` do so around an undo: whom it concerns, their words go, and are made
    anew of those who stay. ``models`` are the tables that it writes, parents first.
    """

    kind: Kind
    shape: Callable[[Connection, Place], None]
    match: Callable[[CursorWrapper, Values, Tell], None]
    write: Callable[[CursorWrapper, Values, Tell], Result]
    touched: Callable[[CursorWrapper, Values], None]
    forget: Callable[[CursorWrapper, Values], None]
    derive: Callable[[CursorWrapper, Values, Tell], None]
    derive_new: Callable[[CursorWrapper, Values, Tell], list[tuple[int, int]]]
    derive_range: Callable[[CursorWrapper, Values], None]
    shown: Mapping[str, Text]
    """Columns of the stage that a preview shows, with their names."""
    coded: Mapping[str, str]
    """Those of them that hold codes, with the code list that words them."""
    models: Sequence[type[Model]]
    lists: Mapping[str, str]
    """Table -> the address of the list that shows its rows, narrowed by ``outlet``."""
    links: Mapping[str, tuple[Text, str, str]]
    """Table -> what its rows are called, and the address of the page that shows one by the key in a column of it."""


_mergers: dict[str, Merger] = {}
_derived: set[type[Model]] = set()


def register(merger: Merger) -> None:
    """Let a kind of file be written; called from the ``apps.py`` of the capability whose rows it brings."""
    kinds.register(merger.kind)
    _mergers[merger.kind.key] = merger


def register_derived(*models: type[Model]) -> None:
    """Say that the rows of these tables are worked out of what they point at: they are no hindrance to an undo, and go
    with it. Called from the ``apps.py`` of the capability that works them out.
    """
    _derived.update(models)


def is_derived(model: type[Model]) -> bool:
    return model in _derived


def merger(key: str) -> Merger:
    """Return what writes a kind of file; raises KeyError."""
    return _mergers[key]


def mergers() -> tuple[Merger, ...]:
    """Return all in the order of their registration."""
    return tuple(_mergers.values())
