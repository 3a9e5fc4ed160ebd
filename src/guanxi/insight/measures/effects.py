"""What followed of the customers whom contact rules found, whom the draw sent to one arm or the other.

By intention to treat: a customer stays in the arm of the draw. Who was to be contacted and was not reached, or whom the
budget kept from it after the draw, is in the arm of the contacted all the same. Days count from the day on which the
window opened, which the draw does not move; the day of the decision it does, since only the contacted wait.
"""

from typing import Any

from guanxi.care.states.rules import CAME, Result
from guanxi.insight.engine import Table, cases, month_of, number_of, plus_days, table, whole, written
from guanxi.insight.measures.facts import attempts, decisions, effect_terms, sales, tasks, tombstones, visits
from guanxi.insight.states import Arm
from guanxi.worklist.states import Outcome, State
from guanxi.worklist.states import Result as Ending

ORDER = 1_000_000_000_000  # the day and the number of a decision in one whole number: the earlier day is the smaller
RULES = "care."  # the kinds of the tasks that rules write; their keys are care:rule:customer:car:day
RULE, DAY = 1, 4  # where the key says so
# worked out first, since what follows asks it three times
laid = table(
    "effect_members", code="string", place_id="int32", month="date", customer_id="int64", pk="int64", rule_id="int64",
    opens_on="date", is_control="boolean", is_here="boolean", contacted="boolean", reached="boolean",
)  # fmt: skip


def _told() -> Table:
    """Return whom a task of a rule reached, and the day on which that was decided: it was done, and neither
    given up nor settled by itself; or one of the attempts at it reached him.
    """
    spoken = attempts.filter(attempts.outcome == Outcome.REACHED.value).select("task_id").distinct()
    ours = tasks.filter(tasks.kind.startswith(RULES)).left_join(spoken, [("id", "task_id")])
    is_done = (ours.state == State.DONE.value) & ~ours.outcome.isin([Ending.NOT_REACHED.value, CAME])
    ours = ours.filter(ours.task_id.notnull() | is_done)
    parts = ours.key.split(":")
    ours = ours.select(who="customer_id", rule=parts[RULE], since=parts[DAY].try_cast("date"))
    made = decisions.filter(decisions.result == Result.TASK.value)
    told = made.join(ours, [("customer_id", "who"), ("code", "rule"), ("reason_on", "since")])
    return told.select(told_who="customer_id", told_by="code", told_on="decided_on").distinct()


def members() -> Table:
    """Return each customer once per rule, place and month, by the first of his cases: version, arm, the day his window
    opened; whether he was contacted in any of them, himself or named in the task of another rule, and reached.
    """
    rows = decisions.anti_join(tombstones, [("customer_id", "id")])
    rows = rows.mutate(lead=rows.leader.nullif("").coalesce(rows.code), month=month_of(rows.opens_on))
    named = [("customer_id", "told_who"), ("lead", "told_by"), ("decided_on", "told_on")]
    rows = rows.left_join(_told(), named)
    is_contacted = rows.result.isin([Result.TASK.value, Result.MERGED.value])
    order = number_of(rows.opens_on) * ORDER + rows.id
    return rows.group_by("code", "place_id", "month", "customer_id").agg(
        pk=rows.id.argmin(order), rule_id=rows.rule_id.argmin(order), opens_on=rows.opens_on.min(),
        is_control=(rows.result == Result.CONTROL.value).argmin(order),
        is_here=(rows.outlet_id == rows.place_id).argmin(order), contacted=is_contacted.any(),
        reached=(is_contacted & rows.told_who.notnull()).any(),
    )  # fmt: skip


def _first(rows: Table, what: Table, days: str) -> Table:
    """Return after how many days the first of some events followed, of those who had one within the days that count.
    An outlet's rule is followed at the outlet; what the call centre does, anywhere.
    """
    near = rows.join(what, [("customer_id", "event_of")])
    near = near.filter((near.event_on > near.opens_on) & (near.event_on <= plus_days(near.opens_on, near[days])))
    near = near.filter(~near.is_here | (near.event_at == near.place_id))
    return near.group_by(followed="pk").agg(after=near.event_on.delta(near.opens_on, unit="day").min())


def _followed(rows: Table) -> Table:
    """Add after how many days each came and bought, if he did; whether his days are over."""
    valid = visits.filter(visits.counts & visits.customer_id.notnull())
    visit = valid.select(event_of="customer_id", event_at="outlet_id", event_on="entered_on")
    sale = sales.select(event_of="customer_id", event_at="outlet_id", event_on="sold_on")
    came = _first(rows, visit, "came_days").rename(came_pk="followed", came_after="after")
    bought = _first(rows, sale, "bought_days").rename(bought_pk="followed", bought_after="after")
    rows = rows.left_join(came, [("pk", "came_pk")]).left_join(bought, [("pk", "bought_pk")])
    return rows.mutate(
        is_closed=plus_days(rows.opens_on, rows.came_days) < rows.day,
        is_settled=plus_days(rows.opens_on, rows.bought_days) < rows.day,
    )


def effects() -> Table:
    """Return the counts of every version of a rule by place, month in which the window opened, and arm."""
    rows = _followed(laid.cross_join(effect_terms))
    rows = rows.mutate(arm=cases((rows.is_control, Arm.CONTROL.value), otherwise=Arm.CONTACT.value))
    came = rows.is_closed & rows.came_after.notnull()
    found = rows.group_by("rule_id", "code", "place_id", "month", "arm").agg(
        customers=rows.count(), contacted=_many(rows.contacted), reached=_many(rows.reached),
        closed=_many(rows.is_closed), came=_many(came), settled=_many(rows.is_settled),
        bought=_many(rows.is_settled & rows.bought_after.notnull()), after=rows.came_after.collect(where=came),
    )  # fmt: skip
    return found.mutate(days=written(found.after.sort())).drop("after")


def _many(condition: Any) -> Any:
    """Return of how many rows a condition holds."""
    return condition.sum().coalesce(whole(0))
