"""Removes the customers of the demonstration, their cars and visits, and whatever hangs on them.

Gone are the rows with the demonstration's run number and every row that cannot be without one of them, also one that
somebody wrote since: the tables are found by their foreign keys, so a new capability needs nothing here. A reference
that may be empty is emptied. Network, people, code lists, cars on sale and consent texts stay: they are the
carmaker's, not a customer's.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey, Model

from guanxi.config.demo.world.loading import RUN
from guanxi.customers.models import Customer

CHUNK = 50_000
# Tasks are about things by their number alone; one with an attempt or an escalation stays, since these do, but ends.
TASKS = """
DELETE FROM worklist_task t WHERE t.subject_type = %(kind)s AND t.subject_id IN (SELECT id FROM {gone})
  AND NOT EXISTS (SELECT 1 FROM worklist_attempt a WHERE a.task_id = t.id)
  AND NOT EXISTS (SELECT 1 FROM worklist_escalation e WHERE e.task_id = t.id)
  AND NOT EXISTS (SELECT 1 FROM worklist_task o WHERE o.parent_id = t.id)
"""
END = """
UPDATE worklist_task t SET state = 'EXPIRED', finished_at = now(), next_rung_at = NULL, wake_at = NULL
WHERE t.subject_type = %(kind)s AND t.subject_id IN (SELECT id FROM {gone}) AND t.state::text IN ('OPEN', 'CLAIMED')
"""
ABOUT = {"customer": "gone_customers_customer", "crisis.crisis": "gone_crisis_crisis"}
# These outlive what they refer to, but not what the demonstration made up.
OWNED = frozenset({
    ("contact_centre_enquiry", "customer_id"), ("complaints_complaint", "customer_id"),
    ("rescue_rescue", "customer_id"), ("crisis_alarm", "crisis_id"),
})  # fmt: skip
# A crisis is of the demonstration if all complaints in it are; it frees whom else it held, and its documents go.
CRISES = """
SELECT l.crisis_id AS id FROM crisis_link l GROUP BY l.crisis_id
HAVING bool_and(l.complaint_id IN (SELECT id FROM gone_complaints_complaint))
"""
HOLDING = {"crisis_crisis": ("complaints_complaint", CRISES)}
FREED = """
UPDATE privacy_hold SET lifted_at = greatest(since, now())
WHERE lifted_at IS NULL AND source IN (SELECT 'crisis:' || id FROM gone_crisis_crisis)
"""
PAPERS = """
DELETE FROM records_attachment
WHERE subject_type = 'crisis.legal' AND subject_id IN (SELECT id::text FROM gone_crisis_crisis)
"""


@dataclass(frozen=True)
class Table:
    """A table, its key, and its columns that refer to other tables: column -> table."""

    name: str
    pk: str
    is_marked: bool
    required: Mapping[str, str]
    optional: Mapping[str, str]

    @property
    def gone(self) -> str:
        return f"gone_{self.name}"


def remove(*, day: datetime.date, done: Callable[[int], None]) -> dict[str, int]:
    """Delete in the caller's transaction and scope; return how many rows each table lost.

    In this order: finds the rows from above to below, empties optional references, deletes or ends tasks about them,
    frees whom their crises held, deletes the rows from below to above in pieces, corrects the words and the sums that
    were derived from them.
    """
    every = [_read(model) for model in apps.get_models()]
    order = _order(every)
    _run("SET CONSTRAINTS ALL IMMEDIATE")
    for table in order:
        _find(table, {one.name for one in order})
    for table in every:
        _empty(table, {one.name for one in order})
    _forget()
    (stay,) = _run(
        "SELECT coalesce(array_agg(DISTINCT customer_id), '{}') FROM vehicles_participant WHERE id IN (SELECT id FROM"
        " gone_vehicles_participant) AND customer_id NOT IN (SELECT id FROM gone_customers_customer)"
    )
    lost = {table.name: _delete(table, done) for table in reversed(order)}
    _run("SELECT customers_retoken(array_agg(id)) FROM gone_customers_customer GROUP BY n / %s", [CHUNK])
    _run("SELECT vehicles_retoken(%s)", [stay])
    _correct_sums(day)
    return lost


def _forget() -> None:
    """Let go what is about rows that go by their number alone; the log of a crisis may go in this transaction."""
    for kind, gone in ABOUT.items():
        _run(TASKS.format(gone=gone), {"kind": kind})
        _run(END.format(gone=gone), {"kind": kind})
    _run(FREED)
    _run(PAPERS)
    _run("SELECT set_config('guanxi.forgets', 'on', true)")


def is_loaded() -> bool:
    """Tell whether there is a customer of the demonstration."""
    return Customer.objects.filter(run_id=RUN).exists()


def _read(model: type[Model]) -> Table:
    meta = model._meta  # noqa: SLF001 -- Django's own name for what it knows of a model
    keys = [field for field in meta.fields if isinstance(field, ForeignKey)]
    target = {field.column: field.related_model._meta.db_table for field in keys}  # noqa: SLF001 -- the same
    kept = {field.column for field in keys if field.null and not _is_owned(meta.db_table, field.column)}
    required = {column: other for column, other in target.items() if column not in kept}
    optional = {column: target[column] for column in kept}
    marked = any(field.name == "run_id" for field in meta.fields)
    return Table(meta.db_table, str(meta.pk.column), marked, required, optional)


def _is_owned(table: str, column: str) -> bool:
    return (table, column) in OWNED


def _order(every: Sequence[Table]) -> list[Table]:
    """Return the tables with marked rows and those that cannot be without them, what is referred to first."""
    reached = {table.name: table for table in every if table.is_marked or table.name in HOLDING}
    while more := [t for t in every if t.name not in reached and set(t.required.values()) & set(reached)]:
        reached |= {table.name: table for table in more}
    graph = {
        name: ({*table.required.values(), *table.optional.values(), *_held(name)} & set(reached)) - {name}
        for name, table in reached.items()
    }
    return [reached[name] for name in TopologicalSorter(graph).static_order()]


def _held(name: str) -> tuple[str, ...]:
    return (HOLDING[name][0],) if name in HOLDING else ()


def _find(table: Table, reached: set[str]) -> None:
    """Note the keys of the rows that must go in a temporary table."""
    known = [(column, other) for column, other in table.required.items() if other in reached]
    asked = [f"{column} IN (SELECT id FROM gone_{other})" for column, other in known]  # noqa: S608 -- names of tables
    asked += [f"run_id = {RUN}"] if table.is_marked else []
    held = HOLDING[table.name][1:] if table.name in HOLDING else ()
    rows = " UNION ".join([*held, *(f"SELECT {table.pk} AS id FROM {table.name} WHERE {one}" for one in asked)])  # noqa: S608 -- the same
    _run(f"CREATE TEMP TABLE {table.gone} (id bigint, n bigint) ON COMMIT DROP")
    _run(f"INSERT INTO {table.gone} SELECT id, row_number() OVER (ORDER BY id) FROM ({rows}) r")  # noqa: S608 -- the same
    _run(f"CREATE INDEX ON {table.gone} (n)")
    _run(f"ANALYZE {table.gone}")


def _empty(table: Table, reached: set[str]) -> None:
    """Empty the optional references of rows that stay; those of a table to itself in all rows."""
    for column, other in table.optional.items():
        if other in reached:
            stays = f" AND {table.pk} NOT IN (SELECT id FROM {table.gone})" if table.name in reached - {other} else ""  # noqa: S608 -- names of tables
            _run(f"UPDATE {table.name} SET {column} = NULL WHERE {column} IN (SELECT id FROM gone_{other}){stays}")  # noqa: S608 -- the same


def _delete(table: Table, done: Callable[[int], None]) -> int:
    """Delete the noted rows in pieces, so that what waits for its check stays small; return how many they are."""
    (rows,) = _run(f"SELECT count(*) FROM {table.gone}")  # noqa: S608 -- names of tables
    piece = f"SELECT id FROM {table.gone} WHERE n BETWEEN %s AND %s"  # noqa: S608 -- the same
    for first in range(1, rows + 1, CHUNK):
        _run(f"DELETE FROM {table.name} WHERE {table.pk} IN ({piece})", [first, first + CHUNK - 1])  # noqa: S608 -- names of tables
        done(min(CHUNK, rows - first + 1))
    return int(rows)


def _correct_sums(day: datetime.date) -> None:
    """Drop the sums of outlets that have no customers left, and sum the others up again where today's are known."""
    _run(
        "DELETE FROM customers_outletquality o WHERE NOT EXISTS"
        " (SELECT 1 FROM customers_relation r WHERE r.outlet_id = o.outlet_id AND r.ended_on IS NULL)"
    )
    (known,) = _run("SELECT EXISTS (SELECT 1 FROM customers_outletquality WHERE day = %s)", [day])
    if known:
        _run("SELECT customers_sum_quality(%s)", [day])


def _run(statement: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> tuple[Any, ...]:
    """Run a statement; return its first row."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return (cursor.fetchone() if cursor.description else None) or ()
