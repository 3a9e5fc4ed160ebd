-- The outlets: who works there, when the workshop is open, how good it is (which nobody is told), how many customers.
CREATE TEMP TABLE demo_place ON COMMIT DROP AS
WITH staff AS (
  SELECT m.node_id,
    array_agg(u.id ORDER BY u.username) FILTER (WHERE m.role_id = 'sales_consultant') AS consultant_ids,
    array_agg(u.name ORDER BY u.username) FILTER (WHERE m.role_id = 'sales_consultant') AS consultants,
    array_agg(u.name ORDER BY m.role_id, u.username)
      FILTER (WHERE m.role_id IN ('service_advisor', 'service_manager')) AS advisors
  FROM access_membership m JOIN access_user u ON u.id = m.user_id WHERE m.valid_to IS NULL GROUP BY m.node_id
), outlet AS (
  SELECT (row_number() OVER (ORDER BY n.code) - 1)::int AS o, n.id AS node_id, n.code, left(n.code, 2) AS brand,
    n.valid_from AS opened, p.sells, p.is_key, p.province, c.*, s.consultant_ids, s.consultants, s.advisors,
    pg_temp.u(hashtextextended(n.code, 0), 10) AS quality, pg_temp.u(hashtextextended(n.code, 0), 11) AS size,
    ARRAY(SELECT coalesce(min(k) FILTER (WHERE EXISTS (SELECT 1 FROM network_openinghours h WHERE h.node_id = n.id
        AND h.desk = 'SERVICE' AND h.weekday = (day + k) % 7)), 0)
      FROM generate_series(0, 6) day, generate_series(0, 6) k GROUP BY day ORDER BY day) AS next_open
  FROM network_node n JOIN network_outletprofile p ON p.node_id = n.id JOIN demo_city c ON c.city = p.city_zh
  LEFT JOIN staff s ON s.node_id = n.id
  WHERE n.kind = 'OUTLET' AND p.serves AND n.valid_to IS NULL AND left(n.code, 2) IN ('YL', 'QC')
)
SELECT a.*, 1.18 - 0.3 * a.quality AS price,
  (SELECT b.o FROM outlet b WHERE b.brand = a.brand AND b.city = a.city AND b.sells
    ORDER BY b.o <> a.o, b.o LIMIT 1) AS seller,
  (SELECT b.o FROM outlet b WHERE b.brand = a.brand AND b.o <> a.o
    ORDER BY b.city <> a.city, b.province <> a.province, abs(b.o - a.o), b.o LIMIT 1) AS neighbour
FROM outlet a;

-- 4096 equal chances for a neighbourhood to belong to an outlet; the cast's own outlet has more than its share.
CREATE TEMP TABLE demo_slot ON COMMIT DROP AS
WITH weighed AS (
  SELECT o, CASE WHEN code = '{home}' THEN 2.2 ELSE (0.6 + 0.8 * size) * CASE brand WHEN 'QC' THEN 0.75 ELSE 1 END
    * CASE WHEN sells THEN 1 ELSE 0.6 END * CASE WHEN is_key THEN 1.5 ELSE 1 END END AS weight FROM demo_place
), summed AS (
  SELECT o, sum(weight) OVER (ORDER BY o) / sum(weight) OVER () AS upto,
    (sum(weight) OVER (ORDER BY o) - weight) / sum(weight) OVER () AS above FROM weighed
)
SELECT s, o FROM summed, generate_series(ceil(above * 4096 - 0.5)::int, ceil(upto * 4096 - 0.5)::int - 1) s;

-- The days: how many cars are sold, how many come to the workshop. Little in the week of the Chinese New Year.
CREATE TEMP TABLE demo_day ON COMMIT DROP AS
WITH days AS (
  SELECT day::date AS day, extract(month FROM day)::int AS month, extract(isodow FROM day)::int AS weekday,
    (SELECT day::date - y FROM unnest('{2016-02-08, 2017-01-28, 2018-02-16, 2019-02-05, 2020-01-25, 2021-02-12, 2022-02-01,
      2023-01-22, 2024-02-10, 2025-01-29, 2026-02-17, 2027-02-06, 2028-01-26, 2029-02-13, 2030-02-03, 2031-01-23, 2032-02-11,
      2033-01-31, 2034-02-19, 2035-02-08}'::date[]) y ORDER BY abs(day::date - y) LIMIT 1) AS after_new_year
  FROM generate_series(pg_temp.today() - 3000, pg_temp.today(), interval '1 day') day
), weighed AS (
  SELECT day, month, to_char(day, 'YYMMDD') AS label,
    exp(-0.0003 * (pg_temp.today() - day)) * CASE WHEN weekday > 5 THEN 1.35 ELSE 1 END
      * CASE WHEN after_new_year BETWEEN -2 AND 8 THEN 0.15 ELSE 1 END
      * (ARRAY[1.15, 0.75, 0.95, 0.9, 0.95, 1, 0.85, 0.9, 1.1, 1.05, 1.15, 1.5])[month] AS sales,
    CASE WHEN after_new_year BETWEEN -1 AND 8 THEN 0.12 WHEN after_new_year BETWEEN -20 AND -2 THEN 1
      ELSE (ARRAY[0.88, 0.85, 0.88, 0.86, 0.88, 0.96, 1, 1, 0.9, 0.92, 0.9, 0.92])[month] END AS keep
  FROM days
)
SELECT day, month, label, keep, sum(sales) OVER (ORDER BY day) / sum(sales) OVER () AS upto,
  (sum(sales) OVER (ORDER BY day) - sales) / sum(sales) OVER () AS above FROM weighed;

CREATE TEMP TABLE demo_moment ON COMMIT DROP AS
SELECT q, day FROM demo_day, generate_series(ceil(above * 8192 - 0.5)::int, ceil(upto * 8192 - 0.5)::int - 1) q;
ANALYZE demo_place, demo_slot, demo_day, demo_moment;
