"""Transactions that carry the scope of who acts, so that row-level security can hold it (ORG-35, NFR-06)."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction

from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound

M = TypeVar("M", bound=models.Model)

atomic = transaction.atomic
MOST_INTEGER = 2**31 - 1

_SET = (
    "SELECT set_config('guanxi.everything', %s, true), set_config('guanxi.nodes', %s, true),"
    " set_config('guanxi.above', %s, true), set_config('guanxi.person', %s, true),"
    " set_config('guanxi.identify', %s, true)"
)


def _array(numbers: Iterable[int]) -> str:
    return "{" + ",".join(str(number) for number in sorted(numbers)) + "}"


def set_scope(actor: Actor, *, identify: bool = False) -> None:
    """Give the running transaction the actor's scope; it ends with the transaction.

    ``identify`` opens the tables of people for the short step of finding out who is asking.
    :raises RuntimeError: outside a transaction, where the setting would vanish at once.
    """
    if not connection.in_atomic_block:
        msg = "a scope lives in a transaction"
        raise RuntimeError(msg)
    scope = actor.scope
    person = "" if actor.user_id is None else str(actor.user_id)
    with connection.cursor() as cursor:
        cursor.execute(
            _SET,
            [
                "on" if scope.everything else "",
                _array(scope.nodes),
                _array(scope.above),
                person,
                "on" if identify else "",
            ],
        )


@contextmanager
def scoped(actor: Actor, *, identify: bool = False) -> Iterator[None]:
    """Run a transaction as ``actor``: open it, then set the scope. Not to be nested in another scope."""
    with transaction.atomic():
        set_scope(actor, identify=identify)
        yield


def among(field: str, ids: Iterable[int]) -> models.Func:
    """Return the condition that ``field`` is one of ``ids``, sent as one value however many there are.

    PostgreSQL joins it like a table: a list of as many separate values would take longer to read than to
    answer, and an array as an index condition would be walked for each row.
    """
    held = sorted(ids)
    number = models.BigIntegerField() if held and held[-1] > MOST_INTEGER else models.IntegerField()
    values = models.Value(held, output_field=ArrayField(number))
    return models.Func(
        models.F(field),
        values,
        template="%(expressions)s))",
        arg_joiner=" IN (SELECT unnest(",
        output_field=models.BooleanField(),
    )


def pointing_at(model: type[models.Model]) -> Iterator["tuple[type[models.Model], models.ForeignKey[Any, Any]]"]:
    """Yield every table with a column that refers to this one, and the column; also where no name leads back."""
    for relation in model._meta.get_fields(include_hidden=True):  # noqa: SLF001 -- Django's documented reflection
        if isinstance(relation, models.ForeignObjectRel) and isinstance(relation.field, models.ForeignKey):
            yield relation.related_model, relation.field


def lock(rows: "models.QuerySet[M] | models.Manager[M]", pk: int) -> M:
    """Return the row under a row lock, in the order of the callers' asking.

    :raises NotFound: it does not exist or is not visible.
    """
    row = rows.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def run(sql: str, values: Mapping[str, Any] | None = None) -> int:
    """Run one statement; return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def serialise(name: str) -> None:
    """Hold the named advisory lock until the transaction ends: changes of one structure queue up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Say whether nobody else is inside under this name; an advisory lock of the connection, which dies with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [name])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])


def widen(*node_ids: int) -> None:
    """Let the running transaction also see nodes that it is about to create under a parent in scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('guanxi.nodes', (guanxi_nodes() || %s::int[])::text, true)", [list(node_ids)])


def next_id(table: str, count: int = 1) -> list[int]:
    """Take ``count`` keys from a table's own sequence before its rows are written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [row[0] for row in cursor.fetchall()]


def analyse(*tables: str) -> None:
    """Let the planner count these tables, in the middle of a transaction that has just filled them.

    Without it, what follows is planned for an empty table. Others may go on reading and writing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT guanxi_analyse(%s)", [list(tables)])
