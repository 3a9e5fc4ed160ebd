"""Decisions about rescues from plain values: distance, who can help, who pays, what it costs."""

import datetime
import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from guanxi.foundation.values import months
from guanxi.rescue.states import MOVES, Claim, Inability

EARTH_KM = 6371.0
ROADS = 1.3  # a road is about so much longer than the straight line: an assumption, said where it is shown
CENT, HUNDRED = Decimal("0.01"), Decimal(100)
PAIR = re.compile(r"^\s*(-?\d{1,3}(?:\.\d{1,9})?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d{1,9})?)\s*$")
NORTH, EAST = 90, 180


def may_move(before: str, after: str) -> bool:
    """Say whether a rescue may go from one state to another."""
    return after in MOVES[before]


def position(text: str) -> tuple[Decimal, Decimal] | None:
    """Return latitude and longitude of a text such as ``31.2304, 121.4737``; None if it holds none.

    :raises ValueError: something else was typed.
    """
    if not text.strip():
        return None
    found = PAIR.match(text)
    if not found:
        raise ValueError(text)
    north, east = Decimal(found[1]), Decimal(found[2])
    if abs(north) > NORTH or abs(east) > EAST:
        raise ValueError(text)
    return north, east


def distance(north: float, east: float, to_north: float, to_east: float) -> float:
    """Return the kilometres between two places over the globe (haversine)."""
    up, down = math.radians(north), math.radians(to_north)
    wide, high = math.radians(to_east - east), down - up
    part = math.sin(high / 2) ** 2 + math.cos(up) * math.cos(down) * math.sin(wide / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(part))


def by_road(straight_km: float) -> int:
    """Return about how many kilometres of road a straight line is."""
    return round(straight_km * ROADS)


def minutes(road_km: int, *, kmh: int, ready: int) -> int:
    """Return about how many minutes somebody needs: to get ready, and to drive."""
    return ready + math.ceil(60 * road_km / kmh)


@dataclass(frozen=True)
class Cover:
    """What the house covers: so many months from the sale, kilometres, rescues a year, and its share in a hundred."""

    months: int
    km: int | None
    times: int
    share: int


def claim(cover: Cover, *, sold_on: datetime.date | None, km: int | None, used: int, day: datetime.date) -> Claim:
    """Say whether a car on file is covered on a day, and if not, why; an unknown mileage does not count against it."""
    if sold_on is None:
        return Claim.NO_SALE
    if day >= months.later(sold_on, cover.months):
        return Claim.TOO_OLD
    if cover.km is not None and km is not None and km > cover.km:
        return Claim.TOO_FAR
    return Claim.USED_UP if used >= cover.times else Claim.ENTITLED


@dataclass(frozen=True)
class Rate:
    """What a kind of help costs: a sum that holds some kilometres, each further one, and more in a hundred at night."""

    base: Decimal
    per_km: Decimal
    included_km: int
    night_percent: int


@dataclass(frozen=True)
class Less:
    """What a member pays less: kilometres that are free for him, then so much in a hundred of the rest."""

    percent: int
    free_km: int


@dataclass(frozen=True)
class Price:
    """What a rescue costs, how much of it the customer pays, and how much a discount has taken off that."""

    total: Decimal
    customer: Decimal
    discounted: Decimal = Decimal(0)


def price(rate: Rate, *, km: int, is_night: bool, share: int, less: Less | None = None) -> Price:
    """Return the price over some kilometres, and the customer's part when the house pays ``share`` in a hundred.

    In this order: the tariff, more at night, the share of the house, and last what a member pays less: a discount is
    taken off what is left for the customer, never below zero; the price and the share of the house stay.
    """
    further = max(0, km - rate.included_km)
    factor = Decimal(100 + (rate.night_percent if is_night else 0)) / HUNDRED
    total = ((rate.base + rate.per_km * further) * factor).quantize(CENT, ROUND_HALF_UP)
    left = (HUNDRED - share) / HUNDRED
    customer = (total * left).quantize(CENT, ROUND_HALF_UP)
    if less is None:
        return Price(total, customer)
    free = rate.per_km * min(less.free_km, further) * factor * left
    off = free + (customer - free) * less.percent / HUNDRED
    discounted = min(customer, max(Decimal(0), off)).quantize(CENT, ROUND_HALF_UP)
    return Price(total, customer - discounted, discounted)


def is_night(at: datetime.time, start: datetime.time, end: datetime.time) -> bool:
    """Say whether a time of day lies in the night of the tariff, which may cross midnight; its end is outside."""
    return start <= at < end if start <= end else at >= start or at < end


@dataclass(frozen=True)
class Able:
    """What is known of a provider when somebody is to be sent."""

    helps: Collection[str]
    is_open: bool
    radius_km: int | None
    road_km: int | None
    was_sent: bool


def inability(able: Able, help_code: str) -> Inability | None:
    """Say why a provider cannot be sent, or None; an unknown distance is not too far."""
    if help_code not in able.helps:
        return Inability.HELP
    if not able.is_open:
        return Inability.CLOSED
    if able.was_sent:
        return Inability.TRIED
    if able.radius_km is not None and able.road_km is not None and able.road_km > able.radius_km:
        return Inability.DISTANCE
    return None


def is_complaint(score: int) -> bool:
    """Say whether a score of one to five is that of somebody who is not satisfied."""
    return score <= 2  # noqa: PLR2004 -- the two lowest


@dataclass(frozen=True)
class Dot:
    """Where a place lies on a sketch, in pixels from its upper left corner."""

    x: int
    y: int


def sketch(
    north: float, east: float, to: tuple[float, float], *, reach_km: float, size: int
) -> Dot:  # fmt: skip
    """Return where a place lies on a square sketch whose middle is the rescue and whose edge is ``reach_km`` away."""
    wide = math.radians(to[1] - east) * EARTH_KM * math.cos(math.radians(north))
    high = math.radians(to[0] - north) * EARTH_KM
    half = size / 2
    clamp = [max(-1.0, min(1.0, km / reach_km)) for km in (wide, high)] if reach_km > 0 else [0.0, 0.0]
    return Dot(round(half + clamp[0] * half), round(half - clamp[1] * half))
