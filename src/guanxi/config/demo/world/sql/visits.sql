-- The visits of the last three years: by plan while the customer is loyal, and what happens in between.
TRUNCATE demo_raw, demo_visit;
INSERT INTO demo_raw (n, slot, day, category)
WITH planned AS (
  SELECT k.*, t.second_is_mandatory, greatest(k.sold_on, pg_temp.today() - 1095) AS opens,
    least(t.first_months * 30.4, t.first_km / k.daily) AS first_days,
    least(t.step_months * 30.4, t.step_km / k.daily) AS step_days
  FROM demo_car k JOIN demo_trim t ON t.t = k.t
), steps AS (
  SELECT p.n, p.c, p.second_is_mandatory, p.lost_on, s, p.sold_on + CASE WHEN s = 1
    THEN ceil(first_days * (0.62 + 0.2 * pg_temp.u(c * 128 + s, 80)))
    ELSE round(first_days * 0.8 + (s - 1) * step_days + 0.3 * step_days * (pg_temp.u(c * 128 + s, 80) - 0.3)) END::int AS day
  FROM planned p, generate_series(greatest(1, floor((opens - sold_on - first_days * 0.8) / step_days)::int),
    least(60, 2 + ((pg_temp.today() - sold_on - first_days * 0.8) / step_days)::int)) s
)
SELECT n, s, day, CASE WHEN s = 1 THEN 'FIRST_MAINTENANCE' WHEN s = 2 AND second_is_mandatory THEN 'SECOND_MAINTENANCE'
  ELSE 'PERIODIC_MAINTENANCE' END
FROM steps WHERE (day < lost_on OR pg_temp.u(c * 128 + s, 81) < 0.06) AND pg_temp.u(c * 128 + s, 82) < 0.91;

INSERT INTO demo_raw (n, slot, day, category)
WITH spans AS (
  SELECT k.*, t.whole_months, t.whole_km, greatest(k.sold_on + 5, pg_temp.today() - 1095) AS opens,
    CASE WHEN k.company OR t.line = 'COMMERCIAL' THEN 1.3 ELSE 1 END * (SELECT sum(yearly) FROM demo_kind) AS yearly
  FROM demo_car k JOIN demo_trim t ON t.t = k.t WHERE k.sold_on + 5 < pg_temp.today()
), events AS (
  SELECT p.*, c * 128 + 64 + j AS v, j, opens + pg_temp.pick(c * 128 + 64 + j, 83, pg_temp.today() - opens + 1) AS day
  FROM spans p,
    generate_series(1, least(40, floor(yearly * (pg_temp.today() - opens) / 365.25 + pg_temp.u(c, 84))::int)) j
), named AS (
  SELECT e.*, h.category FROM events e JOIN demo_happening h ON h.s = pg_temp.pick(v, 85, 1024)
)
SELECT n, 64 + j, day, CASE
  WHEN category = 'WARRANTY_CLAIM' AND (day > sold_on + whole_months * 30 OR daily * (day - sold_on) > whole_km)
    THEN 'MINOR_REPAIR'
  WHEN category = 'OVERHAUL' AND day < sold_on + 1400 THEN 'MINOR_REPAIR'
  WHEN category = 'ANNUAL_INSPECTION' AND day < sold_on + 330 THEN 'FREE_CHECK' ELSE category END
FROM named WHERE day < lost_on OR pg_temp.u(v, 86) < 0.1;

-- What leads to another visit: a repair that did not hold, a car that is made ready for its customer.
INSERT INTO demo_raw (n, slot, day, category)
SELECT r.n, 110, r.day + 2 + pg_temp.pick(k.c * 128 + r.slot, 87, 9), 'REWORK'
FROM demo_raw r JOIN demo_car k ON k.n = r.n JOIN demo_place p ON p.o = k.o
WHERE r.category IN ('MINOR_REPAIR', 'BODY_AND_PAINT', 'OVERHAUL', 'WARRANTY_CLAIM')
  AND pg_temp.u(k.c * 128 + r.slot, 88) < 0.08 * (1.3 - p.quality)
UNION ALL
SELECT k.n, 111, k.sold_on - 1 - pg_temp.pick(k.c, 89, 8), 'PDI'
FROM demo_car k JOIN demo_place p ON p.o = k.o
WHERE k.seller = k.o AND k.sold_on > greatest(pg_temp.today() - 1085, p.opened + 20) AND pg_temp.u(k.c, 90) < 0.15;

INSERT INTO demo_visit (id, n, v, vehicle_id, customer_id, o, node_id, day, label, left_on, category, counts, km,
  is_plausible, labour, parts, advisor, brought_by, brought_by_phone, words, touched_at)
WITH dated AS (
  -- on a day when the workshop is open; a car comes once a day at most
  SELECT DISTINCT ON (r.n, day) r.n, r.slot, r.category, k.c * 128 + r.slot AS v,
    r.day + p.next_open[1 + (r.day - date '2000-01-03') % 7] AS day
  FROM demo_raw r JOIN demo_car k ON k.n = r.n JOIN demo_place p ON p.o = k.o ORDER BY r.n, day, r.slot
), chosen AS MATERIALIZED (
  SELECT x.*, k.c, k.id AS vehicle_id, k.i, k.sold_on, k.daily, k.phase, k.driver, k.driver_phone, k.company, k.doubtful,
    CASE WHEN x.category IN ('PDI', 'INTERNAL_REPAIR') THEN NULL
      WHEN k.changed_on IS NULL OR x.day >= k.changed_on THEN k.owner_id ELSE k.former_id END AS customer_id,
    t.costs, d.month, d.label, h.*,
    CASE WHEN x.day >= l.second_since AND x.category <> 'PDI' AND pg_temp.u(x.v, 91) < 0.55 THEN coalesce(l.second, k.o)
      ELSE k.o END AS o,
    pg_temp.u(x.v, 92) < 0.003 AND x.day > k.sold_on + 400 AS is_mistyped
  FROM dated x JOIN demo_car k ON k.n = x.n JOIN demo_life l ON l.i = k.i JOIN demo_trim t ON t.t = k.t
  JOIN demo_day d ON d.day = x.day JOIN demo_kind h ON h.kind = x.category
  WHERE x.day BETWEEN pg_temp.today() - 1095 AND pg_temp.today() AND (x.day > k.sold_on OR x.category = 'PDI')
    AND x.day < coalesce(k.gone_on, 'infinity') AND (pg_temp.u(x.v, 93) < d.keep OR x.category = 'PDI')
), measured AS MATERIALIZED (
  SELECT c.*, p.node_id, p.price, p.quality, p.advisors,
    CASE WHEN category = 'PDI' THEN 1 + pg_temp.pick(v, 94, 7)
      ELSE 8 + floor(daily * (day - sold_on + 12 * (sin((day - sold_on) / 58.13 + phase) - sin(phase)))
        + 0.6 * daily * pg_temp.u(v, 94)) END::int AS true_km,
    CASE WHEN month IN (6, 7, 8) AND category IN ('MINOR_REPAIR', 'FREE_CHECK') AND pg_temp.u(v, 95) < 0.45
      THEN 'summer' ELSE category END AS talk,
    pg_temp.u(v, 96) < CASE WHEN doubtful AND day > pg_temp.today() - 240 THEN 1 WHEN company THEN 0.7
      ELSE 0.06 END AS is_brought
  FROM chosen c JOIN demo_place p ON p.o = c.o AND c.day >= p.opened
)
SELECT nextval('workshop_visit_id_seq'), n, v, vehicle_id, customer_id, o, node_id, day, label,
  CASE WHEN day + least_days + pg_temp.pick(v, 97, most_days - least_days + 1) <= pg_temp.today()
    THEN day + least_days + pg_temp.pick(v, 97, most_days - least_days + 1) END,
  category, counts,
  CASE WHEN category IN ('PARTS_PICKUP', 'INTERNAL_REPAIR') OR pg_temp.u(v, 98) < 0.03 THEN NULL
    WHEN is_mistyped THEN true_km / 10 ELSE true_km END,
  NOT is_mistyped,
  round((costs * price * (labour_from + (labour_to - labour_from) * pg_temp.u(v, 99) ^ 1.6))::numeric, 0),
  round((costs * (0.6 + 0.4 * price) * (parts_from + (parts_to - parts_from) * pg_temp.u(v, 100) ^ 1.8))::numeric, 2),
  coalesce(advisors[1 + pg_temp.pick(v, 101, cardinality(advisors))], ''),
  CASE WHEN is_brought THEN driver ELSE '' END,
  CASE WHEN is_brought AND (doubtful OR pg_temp.u(v, 102) < 0.7) THEN driver_phone ELSE '' END,
  coalesce(s.text || CASE WHEN pg_temp.u(v, 103) < 0.14 THEN CASE WHEN pg_temp.u(v, 104) < quality
    THEN pg_temp.w_good(pg_temp.u(v, 105)) ELSE pg_temp.w_bad(pg_temp.u(v, 105)) END ELSE '' END, ''),
  pg_temp.moment(day, pg_temp.u(v, 106))
FROM measured m LEFT JOIN demo_saying s ON s.kind = m.talk AND s.k = pg_temp.pick(v, 107, 16) AND pg_temp.u(v, 108) < 0.7
ORDER BY n, day;

-- The last thing that is known of a mileage: from the workshop, or else what the owner said.
TRUNCATE demo_last;
INSERT INTO demo_last
SELECT k.n, coalesce(v.day, said.day), coalesce(v.km, 8 + (k.daily * (said.day - k.sold_on))::int), v.n IS NULL
FROM demo_car k
LEFT JOIN (
  SELECT DISTINCT ON (n) n, day, km FROM demo_visit WHERE km IS NOT NULL AND is_plausible ORDER BY n, day DESC
) v ON v.n = k.n
CROSS JOIN LATERAL (SELECT greatest(k.acquired, pg_temp.today() - pg_temp.pick(k.c, 113, 400)) AS day) said
WHERE v.n IS NOT NULL OR k.gone_on IS NULL AND pg_temp.u(k.c, 114) < 0.35;

-- When somebody was last seen decides how fresh his record is and when his number was last proven.
UPDATE demo_life l SET seen_on = s.seen_on, created_at = s.created_at, touched_at = s.touched_at FROM (
  SELECT l.i, greatest(max(v.day), l.since) AS seen_on, pg_temp.moment(l.since, pg_temp.u(l.i, 110)) AS created_at,
    pg_temp.moment(CASE WHEN pg_temp.u(l.i, 111) < 0.75 THEN greatest(max(v.day), l.since)
      ELSE l.since + pg_temp.pick(l.i, 112, pg_temp.today() - l.since + 1) END, pg_temp.u(l.i, 110)) AS touched_at
  FROM demo_life l LEFT JOIN demo_who w ON w.i = l.i LEFT JOIN demo_visit v ON v.customer_id = w.id
  GROUP BY l.i, l.since
) s WHERE s.i = l.i;
