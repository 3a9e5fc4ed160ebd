"""What points at a customer, in every capability: found where the tables say so themselves, moved as a whole."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import connection, models

from guanxi.customers.models import Customer, Merge, Quality, Relation
from guanxi.foundation import db

MAIN = "customers_contactpoint.is_primary"
_DEMOTE = """
UPDATE customers_contactpoint t SET is_primary = false
WHERE t.customer_id = %s AND t.is_primary AND EXISTS (
  SELECT 1 FROM customers_contactpoint o WHERE o.customer_id = %s AND o.is_primary AND o.channel = t.channel)
RETURNING t.id
"""
_Pointer = tuple[type[models.Model], "models.ForeignKey[Any, Any]"]


def move(source: int, target: int, at: datetime.datetime) -> dict[str, list[int]]:
    """Point all rows of one customer at another, make the first a tombstone, and return which rows moved.

    Rows whose like the other has already stay where they are. The relations to outlets go last: by them, the other
    rows are seen.
    """
    moved = {MAIN: _run(_DEMOTE, [source, target])}
    ordered = sorted(_pointers(), key=lambda pointer: pointer[0] is Relation)
    for model, field in ordered:
        if model is Relation:
            Customer.objects.filter(pk=source).update(merged_into=target, touched_at=at)
        moved[_label(model, field)] = _run(_update(model, field), {"source": source, "target": target})
    return {label: ids for label, ids in moved.items() if ids}


def move_back(moved: Mapping[str, list[int]], source: int, target: int, at: datetime.datetime) -> None:
    """Point moved rows back at the customer they came from, the relations first, and wake the tombstone."""
    relations = _label(Relation, Relation._meta.get_field("customer"))  # noqa: SLF001 -- Django's documented reflection
    for label in sorted(set(moved) - {MAIN}, key=lambda name: name != relations):
        table, column = label.split(".")
        _run(
            f"UPDATE {table} SET {column} = %s WHERE id = ANY(%s) AND {column} = %s RETURNING id",  # noqa: S608 -- names of our own tables
            [source, moved[label], target],
        )
    Customer.objects.filter(pk=source).update(merged_into=None, touched_at=at)
    if MAIN in moved:
        _run("UPDATE customers_contactpoint SET is_primary = true WHERE id = ANY(%s) RETURNING id", [moved[MAIN]])


def _run(sql: str, values: Sequence[Any] | Mapping[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


def _pointers() -> Iterator[_Pointer]:
    return ((model, field) for model, field in db.pointing_at(Customer) if model not in {Customer, Merge, Quality})


def _label(model: type[models.Model], field: "models.ForeignKey[Any, Any]") -> str:
    return f"{model._meta.db_table}.{field.column}"  # noqa: SLF001 -- Django's documented reflection


def _update(model: type[models.Model], field: "models.ForeignKey[Any, Any]") -> str:
    stays = " OR ".join(_twins(model, field)) or "false"
    table, column = model._meta.db_table, field.column  # noqa: SLF001 -- Django's documented reflection
    return f"UPDATE {table} t SET {column} = %(target)s WHERE t.{column} = %(source)s AND NOT ({stays}) RETURNING t.id"  # noqa: S608 -- names of our own tables


def _twins(model: type[models.Model], field: "models.ForeignKey[Any, Any]") -> Iterator[str]:
    """Yield for each unique constraint over the pointer the condition that the other customer has such a row."""
    meta = model._meta  # noqa: SLF001 -- Django's documented reflection
    for constraint in meta.constraints:
        if not isinstance(constraint, models.UniqueConstraint) or field.name not in constraint.fields:
            continue
        columns = [meta.get_field(name).column for name in constraint.fields if name != field.name]  # type: ignore[union-attr]
        same = "".join(f" AND o.{name} IS NOT DISTINCT FROM t.{name}" for name in columns)
        only = _condition(constraint, model)
        there = f"SELECT 1 FROM {meta.db_table} o WHERE o.{field.column} = %(target)s AND ({only}){same}"  # noqa: S608 -- names of our own tables
        yield f"({only}) AND EXISTS ({there})"
    others = [item.column for item in meta.fields if item.related_model is Customer and item != field]
    yield from (f"t.{name} = %(target)s" for name in others)  # the two were tied to each other


def _condition(constraint: models.UniqueConstraint, model: type[models.Model]) -> str:
    """Return the condition of a partial constraint as SQL; ``true`` for one that holds always."""
    sql = constraint._get_condition_sql(model, connection.schema_editor())  # type: ignore[attr-defined]  # noqa: SLF001 -- Django writes the constraint with it
    return str(sql or "true").replace("%", "%%")
