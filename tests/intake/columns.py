"""A column of texts put through the vectorised rules, and the same texts through the rules for one value."""

from functools import partial

from guanxi.foundation.columnar import run
from guanxi.foundation.values import dates, distances, identity, money, names, numerals, phones, plates, texts, vins
from guanxi.intake.services import normalising
from guanxi.intake.services.kinds import Field, Kind, Need, Shape

RULES = {
    Shape.NAME: names.clean,
    Shape.VIN: vins.clean,
    Shape.PLATE: plates.clean,
    Shape.PHONE: phones.clean,
    Shape.ID_NUMBER: identity.clean,
    Shape.DATE: dates.clean,
    Shape.MONEY: money.clean,
    Shape.KM: distances.clean,
    Shape.NUMBER: numerals.clean,
    Shape.TEXT: texts.clean,
}


def vectorised(connection, shape, values):
    """Return (value, flaw) of every text; telephone numbers and names with all their columns."""
    field = Field("x", "x", shape, ("x",), Need.WARN)
    kind = Kind("k", "k", (field, Field("n", "n", Shape.NUMBER, ("n",), Need.SILENT)), ("n",))
    run(
        connection,
        "CREATE OR REPLACE TABLE raw AS SELECT row_number() OVER () AS row, * FROM "
        "(SELECT unnest($1::VARCHAR[]) AS c0, unnest(range(1000, 1000 + len($1)))::VARCHAR AS c1)",
        [values],
    )
    run(connection, "CREATE OR REPLACE TABLE origin AS SELECT false AS date_1904")
    normalising.normalise(connection, kind, {"x": 0, "n": 1}, 0)
    flaws = dict(run(connection, "SELECT row, code FROM findings WHERE field = 'x'"))
    extra = {Shape.PHONE: ", x_landline, x_more", Shape.NAME: ", x_is_company"}.get(shape, "")
    return [
        (*row[1:], flaws.get(row[0], "")) for row in run(connection, f"SELECT row, x{extra} FROM clean ORDER BY row")
    ]


def single(shape, values):
    """Return the same from the rules for one value."""
    rule = RULES[shape]
    if shape == Shape.DATE:
        orders = {dates.order(value) for value in values}
        rule = partial(dates.clean, day_first=1 in orders and -1 not in orders)
    return [_flat(shape, rule(value)) for value in values]


def _flat(shape, cleaned):
    value, flaw = cleaned
    if shape == Shape.PHONE:
        mobile, landline, more = value or (None, None, ())
        return mobile, landline, list(more), flaw.value
    if shape == Shape.NAME:
        return value, names.is_company(value) if value else None, flaw.value
    return value, flaw.value


def assert_agree(connection, shape, values):
    """Both forms of a rule say the same of every text."""
    got, expected = vectorised(connection, shape, values), single(shape, values)
    assert len(got) == len(expected), f"{len(got)} of {len(expected)} rows"
    differing = [(value, one, other) for value, one, other in zip(values, got, expected, strict=True) if one != other]
    assert not differing, differing[:3]
