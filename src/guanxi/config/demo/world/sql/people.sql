-- Who there is in this chunk: the part somebody plays in his neighbourhood of twenty, and what follows from it.
TRUNCATE demo_who, demo_seal;
INSERT INTO demo_who (i, id, pos, part, leader, company, o, node_id, brand, line, male, born, name, reading, initials,
  industry, occupation, district, cars, identity, consultant)
WITH numbered AS MATERIALIZED (
  SELECT i, ((i - 1) % 20)::int AS pos, (i - 1) / 20 AS block,
    (i - 1) % 20 IN (3, 7, 11, 15) AND pg_temp.u(i, 20) < 0.9 AS company
  FROM demo_chunk, generate_series(first, last) AS i
), parts AS MATERIALIZED (
  SELECT i, pos, block, company, CASE
    WHEN pos = 1 AND pg_temp.u(i, 21) < 0.8 THEN 'PARTNER'
    WHEN pos IN (2, 12, 17) OR (pos = 15 AND company AND pg_temp.u(i, 21) < 0.2) THEN 'POTENTIAL'
    WHEN pos = 4 AND pg_temp.u(i - 1, 20) < 0.9 AND pg_temp.u(i, 21) < 0.8 THEN 'CONTACT'
    WHEN pos = 8 AND pg_temp.u(i - 1, 20) < 0.9 AND pg_temp.u(i, 21) < 0.5 THEN 'CONTACT'
    WHEN pos = 14 AND pg_temp.u(i, 21) < 0.6 THEN 'LOST'
    WHEN pos = 19 AND pg_temp.u(i, 21) < 0.2 THEN 'TWIN'
    ELSE 'OWNER' END AS part
  FROM numbered
), placed AS MATERIALIZED (
  SELECT q.*, p.o, p.node_id, p.brand, p.city, p.districts, cardinality(p.consultants) AS consultants,
    CASE WHEN p.brand = 'YL' AND pg_temp.u(q.leader, 23) < CASE WHEN q.company THEN 0.78 ELSE 0.33 END
      THEN 'COMMERCIAL' ELSE 'PASSENGER' END AS line,
    -- a twin is the same person a second time, so he has the other's chances
    CASE q.part WHEN 'TWIN' THEN q.leader ELSE q.i END AS self
  FROM (SELECT r.*, CASE WHEN part IN ('PARTNER', 'CONTACT', 'TWIN') THEN i - 1 ELSE i END AS leader FROM parts r) q
  LEFT JOIN demo_fixed f ON f.block = q.block
  JOIN demo_slot s ON s.s = pg_temp.pick(q.block, 22, 4096)
  JOIN demo_place p ON p.o = coalesce(f.o, s.o)
), persons AS MATERIALIZED (
  SELECT d.*,
    (pg_temp.u(leader, 24) < CASE WHEN line = 'COMMERCIAL' THEN 0.9 ELSE 0.64 END) <> (part = 'PARTNER') AS male,
    pg_temp.today() - (365.25 * (20 + 46 * power((pg_temp.u(leader, 25) + pg_temp.u(leader, 26)) / 2, 1.4)
      + CASE WHEN part = 'TWIN' THEN 0 WHEN part = 'OWNER' THEN 0 ELSE 8 * pg_temp.u(i, 27) - 2 END))::int AS born,
    CASE WHEN part <> 'OWNER' THEN 0 WHEN NOT company THEN 1 + (pg_temp.u(i, 28) < 0.1)::int
      WHEN line = 'COMMERCIAL' THEN least(12, 1 + floor(-ln(1 - pg_temp.u(i, 28)) * 1.9))
      ELSE least(8, 1 + floor(-ln(1 - pg_temp.u(i, 28)) * 0.8)) END::int AS cars
  FROM placed d
), named AS (
  SELECT p.*, s.zh AS surname, s.py AS surname_py, s.initials AS surname_initials, g.zh AS given, g.py AS given_py,
    g.initials AS given_initials, town.zh AS town, town.py AS town_py, town.initials AS town_initials,
    firm.zh AS firm, firm.py AS firm_py, firm.initials AS firm_initials, trade.zh AS trade, trade.py AS trade_py,
    trade.initials AS trade_initials, trade.industry, sort.zh AS sort, sort.py AS sort_py, sort.initials AS sort_initials
  FROM persons p
  JOIN demo_surname s ON s.k = pg_temp.pick(self, 30, 1000)
  JOIN demo_given g ON g.male = p.male AND g.age = (p.born >= '1972-01-01')::int + (p.born >= '1985-01-01')::int
    + (p.born >= '1996-01-01')::int AND g.k = pg_temp.pick(self, 31, 256)
  JOIN demo_town town ON town.zh = p.city
  JOIN demo_firm firm ON firm.k = pg_temp.pick(i, 32, 128)
  JOIN demo_trade trade ON trade.line = p.line AND trade.k = pg_temp.pick(i, 33, 10)
  JOIN demo_sort sort ON sort.k = pg_temp.pick(i, 34, 6)
), spelt AS MATERIALIZED (
  SELECT n.*,
    CASE WHEN company THEN 'FIRM' WHEN pg_temp.u(i, 35) < 0.005 THEN 'JUNK'
      WHEN part = 'TWIN' AND pg_temp.u(i, 35) < 0.25 THEN 'POLITE' ELSE 'FULL' END AS way,
    districts[1 + pg_temp.pick(self, 37, cardinality(districts))] AS district,
    CASE WHEN company THEN '91' || districts[1] || lpad(pg_temp.pick(i, 38, 1000000000)::text, 9, '0')
      ELSE districts[1 + pg_temp.pick(self, 37, cardinality(districts))] || to_char(born, 'YYYYMMDD')
        || lpad((2 * pg_temp.pick(self, 38, 500) + male::int)::text, 3, '0') END AS body,
    pg_temp.u(self, 39) < CASE WHEN part IN ('OWNER', 'TWIN') THEN 0.72 ELSE 0.08 END
      AND (part <> 'TWIN' OR pg_temp.u(i, 40) < 0.3) AS identified
  FROM named n
)
SELECT i, nextval('customers_customer_id_seq'), pos, part, leader, company, o, node_id, brand, line, male, born,
  CASE way WHEN 'FIRM' THEN town || firm || trade || sort WHEN 'JUNK' THEN pg_temp.w_junk_name(pg_temp.u(i, 36))
    WHEN 'POLITE' THEN surname || CASE WHEN male THEN '先生' ELSE '女士' END ELSE surname || given END,
  CASE way WHEN 'FIRM' THEN town_py || firm_py || trade_py || sort_py
    WHEN 'JUNK' THEN pg_temp.w_junk_reading(pg_temp.u(i, 36))
    WHEN 'POLITE' THEN surname_py || CASE WHEN male THEN 'xiansheng' ELSE 'nvshi' END ELSE surname_py || given_py END,
  CASE way WHEN 'FIRM' THEN town_initials || firm_initials || trade_initials || sort_initials
    WHEN 'JUNK' THEN pg_temp.w_junk_initials(pg_temp.u(i, 36))
    WHEN 'POLITE' THEN surname_initials || CASE WHEN male THEN 'xs' ELSE 'ns' END
    ELSE surname_initials || given_initials END,
  CASE WHEN company THEN industry ELSE '' END,
  CASE WHEN company OR pg_temp.u(i, 41) < 0.35 THEN ''
    WHEN line = 'COMMERCIAL' THEN pg_temp.w_driver_occupation(pg_temp.u(i, 42))
    ELSE pg_temp.w_occupation(pg_temp.u(i, 42)) END,
  district, cars,
  CASE WHEN NOT identified THEN NULL WHEN company THEN body || pg_temp.credit_check(convert_to(body, 'UTF8'))
    ELSE body || pg_temp.resident_check(convert_to(body, 'UTF8')) END,
  CASE WHEN consultants > 0 AND part <> 'CONTACT' AND pg_temp.u(i, 43) < 0.95 THEN 1 + pg_temp.pick(i, 44, consultants) END
FROM spelt ORDER BY i;

-- Who came on whose word.
TRUNCATE demo_referrer;
INSERT INTO demo_referrer
SELECT w.i, f.id FROM demo_who w JOIN demo_who f ON f.i = w.i - 5 AND f.part = 'OWNER' AND NOT f.company
WHERE w.pos IN (5, 9, 13, 16) AND w.part = 'OWNER' AND pg_temp.u(w.i, 45) < 0.3;
