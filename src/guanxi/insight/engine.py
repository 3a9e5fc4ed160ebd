"""The one door to Ibis: measures are expressions of tables that are not bound to data, written as SQL of DuckDB."""

from collections.abc import Callable
from functools import cache
from typing import Any

import ibis
from ibis.expr import datatypes

Table = Any  # an expression of Ibis, which says nothing of its types


def table(name: str, **types: str) -> Table:
    """Return a table of this name with columns of these types, without data."""
    return ibis.table(types, name=name)


_DAYS = datatypes.Array(datatypes.date)


def list_distinct(days: Any) -> Any:  # DuckDB's own; what Ibis writes for it looks at each list three times
    ...


_DISTINCT: Any = ibis.udf.scalar.builtin(list_distinct, signature=((_DAYS,), _DAYS))


def once(days: Any) -> Any:
    """Return a list of days, each once, in order."""
    return _DISTINCT(days).sort()


def getvariable(known_as: Any) -> Any:  # DuckDB's own
    ...


_GIVEN: Any = ibis.udf.scalar.builtin(getvariable, signature=((datatypes.string,), datatypes.date))


def given(name: str) -> Any:
    """Return a day that the connection knows by a name: a constant when the statement is planned, where the day of a
    row of a table would be carried along with each of millions.
    """
    return _GIVEN(name)


@cache
def sql(measure: Callable[[], Table]) -> str:
    """Return a measure as a statement of DuckDB; worked out once in a process."""
    return str(ibis.to_sql(measure(), dialect="duckdb"))


def cases(*branches: tuple[Any, Any], otherwise: Any = None) -> Any:
    """Return the value of the first branch whose condition holds."""
    return ibis.cases(*branches, else_=otherwise)


def later(day: Any, months: Any) -> Any:
    """Return a day some months later, as ``foundation.values.months`` does; null for no day or no months."""
    return _day(day + months.cast("int32").as_interval("M"))


def plus_days(day: Any, days: Any) -> Any:
    return _day(day + days.cast("int32").as_interval("D"))


def _day(moment: Any) -> Any:
    """Return what DuckDB makes of a day and an interval, a moment, as a day: Ibis takes it for one already."""
    return moment.cast("timestamp").cast("date")


def month_of(day: Any) -> Any:
    """Return the first day of the month of a day."""
    return _day(day.truncate("M"))


def number_of(day: Any) -> Any:
    """Return a day as the number of days since 1970, to be packed into one whole number with something else."""
    return day.delta(ibis.date("1970-01-01"), unit="day").cast("int64")


def day_of(number: Any) -> Any:
    return plus_days(ibis.date("1970-01-01"), number)


def latest(*days: Any) -> Any:
    """Return the greatest of the values that are there."""
    return ibis.greatest(*days)


def earliest(*days: Any) -> Any:
    """Return the least of the values that are there."""
    return ibis.least(*days)


def greatest(first: Any, second: Any) -> Any:
    """Return the greater of two values; null if one is not there."""
    return cases((first.isnull() | second.isnull(), ibis.null()), otherwise=ibis.greatest(first, second))


def running(number: Any, order: Any) -> Any:
    """Return the sum of a number over all rows up to this one, in an order."""
    return number.sum().over(ibis.cumulative_window(order_by=order))


def join_all(left: Table, right: Table) -> Table:
    """Return each row of one table beside each row of another."""
    return left.cross_join(right)


def nothing(of_type: str) -> Any:
    return ibis.null().cast(of_type)


def whole(number: int) -> Any:
    return ibis.literal(number, type="int64")


def word(text: str) -> Any:
    return ibis.literal(str(text))


def one(value: Any) -> Any:
    """Return a list of one value."""
    return ibis.array([value])


def written(numbers: Any) -> Any:
    """Return a list of whole numbers as PostgreSQL reads it; an empty one for none."""
    return ibis.literal("{") + numbers.map(lambda number: number.cast("string")).join(",").coalesce("") + "}"
