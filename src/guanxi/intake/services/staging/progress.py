"""How far a run is, written over a connection of its own: seen while the run's transaction is still open."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection
from django.db.backends.utils import CursorWrapper

TELL = (
    "INSERT INTO intake_progress (run_id, step, done, total, at) VALUES (%s, %s, %s, %s, now())"
    " ON CONFLICT (run_id) DO UPDATE SET step = excluded.step, done = excluded.done, total = excluded.total,"
    " at = excluded.at"
)


@dataclass(frozen=True)
class Progress:
    """What a run is doing, and how much of it is done."""

    step: str
    done: int
    total: int

    @property
    def percent(self) -> int:
        return min(100, 100 * self.done // self.total) if self.total else 0


class Teller:
    """Tells how far a run is."""

    def __init__(self, run_id: int, cursor: CursorWrapper) -> None:
        self.run_id, self.cursor = run_id, cursor

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        self.cursor.execute(TELL, [self.run_id, step, done, total])


@contextmanager
def telling(run_id: int) -> Iterator[Teller]:
    """Yield what tells how far the run is; at the end nothing is told any more."""
    other = connection.copy()
    try:
        other.set_autocommit(True)
        with other.cursor() as cursor:
            yield Teller(run_id, cursor)
            cursor.execute("DELETE FROM intake_progress WHERE run_id = %s", [run_id])
    finally:
        other.close()


def of(run_id: int) -> Progress | None:
    """Return how far a run is, if it is at work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT step, done, total FROM intake_progress WHERE run_id = %s", [run_id])
        row = cursor.fetchone()
    return Progress(*row) if row else None
