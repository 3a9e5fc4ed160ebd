-- The cars of this chunk: what was bought when, from whom, how far it goes, until when it comes to the workshop.
TRUNCATE demo_car, demo_life;
INSERT INTO demo_car (n, c, id, i, owner_id, former_id, o, seller, t, sold_on, changed_on, acquired, gone_on, lost_on,
  is_left, use, company, daily, phase, driver, driver_phone, doubtful)
WITH counted AS MATERIALIZED (
  SELECT w.*, w.i * 16 + k AS c FROM demo_who w CROSS JOIN LATERAL generate_series(0, w.cars - 1) k
), bought AS MATERIALIZED (
  SELECT w.i, w.id AS owner_id, w.c, w.brand, w.line, w.o, w.company, w.part, p.quality, p.seller, f.id AS former_id, t.t,
    t.sold_from, t.whole_months, t.yearly_km,
    greatest(s.opened + 30, t.sold_from, pg_temp.today() - 2950) AS earliest
  FROM counted w
  JOIN demo_place p ON p.o = w.o JOIN demo_place s ON s.o = p.seller
  JOIN demo_trimslot ts ON ts.brand = w.brand AND ts.line = w.line AND ts.s = pg_temp.pick(w.c, 50, 256)
  JOIN demo_trim t ON t.t = ts.t
  LEFT JOIN demo_who f ON f.i = w.i - w.pos + (w.pos + 10) % 20 AND f.part = 'OWNER'
), sold AS MATERIALIZED (
  SELECT b.*, greatest(least(b.earliest, pg_temp.today() - 2), m.day) AS sold_on
  FROM bought b
  JOIN demo_day d ON d.day = least(b.earliest, pg_temp.today() - 2)
  JOIN demo_moment m ON m.q = floor((d.above + pg_temp.u(c, 51) * (1 - d.above)) * 8191.99)::int
), lived AS MATERIALIZED (
  SELECT s.*, pg_temp.today() - sold_on AS age,
    CASE WHEN former_id IS NOT NULL AND pg_temp.today() - sold_on > 420 AND pg_temp.u(c, 52) < 0.07
      THEN sold_on + 200 + pg_temp.pick(c, 53, pg_temp.today() - sold_on - 230) END AS changed_on,
    CASE WHEN pg_temp.today() - sold_on > 2000 AND pg_temp.u(c, 54) < 0.06
      THEN sold_on + 1900 + pg_temp.pick(c, 55, pg_temp.today() - sold_on - 1900) END AS gone_on,
    -- loyalty: a constant risk of staying away, twice as high when the warranty is over
    -ln(1 - pg_temp.u(c, 56)) / (0.08 + 0.24 * (1 - quality)) AS loyal_years,
    CASE WHEN line = 'COMMERCIAL'
        THEN CASE WHEN pg_temp.u(c, 57) < 0.88 THEN 'FREIGHT' WHEN company THEN 'SPECIAL' ELSE 'PASSENGER' END
      WHEN company
        THEN (ARRAY['BUSINESS', 'BUSINESS', 'OFFICIAL', 'RENTAL', 'RIDE_HAILING', 'TRAINING'])[1 + pg_temp.pick(c, 57, 6)]
      WHEN pg_temp.u(c, 57) < 0.06 THEN 'RIDE_HAILING' ELSE 'PRIVATE' END AS use
  FROM sold s
)
SELECT (SELECT cars FROM demo_chunk) + row_number() OVER (ORDER BY c), c, nextval('vehicles_vehicle_id_seq'), i, owner_id,
  CASE WHEN changed_on IS NOT NULL THEN former_id END, o, seller, t, sold_on, changed_on, coalesce(changed_on, sold_on),
  gone_on,
  sold_on + (365 * least(CASE WHEN loyal_years * 12 > whole_months
    THEN whole_months / 12.0 + (loyal_years - whole_months / 12.0) / 2 ELSE loyal_years END, 30))::int,
  gone_on IS NOT NULL AND pg_temp.u(c, 58) < 0.1, use, company,
  CASE use WHEN 'RIDE_HAILING' THEN 68000 WHEN 'RENTAL' THEN 32000 WHEN 'BUSINESS' THEN 24000 WHEN 'TRAINING' THEN 38000
    WHEN 'OFFICIAL' THEN 18000 ELSE yearly_km END / 365.25
    * exp(0.7 * (pg_temp.u(c, 59) + pg_temp.u(c, 60) + pg_temp.u(c, 61) - 1.5)),
  2 * pi() * pg_temp.u(c, 62), driver.zh || given.zh, pg_temp.mobile(c + 7000000000), pg_temp.u(c, 63) < 0.02
FROM lived
JOIN demo_surname driver ON driver.k = pg_temp.pick(c, 64, 1000)
JOIN demo_given given ON given.male AND given.age = 1 AND given.k = pg_temp.pick(c, 65, 256)
ORDER BY c;
UPDATE demo_chunk SET cars = cars + (SELECT count(*) FROM demo_car);

-- Plates of GA 36 in the order of the cars: each office deals out its numbers in a fixed disorder, so that none comes twice.
WITH wanted AS (
  SELECT n, old, p.office, t.green, row_number() OVER (PARTITION BY p.office, t.green ORDER BY n, old) AS rank
  FROM demo_car k CROSS JOIN (VALUES (true), (false)) AS v (old) JOIN demo_place p ON p.o = k.o JOIN demo_trim t ON t.t = k.t
  WHERE CASE WHEN old THEN k.changed_on IS NOT NULL ELSE k.acquired <= pg_temp.today() - 15 END
), dealt AS MATERIALIZED (
  SELECT n, old, office, green, turn,
    CASE WHEN green THEN turn / 340000 * 340000 + turn * 617411 % 340000
      ELSE turn / 1300000 * 1300000 + turn * 617411 % 1300000 END AS s
  FROM (SELECT w.*, w.rank + coalesce(u.used, 0) AS turn
    FROM wanted w LEFT JOIN demo_plates u ON u.office = w.office AND u.green = w.green) t
), counted AS (
  INSERT INTO demo_plates AS p SELECT office, green, max(turn) FROM dealt GROUP BY 1, 2
  ON CONFLICT (office, green) DO UPDATE SET used = excluded.used
), written AS (
  SELECT d.n, d.old, office || CASE
    WHEN d.green THEN substr(t.plate_letters, 1 + (s / 340000)::int % 5, 1)
      || substr('0123456789ABCDEFGHJKLMNPQRSTUVWXYZ', 1 + (s % 340000 / 10000)::int, 1) || lpad((s % 10000)::text, 4, '0')
    WHEN s < 100000 THEN lpad(s::text, 5, '0')
    WHEN s < 1300000 THEN overlay(lpad(((s - 100000) % 10000)::text, 4, '0') PLACING
      substr('ABCDEFGHJKLMNPQRSTUVWXYZ', 1 + ((s - 100000) % 240000 / 10000)::int, 1)
      FROM 1 + ((s - 100000) / 240000)::int FOR 0)
    ELSE substr('ABCDEFGHJKLMNPQRSTUVWXYZ', 1 + ((s - 1300000) / 24000)::int % 24, 1)
      || substr('ABCDEFGHJKLMNPQRSTUVWXYZ', 1 + ((s - 1300000) / 1000)::int % 24, 1) || lpad((s % 1000)::text, 3, '0')
    END AS plate
  FROM dealt d JOIN demo_car k ON k.n = d.n JOIN demo_trim t ON t.t = k.t
), numbered AS (
  SELECT k.n, max(w.plate) FILTER (WHERE NOT w.old) AS plate, max(w.plate) FILTER (WHERE w.old) AS old_plate,
    max(t.vds || '0' || substr('GHJKLMNPRSTVWXY123456789', 1 + least(23, extract(year FROM k.sold_on)::int - 2016), 1)
      || substr('ABCDEFGHJKLMNPRSTUVWXYZ', 1 + (k.n / 1000000)::int % 23, 1)
      || lpad((k.n * 514229 % 1000000)::text, 6, '0')) AS vin
  FROM demo_car k JOIN demo_trim t ON t.t = k.t LEFT JOIN written w ON w.n = k.n GROUP BY k.n
)
UPDATE demo_car k SET plate = coalesce(w.plate, ''), old_plate = w.old_plate, vin = w.vin FROM numbered w WHERE w.n = k.n;
WITH digits AS MATERIALIZED (
  SELECT n, convert_to(translate(vin, 'ABCDEFGHJKLMNPRSTUVWXYZ', '12345678123457923456789'), 'UTF8') AS b FROM demo_car
)
UPDATE demo_car k SET vin = overlay(vin PLACING pg_temp.vin_check(d.b) FROM 9 FOR 1) FROM digits d WHERE d.n = k.n;

-- Since when the outlet knows somebody, and where else he is known.
INSERT INTO demo_life (i, since, second, second_since, earlier)
WITH firsts AS (SELECT i, min(acquired) AS acquired FROM demo_car GROUP BY i), known AS MATERIALIZED (
  SELECT w.i, w.part, p.neighbour, p.opened, b.opened AS neighbour_opened, coalesce(own.acquired - pg_temp.pick(w.i, 70, 45),
    led.acquired - pg_temp.pick(w.i, 70, 20), pg_temp.today() - CASE w.part WHEN 'LOST' THEN 20 + pg_temp.pick(w.i, 70, 420)
      ELSE 3 + floor(300 * pg_temp.u(w.i, 70) ^ 1.5)::int END) AS since
  FROM demo_who w JOIN demo_place p ON p.o = w.o LEFT JOIN demo_place b ON b.o = p.neighbour
  LEFT JOIN firsts own ON own.i = w.i LEFT JOIN firsts led ON led.i = w.leader
), ordered AS MATERIALIZED (SELECT *, greatest(since, opened) AS known_since FROM known)
SELECT i, known_since,
  CASE WHEN part = 'TWIN' AND pg_temp.u(i, 71) < 0.4 OR part = 'OWNER' AND pg_temp.u(i, 71) < 0.065
      AND pg_temp.today() - known_since > 200 THEN neighbour END,
  greatest(neighbour_opened, CASE WHEN pg_temp.today() - known_since > 200
    THEN known_since + 100 + pg_temp.pick(i, 72, pg_temp.today() - known_since - 110) ELSE known_since END),
  CASE WHEN part = 'OWNER' AND pg_temp.u(i, 73) < 0.02 AND neighbour_opened < known_since - 400 THEN neighbour END
FROM ordered;
