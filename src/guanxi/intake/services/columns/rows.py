"""Which rows of a sheet are no data, as expressions over its cells: blank, headings again, totals, titles, notes."""

from collections.abc import Sequence

from guanxi.foundation.columnar import literal
from guanxi.intake.policy import rows
from guanxi.intake.services.columns.plan import among, cases, has
from guanxi.intake.services.findings import RowFlaw

VISIBLE = "[!-~\u00a1-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3001-\ufdff\ufe10-\ufefe\uff01-\uffef]"


def blank(columns: Sequence[str], likely: str) -> str:
    """Return the condition that no cell says anything; ``likely`` is the column that nearly always does."""
    together = f"concat({', '.join(columns)})"
    whole = f"NOT {has(together, VISIBLE)}"
    return cases((f"coalesce({has(likely, '[!-~一-龥]')}, false)", "false"), other=whole)


def first(columns: Sequence[str]) -> str:
    """Return the first cell of a row that is not empty."""
    return f"trim(coalesce({', '.join(f'''nullif({column}, '')''' for column in columns)}))"


def filled(columns: Sequence[str], cell: str) -> str:
    """Return how many cells say something else than one of them (a merged cell fills many)."""
    return " + ".join(f"coalesce(({column} <> {cell} AND {column} <> '')::INT, 0)" for column in columns)


def ignored(
    columns: Sequence[str], headings: Sequence[str | None], titles: Sequence[str], lacking: str, words: Sequence[str]
) -> str:
    """Return why a row is ignored, or NULL.

    ``lacking`` is the condition that something required is missing: a row with everything is data whatever it says.
    ``words`` are the columns in which a total may be mistaken for a name or a number of an order.
    """
    named = [(column, text) for column, text in zip(columns, headings, strict=True) if text]
    same = " + ".join(f"coalesce(({column} = {literal(text)})::INT, 0)" for column, text in named) or "0"
    least = max(2, (len(named) + 1) // 2)
    start = first(columns)
    exact = " OR ".join(among(column, rows.TOTALS) for column in dict.fromkeys((*columns[:3], *words))) or "false"
    total = f"{has(start, rows.TOTAL)} OR {exact}"
    known = among(start, list(titles)) if titles else "false"
    note = f"{has(start, rows.FOOTER)} AND {filled(columns, start)} < {rows.FEW_CELLS}"
    taken = " OR ".join(among(column, rows.TOTALS) for column in words) or "false"
    return cases(
        (f"{same} >= {least}", literal(RowFlaw.HEADING)),
        (taken, literal(RowFlaw.TOTAL)),
        (
            lacking,
            cases(
                (total, literal(RowFlaw.TOTAL)),
                (known, literal(RowFlaw.TITLE)),
                (note, literal(RowFlaw.FOOTER)),
            ),
        ),
    )
