"""Small worlds of owners and cars as plain values, and what the measures make of them in DuckDB."""

import datetime
from dataclasses import dataclass, field

from guanxi.care.policy import standing, upkeep
from guanxi.foundation import columnar
from guanxi.insight import datasets, engine
from guanxi.insight.measures import coming, facts, owners
from guanxi.insight.services import working

DAY = datetime.date(2026, 3, 1)


@dataclass
class World:
    """Rows by dataset, in the order of the columns of the fact; limits by product line; the pace of models."""

    rows: dict = field(default_factory=dict)
    limits: dict = field(default_factory=lambda: {"": (standing.Terms(), upkeep.Limits())})
    habits: dict = field(default_factory=dict)
    known: set = field(default_factory=set)

    def add(self, name, *values):
        self.rows.setdefault(name, []).append(values)

    def owner(self, customer, outlet, known, *, start=None, car=None, line=None):
        """Add an owner of a car; ``line`` names the trim of that product line."""
        car = car or customer
        self.add("relations", len(self.rows.get("relations", ())) + 1, customer, outlet, known, None)
        if car not in self.known:
            self.known.add(car)
            trim = {"PASSENGER": 1, "COMMERCIAL": 2}.get(line)
            self.add("cars", car, trim, None, "IN_USE", None, None, None, None, None)
            self.add("participants", car, car, customer, "OWNER", start, None)

    def visit(self, customer, outlet, day, *, counts=True, car=None, is_maintenance=False, km=None, paid=0):
        self.add(
            "visits",
            len(self.rows.get("visits", ())) + 1,
            outlet,
            car or customer,
            customer,
            day,
            counts,
            is_maintenance,
            km,
            paid,
        )


LINES = [(1, 1, 1, "PASSENGER"), (2, 2, 2, "COMMERCIAL")]


def compute(world, measure, folder, day=DAY):
    """Return the rows that a measure makes of a world, as dictionaries."""
    with columnar.connected(folder) as duck:
        for fact in datasets.FACTS:
            _fill(
                duck, f"some_{fact.name}", fact.types, LINES if fact.name == "trims" else world.rows.get(fact.name, ())
            )
            datasets.view(duck, fact, day, f"some_{fact.name}")
        _fill(duck, "habits", facts.HABITS, [item for item in world.habits.items() if item[0] is not None])
        _fill(duck, "terms", facts.TERMS, [_terms(line, day, world) for line in ("", "PASSENGER", "COMMERCIAL")])
        held = [world.limits.get(line, world.limits[""])[0] for line in coming.LINES]
        working.give(duck, day, [terms.window_months for terms in held])
        working.lay_paces(duck)
        working.lay_owners(duck)
        columns = measure().columns
        query = "FROM owner_states" if measure is owners.owners else engine.sql(measure)
        return [dict(zip(columns, row, strict=True)) for row in columnar.run(duck, query)]


def _fill(duck, name, types, rows):
    columns = ", ".join(f"{column} {of_type}" for column, of_type in types.items())
    columnar.run(duck, f"CREATE OR REPLACE TABLE {name} ({columns})")
    one = f"({', '.join('?' * len(types))})"
    for first in range(0, len(rows), 500):
        some = rows[first : first + 500]
        values = [value for row in some for value in row]
        columnar.run(duck, f"INSERT INTO {name} VALUES {', '.join([one] * len(some))}", values)


def _terms(line, day, world):
    terms, limits = world.limits.get(line, world.limits[""])
    return (
        line, day, terms.window_months, terms.lost_months, terms.active_visits, terms.swing_visits,
        terms.observe_months, terms.new_months, str(terms.new_as), terms.kpi_lost_months,
        working.over(day, terms.lost_months), limits.new_car_months, limits.ending_days, world.habits.get(None),
    )  # fmt: skip
