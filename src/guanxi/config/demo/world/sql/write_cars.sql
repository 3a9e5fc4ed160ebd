-- Cars with their plates, people, sales and covers.
INSERT INTO vehicles_vehicle (id, touched_at, run_id, vin, is_vin_doubtful, trim_id, model_text, colour, engine_no, made_on,
  plate, condition, sold_on, warranty_until, warranty_km, insured_until, inspected_until, odometer_km, odometer_on)
SELECT k.id, pg_temp.moment(coalesce(r.day, k.acquired), 0.6), {run}, k.vin, false, t.id, t.name,
  t.colours[1 + pg_temp.pick(c, 190, cardinality(t.colours))],
  CASE WHEN t.electric THEN '' ELSE substr(t.vds, 4, 4) || lpad(pg_temp.pick(c, 191, 100000000)::text, 8, '0') END,
  k.sold_on - 18 - pg_temp.pick(c, 192, 75), k.plate,
  CASE WHEN k.gone_on IS NULL THEN 'IN_USE' WHEN k.is_left THEN 'LEFT' ELSE 'SCRAPPED' END, k.sold_on,
  k.sold_on + make_interval(months => t.whole_months), t.whole_km,
  CASE WHEN k.gone_on IS NULL AND pg_temp.u(c, 193) < 0.96
    THEN k.sold_on + make_interval(years =>
      y.full_years + CASE WHEN y.full_years > 0 AND pg_temp.u(c, 194) < 0.1 THEN 0 ELSE 1 END) END,
  CASE WHEN k.gone_on IS NULL THEN k.sold_on + make_interval(years =>
    CASE WHEN t.line = 'COMMERCIAL' THEN y.full_years + 1 ELSE 2 * (y.full_years / 2 + 1) END
    - CASE WHEN y.full_years < 2 OR pg_temp.u(c, 195) > 0.07 THEN 0 WHEN t.line = 'COMMERCIAL' THEN 1 ELSE 2 END) END,
  r.km, r.day
FROM demo_car k JOIN demo_trim t ON t.t = k.t LEFT JOIN demo_last r ON r.n = k.n
CROSS JOIN LATERAL (SELECT extract(year FROM age(pg_temp.today(), k.sold_on))::int AS full_years) y
ORDER BY k.n;

INSERT INTO vehicles_plate (touched_at, run_id, vehicle_id, number, since, until)
SELECT pg_temp.moment(v.since, 0.4), {run}, id, v.number, v.since, v.until
FROM demo_car k CROSS JOIN LATERAL (VALUES
  (old_plate, least(sold_on + 3 + pg_temp.pick(c, 196, 10), coalesce(changed_on, 'infinity')), changed_on),
  (nullif(plate, ''), least(pg_temp.today(), acquired + 3 + pg_temp.pick(c, 197, 10)), NULL)
) AS v (number, since, until)
WHERE v.number IS NOT NULL ORDER BY n, v.since;

INSERT INTO vehicles_participant (touched_at, run_id, vehicle_id, customer_id, role, since, until)
SELECT pg_temp.moment(coalesce(p.until, p.since), 0.5), {run}, k.id, p.customer_id, p.role, p.since, p.until
FROM demo_car k JOIN demo_who w ON w.i = k.i LEFT JOIN demo_who near ON near.i = w.i + 1 AND near.leader = w.i
CROSS JOIN LATERAL (VALUES
  (former_id, 'OWNER', sold_on, changed_on),
  (owner_id, 'OWNER', acquired, NULL::date),
  (CASE WHEN near.part = 'PARTNER' AND pg_temp.u(c, 198) < 0.7 THEN near.id END, 'DRIVER', acquired, NULL),
  (CASE WHEN near.part = 'CONTACT' THEN near.id END, 'CONTACT', acquired, NULL),
  (CASE WHEN k.company AND pg_temp.u(c, 199) < 0.1 THEN owner_id END, 'PAYER', acquired, NULL)
) AS p (customer_id, role, since, until)
WHERE p.customer_id IS NOT NULL ORDER BY k.n, p.since;

INSERT INTO vehicles_sale (touched_at, run_id, vehicle_id, customer_id, outlet_id, sold_on, consultant_id, consultant_name,
  price, currency, use, order_no)
SELECT pg_temp.moment(k.sold_on, 0.7), {run}, k.id, coalesce(k.former_id, k.owner_id), p.node_id, k.sold_on,
  p.consultant_ids[1 + pg_temp.pick(c, 200, cardinality(p.consultants))],
  coalesce(p.consultants[1 + pg_temp.pick(c, 200, cardinality(p.consultants))], ''),
  round((t.list_price * (0.87 + 0.12 * pg_temp.u(c, 201)) / 100)::numeric) * 100, 'CNY', k.use,
  'S' || d.label || lpad(k.n::text, 8, '0')
FROM demo_car k JOIN demo_trim t ON t.t = k.t JOIN demo_place p ON p.o = k.seller JOIN demo_day d ON d.day = k.sold_on
WHERE k.sold_on > pg_temp.today() - 1095 OR pg_temp.u(c, 202) < 0.8 ORDER BY p.node_id, k.sold_on;

INSERT INTO vehicles_cover (touched_at, run_id, vehicle_id, name, since, until, km)
SELECT pg_temp.moment(k.acquired, 0.8), {run}, k.id, pg_temp.w_cover(pg_temp.u(c, 203)), k.acquired,
  k.sold_on + make_interval(months => t.whole_months + 12), t.whole_km + 30000
FROM demo_car k JOIN demo_trim t ON t.t = k.t
WHERE pg_temp.u(c, 204) < 0.09 AND k.acquired < k.sold_on + make_interval(months => t.whole_months) ORDER BY k.n;
