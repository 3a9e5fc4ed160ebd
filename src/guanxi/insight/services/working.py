"""Works states out: lets DuckDB compute the measures on facts that are there, and hands the results over as CSV."""

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from guanxi.care.facts import YEAR
from guanxi.care.models import Habit
from guanxi.care.queries import states as care
from guanxi.care.queries import tiers as worth
from guanxi.care.services import merging
from guanxi.care.services.merging import CAR, COUNT, OWNER, Merged, Worked
from guanxi.foundation.columnar import Connection, literal, run, statement
from guanxi.foundation.values.months import later
from guanxi.insight import engine
from guanxi.insight.measures import cars, coming, counts, owners, tiers
from guanxi.insight.measures.facts import HABITS, TERMS
from guanxi.insight.services import differing

BLOCK = 1 << 20
COPY = "COPY (SELECT {columns} FROM {table}) TO {path} (FORMAT csv, HEADER false)"
STEPS = {
    "owned": owners.owned, "here": coming.here, "anywhere": coming.anywhere, "apart": coming.apart,
    "owner_states": owners.owners,
}  # fmt: skip
HABIT = ("model_id", "metres", "cars")


def prepare(duck: Connection, day: datetime.date) -> None:
    """Put the limits in force on a day and the pace of each model beside the facts; two queries.

    :raises LookupError: no limits are in force: the preset with the limits of care is not applied.
    """
    paces: dict[int | None, int] = dict(Habit.objects.values_list("model_id", "metres"))
    fill(duck, "habits", HABITS, [(model, metres) for model, metres in paces.items() if model is not None])
    held = care.terms_on(day)
    default = held.get("")
    if default is None:
        msg = "no limits of care are in force"
        raise LookupError(msg)
    known = {
        "day": day,
        "metres": paces.get(None),
    }
    rows, windows = [], []
    for line in coming.LINES:
        row = held.get(line, default)
        known["lost_ago"] = over(day, row.lost_months)
        windows.append(row.window_months)
        rows.append([line, *(known[name] if name in known else getattr(row, name) for name in list(TERMS)[1:])])
    give(duck, day, windows)
    fill(duck, "terms", TERMS, rows)


def give(duck: Connection, day: datetime.date, windows: Sequence[int]) -> None:
    """Let measures know by name the day before which a visit can no longer matter, but as the last (two windows ago, or
    a year), the last day that is no part of the last year, and that of the window of each product line.
    """
    days = {"horizon": later(day, -max(14, 2 * max(windows) + 1)), "year_ago": over(day, YEAR)}
    days |= {f"opens_{number}": over(day, months) for number, months in enumerate(windows)}
    for name, value in days.items():
        run(duck, statement("SET VARIABLE {name} = DATE {value}", name=name, value=literal(value)))


def over(day: datetime.date, months: int) -> datetime.date:
    """Return the last day of which so many months are over: a visit after it is one of these months."""
    back, ahead = later(day, -months), datetime.timedelta(days=1)
    while later(back + ahead, months) <= day:
        back += ahead
    return back


def fill(duck: Connection, name: str, types: dict[str, str], rows: Sequence[Sequence[Any]]) -> None:
    """Put some rows into a table of DuckDB, in the place of the one that has the name."""
    columns = ", ".join(f"{column} {of_type}" for column, of_type in types.items())
    run(duck, f"CREATE OR REPLACE TABLE {name} ({columns})")
    for row in rows:
        run(duck, statement("INSERT INTO {name} VALUES ({marks})", name=name, marks=", ".join("?" * len(row))), row)


def lay_paces(duck: Connection) -> None:
    """Work out what the readings of each car say of its pace, for the measures that need it."""
    run(duck, f"CREATE OR REPLACE TABLE paces AS {engine.sql(cars.paces)}")


def lay_owners(duck: Connection) -> None:
    """Work out what every owner is, from when he came."""
    for name, measure in STEPS.items():
        run(duck, f"CREATE OR REPLACE TABLE {name} AS {engine.sql(measure)}")
    clear_owners(duck)


def clear_owners(duck: Connection) -> None:
    """Let go what only the standing of owners needed."""
    for name in list(STEPS)[:-1]:
        run(duck, f"DROP TABLE {name}")


def habits(duck: Connection, folder: Path) -> None:
    """Work out how far cars of each model go a day, and write what changed."""
    run(duck, f"CREATE OR REPLACE TABLE worked_habits AS {engine.sql(cars.habit)}")
    merging.merge_habits(lines(duck, folder, "worked_habits", HABIT))


def merge(
    duck: Connection, folder: Path, day: datetime.date, *, customer_ids: Sequence[int] | None = None,
    vehicle_ids: Sequence[int] | None = None, is_held: bool = False,
) -> Merged:  # fmt: skip
    """Work out the states of a day from the facts and limits that are there, and merge them: all with their counts, or
    those of some customers and cars. With ``is_held`` what the database holds is there too, and of all only what
    differs is merged.
    """
    lay_owners(duck)
    run(duck, f"CREATE OR REPLACE TABLE car_states AS {engine.sql(cars.states)}")
    counted = None
    if customer_ids is None:
        bound_tiers(duck, day)
    lay_tiers(duck, day)
    if customer_ids is None:
        run(duck, f"CREATE OR REPLACE TABLE counts AS {engine.sql(counts.counts)}")
        counted = lines(duck, folder, "counts", COUNT)
    owned, cars_of = "tiered", "car_states"
    if is_held:
        customer_ids, vehicle_ids = differing.owners(duck), differing.cars(duck)
        owned = owned if customer_ids is None else "tiered SEMI JOIN differing_owners ON id = customer_id"
        cars_of = cars_of if vehicle_ids is None else "car_states SEMI JOIN differing_cars ON id = vehicle_id"
    worked = Worked(
        owners=lines(duck, folder, owned, OWNER), cars=lines(duck, folder, cars_of, CAR),
        counts=counted, customer_ids=customer_ids, vehicle_ids=vehicle_ids,
    )  # fmt: skip
    return merging.merge_states(day=day, worked=worked)


def bound_tiers(duck: Connection, day: datetime.date) -> None:
    """Work out what bounds each tier in the month of a day, once, and write it; two queries when it is written."""
    missing = worth.without_bound(day)
    if missing:
        fill(duck, "shares", tiers.SHARES, [(row.tier, row.percent or 1) for row in missing])
        found = {tier: (amount, payers) for tier, amount, payers in run(duck, engine.sql(tiers.found_bounds))}
        merging.merge_bounds(day=day, terms=missing, found=found)


def lay_tiers(duck: Connection, day: datetime.date) -> None:
    """Give each owner his tier by the bounds of a day; two queries."""
    held = worth.bounds_on(day)
    fill(duck, "bounds", tiers.BOUNDS, [(tier, bound.amount) for tier, bound in held.items()])
    run(duck, f"CREATE OR REPLACE VIEW tiered AS {engine.sql(tiers.tiered)}")


def lines(duck: Connection, folder: Path, table: str, columns: Sequence[str]) -> Iterator[bytes]:
    """Yield a table of DuckDB, or a join that begins with one, as blocks of CSV."""
    path = folder / f"{table.split(maxsplit=1)[0]}.csv"
    run(duck, statement(COPY, columns=", ".join(columns), table=table, path=literal(path)))
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block
    path.unlink()
