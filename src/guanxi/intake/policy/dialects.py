"""How a text separates cells, told by its first lines; records are read as people write them."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

DELIMITERS = (",", "\t", ";", "|", "，", "^", "\x01")
QUOTE = '"'
LONGEST = 32_767  # characters of a cell; a quote that is not closed by then was no quote
MOST_LINES = 50  # of a cell
MOST_TRIES = 3  # to see a cell end that goes over lines


def cells(line: str, delimiter: str, *, all_closed: bool = True) -> list[str] | None:
    """Return the cells of a record, or None where a quoted cell does not end (taken as written if not ``all_closed``).

    A quote opens a cell only at its beginning and ends it only before a delimiter or the end; any other is a sign like
    every other, as in 15" or ``"吱吱"声``.
    """
    if QUOTE not in line:
        return line.split(delimiter)
    found: list[str] = []
    at, end, closes = 0, len(line), True
    while at <= end:
        stop = line.find(delimiter, at)
        stop = end if stop < 0 else stop
        text, after = line[at:stop], stop + 1
        if closes and text.lstrip(" ").startswith(QUOTE):
            quoted = _quoted(line, line.index(QUOTE, at) + 1, delimiter)
            if quoted is not None:
                text, after = quoted
            elif all_closed:
                return None
            closes = quoted is not None  # no quote further right ends a cell: no other will end either
        found.append(text)
        at = after
    return found


def _quoted(line: str, at: int, delimiter: str) -> tuple[str, int] | None:
    """Read a quoted cell from behind its first quote; returns its text and where the next cell begins."""
    text = []
    while (stop := line.find(QUOTE, at)) >= 0:
        text.append(line[at:stop])
        behind = stop + 1
        while line[behind : behind + 1] == " ":
            behind += 1
        if line[stop + 1 : stop + 2] == QUOTE:
            at = stop + 2
        elif behind == len(line) or line.startswith(delimiter, behind):
            return "".join(text), behind + 1
        else:
            at = stop + 1
        text.append(QUOTE)
    return None


def records(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """Yield the records of lines (without their ends); a quoted cell may go over lines, a quote left open may not."""
    source = iter(lines)
    again: deque[str] = deque()
    while True:
        line = again.popleft() if again else next(source, None)
        if line is None:
            return
        found = cells(line, delimiter)
        if found is None and line.count(QUOTE) % 2:
            found, taken = _over_lines(line, chain(_drain(again), source), delimiter)
            again.extendleft(reversed(taken))
        yield found if found is not None else cells(line, delimiter, all_closed=False) or []


def _drain(lines: deque[str]) -> Iterator[str]:
    while lines:
        yield lines.popleft()


def _over_lines(first: str, following: Iterator[str], delimiter: str) -> tuple[list[str] | None, list[str]]:
    """Read a record that goes over lines; returns the lines to read again where it does not end."""
    taken: list[str] = []
    size, is_open, tries = len(first), True, MOST_TRIES
    for line in following:
        taken.append(line)
        size += len(line)
        is_open ^= bool(line.count(QUOTE) % 2)
        if not is_open:
            tries -= 1
            found = cells("\n".join([first, *taken]), delimiter)
            if found is not None:
                return found, []
        if not tries or len(taken) >= MOST_LINES or size > LONGEST:
            break
    return None, taken


def delimiter(lines: Sequence[str]) -> str:
    """Return the delimiter that cuts most lines into the same number of cells, two and more; a comma for none."""
    best, best_score = ",", 0.0
    for candidate in DELIMITERS:
        counts = Counter(len(record) for record in records(lines, candidate))
        width, times = max(counts.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(1, 0))
        score = times / max(1, counts.total()) * min(width, 60) if width > 1 else 0.0
        if score > best_score * 1.05:
            best, best_score = candidate, score
    return best
