"""Who gets which work: fair by what each has already, and who stands in for whom."""

import datetime
import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    """A task to be shared out."""

    id: int
    weight: int
    due_at: datetime.datetime


@dataclass(frozen=True)
class Away:
    """A person is away on these days; None as deputy: nobody stands in."""

    person: int
    first: datetime.date
    last: datetime.date
    deputy: int | None

    def covers(self, day: datetime.date) -> bool:
        return self.first <= day <= self.last


def share(pieces: Iterable[Piece], loads: Mapping[int, int]) -> dict[int, int]:
    """Return task -> person: heavy before light, early before late, each to who has least; ties by number.

    ``loads`` is the open weight of each person who takes part. The same question has the same answer, whatever
    the order in which it is asked. When all are done, nobody has more than the heaviest piece above another,
    unless he had it before.
    """
    queue = [(load, person) for person, load in loads.items()]
    heapq.heapify(queue)
    chosen: dict[int, int] = {}
    if not queue:
        return chosen
    for piece in sorted(pieces, key=lambda item: (-item.weight, item.due_at, item.id)):
        load, person = heapq.heappop(queue)
        chosen[piece.id] = person
        heapq.heappush(queue, (load + piece.weight, person))
    return chosen


def stand_in(away: Sequence[Away], person: int, day: datetime.date) -> int | None:
    """Return who does a person's new work on a day: himself, his deputy, or the deputy's deputy.

    None: everybody on that way is away, or they stand in for each other; then the work waits for the role.
    """
    seen: set[int] = set()
    who: int | None = person
    while who is not None and who not in seen:
        seen.add(who)
        absent = next((item for item in away if item.person == who and item.covers(day)), None)
        if absent is None:
            return who
        who = absent.deputy
    return None
