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
    once,
    places,
    plus_days,
    whole,
)
from guanxi.insight.measures import facts
from guanxi.insight.measures.facts import cars, habits, models, readings, steps, terms, visits

PACK = 10_000_000  # a day and a mileage in one whole number: no odometer shows so much


def points() -> Table:
    """Return each car's newest points in order, a day and a mileage packed into one number, and how many it has."""
    bought = cars.select(car_id="id", sold_on="sold_on")
    read = readings.join(bought, [("vehicle_id", "car_id")]).select("vehicle_id", "read_on", "km", "sold_on")
    read = read.filter(read.sold_on.isnull() | (read.read_on >= read.sold_on))
    said = read.select("vehicle_id", point=number_of(read.read_on) * PACK + read.km)
    sold = cars.filter(cars.sold_on.notnull())
    every = said.union(sold.select(vehicle_id=sold.id, point=number_of(sold.sold_on) * PACK))
    held = every.group_by("vehicle_id").agg(points=every.point.collect(), many=every.count())
    held = held.mutate(points=held.points.sort())
    return held.mutate(points=held.points[latest(held.many - pace.NEWEST, whole(0)) :])


def slopes(held: Table) -> Table:
    """Return the slopes between the halves of each car's points, in order; none of a car that has no pair to tell."""
    held = held.mutate(half=(held.points.length() + 1) // 2)
    pairs = held.mutate(place=places(held.points.length() - held.half)).unnest("place")
    pairs = pairs.select("vehicle_id", first=pairs.points[pairs.place], second=pairs.points[pairs.place + pairs.half])
    pairs = pairs.mutate(
        days=pairs.second // PACK - pairs.first // PACK, metres=(pairs.second % PACK - pairs.first % PACK) * 1000
    )
    pairs = pairs.filter((pairs.days >= pace.FEWEST_DAYS) & (pairs.metres >= 0))
    found = pairs.select("vehicle_id", slope=pairs.metres // pairs.days).group_by("vehicle_id")
    return found.agg(slopes=lambda rows: rows.slope.collect(), pairs=lambda rows: rows.count()).mutate(
        slopes=lambda rows: rows.slopes.sort()
    )


def paces() -> Table:
    """Return of each car that has a point: the newest, how many there are, the slopes in order and their number."""
    held = points()
    rows = held.select("vehicle_id", "many", base=held.points[held.points.length() - 1])
    return rows.left_join(slopes(held).rename(slope_of="vehicle_id"), [("vehicle_id", "slope_of")]).select(
        "vehicle_id", "base", "many", "slopes", pairs=lambda both: both.pairs.coalesce(0)
    )


def habit() -> Table:
    """Return the middle pace of the cars of each model in whole kilometres a day, and of all cars (no model)."""
    held = facts.paces.filter(facts.paces.pairs > 0)
    middle = held.select("vehicle_id", metres=held.slopes[(held.pairs - 1) // 2])
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
    own = latest(whole(1), rows.slopes[(rows.pairs - 1) // 2])
    rows = rows.mutate(pace=cases((rows.pairs > 0, own), otherwise=rows.model_metres.coalesce(rows.metres)))
    rows = rows.mutate(pace=cases((rows.many > 0, rows.pace), otherwise=nothing("int64")))
    rows = rows.mutate(off=_spread(rows))
    known = rows.pace.notnull()
    rows = rows.mutate(
        least=latest(whole(1), rows.pace * (1000 - rows.off) // 1000),
        most=rows.pace * (1000 + rows.off) // 1000,
        base_on=cases((known, day_of(rows.base // PACK)), otherwise=nothing("date")),
        base_km=cases((known, rows.base % PACK), otherwise=nothing("int64")),
        read=cases((known, rows.many - rows.sold_on.notnull().cast("int64")), otherwise=whole(0)),
    )
    return rows.mutate(least=cases((known, rows.least), otherwise=nothing("int64")))


def _spread(rows: Table) -> Any:
    low, high = (rows.pairs - 1) // 10, (9 * (rows.pairs - 1) + 5) // 10
    span = cases((rows.pairs > 0, rows.slopes[high] - rows.slopes[low]), otherwise=whole(0))
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
    packed = number_of(plan.entered_on) * PACK + (plan.km + 1).coalesce(0)
    done = plan.group_by("vehicle_id").agg(days=plan.entered_on.collect(), last=packed.max())
    done = done.mutate(days=once(done.days))
    last_km = done.last % PACK
    return done.select(
        done_of="vehicle_id", times=done.days.length(), first_done=done.days[0], last_done=day_of(done.last // PACK),
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
