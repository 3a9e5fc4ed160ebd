"""Decisions about consent from plain values: which line of the ledger counts for an outlet."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from guanxi.privacy.states import Standing

T = TypeVar("T")


@dataclass(frozen=True)
class Line(Generic[T]):
    """One line of the ledger: who may contact, how it stands, since when, and the record it was made from. Of two
    lines of one moment the later ``order`` is the newer.
    """

    recipient_id: int
    standing: str
    moment: datetime.datetime
    order: int
    source: T

    @property
    def is_given(self) -> bool:
        return self.standing == Standing.GIVEN


def deciding(lines: Iterable[Line[T]], outlet_id: int) -> Line[T] | None:
    """Return the line that says whether an outlet may contact a customer by one channel for one purpose: ``lines``
    are those of the outlet and of the places above it. None: nothing was ever said.

    Of each place the newest line counts. A refusal or withdrawal towards a place above counts for all, unless the
    outlet's own line is newer. A refusal towards the outlet itself is lifted by the outlet's own line alone.
    """
    newest: dict[int, Line[T]] = {}
    for line in sorted(lines, key=_age):
        newest[line.recipient_id] = line
    own = newest.pop(outlet_id, None)
    refused = max((line for line in newest.values() if not line.is_given), key=_age, default=None)
    given = max((line for line in newest.values() if line.is_given), key=_age, default=None)
    if own is not None and (refused is None or own.moment >= refused.moment):
        return own
    return refused or given


def _age(line: Line[T]) -> tuple[datetime.datetime, int]:
    return line.moment, line.order
