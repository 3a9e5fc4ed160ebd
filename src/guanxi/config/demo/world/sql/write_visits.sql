-- Visits, what the odometer said, the bills of the last weeks, and hints that a car has another owner.
INSERT INTO workshop_visit (id, touched_at, run_id, outlet_id, vehicle_id, customer_id, order_no, category, counts,
  entered_on, left_on, km, labour, parts, total, currency, advisor_name, brought_by, brought_by_phone, words, remark)
SELECT id, touched_at, {run}, node_id, vehicle_id, customer_id, 'R' || label || lpad(n::text, 8, '0'), category, counts, day,
  left_on, km, labour, parts, labour + parts, 'CNY', advisor, brought_by, brought_by_phone, words,
  CASE WHEN pg_temp.u(v, 210) < 0.12 THEN pg_temp.w_remark(pg_temp.u(v, 211)) ELSE '' END
FROM demo_visit ORDER BY n, day;

INSERT INTO vehicles_reading (touched_at, run_id, vehicle_id, read_on, km, source, is_plausible)
SELECT touched_at, {run}, vehicle_id, day, km, 'VISIT', is_plausible FROM demo_visit WHERE km IS NOT NULL ORDER BY n, day;
INSERT INTO vehicles_reading (touched_at, run_id, vehicle_id, read_on, km, source, is_plausible)
SELECT pg_temp.moment(r.day, 0.9), {run}, k.id, r.day, r.km, 'OWNER', true
FROM demo_last r JOIN demo_car k ON k.n = r.n WHERE r.is_said ORDER BY k.n;

INSERT INTO workshop_visitline (visit_id, position, kind, code, name, quantity, amount, is_warranty)
SELECT v.id, l.position, l.kind,
  CASE l.kind WHEN 'PART' THEN 'P' || lpad(pg_temp.pick(v.v * 4 + l.position, 220, 1000000)::text, 6, '0') ELSE '' END,
  l.name, 1, l.amount, v.category IN ('WARRANTY_CLAIM', 'FIRST_MAINTENANCE')
FROM demo_visit v JOIN demo_kind h ON h.kind = v.category
CROSS JOIN LATERAL (SELECT 1 + pg_temp.pick(v.v, 221, 3) AS pieces, pg_temp.pick(v.v, 222, cardinality(h.part)) AS at) m
CROSS JOIN LATERAL generate_series(1, 1 + m.pieces) AS position
CROSS JOIN LATERAL (SELECT position, CASE WHEN position = 1 THEN 'LABOUR' ELSE 'PART' END AS kind,
  CASE WHEN position = 1 THEN h.work[1 + pg_temp.pick(v.v, 223, cardinality(h.work))]
    ELSE h.part[1 + (m.at + position) % cardinality(h.part)] END AS name,
  CASE WHEN position = 1 THEN v.labour WHEN position = 2 THEN v.parts - (m.pieces - 1) * round(v.parts / (m.pieces + 1), 2)
    ELSE round(v.parts / (m.pieces + 1), 2) END AS amount) l
WHERE v.day > pg_temp.today() - {bills} ORDER BY v.n, v.day, l.position;

INSERT INTO vehicles_ownerdoubt (vehicle_id, outlet_id, seen_on, name, phone, state, decided_at, run_id)
SELECT DISTINCT ON (k.n) k.id, v.node_id, v.day, v.brought_by, v.brought_by_phone,
  CASE WHEN pg_temp.u(k.c, 230) < 0.75 THEN 'OPEN' ELSE 'DISMISSED' END,
  CASE WHEN pg_temp.u(k.c, 230) >= 0.75 THEN pg_temp.moment(v.day + 2, 0.5) END, {run}
FROM demo_visit v JOIN demo_car k ON k.n = v.n WHERE k.doubtful AND v.brought_by <> '' ORDER BY k.n, v.day DESC;
INSERT INTO vehicles_ownerdoubt (vehicle_id, outlet_id, seen_on, name, phone, state, decided_at, run_id)
SELECT DISTINCT ON (k.n) k.id, v.node_id, v.day, w.name, pg_temp.mobile(w.i), 'CONFIRMED',
  pg_temp.moment(v.day + 3, 0.5), {run}
FROM demo_visit v JOIN demo_car k ON k.n = v.n JOIN demo_who w ON w.i = k.i
WHERE v.day >= k.changed_on AND v.category NOT IN ('PDI', 'INTERNAL_REPAIR') AND pg_temp.u(k.c, 231) < 0.5
ORDER BY k.n, v.day;
