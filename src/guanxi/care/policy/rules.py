"""When a rule is due, and what becomes of the cases of a day. ``services.nightly`` decides the same in SQL."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guanxi.care.policy import sampling
from guanxi.care.states.rules import Result, Unit
from guanxi.foundation.values.months import Day, later

SLACK = 3  # months differ by up to three days
HOURS = 24


@dataclass(frozen=True)
class Timing:
    """When a rule opens and until when it is due, counted from its anchor (negative: before)."""

    months: int = 0
    opens: int = 0
    due: int = 0
    unit: str = Unit.DAYS

    @property
    def due_days(self) -> int:
        """The days from the shifted anchor to the end of the window; hours are counted to the end of their day."""
        return -(-self.due // HOURS) if self.unit == Unit.HOURS else self.due

    @property
    def is_forward(self) -> bool:
        return self.due_days >= self.opens


def window(timing: Timing, anchor: Day) -> tuple[Day, Day]:
    """Return the first and the last day on which a rule is due."""
    base = later(anchor, timing.months)
    return base + datetime.timedelta(days=timing.opens), base + datetime.timedelta(days=timing.due_days)


def anchors(timing: Timing, first: Day, last: Day) -> tuple[Day, Day]:
    """Return a span of days that holds every anchor whose window opens from ``first`` to ``last``."""
    shift = datetime.timedelta(days=timing.opens)
    slack = datetime.timedelta(days=SLACK if timing.months else 0)
    return later(first - shift, -timing.months) - slack, later(last - shift, -timing.months) + slack


def succession(since: Day, today: Day, *, has_decided: bool) -> Day | None:
    """Return from which day on the next version of a rule holds; None: this one may still be put right."""
    if since >= today and not has_decided:
        return None
    return max(today, since + datetime.timedelta(days=1))


@dataclass(frozen=True)
class Case:
    """One customer, perhaps one car, whom a rule found: what is known when it is decided about."""

    rule: str
    customer: int
    vehicle: int | None
    anchor_on: Day
    closes_on: Day
    priority: int
    place: int | None
    cap: str
    obstacle: str = ""  # EXCLUDED, NO_NUMBER, DO_NOT_CONTACT, NO_CONSENT
    coverage: int = 100
    control: int = 0
    seed: str = "1"

    @property
    def key(self) -> str:
        return sampling.case(self.customer, self.vehicle, self.anchor_on.isoformat())


Verdicts = dict[Case, str]


def alone(case: Case, day: Day) -> str:
    """Return why a case falls away whatever else is due that day; nothing if it stands."""
    reasons = (
        (case.closes_on < day, Result.LATE),
        (case.obstacle == Result.EXCLUDED, Result.EXCLUDED),
        (case.place is None, Result.NO_PLACE),
        (bool(case.obstacle), case.obstacle),
        (sampling.is_drawn(case.seed, f"{case.rule}/control", str(case.customer), case.control), Result.CONTROL),
        (not sampling.is_drawn(case.seed, case.rule, case.key, case.coverage), Result.SAMPLE),
    )
    return next((str(result) for holds, result in reasons if holds), "")


def decide(
    cases: Iterable[Case], day: Day, *, caps: Mapping[str, int], last: Mapping[tuple[int, str], Day]
) -> Verdicts:
    """Say what becomes of each case of a day: a task, a mention in another task, a skip with its reason, or waiting.

    Of the cases of one customer in one cap group that stand, the first by priority leads, if the customer was not
    contacted in that group within its days. Those at the same place are named in its task; the others wait until
    their window ends.
    """
    verdicts: Verdicts = {}
    groups: dict[tuple[int, str], list[Case]] = {}
    for case in cases:
        reason = alone(case, day)
        if reason:
            verdicts[case] = reason
        else:
            groups.setdefault((case.customer, case.cap), []).append(case)
    for (customer, cap), found in groups.items():
        before = last.get((customer, cap))
        is_free = before is None or (day - before).days >= caps[cap]
        lead = min(found, key=_rank)
        for case in found:
            verdicts[case] = _verdict(case, lead, day, is_free=is_free)
    return verdicts


def _rank(case: Case) -> tuple[int, Day, str, int, Day]:
    return case.priority, case.closes_on, case.rule, case.vehicle or 0, case.anchor_on


def _verdict(case: Case, lead: Case, day: Day, *, is_free: bool) -> str:
    if is_free and case is lead:
        return Result.TASK
    if is_free and case.place == lead.place:
        return Result.MERGED
    return Result.BUDGET if case.closes_on <= day else Result.WAIT
