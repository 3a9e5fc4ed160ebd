"""How long things take: what we wrote and its floor in turns, the median of each, and the ratio."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS, SHORTEST = 15, 0.02


@dataclass(frozen=True)
class Result:
    """Seconds of what we wrote and of the floor below it."""

    name: str
    ours: float
    floor: float

    def __str__(self) -> str:
        ratio = self.ours / self.floor
        return f"{self.name:<52} {self.ours * 1e3:>10.3f} ms {self.floor * 1e3:>10.3f} ms {ratio:>8.2f}"


def compare(name: str, ours: Callable[[], object], floor: Callable[[], object]) -> Result:
    """Measure both in turns, so that a busy machine slows both; small things are repeated within a turn."""
    counts = (_count(ours), _count(floor))
    rounds = [(_seconds(ours, counts[0]), _seconds(floor, counts[1])) for _ in range(ROUNDS)]
    return Result(name, *(statistics.median(column) for column in zip(*rounds, strict=True)))


def _count(act: Callable[[], object]) -> int:
    """Warm up, then say how often to repeat so that a turn is long enough for the clock."""
    act()
    return max(1, round(SHORTEST / max(_seconds(act, 1), 1e-7)))


def _seconds(act: Callable[[], object], count: int) -> float:
    start = time.perf_counter()
    for _ in range(count):
        act()
    return (time.perf_counter() - start) / count
