"""What every owner is to each of his outlets, and to the network: ``care.policy.standing`` for all at once."""

from typing import Any

from guanxi.care.states.owners import State
from guanxi.insight.engine import Table, cases, earliest, given, later, latest, nothing, whole
from guanxi.insight.measures import coming, facts
from guanxi.insight.measures.facts import cars, models, participants, terms

MOST_PAID = 2_000_000_000


def owned() -> Table:
    """Return who owns cars: since when he has the newest, and by the limits of which product line he is judged: of a
    commercial vehicle, if he has one.
    """
    bought = cars.select(car_id="id", trim_id="trim_id", sold_on="sold_on")
    held = participants.filter(participants.role == "OWNER").join(bought, [("vehicle_id", "car_id")])
    rows = held.left_join(models, [("trim_id", "trim_key")]).select("customer_id", "since", "sold_on", "line")
    return rows.group_by("customer_id").agg(
        start=rows.since.coalesce(rows.sold_on).max(), line=rows.line.nullif("").min()
    )


def _pairs() -> Table:
    """Return owners by outlet, and once more without an outlet, with what is told of their coming and the limits."""
    both = facts.here.union(facts.anywhere)
    rows = both.filter(both.known.notnull()).drop("near", "places").join(facts.owned, "customer_id")
    rows = rows.mutate(start=rows.start.coalesce(rows.known), line=rows.line.coalesce("")).drop("known")
    return rows.join(terms, "line").drop("metres", "lost_ago")


def _nth(rows: Table, count: Any) -> Any:
    """Return the day of the visit that is the ``count``-th from the end; null if there are fewer. One within the window
    is not told from the last: no standing asks which it is.
    """
    many = rows.days.length()
    listed = cases((many >= count, rows.days[many - count]), otherwise=nothing("date"))
    told = cases((rows.within >= count, rows.last), (rows.within == count - 1, rows.before), otherwise=nothing("date"))
    return cases((rows.days.notnull(), listed), otherwise=told)


def owners() -> Table:
    """Return the standing of every owner at each of his outlets and in the network (no outlet)."""
    rows, apart = _pairs(), facts.apart
    rows = rows.mutate(place=rows.outlet_id.coalesce(0))
    apart = apart.select(who="customer_id", where=apart.outlet_id.coalesce(0), days="days")
    rows = rows.left_join(apart, [("customer_id", "who"), ("place", "where")]).drop("who", "where")
    rows = rows.mutate(within=coming.of_line(rows, "within").coalesce(0), before=coming.of_line(rows, "before"))
    rows = rows.mutate(
        swing=later(_nth(rows, rows.swing_visits), rows.window_months),
        active=later(_nth(rows, rows.active_visits), rows.window_months),
    )
    rows = rows.mutate(
        stayed_away=later(rows.last, rows.lost_months).coalesce(rows.start),
        not_new=later(rows.start, rows.new_months),
        watched=later(rows.last, rows.observe_months),
        is_away=rows.last.isnull() | (later(rows.last, rows.lost_months) <= rows.day),
    )
    rows = rows.mutate(**_judged(rows))
    return rows.select(
        "customer_id", "outlet_id", "state", since=_no_later(rows.since, rows.day), visits=_in_year(rows),
        last_visit=rows.last, kpi_lost=later(latest(rows.last, rows.start), rows.kpi_lost_months) <= rows.day,
        paid=_amount(rows.paid),
    )  # fmt: skip


def _judged(rows: Table) -> dict[str, Any]:
    """Return state and since, in the order of ``care.policy.standing``: away and new, away, then by how often."""
    is_active = (rows.active > rows.day).fill_null(False)
    is_swing = rows.observe_months.isnull() | (rows.swing > rows.day).fill_null(False)
    branches = (
        (rows.is_away & (rows.not_new > rows.day), rows.new_as, latest(rows.start, rows.stayed_away)),
        (rows.is_away, State.LOST.value, latest(rows.stayed_away, rows.not_new)),
        (is_active, State.ACTIVE.value, rows.last),
        (is_swing, State.SWING.value, latest(rows.last, rows.active)),
        (rows.watched > rows.day, State.OBSERVE.value, latest(rows.last, rows.swing)),
    )
    return {
        "state": cases(*((holds, state) for holds, state, _since in branches), otherwise=State.SWING_TO_LOST.value),
        "since": cases(
            *((holds, since) for holds, _state, since in branches), otherwise=latest(rows.watched, rows.swing)
        ),
    }


def _no_later(since: Any, day: Any) -> Any:
    return cases((since > day, day), otherwise=since)


def _amount(paid: Any) -> Any:
    return earliest(paid.coalesce(0), whole(MOST_PAID)).cast("int64")


def _in_year(rows: Table) -> Any:
    listed = rows.days.filter(lambda visit: visit > given("year_ago")).length()
    return cases((rows.days.notnull(), listed), otherwise=rows.year.coalesce(0))
