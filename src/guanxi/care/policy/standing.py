"""What an owner is on a day, by the days of his valid visits (CLASS-28 … CLASS-35, AMB-01 … AMB-03).

``insight.measures.owners`` says the same for all owners at once; a test holds the two together.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from guanxi.care.facts import YEAR
from guanxi.care.states.owners import State
from guanxi.foundation.values.months import Day, later


@dataclass(frozen=True)
class Terms:
    """The limits in force: data of the carmaker. All lengths are months.

    Active and swing count the visits of the last ``window_months``; who did not come for ``lost_months`` is lost. Of
    those who came once, the visit of the last ``observe_months`` is observed and an older one points towards lost;
    without ``observe_months`` they are swing. Who has had his newest car for less than ``new_months`` and did not come
    yet is ``new_as``. ``kpi_lost_months`` is the other definition of lost, that of the KPI (AMB-01).
    """

    window_months: int = 12
    lost_months: int = 12
    active_visits: int = 3
    swing_visits: int = 2
    observe_months: int | None = 3
    new_months: int = 12
    new_as: str = State.NEW
    kpi_lost_months: int = 6


@dataclass(frozen=True)
class Standing:
    """What an owner is: the state and since when, how often he came in the last year and when last.

    ``since`` goes back to the last visit at most: of somebody who was active before it too, the history knows more.
    """

    state: str
    since: Day
    visits: int
    last_visit: Day | None
    kpi_lost: bool


def standing(day: Day, visits: Iterable[Day], start: Day, terms: Terms) -> Standing:
    """Return what an owner is on a day. ``start`` is the day he got his newest car, or became known, by then.

    Visits on the same day are one; later ones do not count yet.
    """
    days = sorted({visit for visit in visits if visit <= day}, reverse=True)
    last = days[0] if days else None
    if last is None or later(last, terms.lost_months) <= day:
        state, since = _away(day, last, start, terms)
    else:
        state, since = _coming(day, last, days, terms)
    in_year = sum(later(visit, YEAR) > day for visit in days)
    quiet = later(max(last, start) if last else start, terms.kpi_lost_months) <= day
    return Standing(state, min(day, since), in_year, last, quiet)


def _away(day: Day, last: Day | None, start: Day, terms: Terms) -> tuple[str, Day]:
    """Judge who did not come for long, or never: new by his car, or lost since the later of the two limits."""
    stayed_away = later(last, terms.lost_months) if last else start
    not_new = later(start, terms.new_months)
    return (terms.new_as, max(start, stayed_away)) if not_new > day else (State.LOST, max(stayed_away, not_new))


def _coming(day: Day, last: Day, days: list[Day], terms: Terms) -> tuple[str, Day]:
    """Judge who came lately, by how often: since that visit, or since an earlier one went out of the window."""
    active, swing = (_leaves(days, count, terms) for count in (terms.active_visits, terms.swing_visits))
    if active and active > day:
        return State.ACTIVE, last
    if terms.observe_months is None or (swing and swing > day):
        return State.SWING, max(last, active or last)
    watched = later(last, terms.observe_months)
    if watched > day:
        return State.OBSERVE, max(last, swing or last)
    return State.SWING_TO_LOST, max(watched, swing or watched)


def _leaves(days: list[Day], count: int, terms: Terms) -> Day | None:
    """Return the day on which the visit that makes it ``count`` goes out of the window."""
    return later(days[count - 1], terms.window_months) if len(days) >= count else None
