"""One rule, said twice: for one owner or car in plain Python, for all at once in DuckDB. Random histories come to the
same, to the last day and metre.
"""

import datetime
from itertools import combinations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.insight.worlds import DAY, World, compute

from guanxi.care.policy import pace, standing, upkeep
from guanxi.foundation.values import months
from guanxi.insight.measures import cars, owners

SLOW = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
days = st.dates(DAY - datetime.timedelta(days=1100), DAY + datetime.timedelta(days=20))
# the ends of months and what lies just inside and outside of the limits come often
edges = st.builds(
    lambda ago, off: months.later(DAY, -ago) + datetime.timedelta(days=off),
    st.sampled_from([0, 3, 6, 9, 12, 15, 18, 24]), st.integers(-2, 2),
)  # fmt: skip
moments = st.one_of(days, edges)
TOYOTA = standing.Terms()
THREE_STATES = standing.Terms(lost_months=6, observe_months=None, new_months=6, new_as="SWING")
OTHERS = standing.Terms(
    window_months=18, lost_months=9, active_visits=4, swing_visits=3, observe_months=2, new_months=15, new_as="ACTIVE",
    kpi_lost_months=4,
)  # fmt: skip
LIMITS = upkeep.Limits()
owner = st.tuples(
    st.lists(st.tuples(st.sampled_from([1, 2]), moments, st.booleans()), max_size=9),
    st.none() | moments.filter(lambda day: day <= DAY), moments.filter(lambda day: day <= DAY),
    st.sampled_from([None, "PASSENGER", "COMMERCIAL"]),
)  # fmt: skip


def standing_of(row):
    """Return a row without its keys as the policy says it; what was paid is no part of it."""
    assert row.pop("paid") == 0
    return standing.Standing(**row)


@SLOW
@pytest.mark.covers("CLASS-28", "CLASS-29", "CLASS-30", "CLASS-31", "CLASS-33", "CLASS-34", "CLASS-35")
@given(people=st.lists(owner, min_size=1, max_size=25))
def test_owners_are_judged_alike_one_by_one_and_all_at_once(tmp_path, people):
    world = World(limits={"": (TOYOTA, LIMITS), "PASSENGER": (OTHERS, LIMITS), "COMMERCIAL": (THREE_STATES, LIMITS)})
    wanted = {}
    for number, (visits, start, known, line) in enumerate(people, 1):
        world.owner(number, 1, known, start=start, line=line)
        for outlet, day, counts in visits:
            world.visit(number, outlet, day, counts=counts)
        terms = world.limits[line or ""][0]
        for place in (1, None):
            valid = [day for outlet, day, counts in visits if counts and place in {None, outlet}]
            wanted[number, place] = standing.standing(DAY, valid, start or known, terms)
    found = {
        (row.pop("customer_id"), row.pop("outlet_id")): standing_of(row)
        for row in compute(world, owners.owners, tmp_path)
    }
    assert found == wanted


@pytest.mark.covers("CLASS-28", "CLASS-29", "CLASS-30", "CLASS-31", "CLASS-33", "CLASS-34")
def test_every_mixture_of_borders_is_judged_alike(tmp_path):
    """Up to three visits, each just inside, on, or just outside of a limit; the car bought on one; by all limits."""
    world = World(limits={"": (TOYOTA, LIMITS), "PASSENGER": (OTHERS, LIMITS), "COMMERCIAL": (THREE_STATES, LIMITS)})
    borders = [
        months.later(DAY, -ago) + datetime.timedelta(days=off) for ago in (2, 3, 6, 9, 12, 18) for off in (-1, 0, 1)
    ]
    starts = [months.later(DAY, -ago) for ago in (1, 6, 12, 15, 60)]
    mixtures = [few for size in range(3) for few in combinations(borders, size)] + [
        (first, *rest) for first in borders[:6] for rest in combinations(borders[6:], 2)
    ]
    wanted = {}
    for number, (visits, start, line) in enumerate(product(mixtures, starts, (None, "PASSENGER", "COMMERCIAL")), 1):
        world.owner(number, 1, start, start=start, line=line)
        for day in visits:
            world.visit(number, 1, day)
        wanted[number] = standing.standing(DAY, visits, start, world.limits[line or ""][0])
    rows = compute(world, owners.owners, tmp_path)
    assert len(rows) == 2 * len(wanted) > 10_000
    for row in rows:
        number, _outlet = row.pop("customer_id"), row.pop("outlet_id")
        assert standing_of(row) == wanted[number]


readings = st.lists(st.tuples(days.filter(lambda day: day <= DAY), st.integers(0, 400_000)), max_size=18)
car = st.fixed_dictionaries({
    "readings": readings, "sold_on": st.none() | days.filter(lambda day: day <= DAY),
    "warranty_until": st.none() | st.dates(DAY - datetime.timedelta(days=400), DAY + datetime.timedelta(days=600)),
    "warranty_km": st.none() | st.sampled_from([1_000, 60_000, 100_000]), "gone": st.booleans(),
    "gone_on": st.none() | days, "line": st.sampled_from([None, "PASSENGER", "COMMERCIAL"]),
    "done": st.lists(st.tuples(days.filter(lambda day: day <= DAY), st.none() | st.integers(0, 300_000)), max_size=4),
})  # fmt: skip
PLANS = {
    "PASSENGER": [
        upkeep.Step(1, False, 6, 5_000),
        upkeep.Step(2, False, None, 10_000),
        upkeep.Step(3, True, 12, 10_000),
    ],
    "COMMERCIAL": [upkeep.Step(4, False, 3, None), upkeep.Step(5, True, 4, 20_000)],
    None: [],
}
HABITS = {1: 41_000, None: 50_000}


def plan_of(world):
    for series, line in ((1, "PASSENGER"), (2, "COMMERCIAL")):
        places = {True: 0, False: 0}
        for step in PLANS[line]:
            world.add("steps", step.id, series, step.months, step.km, step.is_periodic, places[step.is_periodic])
            places[step.is_periodic] += 1


def wanted_of(item):
    """Return what the policies say of a car, in the columns of the measure."""
    line = item["line"]
    facts = upkeep.Facts(
        item["sold_on"], item["gone"] and (item["gone_on"] is None or item["gone_on"] <= DAY), item["gone_on"],
        item["warranty_until"], item["warranty_km"],
    )  # fmt: skip
    points = [pace.Point(*reading) for reading in item["readings"]]
    held = pace.pace(points, item["sold_on"], HABITS.get(1) if line == "PASSENGER" else HABITS[None])
    done = [upkeep.Done(*one) for one in item["done"]]
    steps = PLANS[line]
    due = upkeep.next_due(steps, done, item["sold_on"], held)
    ends = upkeep.warranty_end(facts, held)
    first = next((step for step in steps if not step.is_periodic), None)
    word, since = upkeep.phase(DAY, facts, warranty_ends=ends, first=first, done=done, limits=LIMITS)
    return {
        "phase": word, "phase_since": since, "warranty_ends": ends, "metres": held and held.metres,
        "metres_least": held and held.least, "metres_most": held and held.most, "base_km": held and held.base.km,
        "base_on": held and held.base.on, "readings": held.readings if held else 0, "step_id": due and due.step_id,
        "due_from": due and due.since, "due_on": due and due.on, "due_by": due.by if due else "", "due_earliest": due and due.earliest,
        "due_latest": due and due.latest, "insured_until": None, "inspected_until": None,
    }  # fmt: skip


@SLOW
@pytest.mark.covers("CARE-34", "LIFE-01", "LIFE-14")
@given(fleet=st.lists(car, min_size=1, max_size=25))
def test_cars_are_judged_alike_one_by_one_and_all_at_once(tmp_path, fleet):
    world = World(limits={"": (TOYOTA, LIMITS)}, habits=HABITS)
    plan_of(world)
    for number, item in enumerate(fleet, 1):
        trim = {"PASSENGER": 1, "COMMERCIAL": 2}.get(item["line"])
        gone = "SCRAPPED" if item["gone"] else "IN_USE"
        world.add(
            "cars", number, trim, item["sold_on"], gone, item["gone_on"], item["warranty_until"], item["warranty_km"],
            None, None,
        )  # fmt: skip
        for at, (day, km) in enumerate(item["readings"]):
            world.add("readings", number * 100 + at, number, day, km, True)
        for day, km in item["done"]:
            world.visit(None, 1, day, car=number, is_maintenance=True, km=km)
    found = {row.pop("vehicle_id"): row for row in compute(world, cars.states, tmp_path)}
    assert found == {number: wanted_of(item) for number, item in enumerate(fleet, 1)}
