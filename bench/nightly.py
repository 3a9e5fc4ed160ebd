"""The nightly pass: the computation against a bare DuckDB pass over the same Parquet, and a usual night end to end.

NIGHT_CUSTOMERS customers (1,000,000) with a car each, six visits and six readings are made by DuckDB, the same each
time. The bare pass is SQL by hand that groups the visits, counts them, says state, pace and due date in the plainest
way: without ``since``, medians, intervals, phases and plans. NIGHT_DATABASE customers (100,000) are also written into
the database: the first night reads all, a usual one follows a change of one row in fifty.
"""

import datetime
import hashlib
import os
import resource
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import measure
from django.conf import settings
from django.db import connection

from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.columnar import Connection, literal, run
from guanxi.insight import datasets, engine
from guanxi.insight.measures import cars, counts, tiers
from guanxi.insight.services import night, working

SIZE = int(os.environ.get("NIGHT_CUSTOMERS", "1_000_000"))
STORED = int(os.environ.get("NIGHT_DATABASE", "100_000"))
DAY = datetime.date(2026, 3, 1)
SALE = "(DATE '2026-02-01' - (hash(car * 31) % 2900)::INT)"
CAME = f"({SALE} + (hash(v * 37) % (DATE '2026-03-01' - {SALE}))::INT)"
PACE = "(20 + hash(car * 41) % 40)"
MAKE = {
    "relations": "SELECT i AS id, i AS customer_id, (1 + i % 1000)::INT AS outlet_id, DATE '2015-01-01' AS since,"
    " NULL::DATE AS ended_on FROM range(1, {size} + 1) t (i)",
    "participants": "SELECT i AS id, i AS vehicle_id, i AS customer_id, 'OWNER' AS role, NULL::DATE AS since,"
    " NULL::DATE AS until FROM range(1, {size} + 1) t (i)",
    "cars": f"SELECT car AS id, (1 + car % 4)::INT AS trim_id, {SALE} AS sold_on, 'IN_USE' AS condition,"
    f" NULL::DATE AS condition_on, {SALE} + 1095 AS warranty_until, 100000 AS warranty_km, NULL::DATE AS insured_until,"
    " NULL::DATE AS inspected_until FROM range(1, {size} + 1) t (car)",
    "visits": f"SELECT v AS id, (1 + car % 1000)::INT AS outlet_id, car AS vehicle_id, car AS customer_id,"
    f" {CAME} AS entered_on, hash(v) % 10 > 0 AS counts, hash(v * 3) % 2 = 0 AS is_maintenance,"
    f" ({PACE} * ({CAME} - {SALE}))::INT AS km, (hash(v * 5) % 3000)::INT AS paid"
    " FROM (SELECT v, 1 + v % {size} AS car FROM range(1, 6 * {size} + 1) t (v))",
    "readings": f"SELECT v AS id, car AS vehicle_id, {CAME} AS read_on, ({PACE} * ({CAME} - {SALE}))::INT AS km,"
    " true AS is_plausible FROM (SELECT v, 1 + v % {size} AS car FROM range(1, 6 * {size} + 1) t (v))",
}
SMALL = {
    "trims": "SELECT i::INT AS id, i::INT AS model_id, 1 AS series_id, 'PASSENGER' AS line FROM range(1, 5) t (i)",
    "tombstones": "SELECT 0::BIGINT AS id WHERE false",
    "steps": "SELECT * FROM (VALUES (1, 1, 6, 5000, false, 0), (2, 1, 12, 10000, true, 0))"
    " t (id, series_id, months, km, is_periodic, place)",
}
MEASURES = {
    **working.STEPS, "tiered": tiers.tiered, "paces": cars.paces, "car_states": cars.states, "counts": counts.counts,
}  # fmt: skip
BARE = (
    """
CREATE OR REPLACE TABLE bare_owners AS
WITH came AS (
  SELECT customer_id, outlet_id, max(entered_on) AS last,
    count(DISTINCT entered_on) FILTER (entered_on > DATE '2025-03-01') AS n FROM visits WHERE counts GROUP BY ALL
), anywhere AS (
  SELECT customer_id, NULL AS outlet_id, max(entered_on) AS last,
    count(DISTINCT entered_on) FILTER (entered_on > DATE '2025-03-01') AS n FROM visits WHERE counts GROUP BY ALL
), pairs AS (
  SELECT customer_id, outlet_id FROM relations UNION ALL SELECT DISTINCT customer_id, NULL FROM relations
), bought AS (
  SELECT p.customer_id, max(c.sold_on) AS start FROM participants p JOIN cars c ON c.id = p.vehicle_id GROUP BY 1
)
SELECT p.customer_id, p.outlet_id, coalesce(n, 0) AS visits, last,
  CASE WHEN n >= 3 THEN 'ACTIVE' WHEN n = 2 THEN 'SWING' WHEN n = 1 AND last > DATE '2025-12-01' THEN 'OBSERVE'
    WHEN n = 1 THEN 'SWING_TO_LOST' WHEN start > DATE '2025-03-01' THEN 'NEW' ELSE 'LOST' END AS state
FROM pairs p JOIN bought b USING (customer_id)
LEFT JOIN (FROM came UNION ALL FROM anywhere) v
  ON v.customer_id = p.customer_id AND coalesce(v.outlet_id, 0) = coalesce(p.outlet_id, 0)
""",
    """
CREATE OR REPLACE TABLE bare_cars AS
WITH read AS (
  SELECT vehicle_id, min(read_on) AS first, max(read_on) AS last, min(km) AS first_km, max(km) AS last_km
  FROM readings GROUP BY 1
), done AS (
  SELECT vehicle_id, count(*) AS times, max(entered_on) AS last, max(km) AS km
  FROM visits WHERE is_maintenance GROUP BY 1
)
SELECT c.id, (last_km - first_km) * 1000 // greatest(1, r.last - r.first) AS metres,
  least(coalesce(d.last, c.sold_on) + 365,
    r.last + least(3650, greatest(0, coalesce(d.km, 0) + 10000 - r.last_km) * 1000
      // greatest(1, (last_km - first_km) * 1000 // greatest(1, r.last - r.first)))::INT) AS due_on,
  c.warranty_until < DATE '2026-03-01' AS is_out
FROM cars c LEFT JOIN read r ON r.vehicle_id = c.id LEFT JOIN done d ON d.vehicle_id = c.id
""",
)


def results() -> Iterator[measure.Result]:
    """Yield the computation against the bare pass; print a first and a usual night in the database."""
    shape = hashlib.md5(repr((MAKE, SMALL)).encode(), usedforsecurity=False).hexdigest()[:8]
    folder = Path(settings.MEDIA_ROOT) / "bench" / f"night-{SIZE}-{shape}"
    folder.mkdir(parents=True, exist_ok=True)
    with datasets.opened(folder) as duck:
        _make(duck, folder, SIZE)
        _limits(duck)
        floor = _seconds(lambda: [run(duck, query) for query in BARE])
        ours = _seconds(lambda: _ours(duck))
        floor = min(floor, _seconds(lambda: [run(duck, query) for query in BARE]))
    print(f"  computation peak memory {_peak()} MB")
    yield measure.Result(f"night of {SIZE:,} customers / bare DuckDB", ours, floor)
    _in_the_database()


def _make(duck: Connection, folder: Path, size: int) -> None:
    for fact in datasets.FACTS:
        path = folder / f"{fact.name}.parquet"
        query = MAKE.get(fact.name, SMALL.get(fact.name, "")).format(size=size)
        if not path.exists():
            run(duck, f"COPY ({query}) TO {literal(path)} (FORMAT parquet, COMPRESSION zstd)")
        datasets.view(duck, fact, DAY, f"read_parquet({literal(path)})")


def _limits(duck: Connection) -> None:
    with db.scoped(SYSTEM):
        working.prepare(duck, DAY)
    run(duck, "UPDATE terms SET metres = 40000")
    working.fill(duck, "bounds", tiers.BOUNDS, [("SILVER", 900), ("GOLD", 3000), ("DIAMOND", 5000), ("VIP", 7000)])
    for measured in MEASURES.values():
        engine.sql(measured)


def _ours(duck: Connection) -> None:
    for name, measured in MEASURES.items():
        began = time.perf_counter()
        run(duck, f"CREATE OR REPLACE TABLE {name} AS {engine.sql(measured)}")
        print(f"    {name}: {time.perf_counter() - began:.1f} s")
        if name == "owner_states":
            working.clear_owners(duck)


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


LOAD = """
CREATE TEMP TABLE w (n bigint) ON COMMIT DROP;
INSERT INTO w SELECT generate_series(1, %(size)s);
CREATE TEMP TABLE o ON COMMIT DROP AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS place
  FROM network_node WHERE kind = 'OUTLET';
INSERT INTO customers_relation (customer_id, outlet_id, category, source, consultant_name, tags, since, touched_at)
  SELECT %(first)s + n, o.id, 'BASE', '', '', '{}', '2015-01-01', now() FROM w
  JOIN o ON o.place = n %% (SELECT count(*) FROM o);
INSERT INTO customers_customer (id, kind, name, reading, initials, gender, identity_kind, identity_tail, industry,
  occupation, hobbies, preferred_channel, verification, created_at, touched_at)
  SELECT %(first)s + n, 'PERSON', 'N', '', '', '', '', '', '', '', '', '', 'UNVERIFIED', now(), now() FROM w;
INSERT INTO vehicles_participant (vehicle_id, customer_id, role, touched_at)
  SELECT %(first)s + n, %(first)s + n, 'OWNER', now() FROM w;
INSERT INTO vehicles_vehicle (id, vin, is_vin_doubtful, model_text, colour, engine_no, plate, condition, sold_on,
  trim_id, touched_at)
  SELECT %(first)s + n, 'LNBENCH00' || lpad(n::text, 8, '0'), false, '', '', '', '', 'IN_USE',
    date '2026-02-01' - (n * 7919 %% 2900)::int, (SELECT min(id) FROM vehicles_trim), now() FROM w;
INSERT INTO workshop_visit (outlet_id, vehicle_id, customer_id, order_no, category, counts, entered_on, km, currency,
  advisor_name, brought_by, brought_by_phone, words, remark, touched_at)
  SELECT r.outlet_id, v.id, v.id, 'B' || v.id || '-' || k, 'PERIODIC_MAINTENANCE', true, v.sold_on + d,
    30 * d, 'CNY', '', '', '', '', '', now()
  FROM vehicles_vehicle v JOIN customers_relation r ON r.customer_id = v.id CROSS JOIN generate_series(1, 6) k
  CROSS JOIN LATERAL (SELECT (v.id * k * 7907 %% (1 + date '2026-02-28' - v.sold_on))::int AS d) x
  WHERE v.id > %(first)s;
INSERT INTO vehicles_reading (vehicle_id, read_on, km, source, is_plausible, touched_at)
  SELECT DISTINCT ON (vehicle_id, entered_on) vehicle_id, entered_on, km, 'VISIT', true, now() FROM workshop_visit
  WHERE vehicle_id > %(first)s ORDER BY vehicle_id, entered_on;
"""
CHANGE = """
INSERT INTO workshop_visit (outlet_id, vehicle_id, customer_id, order_no, category, counts, entered_on, km, currency,
  advisor_name, brought_by, brought_by_phone, words, remark, touched_at)
  SELECT outlet_id, vehicle_id, customer_id, order_no || 'X', category, true, %(day)s, 200000, 'CNY', '', '', '', '',
    '', now()
  FROM workshop_visit WHERE vehicle_id > %(first)s AND id %% 100 = 0;
UPDATE workshop_visit SET counts = false, touched_at = now() WHERE vehicle_id > %(first)s AND id %% 100 = 1;
"""


def _in_the_database() -> None:
    shutil.rmtree(datasets.root(), ignore_errors=True)
    first, day = 50_000_000, clock.today()
    with db.scoped(SYSTEM), connection.cursor() as cursor:
        for statement in LOAD.strip().split(";\n"):
            cursor.execute(statement, {"size": STORED, "first": first})
    _night(f"first night, {STORED:,} customers in the database", day)
    with db.scoped(SYSTEM), connection.cursor() as cursor:
        for statement in CHANGE.strip().split(";\n"):
            cursor.execute(statement, {"first": first, "day": day})
    _night("usual night, one visit in fifty new or corrected", day + datetime.timedelta(days=1))
    _night("the same once more, nothing changed", day + datetime.timedelta(days=1))


def _night(title: str, day: datetime.date) -> None:
    began = time.perf_counter()
    with db.scoped(SYSTEM):
        done = night.pass_night(actor=SYSTEM, day=day, at=clock.now())
    took = time.perf_counter() - began
    print(f"  {title}: {took:.1f} s for {len(done.days)} days; {done.read:,} rows read, {done.owners:,} owners and"
          f" {done.cars:,} cars changed, {done.changes:,} changes; peak {_peak()} MB")  # fmt: skip
