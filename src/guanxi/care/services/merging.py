"""States that were worked out elsewhere are written here: staged by COPY, merged set by set, only what changed.

``insight`` works them out; whoever calls holds its lock, so that two never merge at once.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.backends.utils import CursorWrapper

from guanxi.care.models import OwnerState, TierBound, TierTerms
from guanxi.foundation import db

OWNER = ("customer_id", "outlet_id", "state", "since", "visits", "last_visit", "kpi_lost", "paid", "tier")
CAR = (
    "vehicle_id", "phase", "phase_since", "metres", "metres_least", "metres_most", "base_km", "base_on", "readings",
    "step_id", "due_from", "due_on", "due_by", "due_earliest", "due_latest", "warranty_ends", "insured_until",
    "inspected_until",
)  # fmt: skip
COUNT = ("outlet_id", "kind", "code", "count")
KEPT_DAYS = 62

# an owner who was active before his last visit too is active since then; so with swing
_SINCE = "CASE WHEN o.state = s.state AND s.state IN ('ACTIVE', 'SWING') THEN least(o.since, s.since) ELSE s.since END"
_STAGE_OWNERS = """
CREATE TEMP TABLE care_stage ON COMMIT DROP AS
SELECT customer_id, outlet_id, state, since, visits, last_visit, kpi_lost, paid, tier FROM care_ownerstate WITH NO DATA
"""
_DIFFER = f"""
CREATE TEMP TABLE care_differ ON COMMIT DROP AS
SELECT o.id, coalesce(o.customer_id, s.customer_id) AS customer_id, coalesce(o.outlet_id, s.outlet_id) AS outlet_id,
  coalesce(o.state, '') AS was, coalesce(s.state, '') AS became, {_SINCE} AS since, s.visits, s.last_visit, s.kpi_lost,
  CASE WHEN o.state IS DISTINCT FROM s.state THEN coalesce(o.state, '') ELSE o.before END AS before, s.paid, s.tier,
  CASE WHEN o.tier <> s.tier THEN %(day)s ELSE o.tier_since END AS tier_since,
  CASE WHEN o.tier <> s.tier THEN o.tier ELSE coalesce(o.tier_before, '') END AS tier_before
FROM (SELECT *, coalesce(outlet_id, 0) AS place FROM care_ownerstate WHERE %(all)s OR customer_id = ANY(%(ids)s)) o
FULL JOIN (SELECT *, coalesce(outlet_id, 0) AS place FROM care_stage) s
  ON s.customer_id = o.customer_id AND s.place = o.place
WHERE (o.state, o.since, o.visits, o.last_visit, o.kpi_lost, o.paid, o.tier)
  IS DISTINCT FROM (s.state, {_SINCE}, s.visits, s.last_visit, s.kpi_lost, s.paid, s.tier)
"""  # noqa: S608 -- fixed parts of one statement
_OWNERS = (
    "DELETE FROM care_ownerstate o USING care_differ d WHERE o.id = d.id AND d.became = ''",
    """
    UPDATE care_ownerstate o SET state = d.became, since = d.since, visits = d.visits, last_visit = d.last_visit,
      kpi_lost = d.kpi_lost, before = d.before, paid = d.paid, tier = d.tier, tier_since = d.tier_since,
      tier_before = d.tier_before
    FROM care_differ d WHERE o.id = d.id AND d.became <> ''
    """,
    """
    INSERT INTO care_ownerstate (customer_id, outlet_id, state, since, visits, last_visit, kpi_lost, before, paid, tier,
      tier_since, tier_before)
    SELECT customer_id, outlet_id, became, since, visits, last_visit, kpi_lost, '', paid, tier, tier_since, tier_before
    FROM care_differ WHERE id IS NULL
    """,
)
_HISTORY = """
INSERT INTO care_statechange (customer_id, outlet_id, was, became, "on", noticed_on)
SELECT customer_id, outlet_id, was, became, coalesce(since, %(day)s), %(day)s FROM care_differ WHERE was <> became
"""
_STAGE_CARS = """
CREATE TEMP TABLE care_stage_car ON COMMIT DROP AS SELECT * FROM care_carstate WITH NO DATA
"""
_VALUES = ", ".join(CAR[1:])
_CARS = f"""
WITH gone AS (
  DELETE FROM care_carstate o WHERE (%(all)s OR o.vehicle_id = ANY(%(ids)s))
    AND NOT EXISTS (SELECT 1 FROM care_stage_car s WHERE s.vehicle_id = o.vehicle_id) RETURNING 1
), written AS (
  INSERT INTO care_carstate AS o ({", ".join(CAR)})
  SELECT {", ".join(f"s.{name}" for name in CAR)} FROM care_stage_car s
  LEFT JOIN care_carstate h ON h.vehicle_id = s.vehicle_id
  WHERE h.vehicle_id IS NULL OR ({", ".join(f"h.{name}" for name in CAR[1:])})
    IS DISTINCT FROM ({", ".join(f"s.{name}" for name in CAR[1:])})
  ON CONFLICT (vehicle_id) DO UPDATE SET ({_VALUES}) = ROW({", ".join(f"excluded.{name}" for name in CAR[1:])})
  RETURNING 1
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM written)
"""  # noqa: S608 -- fixed parts of one statement
_FORGET_COUNTS = "DELETE FROM care_statecount WHERE day = %(day)s OR day < %(old)s AND extract(day FROM day) <> 1"
_COUNTS = """
INSERT INTO care_statecount (outlet_id, day, kind, code, count) SELECT outlet_id, %(day)s, kind, code, count
FROM care_stage_count
"""
_HABITS = """
INSERT INTO care_habit AS h (model_id, metres, cars) SELECT model_id, metres, cars FROM care_stage_habit
ON CONFLICT (model_id) DO UPDATE SET metres = excluded.metres, cars = excluded.cars
  WHERE h.metres <> excluded.metres
"""


@dataclass(frozen=True)
class Worked:
    """What was worked out, as lines of CSV; counts only of all. ``None`` for the keys: of all there are."""

    owners: Iterable[bytes]
    cars: Iterable[bytes]
    counts: Iterable[bytes] | None = None
    customer_ids: Sequence[int] | None = None
    vehicle_ids: Sequence[int] | None = None


@dataclass(frozen=True)
class Merged:
    """How many rows of owners and cars changed, and how many changes of state were noted."""

    owners: int
    cars: int
    changes: int


def merge_states(*, day: datetime.date, worked: Worked) -> Merged:
    """Write states of a day: stages them, writes what differs, notes each change of state, writes the counts.

    The first time there is no history to write: nothing has changed yet.
    """
    with db.atomic(), connection.cursor() as cursor:
        is_first = not OwnerState.objects.exists()
        owners, changes = _merge_owners(cursor, day, worked, with_history=not is_first)
        cars = _merge_cars(cursor, worked)
        if worked.counts is not None:
            _write_counts(cursor, day, worked.counts)
        return Merged(owners, cars, changes)


def _merge_owners(cursor: CursorWrapper, day: datetime.date, worked: Worked, *, with_history: bool) -> tuple[int, int]:
    ids = worked.customer_ids
    cursor.execute(_STAGE_OWNERS)
    _copy(cursor, "care_stage", OWNER, worked.owners)
    cursor.execute(_DIFFER, {"all": ids is None, "ids": list(ids or ()), "day": day})
    differ = cursor.rowcount
    changes = 0
    if differ:
        for statement in _OWNERS:
            cursor.execute(statement)
        if with_history:
            cursor.execute(_HISTORY, {"day": day})
            changes = cursor.rowcount
    cursor.execute("DROP TABLE care_stage, care_differ")
    return differ, changes


def _merge_cars(cursor: CursorWrapper, worked: Worked) -> int:
    ids = worked.vehicle_ids
    cursor.execute(_STAGE_CARS)
    _copy(cursor, "care_stage_car", CAR, worked.cars)
    cursor.execute(_CARS, {"all": ids is None, "ids": list(ids or ())})
    changed = int(cursor.fetchone()[0])
    cursor.execute("DROP TABLE care_stage_car")
    return changed


def _write_counts(cursor: CursorWrapper, day: datetime.date, lines: Iterable[bytes]) -> None:
    cursor.execute("CREATE TEMP TABLE care_stage_count (outlet_id int, kind text, code text, count int) ON COMMIT DROP")
    _copy(cursor, "care_stage_count", COUNT, lines)
    cursor.execute(_FORGET_COUNTS, {"day": day, "old": day - datetime.timedelta(days=KEPT_DAYS)})
    cursor.execute(_COUNTS, {"day": day})
    cursor.execute("DROP TABLE care_stage_count")


def merge_habits(lines: Iterable[bytes]) -> None:
    """Write how far cars of each model go a day, as lines of CSV, where it changed by a whole kilometre."""
    with db.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE care_stage_habit (model_id int, metres int, cars int) ON COMMIT DROP")
        _copy(cursor, "care_stage_habit", ("model_id", "metres", "cars"), lines)
        cursor.execute(_HABITS)
        cursor.execute("DROP TABLE care_stage_habit")


def merge_bounds(*, day: datetime.date, terms: Iterable[TierTerms], found: Mapping[str, tuple[int, int]]) -> None:
    """Write what bounds tiers in the month of a day: what is given, or what was found for the share. ``found`` holds
    for each tier the amount and how many paid; where nobody paid nothing is bounded yet.
    """
    TierBound.objects.bulk_create(
        TierBound(
            terms=row, month=day.replace(day=1), amount=row.amount or found[row.tier][0], payers=found[row.tier][1]
        )
        for row in terms
        if row.tier in found
    )  # fmt: skip


def _copy(cursor: CursorWrapper, table: str, columns: Sequence[str], lines: Iterable[bytes]) -> None:
    with cursor.cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT csv)") as copy:
        for block in lines:
            copy.write(block)
    cursor.execute(f"ANALYZE {table}")
