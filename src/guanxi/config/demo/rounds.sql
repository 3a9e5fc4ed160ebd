-- Rounds that were asked for become rounds that were filed: who went, what was found, what is still open.
CREATE OR REPLACE FUNCTION pg_temp.share(words text) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (hashtextextended(words, 2813) & 65535) / 65536.0;

-- An outlet goes round more or less faithfully, usually before the time is over.
CREATE TEMP TABLE demo_going ON COMMIT DROP AS
SELECT r.id, r.list_id, r.code, r.outlet_id, r.day, n.code AS outlet, u.id AS person_id, u.name AS person_name,
  r.due_at + make_interval(mins => (90 * (pg_temp.share(n.code || r.code || r.day || 'when') - 0.7))::int) AS filed_at
FROM care_round r
JOIN network_node n ON n.id = r.outlet_id
JOIN LATERAL (
  SELECT p.id, p.name FROM access_membership m JOIN access_user p ON p.id = m.user_id
  WHERE m.node_id = r.outlet_id AND m.role_id = 'cr_manager' ORDER BY p.id LIMIT 1) u ON true
WHERE r.filed_at IS NULL AND r.day < date '{today}'
  AND pg_temp.share(n.code || r.code || r.day) < 0.72 + 0.3 * pg_temp.share(n.code || 'faithful');

-- An item is more or less often wanting, for most days of a week in which it is.
CREATE TEMP TABLE demo_found ON COMMIT DROP AS
SELECT g.id AS round_id, g.outlet_id, g.code, g.day, i.id AS item_id, i.code AS item, CASE
  WHEN pg_temp.share(g.outlet || i.code || (g.day - date '2000-01-03') / 7)
    < 0.02 + 0.16 * pg_temp.share(i.code || 'weak') ^ 3 + 0.12 * pg_temp.share(g.outlet || 'careless') ^ 4
    AND pg_temp.share(g.outlet || i.code || g.day) < 0.7 THEN 'MISSING'
  WHEN pg_temp.share(g.outlet || i.code || g.day || 'other') < 0.01 THEN 'NOT_APPLICABLE'
  ELSE 'FULFILLED' END AS finding
FROM demo_going g JOIN care_checkitem i ON i.list_id = g.list_id;

UPDATE care_round r SET filed_at = g.filed_at, person_id = g.person_id, person_name = g.person_name,
  fulfilled = f.fulfilled, missing = f.missing
FROM demo_going g JOIN (
  SELECT round_id, count(*) FILTER (WHERE finding = 'FULFILLED') AS fulfilled,
    count(*) FILTER (WHERE finding = 'MISSING') AS missing FROM demo_found GROUP BY 1) f ON f.round_id = g.id
WHERE r.id = g.id;

INSERT INTO care_answer (round_id, item_id, finding, remark)
SELECT f.round_id, f.item_id, f.finding,
  CASE WHEN f.finding = 'MISSING' THEN coalesce(w.words, '未做到，需要整改') ELSE '' END
FROM demo_found f LEFT JOIN demo_remark w ON w.item = f.item;

-- What is wanting in rounds one after another is one shortcoming, until a round sees it right.
WITH marked AS (
  SELECT f.*, (finding = 'MISSING' AND lag(finding, 1, 'FULFILLED') OVER w <> 'MISSING') AS begins
  FROM demo_found f WHERE finding <> 'NOT_APPLICABLE' WINDOW w AS (PARTITION BY outlet_id, code, item ORDER BY day)),
numbered AS (
  SELECT m.*, count(*) FILTER (WHERE begins) OVER w AS run
  FROM marked m WINDOW w AS (PARTITION BY outlet_id, code, item ORDER BY day)),
ended AS (
  SELECT outlet_id, code, item, run, min(day) AS day FROM numbered WHERE finding = 'FULFILLED' GROUP BY 1, 2, 3, 4)
INSERT INTO care_shortcoming (outlet_id, code, item_code, item_id, round_id, remark, found_on, ended_on, ending)
SELECT b.outlet_id, b.code, b.item, b.item_id, b.round_id, a.remark, b.day, e.day,
  CASE WHEN e.day IS NULL THEN '' ELSE 'SEEN_RIGHT' END
FROM numbered b
JOIN care_answer a ON a.round_id = b.round_id AND a.item_id = b.item_id
LEFT JOIN ended e USING (outlet_id, code, item, run)
WHERE b.begins;
