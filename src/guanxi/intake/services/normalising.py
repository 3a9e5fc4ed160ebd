"""Normalising a loaded sheet: typed columns and findings for all its rows at once."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.columnar import Connection, literal, run, statement
from guanxi.foundation.errors import Invalid
from guanxi.foundation.values import dates
from guanxi.foundation.values.flaws import Flaw
from guanxi.intake.services import judging
from guanxi.intake.services.columns import distinct, folding, identity, phones, rows, simple
from guanxi.intake.services.columns.plan import Plan, cases
from guanxi.intake.services.findings import RowFlaw
from guanxi.intake.services.judging import Counts
from guanxi.intake.services.kinds import Field, Kind, Need, Shape

PLANS = {
    Shape.NAME: simple.name,
    Shape.VIN: simple.vin,
    Shape.PLATE: simple.plate,
    Shape.ID_NUMBER: identity.number,
    Shape.PHONE: phones.phone,
}
RESERVED = frozenset({"row", "repeats", "extra"})
_AFRESH = (
    "DROP TABLE IF EXISTS clean; DROP TABLE IF EXISTS findings; DROP TYPE IF EXISTS flaw; "
    "DROP VIEW IF EXISTS cells; DROP VIEW IF EXISTS words"
)


@dataclass(frozen=True)
class _Sheet:
    """What the loaded sheet says of itself: its columns, headings, titles, and the first day of its serial numbers."""

    columns: tuple[str, ...]
    headings: tuple[str | None, ...]
    titles: tuple[str, ...]
    epoch: datetime.date
    has_extra: bool


def normalise(connection: Connection, kind: Kind, mapping: Mapping[str, int], header_row: int) -> Counts:
    """Make the tables ``clean`` and ``findings`` of the table ``raw`` that ``reading.load`` made.

    ``clean`` has ``row``; a typed column for each field of the kind that is mapped, with ``_is_company`` beside names,
    ``_landline`` and ``_more`` beside telephone numbers, ``_code`` beside divisions; and ``repeats``, the row further
    up that is the same again. Rejected and ignored rows are not in it. ``findings`` has ``row``, ``field`` (empty for
    the whole row), ``heading``, ``level``, ``code`` and ``original``, the text of the cell.

    :raises Invalid: the mapping names an unknown field or column, or misses a required field.
    """
    sheet = _sheet(connection, header_row)
    fields = [item for item in kind.fields if item.key in mapping]
    _refuse(kind, mapping, sheet)
    run(connection, _AFRESH)
    run(connection, f"CREATE TYPE flaw AS ENUM ({', '.join(literal(word) for word in (*Flaw, *RowFlaw) if word)})")
    for name, blank in (("cells", True), ("words", False)):
        run(connection, f"CREATE TEMP VIEW {name} AS {_cells(sheet, fields, mapping, header_row, drop_blank=blank)}")
    plans = {item.key: _plan(item, f"c{mapping[item.key]}") for item in fields}
    joins = _joins(connection, fields, sheet.epoch)
    run(connection, f"CREATE TABLE clean AS {_judged(sheet, fields, plans, joins)}")
    total = run(connection, "SELECT count(*) FROM raw WHERE row > $1", [header_row])[0][0]
    return judging.finish(connection, kind, mapping, sheet.headings, total)


def _sheet(connection: Connection, header_row: int) -> _Sheet:
    names = [row[0] for row in run(connection, "SELECT column_name FROM (DESCRIBE raw)")]
    columns = tuple(name for name in names if name.startswith("c"))
    query = statement("SELECT row, {cells} FROM raw WHERE row <= $1 ORDER BY row", cells=", ".join(columns))
    above = run(connection, query, [header_row])
    headings = next((row[1:] for row in above if row[0] == header_row), (None,) * len(columns))
    firsts = [next((cell.strip() for cell in row[1:] if cell), "") for row in above if row[0] < header_row]
    is_1904 = run(connection, "SELECT date_1904 FROM origin")[0][0]
    return _Sheet(
        columns=columns,
        headings=tuple(headings),
        titles=tuple(title for title in firsts if title),
        epoch=dates.EPOCH_1904 if is_1904 else dates.EPOCH,
        has_extra="extra" in names,
    )


def _refuse(kind: Kind, mapping: Mapping[str, int], sheet: _Sheet) -> None:
    known = {item.key for item in kind.fields}
    unknown = [key for key in mapping if key not in known or key in RESERVED]
    outside = [key for key, column in mapping.items() if not 0 <= column < len(sheet.columns)]
    if unknown or outside:
        raise Invalid(_("The columns chosen do not fit this file."), field=", ".join([*unknown, *outside]))
    missing = [key for key in kind.required if key not in mapping]
    if missing:
        labels = "、".join(str(kind.field(key).label) for key in missing)
        raise Invalid(_("Choose a column for: %(fields)s") % {"fields": labels}, field=missing[0])


def _nest(query: str, stages: Iterable[Mapping[str, str]]) -> str:
    """Return a query with more columns, stage over stage."""
    for stage in stages:
        if stage:
            added = ", ".join(f"{expression} AS {name}" for name, expression in stage.items())
            query = statement("SELECT *, {added} FROM ({query})", added=added, query=query)
    return query


def _together(groups: Iterable[Sequence[Mapping[str, str]]]) -> list[Mapping[str, str]]:
    """Return the stages of several fields side by side."""
    return [
        {name: expression for stage in level for name, expression in stage.items()}
        for level in zip_longest(*groups, fillvalue={})
    ]


def _cells(
    sheet: _Sheet, fields: Sequence[Field], mapping: Mapping[str, int], header_row: int, *, drop_blank: bool
) -> str:
    """Return the query of the rows below the headings with the plain text of every field beside its cell."""
    likely = next((f"c{mapping[item.key]}" for item in fields if item.need == Need.REQUIRED), sheet.columns[0])
    blank = rows.blank(sheet.columns, likely) if drop_blank else "false"
    query = statement("SELECT * FROM raw WHERE row > {top} AND NOT {blank}", top=int(header_row), blank=blank)
    stages = [
        (*folding.cell(f"c{mapping[item.key]}", f"{item.key}__t"), _to_read(item))
        for item in fields
        if item.shape != Shape.TEXT
    ]
    return _nest(query, _together(stages))


def _to_read(field: Field) -> Mapping[str, str]:
    """Return the text that is read once for all rows with the same, for the shapes that repeat."""
    return {} if field.shape in PLANS else {f"{field.key}__j": distinct.text(field, f"{field.key}__t")}


def _plan(field: Field, column: str) -> Plan:
    if field.shape == Shape.TEXT:
        return folding.words(field.key, column)
    make = PLANS.get(field.shape)
    return make(field.key, f"{field.key}__t") if make else distinct.plan(field, f"{field.key}__t")


def _joins(connection: Connection, fields: Sequence[Field], epoch: datetime.date) -> list[distinct.Join]:
    places = [item for item in fields if item.shape == Shape.DIVISION]
    others = [item for item in fields if item.shape not in {*PLANS, Shape.TEXT, Shape.DIVISION}]
    joins = [distinct.read(connection, item, epoch) for item in others]
    return [*joins, distinct.read_places(connection, places)] if places else joins


def _said(field: Field, plan: Plan) -> str:
    """Return what is to be said of a field: its flaw, or that it is empty where it should not be."""
    if field.need in {Need.WARN, Need.SILENT}:
        return plan.flaw
    value = plan.outputs[field.key]
    lone = f"{plan.value} IS NOT NULL" if field.shape == Shape.PHONE else "false"
    return cases(
        (f"{plan.flaw} IS NOT NULL", plan.flaw),
        (f"{value} IS NULL AND {lone}", literal(Flaw.PHONE_NO_MOBILE)),
        (f"{value} IS NULL", literal(Flaw.EMPTY)),
    )


def _judged(sheet: _Sheet, fields: Sequence[Field], plans: Mapping[str, Plan], joins: Sequence[distinct.Join]) -> str:
    """Return the query of all rows with their values, what is said of each, and whether they are data."""
    takes = "".join(f", {expression} AS {name}" for join in joins for name, expression in join.takes.items())
    clauses = " ".join(join.clause for join in joins)
    joined = statement("SELECT cells.*{takes} FROM cells {clauses}", takes=takes, clauses=clauses)
    query = _nest(joined, _together([plan.stages for plan in plans.values()]))
    needed = [item for item in fields if item.need == Need.REQUIRED]
    lacking = " OR ".join(f"{plans[item.key].outputs[item.key]} IS NULL" for item in needed) or "false"
    words = [f"{item.key}__t" for item in needed if item.shape == Shape.NAME]
    outputs = [f'{expression} AS "{name}"' for plan in plans.values() for name, expression in plan.outputs.items()]
    said = [f'({_said(item, plans[item.key])})::flaw AS "{item.key}__flaw"' for item in fields]
    ignored = rows.ignored(sheet.columns, sheet.headings, sheet.titles, lacking, words)
    extra = "extra IS NOT NULL" if sheet.has_extra else "false"
    columns = [
        "row", *outputs, "NULL::BIGINT AS repeats", *said,
        f"({ignored})::flaw AS __ignored", f"({lacking}) AS __rejected", f"{extra} AS __shifted",
    ]  # fmt: skip
    return statement("SELECT {columns} FROM ({query})", columns=", ".join(columns), query=query)
