"""What every owner is to each of his outlets, and to the network: ``care.policy.standing`` for all at once."""

from typing import Any

from guanxi.care.states.owners import State
from guanxi.insight.engine import Table, cases, earliest, later, latest, nothing, once, whole
from guanxi.insight.measures.facts import cars, models, participants, relations, terms, tombstones, visits

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
    """Return owners by outlet, and once more without an outlet; since when each knows them."""
    living = relations.select("customer_id", "outlet_id", known="since")
    living = living.anti_join(tombstones, [("customer_id", "id")])
    here = living.group_by("customer_id", "outlet_id").agg(known=living.known.min())
    anywhere = living.group_by("customer_id").agg(known=living.known.min())
    both = here.union(anywhere.select("customer_id", outlet_id=nothing("int32"), known=anywhere.known))
    rows = both.join(owned(), "customer_id").select("customer_id", "outlet_id", "known", "start", "line")
    rows = rows.mutate(start=rows.start.coalesce(rows.known), line=rows.line.coalesce("")).drop("known")
    return rows.join(terms, "line").drop("metres", "horizon")


def _days() -> Table:
    """Return when customers came last for a valid visit, on which days after the horizon, each once, in order, and
    what they paid in a year for visits of any kind: to each outlet, and anywhere. What lies behind the horizon of two
    windows changes nothing.
    """
    came = visits.filter(visits.customer_id.notnull())
    near = came.counts & (came.entered_on > terms.horizon.min().as_scalar())
    found = {
        "last": came.entered_on.max(where=came.counts),
        "days": came.entered_on.collect(where=near),
        "paid": came.paid.sum(where=came.entered_on > terms.year_ago.min().as_scalar()),
    }
    here = came.group_by("customer_id", "outlet_id").agg(**found)
    anywhere = here.group_by("customer_id").agg(
        last=here.last.max(), days=here.days.collect().flatten(), paid=here.paid.sum()
    )
    both = here.union(anywhere.mutate(outlet_id=nothing("int32")).select(*here.columns))
    return both.mutate(days=once(both.days))


def _nth(rows: Table, count: Any) -> Any:
    """Return the day of the visit that is the ``count``-th from the end; null if there are fewer."""
    many = rows.days.length()
    return cases((many >= count, rows.days[many - count]), otherwise=nothing("date"))


def owners() -> Table:
    """Return the standing of every owner at each of his outlets and in the network (no outlet)."""
    pairs, came = _pairs(), _days()
    pairs = pairs.mutate(place=pairs.outlet_id.coalesce(0))
    came = came.select(who="customer_id", where=came.outlet_id.coalesce(0), days="days", last="last", paid="paid")
    rows = pairs.left_join(came, [("customer_id", "who"), ("place", "where")]).drop("who", "where")
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
    return rows.days.filter(lambda visit: visit > rows.year_ago).length().coalesce(0)
