"""How often and when customers came to each of their outlets, and anywhere.

What a standing asks for are numbers: how many days in the window, which day was the last before it. Lists of days cost
four times as much, so they are made only of the few who need them.
"""

from collections.abc import Sequence
from typing import Any

from guanxi.insight.engine import Table, cases, given, nothing, once
from guanxi.insight.measures import facts
from guanxi.insight.measures.facts import relations, terms, tombstones, visits
from guanxi.vehicles.states import Line

LINES: Sequence[str] = ("", *Line.values)
FEW = "int16"


def _near() -> Table:
    """Return the valid visits after the horizon: what lies behind the horizon of two windows changes nothing."""
    came = visits.filter(visits.customer_id.notnull() & visits.counts)
    return came.filter(came.entered_on > given("horizon"))


def here() -> Table:
    """Return of customers at each outlet: since when it knows them, null without a relation; when they came last for a
    valid visit, what they paid in a year for visits of any kind; on how many days after the horizon they came, on how
    many of the last year, and by the window of each product line on how many within it and on which before it last.
    """
    living = relations.anti_join(tombstones, [("customer_id", "id")])
    known = living.select("customer_id", "outlet_id", known="since", day=nothing("date"), paid=nothing("int32"))
    came = visits.filter(visits.customer_id.notnull())
    came = came.select(
        "customer_id", "outlet_id", known=nothing("date"), day=cases((came.counts, came.entered_on)),
        paid=cases((came.entered_on > given("year_ago"), came.paid)),
    )  # fmt: skip
    both = known.union(came)
    every = both.group_by("customer_id", "outlet_id").agg(
        known=both.known.min(), last=both.day.max(), paid=both.paid.sum().cast("int64")
    )
    days = _near().select(near_of="customer_id", near_at="outlet_id", day="entered_on").distinct()
    often = days.group_by("near_of", "near_at").agg(**_often(days))
    rows = every.left_join(often, [("customer_id", "near_of"), ("outlet_id", "near_at")]).drop("near_of", "near_at")
    return rows.mutate(places=rows.near.notnull().cast(FEW))


def anywhere() -> Table:
    """Return the same without an outlet, and at how many places customers came after the horizon: of who came to
    several, perhaps to two on one day, the numbers of days do not hold.
    """
    rows = facts.here
    largest = {name: rows[name].max() for name in rows.columns[5:-1]}
    return rows.group_by("customer_id").agg(
        outlet_id=nothing("int32"), known=rows.known.min(), last=rows.last.max(), paid=rows.paid.sum().cast("int64"),
        **largest, places=rows.near.count().cast(FEW),
    )  # fmt: skip


def _often(days: Table) -> dict[str, Any]:
    found = {"near": days.count(), "year": days.count(where=days.day > given("year_ago"))}
    for number in range(len(LINES)):
        opens = given(f"opens_{number}")
        found[f"within_{number}"] = days.count(where=days.day > opens)
        found[f"before_{number}"] = days.day.max(where=days.day <= opens)
    return {name: value if name.startswith("before") else value.cast(FEW) for name, value in found.items()}


def of_line(rows: Table, name: str) -> Any:
    """Return what holds by the window of the product line of each row."""
    *others, last = (((rows.line == line), rows[f"{name}_{number}"]) for number, line in enumerate(LINES))
    return cases(*others, otherwise=last[1])


def apart() -> Table:
    """Return the days after the horizon, each once and in order, of whom numbers do not say enough: who came to several
    places, and of whose standing a day counts that is not the last before the window; at each outlet, and anywhere.
    """
    rows = facts.here.union(facts.anywhere)
    owned = facts.owned.select(owned_by="customer_id", line=facts.owned.line.coalesce(""))
    rows = rows.join(owned, [("customer_id", "owned_by")])
    rows = rows.join(terms, "line")
    within = of_line(rows, "within")
    is_swing = rows.observe_months.isnull() | (within >= rows.swing_visits)
    count = cases((is_swing, rows.active_visits), otherwise=rows.swing_visits)
    is_deep = (within < rows.active_visits) & (rows.near >= count) & (count - within > 1) & (rows.last > rows.lost_ago)
    hard = rows.filter(is_deep | (rows.places > 1)).select(hard_id="customer_id").distinct()
    near = _near().semi_join(hard, [("customer_id", "hard_id")])
    here = near.group_by("customer_id", "outlet_id").agg(days=near.entered_on.collect())
    anywhere = here.group_by("customer_id").agg(days=here.days.collect().flatten())
    both = here.union(anywhere.mutate(outlet_id=nothing("int32")).select(*here.columns))
    return both.mutate(days=once(both.days))
