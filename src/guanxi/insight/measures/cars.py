"""Where every car stands, how far it goes a day, what is due: ``care.policy.pace`` and ``upkeep`` for all at once."""

from typing import Any

from guanxi.care import facts as pace
from guanxi.care.states.owners import DueBy, Phase
from guanxi.insight.engine import (
    Table,
    cases,
    day_of,
    earliest,
    later,
    latest,
    nothing,
    number_of,
    one,
    plus_days,
    whole,
)
from guanxi.insight.measures import facts
from guanxi.insight.measures.facts import cars, habits, models, readings, steps, terms, visits

BITS = 24  # a day and a mileage in one whole number: no odometer shows half as much as they can hold
PACK = 1 << BITS


def days_in(point: Any) -> Any:
    return point >> BITS


def km_in(point: Any) -> Any:
    return point & (PACK - 1)


def points() -> Table:
    """Return each car's newest points in order, a day and a mileage packed into one number, and how many it has: what
    was read since it was sold, and nought on that day.
    """
    said = readings.select(read_of="vehicle_id", point=number_of(readings.read_on) * PACK + readings.km)
    said = said.group_by("read_of").agg(points=said.point.collect())
    rows = cars.select(vehicle_id="id", sold=number_of(cars.sold_on) * PACK)
    rows = rows.left_join(said, [("vehicle_id", "read_of")])
    since = one(rows.sold).concat(rows.points.filter(lambda point: point >= rows.sold))
    rows = rows.mutate(
        points=cases((rows.sold.isnull(), rows.points), (rows.points.isnull(), one(rows.sold)), otherwise=since)
    )
    rows = rows.mutate(many=rows.points.length()).filter(lambda held: held.many > 0)
    rows = rows.select("vehicle_id", "many", points=rows.points.sort())
    return rows.mutate(points=rows.points[latest(rows.many - pace.NEWEST, whole(0)) :])


def slopes(points: Any) -> Any:
    """Return the slopes between the halves of points in order, from the least. The difference of two packed points is
    the days and the mileage between them; a mileage that went back looks greater than any that an odometer shows.
    """
    half = (points.length() + 1) // 2
    between = points[: points.length() - half].map(lambda first, place: points[place + half] - first)
    telling = between.filter(lambda pair: (days_in(pair) >= pace.FEWEST_DAYS) & (km_in(pair) < PACK // 2))
    return telling.map(lambda pair: km_in(pair) * 1000 // days_in(pair)).sort()


def paces() -> Table:
    """Return of each car that has a point: the newest, how many there are, and of its slopes how many, the middle one,
    and how far they lie apart without the outermost tenths.
    """
    rows = points()
    rows = rows.mutate(slopes=slopes(rows.points))
    rows = rows.mutate(pairs=rows.slopes.length())
    low, high = (rows.pairs - 1) // 10, (9 * (rows.pairs - 1) + 5) // 10
    return rows.select(
        "vehicle_id", "many", "pairs", base=rows.points[rows.points.length() - 1],
        middle=rows.slopes[(rows.pairs - 1) // 2], span=rows.slopes[high] - rows.slopes[low],
    )  # fmt: skip


def habit() -> Table:
    """Return the middle pace of the cars of each model in whole kilometres a day, and of all cars (no model)."""
    held = facts.paces.filter(facts.paces.pairs > 0)
    middle = held.select("vehicle_id", metres="middle")
    built = cars.select(car_id="id", trim_id="trim_id")
    middle = middle.join(built, [("vehicle_id", "car_id")]).left_join(models, [("trim_id", "trim_key")])
    middle = middle.select("model_id", "metres")
    every = middle.filter(middle.model_id.notnull()).union(middle.mutate(model_id=nothing("int32")))
    found = every.group_by("model_id").agg(paces=every.metres.collect().sort(), cars=every.count())
    return found.select(
        "model_id", metres=latest(whole(1000), found.paces[(found.cars - 1) // 2] // 1000 * 1000), cars=found.cars
    )


def paced() -> Table:
    """Return every car with its pace, where it is counted from, and the limits of its product line."""
    usual = habits.select(habit_of="model_id", model_metres="metres")
    rows = cars.rename(vehicle_id="id").left_join(models, [("trim_id", "trim_key")]).drop("trim_id", "trim_key")
    rows = rows.left_join(usual, [("model_id", "habit_of")]).drop("model_id", "habit_of")
    rows = rows.mutate(line=rows.line.coalesce("")).join(terms, "line")
    rows = rows.left_join(facts.paces.rename(pace_of="vehicle_id"), [("vehicle_id", "pace_of")]).drop("pace_of")
    rows = rows.mutate(pairs=rows.pairs.coalesce(0))
    own = latest(whole(1), rows.middle)
    rows = rows.mutate(pace=cases((rows.pairs > 0, own), otherwise=rows.model_metres.coalesce(rows.metres)))
    rows = rows.mutate(pace=cases((rows.many > 0, rows.pace), otherwise=nothing("int64")))
    rows = rows.mutate(off=_spread(rows))
    known = rows.pace.notnull()
    rows = rows.mutate(
        least=latest(whole(1), rows.pace * (1000 - rows.off) // 1000),
        most=rows.pace * (1000 + rows.off) // 1000,
        base_on=cases((known, day_of(days_in(rows.base))), otherwise=nothing("date")),
        base_km=cases((known, km_in(rows.base)), otherwise=nothing("int64")),
        read=cases((known, rows.many - rows.sold_on.notnull().cast("int64")), otherwise=whole(0)),
    )
    return rows.mutate(least=cases((known, rows.least), otherwise=nothing("int64")))


def _spread(rows: Table) -> Any:
    span = cases((rows.pairs > 0, rows.span), otherwise=whole(0))
    usual = pace.PRIOR_WEIGHT * pace.PRIOR_SPREAD
    off = (rows.pairs * (span * 500 // rows.pace) + usual) // (rows.pairs + pace.PRIOR_WEIGHT)
    return earliest(whole(pace.WIDEST), off)


def reach(rows: Table, km: Any, metres: Any, more: int = 0) -> Any:
    """Return the day on which cars have gone ``km`` at a pace, some days more or less; null where either is unknown."""
    way = latest(whole(0), km - rows.base_km) * 1000
    days = earliest(whole(pace.FARTHEST), latest(whole(0), way // metres + more))
    unknown = km.isnull() | rows.base_km.isnull()
    return cases((unknown, nothing("date")), otherwise=plus_days(rows.base_on, days))


def _done() -> Table:
    """Return the maintenance of the plan that cars had: on how many days, the first day, the last with its mileage."""
    plan = visits.filter(visits.is_maintenance)
    days = plan.group_by("vehicle_id", "entered_on").agg(km=plan.km.max())
    done = days.group_by("vehicle_id").agg(
        times=days.count(), first_done=days.entered_on.min(),
        last=(number_of(days.entered_on) * PACK + (days.km + 1).coalesce(0)).max(),
    )  # fmt: skip
    last_km = km_in(done.last)
    return done.select(
        "times", "first_done", done_of="vehicle_id", last_done=day_of(days_in(done.last)),
        last_km=cases((last_km > 0, last_km - 1), otherwise=nothing("int64")),
    )  # fmt: skip


def states() -> Table:
    """Return where every car stands, its pace, and its next maintenance."""
    rows = paced().left_join(_done(), [("vehicle_id", "done_of")]).drop("done_of")
    rows = rows.mutate(times=rows.times.coalesce(0))
    rows = _with_steps(rows)
    rows = rows.mutate(warranty_ends=earliest(rows.warranty_until, reach(rows, rows.warranty_km, rows.pace)))
    rows = rows.mutate(**_phase(rows))
    rows = rows.mutate(**_due(rows))
    return rows.select(
        "vehicle_id", "phase", "phase_since", metres=rows.pace, metres_least=rows.least, metres_most=rows.most,
        base_km=rows.base_km, base_on=rows.base_on, readings=rows.read,
        step_id=cases((rows.due_on.notnull(), rows.step_id), otherwise=nothing("int32")), due_from=rows.due_from,
        due_on=rows.due_on, due_by=rows.due_by, due_earliest=rows.due_earliest, due_latest=rows.due_latest,
        warranty_ends=rows.warranty_ends, insured_until=rows.insured_until, inspected_until=rows.inspected_until,
    )  # fmt: skip


def _with_steps(rows: Table) -> Table:
    """Add the step that comes next, from when and from what mileage it counts, and the months of the first step."""
    names = {"series_id": "series_id", "place": "place", "id": "id", "months": "months", "km": "km"}
    once = steps.filter(~steps.is_periodic).select(**{f"once_{new}": old for new, old in names.items()})
    first = steps.filter(~steps.is_periodic & (steps.place == 0)).select(
        first_series="series_id", first_months="months"
    )
    again = steps.filter(steps.is_periodic & (steps.place == 0)).select(
        again_series="series_id", again_id="id", again_months="months", again_km="km"
    )
    rows = rows.left_join(once, [("series_id", "once_series_id"), ("times", "once_place")])
    rows = rows.left_join(first, [("series_id", "first_series")])
    rows = rows.left_join(again, [("series_id", "again_series")])
    rows = rows.drop("once_series_id", "once_place", "first_series", "again_series")
    is_once = rows.once_id.notnull()
    return rows.mutate(
        step_id=rows.once_id.coalesce(rows.again_id),
        months=cases((is_once, rows.once_months), otherwise=rows.again_months),
        step_km=cases((is_once, rows.once_km), otherwise=rows.again_km),
        from_day=cases((is_once, rows.sold_on), otherwise=rows.last_done.coalesce(rows.sold_on)),
        from_km=cases((is_once | (rows.times == 0), whole(0)), otherwise=rows.last_km),
    )


def _due(rows: Table) -> dict[str, Any]:
    by_time, km = later(rows.from_day, rows.months), rows.from_km + rows.step_km
    km = cases((rows.from_day.isnull(), nothing("int64")), otherwise=km)
    by_km = reach(rows, km, rows.pace)
    soonest, latest_km = reach(rows, km, rows.most, -pace.UNSURE_DAYS), reach(rows, km, rows.least, pace.UNSURE_DAYS)
    is_time = by_km.isnull() | (by_time <= by_km).fill_null(False)
    none = by_time.isnull() & by_km.isnull()
    word = cases((none, ""), (is_time, DueBy.TIME.value), otherwise=DueBy.MILEAGE.value)
    return {
        "due_from": cases((none, nothing("date")), otherwise=rows.last_done.coalesce(rows.sold_on)),
        "due_on": cases((is_time, by_time), otherwise=by_km),
        "due_by": word,
        "due_earliest": cases((is_time, earliest(by_time, soonest)), otherwise=soonest),
        "due_latest": cases((is_time, by_time), otherwise=earliest(by_time, latest_km)),
    }


def _phase(rows: Table) -> dict[str, Any]:
    ends, ending = rows.warranty_ends, plus_days(rows.warranty_ends, -rows.ending_days)
    settled = later(rows.sold_on, rows.new_car_months)
    served = rows.first_done.coalesce(later(rows.sold_on, rows.first_months))
    covered = cases((ends.notnull(), Phase.IN_WARRANTY.value), otherwise=Phase.UNKNOWN.value)
    gone = (rows.condition != "IN_USE") & (rows.condition_on.isnull() | (rows.condition_on <= rows.day))
    branches = (
        (gone, Phase.SCRAPPED.value, rows.condition_on),
        (ends < rows.day, Phase.OUT_OF_WARRANTY.value, plus_days(ends, whole(1))),
        (ending <= rows.day, Phase.WARRANTY_ENDING.value, latest(ending, rows.sold_on)),
        (rows.sold_on.isnull(), covered, nothing("date")),
        (settled > rows.day, Phase.NEW_CAR.value, rows.sold_on),
        (served > rows.day, Phase.FIRST_SERVICE.value, settled),
    )
    return {
        "phase": cases(*((holds, word) for holds, word, _since in branches), otherwise=covered),
        "phase_since": cases(*((holds, since) for holds, _word, since in branches), otherwise=latest(settled, served)),
    }
