"""Facts that a capability publishes for analysis: which columns of which table may be relied on."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """A dataset of rows with a key ``id``. ``columns`` names each column with its type in DuckDB and the expression
    by which it is read from ``table``: one table only, so that a changed row is known by itself.

    ``customer`` and ``vehicle`` name the columns by which the rows of one customer or car are found. A ``small`` one
    may join tables, and is read whole each time.
    """

    name: str
    table: str
    columns: Mapping[str, tuple[str, str]]
    where: str = ""
    customer: str = ""
    vehicle: str = ""
    small: bool = False

    @property
    def select(self) -> str:
        """The statement that reads the rows from the database, up to further conditions."""
        read = ", ".join(f"{expression} AS {name}" for name, (_type, expression) in self.columns.items())
        return f"SELECT {read} FROM {self.table} WHERE {self.where or 'true'}"  # noqa: S608 -- names and expressions of our own

    @property
    def types(self) -> dict[str, str]:
        return {name: of_type for name, (of_type, _expression) in self.columns.items()}


def plain(**types: str) -> dict[str, tuple[str, str]]:
    """Return columns that are read as they are called."""
    return {name: (of_type, f"t.{name}") for name, of_type in types.items()}
