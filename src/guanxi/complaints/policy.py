"""Decisions about complaints from plain values: which process, who handles, what is a crisis, what may follow."""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from guanxi.complaints.states import (
    CAUTION_MOVES,
    MOVES,
    OUTCOMES,
    CautionReason,
    Kind,
    Level,
    Period,
    RevisitBy,
    State,
)

TERM = re.compile(r"^([1-9][0-9]{0,3})([md])\Z")
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Length:
    """How long something may take, in working minutes or working days."""

    minutes: int = 0
    days: int | None = None


def length(text: str) -> Length:
    """Read a term such as ``60m`` or ``3d``.

    :raises ValueError: it is none.
    """
    found = TERM.match(text)
    if found is None:
        raise ValueError(text)
    number = int(found[1])
    return Length(days=number) if found[2] == "d" else Length(number)


@dataclass(frozen=True)
class Fits:
    """For which complaints a process is meant; what is empty fits all. The highest priority comes first."""

    code: str
    priority: int
    angles: Sequence[str] = ()
    channels: Sequence[str] = ()
    signs: Sequence[str] = ()

    def takes(self, angle: str, channel: str, signs: Iterable[str]) -> bool:
        return (
            (not self.angles or angle in self.angles)
            and (not self.channels or channel in self.channels)
            and (not self.signs or bool(set(self.signs) & set(signs)))
        )


def choose_process(known: Iterable[Fits], *, angle: str, channel: str, signs: Iterable[str]) -> str | None:
    """Return the process of a complaint: of those that fit, the one with the highest priority."""
    held = tuple(signs)
    fitting = [item for item in known if item.takes(angle, channel, held)]
    return min(fitting, key=lambda item: (-item.priority, item.code)).code if fitting else None


@dataclass(frozen=True)
class Candidate:
    """Somebody who could handle a complaint: his role there, the weight of his open work, whether he is away."""

    person_id: int
    role: str
    load: int
    is_away: bool = False


def choose_person(candidates: Iterable[Candidate], roles: Sequence[str]) -> int | None:
    """Return who handles it: of the first role that somebody holds who is here, the one with the least open work.

    If all are away, somebody who is away is still named: his deputy gets the work.
    """
    rank = {role: number for number, role in enumerate(roles)}
    fitting = [item for item in candidates if item.role in rank]
    best = min(
        fitting, key=lambda item: (item.is_away, rank[item.role], item.load, item.person_id), default=None
    )  # fmt: skip
    return best.person_id if best else None


@dataclass(frozen=True)
class Sign:
    """By what a crisis is known (CLASS-44): words in what was said, parties involved, an amount and above."""

    code: str
    words: Sequence[str] = ()
    parties: Sequence[str] = ()
    amount: Decimal | None = None


def crisis(
    known: Iterable[Sign], *, kind: str, words: str, parties: Iterable[str] = (), amount: Decimal | None = None
) -> list[str]:  # fmt: skip
    """Return the kinds of crisis that a complaint shows signs of; whoever only asks threatens nobody."""
    if kind != Kind.COMPLAINT:
        return []
    said, involved = words.casefold(), set(parties)
    return [
        sign.code
        for sign in known
        if any(word.casefold() in said for word in sign.words)
        or involved & set(sign.parties)
        or (sign.amount is not None and amount is not None and amount >= sign.amount)
    ]


def level_of(level: str, signs: Sequence[str]) -> str:
    """Return how severe a complaint is: a crisis if it shows signs of one."""
    return Level.CRISIS if signs else level


def may_move(before: str, after: str) -> bool:
    """Say whether a complaint may go from one state to another."""
    return after in MOVES[before]


def may_answer(kind: str, state: str) -> bool:
    """Say whether it is closed by an answer alone: only what is no complaint."""
    return kind != Kind.COMPLAINT and may_move(state, State.CLOSED) and state != State.TO_REVISIT


def fits_outcome(kind: str, outcome: str) -> bool:
    """Say whether something came of it that can: of a suggestion and of praise one of theirs, of the rest none."""
    return outcome in OUTCOMES[kind] if kind in OUTCOMES else not outcome


def after_revisit(*, is_satisfied: bool) -> State:
    """Return where a complaint goes when the customer was asked: closed, or the cause is sought again (CMP-15)."""
    return State.CLOSED if is_satisfied else State.ANALYSING


def may_revisit(
    revisit_by: str, *, person_id: int | None, owner_id: int | None, resolved_by_id: int | None
) -> bool:  # fmt: skip
    """Say whether a person may ask the customer: the responsible person alone, or anybody but him and whoever resolved
    it (AMB-29).
    """
    if revisit_by == RevisitBy.OWNER:
        return owner_id is None or person_id == owner_id
    return person_id is None or person_id not in {owner_id, resolved_by_id}


def limit_of(limits: Mapping[str, str | int], roles: Iterable[str]) -> Decimal:
    """Return up to which amount somebody with these roles may compensate."""
    return max((Decimal(str(limits[role])) for role in roles if role in limits), default=NOTHING)


def sooner(due_at: datetime.datetime, answer_by: datetime.datetime | None, at: datetime.datetime) -> datetime.datetime:
    """Return when a solution is due: by its term, or before the day that an outside desk named is over, if that comes
    first and is not over yet.
    """
    return min(due_at, answer_by) if answer_by is not None and answer_by > at else due_at


@dataclass(frozen=True)
class Risk:
    """What complaints put at risk (CMP-09): of ``unhappy`` customers each tells ten to twenty others (NUM-080); of
    those whose complaint was solved in time seventy to ninety of a hundred buy again (NUM-081).
    """

    unhappy: int
    solved: int

    @property
    def told(self) -> tuple[int, int]:
        return 10 * self.unhappy, 20 * self.unhappy

    @property
    def kept(self) -> tuple[int, int]:
        return round(self.solved * 0.7), round(self.solved * 0.9)


def period_start(period: str, day: datetime.date) -> datetime.date:
    """Return the first day of the calendar month or quarter of a day."""
    month = day.month if period == Period.MONTH else day.month - (day.month - 1) % 3
    return day.replace(month=month, day=1)


def is_late(state: str, due_at: datetime.datetime | None, at: datetime.datetime) -> bool:
    """Say whether something is owed that is past its deadline."""
    return state != State.CLOSED and due_at is not None and due_at < at


def was_late(due_at: datetime.datetime, done_at: datetime.datetime | None, at: datetime.datetime) -> bool:
    """Say whether something was, or still is, done too late (AMB-28)."""
    return (done_at or at) > due_at


def fits_fine(fine: Decimal | None, least: Decimal | None, most: Decimal | None) -> bool:
    """Say whether a fine lies within what the process allows (AMB-47)."""
    if fine is None:
        return True
    return least is not None and most is not None and least <= fine <= most


def why_careful(
    *, signs: Iterable[str], asked_signs: Iterable[str], many: int, after: int
) -> CautionReason | None:  # fmt: skip
    """Return why a caution is proposed by rule: a sign that the process names, or as many complaints as it names."""
    if set(signs) & set(asked_signs):
        return CautionReason.EXTREME
    return CautionReason.REPEATED if 0 < after <= many else None


def may_review_caution(proposed_by_id: int | None, person_id: int | None) -> bool:
    """Say whether a person may review a caution: somebody else than whoever proposed it."""
    return person_id is None or person_id != proposed_by_id


def may_move_caution(before: str, after: str) -> bool:
    """Say whether a caution may go from one state to another."""
    return after in CAUTION_MOVES[before]
