"""Mileages are judged as a whole in DuckDB: the same answers as the rule said of one car after the other."""

import datetime
import random

import pytest

from guanxi.foundation import columnar
from guanxi.foundation.columnar import run
from guanxi.workshop.services.importing import judging

FIRST = datetime.date(2024, 1, 1)
A_DAY = 1500
CARS = 400
TABLES = {
    "seen": "row BIGINT, vid BIGINT, entered_on DATE, km INTEGER",
    "cars": "vid BIGINT, sold_on DATE, odometer_km INTEGER, odometer_on DATE",
    "known": ", ".join(f"{name} {kind}" for name, kind in judging.KNOWN.items()),
}


def clash(one, two):
    """Two readings, the earlier first: the car went backwards, or too far for the days between."""
    if one is None or two is None:
        return False
    (on, km), (later, more) = one, two
    return (km > more and later > on) or abs(more - km) > A_DAY * ((later - on).days + 1)


def is_wrong(readings, at, sold_on):
    """Tell whether the neighbours of a reading, all in order, say that it is the wrong one."""

    def beside(step):
        return readings[at + step][:2] if 0 <= at + step < len(readings) else None

    this, before, after = beside(0), beside(-1), beside(1)
    if before is None and sold_on and sold_on <= this[0]:
        before = (sold_on, 0)
    back, ahead = clash(before, this), clash(this, after)
    if before and after:
        return (back and (ahead or not clash(before, after))) or (
            ahead and not clash(before, after) and clash(this, beside(2))
        )
    if after is None:
        return back and (beside(-2) is None or clash(beside(-2), this))
    return ahead and clash(this, beside(2))


def drawn(chance, vid):
    """Return a car: day of its sale, its odometer, readings that are there (day -> km, judgement, whose), new ones."""
    days = sorted(chance.sample(range(60), chance.randint(1, 7)))
    going = [
        (FIRST + datetime.timedelta(day), max(0, day * 1000 + chance.choice((0, 0, 0, 90_000, -40_000))))
        for day in days
    ]
    there = {on: (km, chance.random() < 0.9, chance.random() < 0.5) for on, km in going if chance.random() < 0.4}
    said = {on: km + chance.choice((0, 0, 10, 200_000)) for on, km in going if on not in there or chance.random() < 0.5}
    sold_on = chance.choice((None, FIRST + datetime.timedelta(chance.randint(-5, 30))))
    shown = chance.choice((None, (1, FIRST + datetime.timedelta(chance.randint(0, 70)))))
    return vid, sold_on, shown, there, said


def expected(car):
    """Return what the rule says of a car: its new readings with a judgement, which of the old ones are wrong now, and
    the mileage that it shows from now on, if that is another.
    """
    _vid, sold_on, shown, there, said = car
    if not said:
        return {}, set(), None
    counted = [(on, km, True, True) for on, km in said.items() if on not in there]
    for on, (km, plausible, is_own) in there.items():
        changed = on in said and is_own and said[on] != km
        if plausible or changed:
            counted.append((on, said[on] if changed else km, changed, plausible))
    counted.sort()
    wrong = {on for at, (on, _km, mine, _was) in enumerate(counted) if mine and is_wrong(counted, at, sold_on)}
    new = {on: (km, on not in wrong) for on, km in said.items() if on not in there}
    good = [(on, km) for on, km, _mine, was in counted if was and on not in wrong]
    newest = max(good, default=None)
    if newest is None or (shown and (shown[1] > newest[0] or shown == (newest[1], newest[0]))):
        return new, wrong & set(there), None
    return new, wrong & set(there), newest


def put(duck, cars):
    """Put cars into the tables that come before the judgement; a car stands there twice, under two plates."""
    rows = {name: [] for name in TABLES}
    for vid, sold_on, shown, there, said in cars:
        rows["cars"] += [(vid, sold_on, *(shown or (None, None)))] * 2
        rows["known"] += [
            (vid * 100 + (on - FIRST).days, vid, on, km, True, plausible, is_own)
            for on, (km, plausible, is_own) in there.items()
        ]
        for on, km in said.items():
            rows["seen"] += [(vid, vid, on, less) for less in (km, km - 1 if km else km, None)]
    for name, shape in TABLES.items():
        run(duck, f"CREATE TABLE {name} ({shape})")
        if rows[name]:
            marks = ", ".join("?" for _ in rows[name][0])
            duck.executemany(f"INSERT INTO {name} VALUES ({marks})", rows[name])


@pytest.mark.covers("INFO-18")
def test_many_cars_at_once_are_judged_as_one_after_the_other(tmp_path):
    chance = random.Random(7)
    cars = [drawn(chance, vid) for vid in range(1, CARS)]
    with columnar.connected(tmp_path) as duck:
        put(duck, cars)
        for step in (judging.SAID, judging.AGAIN):
            run(duck, step)
        judging.judge(duck)
        new, wrong, newest = {}, {}, {}
        for vid, on, km, _source, plausible, _at, _run in run(duck, judging.NEW.format(at="2026-01-01", run=1)):
            new.setdefault(vid, {})[on] = (km, plausible)
        for (key,) in run(duck, judging.NOW_WRONG):
            wrong.setdefault(key // 100, set()).add(FIRST + datetime.timedelta(key % 100))
        newest = {vid: (on, km) for vid, km, on in run(duck, judging.NEWEST)}
    found = {car[0]: (new.get(car[0], {}), wrong.get(car[0], set()), newest.get(car[0])) for car in cars}
    assert found == {car[0]: expected(car) for car in cars}
    assert any(not plausible for days in new.values() for _km, plausible in days.values())
    assert wrong
    assert newest
