"""Whose states a night changes: DuckDB holds what was worked out against what the database holds, so that the database
is asked of those alone.
"""

from collections.abc import Sequence

from guanxi.care.facts import HELD_CARS, HELD_OWNERS
from guanxi.care.services.merging import CAR, OWNER
from guanxi.foundation.columnar import Connection, run, statement

MANY = 4  # of every fourth and more, the database looks at all
# An owner who was active, or swing, before his last visit too keeps the earlier day (care.services.merging).
OWNERS = """
CREATE OR REPLACE TABLE differing_owners AS
SELECT DISTINCT coalesce(s.customer_id, o.customer_id) AS id
FROM (SELECT *, coalesce(outlet_id, 0) AS place FROM tiered) s
FULL JOIN (SELECT *, coalesce(outlet_id, 0) AS place FROM held_owners) o
  ON o.customer_id = s.customer_id AND o.place = s.place
WHERE {columns} OR NOT (o.since = s.since OR o.since < s.since AND s.state IN ('ACTIVE', 'SWING'))
"""
CARS = """
CREATE OR REPLACE TABLE differing_cars AS
SELECT coalesce(s.vehicle_id, o.id) AS id FROM car_states s FULL JOIN held_cars o ON o.id = s.vehicle_id
WHERE {columns}
"""
DIFFERS = "s.{name} IS DISTINCT FROM o.{name}"


def owners(duck: Connection) -> list[int] | None:
    """Return the customers any of whose states is another than what is held; None for so many that all are merged."""
    compared = [name for name in HELD_OWNERS.columns if name in OWNER and name not in {"outlet_id", "since"}]
    return _found(duck, OWNERS, compared, "differing_owners", "held_owners")


def cars(duck: Connection) -> list[int] | None:
    """Return the cars whose state is another than what is held; None for so many that all are merged."""
    return _found(duck, CARS, [name for name in HELD_CARS.columns if name in CAR], "differing_cars", "held_cars")


def _found(duck: Connection, form: str, compared: Sequence[str], table: str, held: str) -> list[int] | None:
    columns = " OR ".join(statement(DIFFERS, name=name) for name in compared)
    run(duck, statement(form, columns=columns))
    count, every = run(duck, statement("SELECT (SELECT count(*) FROM {table}), (SELECT count(*) FROM {held})",
                                       table=table, held=held))[0]  # fmt: skip
    if count * MANY > every:
        return None
    return [row[0] for row in run(duck, statement("FROM {table} ORDER BY id", table=table))]
