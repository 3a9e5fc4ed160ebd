"""What followed of a rule, said twice: for one customer in plain Python, for all at once in DuckDB."""

import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.insight.contacts import DAY, compute, days, expected

SLOW = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
# around the ends of months and of the days that count
opened = st.integers(-125, 3).map(lambda off: DAY + days(off))
near = st.integers(-3, 95)
RULES = {"a": (1, 2), "b": (3,)}  # a has two versions
decision = st.tuples(
    st.sampled_from([(code, rule) for code, every in RULES.items() for rule in every]), st.integers(1, 4),
    st.sampled_from([(1, 1), (2, 2), (1, 9)]), opened, st.integers(0, 3), st.sampled_from(["TASK", "MERGED", "BUDGET", "CONTROL"]),
)  # fmt: skip
ending = st.sampled_from(
    [("OPEN", None), ("DONE", "REACHED"), ("DONE", "NOT_REACHED"), ("SKIPPED", None), ("EXPIRED", None)]
)
attempt = st.sampled_from(["REACHED", "NO_ANSWER", "POSTPONED"])
event = st.tuples(st.integers(1, 4), st.integers(1, 2), near, st.booleans())


def world(decided, ended, tried, came, bought, gone):
    """Return rows of facts: every TASK has its task, a MERGED names the other rule; events lie near some opening."""
    rows = {name: [] for name in ("decisions", "tasks", "attempts", "visits", "sales", "tombstones")}
    for number, ((code, rule), who, (outlet, place), opens, late, result) in enumerate(decided, 1):
        anchor, leader = opens + days(30), {"a": "b", "b": "a"}[code] if result == "MERGED" else None
        rows["decisions"].append(
            (number, rule, code, who, outlet, place, anchor, opens, opens + days(late), result, leader)
        )
        if result == "TASK":
            state, outcome = ended[number % len(ended)]
            key = f"care:{code}:{who}:0:{anchor}"
            rows["tasks"].append((number, "care.call", key, state, outcome, who))
            rows["attempts"].append((number, number, tried[number % len(tried)]))
    rows["tasks"].append((999, "worklist.manual", f"care:a:1:0:{DAY}", "DONE", "REACHED", 1))
    start = min((row[7] for row in rows["decisions"]), default=DAY)
    for number, (who, outlet, after, counts) in enumerate(came):
        rows["visits"].append((number, outlet, who, who, start + days(after), counts, False, None, 0))
    for number, (who, outlet, after, _counts) in enumerate(bought):
        rows["sales"].append((number, who, outlet, start + days(after)))
    rows["tombstones"] = [(one,) for one in sorted(gone)]
    return rows


@SLOW
@given(
    decided=st.lists(decision, min_size=1, max_size=25), ended=st.lists(ending, min_size=1, max_size=4),
    tried=st.lists(attempt, min_size=1, max_size=4), came=st.lists(event, max_size=12),
    bought=st.lists(event, max_size=6), gone=st.sets(st.integers(1, 4), max_size=1),
)  # fmt: skip
def test_customers_are_counted_alike_one_by_one_and_all_at_once(tmp_path, decided, ended, tried, came, bought, gone):
    rows = world(decided, ended, tried, came, bought, gone)
    assert compute(rows, tmp_path) == expected(rows)


def test_the_borders_of_the_days_that_count(tmp_path):
    """The opening day is too early, the last day counts, the next does not; a case is closed when its last day is over."""
    opens = DAY - days(60)
    for after, counts in ((0, False), (1, True), (30, True), (31, False)):
        rows = {
            "decisions": [(1, 1, "a", 7, 1, 1, opens, opens, opens, "TASK", None)],
            "visits": [(1, 1, 7, 7, opens + days(after), True, False, None, 0)],
        }
        month = opens.replace(day=1)
        wanted = (1, 1, 0, 1, int(counts), 0, 0, f"{{{after}}}" if counts else "{}")
        assert compute(rows, tmp_path) == {(1, 1, month, "CONTACT"): wanted} == expected(rows)
    for back, closed in ((30, 0), (31, 1)):
        opens = DAY - days(back)
        rows = {"decisions": [(1, 1, "a", 7, 1, 1, opens, opens, opens, "CONTROL", None)]}
        assert compute(rows, tmp_path) == {(1, 1, opens.replace(day=1), "CONTROL"): (1, 0, 0, closed, 0, 0, 0, "{}")}


def test_the_length_of_the_days_is_data(tmp_path):
    opens = datetime.date(2025, 11, 3)
    rows = {
        "decisions": [(1, 1, "a", 7, 1, 1, opens, opens, opens, "TASK", None)],
        "visits": [(1, 1, 7, 7, opens + days(20), True, False, None, 0)],
        "sales": [(1, 7, 1, opens + days(100))],
    }
    key = (1, 1, datetime.date(2025, 11, 1), "CONTACT")
    assert compute(rows, tmp_path, came_days=19, bought_days=99)[key][3:7] == (1, 0, 1, 0)
    assert compute(rows, tmp_path, came_days=20, bought_days=100)[key][3:7] == (1, 1, 1, 1)
