"""What owners' files add: people with their numbers and addresses, cars with plates, owners and sales, doubts."""

from guanxi.intake.services.staging.loading import Step

CUSTOMERS = """
INSERT INTO customers_customer_new (id, kind, name, reading, initials, gender, born_on, identity_kind, identity_sealed,
  identity_digest, identity_tail, industry, occupation, hobbies, preferred_channel, verification, created_at,
  touched_at, run_id)
SELECT r.cid, r.kind, r.name, r.reading, r.initials, coalesce(r.gender, ''), r.born_on, '', i.sealed, i.digest,
  coalesce(i.tail, ''), '', '', '', '', 'UNVERIFIED', %(at)s, %(at)s, %(run)s
FROM intake_row r LEFT JOIN intake_sealed i ON i.person = r.person WHERE r.is_first AND r.is_new_person
"""
POINTS = """
INSERT INTO customers_contactpoint_new (customer_id, channel, value, label, is_primary, state, touched_at, run_id)
SELECT p.cid, n.channel, n.value, '', true, 'VALID', %(at)s, %(run)s
FROM intake_number n JOIN intake_person p ON p.person = n.person
WHERE p.is_new AND n.row = n.person AND n.place = 0
UNION ALL
SELECT p.cid, n.channel, n.value, '',
  lag(n.value) OVER (PARTITION BY n.person, n.channel ORDER BY n.row, n.place) IS NULL AND NOT (n.channel = 'MOBILE'
    AND EXISTS (SELECT 1 FROM intake_stage f WHERE f.row = n.person AND f.mobile IS NOT NULL)), 'VALID', %(at)s, %(run)s
FROM intake_number n JOIN intake_person p ON p.person = n.person
WHERE p.is_new AND NOT (n.row = n.person AND n.place = 0)
"""
MORE_POINTS = """
INSERT INTO customers_contactpoint_new (customer_id, channel, value, label, is_primary, state, touched_at, run_id)
SELECT cid, channel, value, '', place = 1 AND NOT EXISTS (SELECT 1 FROM customers_contactpoint o
  WHERE o.customer_id = n.cid AND o.channel = n.channel AND o.is_primary), 'VALID', %(at)s, %(run)s
FROM (
  SELECT cid, channel, value, row_number() OVER (PARTITION BY cid, channel ORDER BY first) AS place
  FROM (SELECT p.cid, n.channel, n.value, min((n.row, n.place)) AS first
    FROM intake_number n JOIN intake_person p ON p.person = n.person WHERE NOT p.is_new GROUP BY 1, 2, 3) every
  WHERE NOT EXISTS (SELECT 1 FROM customers_contactpoint o
    WHERE o.customer_id = every.cid AND o.channel = every.channel AND o.value = every.value)
) n
"""
ADDRESSES = """
INSERT INTO customers_address_new (customer_id, kind, province, city, district, line, postcode, touched_at, run_id)
SELECT cid, CASE kind WHEN 'COMPANY' THEN 'REGISTERED' ELSE 'HOME' END, coalesce(province, ''), coalesce(city, ''),
  coalesce(district, ''), coalesce(line, ''), '', %(at)s, %(run)s
FROM intake_row r WHERE is_first AND coalesce(province, line) IS NOT NULL AND (is_new_person OR NOT EXISTS (
  SELECT 1 FROM customers_address a WHERE a.customer_id = r.cid))
"""
RELATIONS = """
INSERT INTO customers_relation_new (customer_id, outlet_id, category, source, consultant_id, consultant_name, tags,
  since, touched_at, run_id)
SELECT cid, node_id, 'OWNER', '', s.user_id, CASE WHEN s.user_id IS NULL THEN coalesce(r.consultant, '') ELSE '' END,
  '{}', coalesce(r.sold_on, %(day)s), %(at)s, %(run)s
FROM (
  SELECT cid, node_id, consultant, sold_on FROM intake_row WHERE is_lone AND is_new_person
  UNION ALL (
    SELECT DISTINCT ON (cid, node_id) cid, node_id, consultant, sold_on FROM intake_row r
    WHERE NOT (is_lone AND is_new_person) AND (is_new_person OR NOT EXISTS (SELECT 1 FROM customers_relation o
      WHERE o.customer_id = r.cid AND o.outlet_id = r.node_id AND o.ended_on IS NULL))
    ORDER BY cid, node_id, is_owner DESC, sold_on, row
  )
) r LEFT JOIN intake_staff s ON s.outlet_id = r.node_id AND s.name = r.consultant
"""
NUMBERS = """
INSERT INTO customers_externalid_new (customer_id, source, value, touched_at, run_id)
SELECT DISTINCT ON (customer_no) cid, %(source)s, customer_no, %(at)s, %(run)s FROM intake_row r
WHERE is_first AND may_number AND NOT EXISTS (SELECT 1 FROM customers_externalid e
  WHERE e.source = %(source)s AND e.value = r.customer_no)
ORDER BY customer_no, row
"""
VEHICLES = """
INSERT INTO vehicles_vehicle_new (id, vin, is_vin_doubtful, trim_id, model_text, colour, engine_no, plate, condition,
  sold_on,
  insured_until, touched_at, run_id)
SELECT r.vid, r.vin, r.is_vin_doubtful, t.trim_id, coalesce(r.model_text, ''), coalesce(r.colour, ''), '',
  coalesce(r.plate, ''), 'IN_USE', r.sold_on, r.insured_until, %(at)s, %(run)s
FROM intake_row r LEFT JOIN intake_trim t ON t.model_text = r.model_text WHERE r.is_car AND r.is_new_car
"""
PLATES = """
INSERT INTO vehicles_plate_new (vehicle_id, number, since, touched_at, run_id)
SELECT vid, plate, sold_on, %(at)s, %(run)s FROM intake_row WHERE is_car AND is_new_car AND plate IS NOT NULL
"""
OWNERS = """
INSERT INTO vehicles_participant_new (vehicle_id, customer_id, role, since, touched_at, run_id)
SELECT vid, cid, 'OWNER', sold_on, %(at)s, %(run)s FROM intake_row r
WHERE is_car AND held_by IS NULL AND (is_new_car OR NOT EXISTS (SELECT 1 FROM vehicles_participant p
  WHERE p.vehicle_id = r.vid AND p.customer_id = r.cid AND p.role = 'OWNER' AND p.since IS NOT DISTINCT FROM r.sold_on))
"""
SALES = """
INSERT INTO vehicles_sale_new (vehicle_id, customer_id, outlet_id, sold_on, consultant_id, consultant_name, price,
  currency, use, order_no, touched_at, run_id)
SELECT vid, cid, node_id, sold_on, s.user_id, CASE WHEN s.user_id IS NULL THEN coalesce(r.consultant, '') ELSE '' END,
  price, 'CNY', '', '', %(at)s, %(run)s
FROM (
  SELECT vid, cid, node_id, sold_on, consultant, price FROM intake_row
  WHERE is_lone AND is_new_car AND (sold_on IS NOT NULL OR price IS NOT NULL)
  UNION ALL (
    SELECT DISTINCT ON (vid, node_id) vid, cid, node_id, sold_on, consultant, price FROM intake_row r
    WHERE NOT (is_lone AND is_new_car) AND (sold_on IS NOT NULL OR price IS NOT NULL)
      AND (is_new_car OR NOT EXISTS (
        SELECT 1 FROM vehicles_sale o WHERE o.vehicle_id = r.vid AND o.outlet_id = r.node_id))
    ORDER BY vid, node_id, is_car DESC, row
  )
) r LEFT JOIN intake_staff s ON s.outlet_id = r.node_id AND s.name = r.consultant
"""
DOUBTS = """
INSERT INTO vehicles_ownerdoubt (vehicle_id, outlet_id, seen_on, name, phone, state, run_id)
SELECT DISTINCT ON (vid, node_id) vid, node_id, coalesce(sold_on, %(day)s), name, coalesce(mobile, ''), 'OPEN', %(run)s
FROM intake_row r WHERE NOT is_owner AND NOT EXISTS (
  SELECT 1 FROM vehicles_ownerdoubt d WHERE d.vehicle_id = r.vid AND d.outlet_id = r.node_id
    AND (d.state = 'OPEN' OR d.name = r.name))
ORDER BY vid, node_id, row
"""
# A consultant is somebody of the outlet if one and only one there has the name.
STAFF = """
DROP TABLE IF EXISTS intake_staff;
CREATE TEMP TABLE intake_staff ON COMMIT DROP AS
SELECT w.outlet_id, w.name, min(u.id) AS user_id
FROM (SELECT DISTINCT node_id AS outlet_id, consultant AS name FROM intake_row WHERE consultant IS NOT NULL) w
JOIN network_ancestry a ON a.ancestor_id = w.outlet_id AND a.during @> %(day)s::date
JOIN access_membership m ON m.node_id = a.descendant_id AND m.valid_from <= %(day)s
  AND (m.valid_to IS NULL OR m.valid_to > %(day)s)
JOIN access_user u ON u.id = m.user_id AND u.name = w.name AND u.kind = 'PERSON'
GROUP BY 1, 2 HAVING count(DISTINCT u.id) = 1
"""
# A model's name stands for a trim if it is the trim's own, or the model has no other.
TRIMS = """
DROP TABLE IF EXISTS intake_trim;
CREATE TEMP TABLE intake_trim ON COMMIT DROP AS
WITH words AS (SELECT DISTINCT model_text FROM intake_row WHERE model_text IS NOT NULL),
names AS (
  SELECT t.id AS trim_id, n.name FROM vehicles_trim t CROSS JOIN LATERAL (VALUES (t.code), (t.name_zh),
    (t.name_en)) n (name)
  UNION
  SELECT min(t.id), n.name FROM vehicles_carmodel c JOIN vehicles_trim t ON t.model_id = c.id
  CROSS JOIN LATERAL (SELECT unnest(ARRAY[c.code, c.name_zh, c.name_en] || regexp_split_to_array(c.aliases,
    '\\s*[,;，；、]\\s*'))
    AS name) n
  GROUP BY c.id, n.name HAVING count(*) = 1
)
SELECT w.model_text, min(n.trim_id) AS trim_id FROM words w JOIN names n ON n.name <> ''
  AND upper(n.name) = upper(w.model_text)
GROUP BY 1 HAVING count(DISTINCT n.trim_id) = 1
"""
# Whom and what the rows hang on stays there until the end.
HOLD = """
SELECT count(*) FROM (SELECT 1 FROM customers_customer c JOIN intake_person p ON p.cid = c.id AND NOT p.is_new
  FOR KEY SHARE OF c) people;
SELECT count(*) FROM (SELECT 1 FROM vehicles_vehicle v JOIN intake_car c ON c.vid = v.id AND NOT c.is_new
  FOR KEY SHARE OF v) cars
"""

PREPARE = (Step("people", HOLD), Step("people", STAFF), Step("cars", TRIMS))
# What is added for new people and cars, and what those who are there do not have yet; what others hang on, first.
STEPS = (
    Step("customers_customer", CUSTOMERS, is_door=True),
    Step("customers_relation", RELATIONS, is_door=True),
    Step("customers_contactpoint", POINTS, is_door=True),
    Step("customers_contactpoint", MORE_POINTS, is_door=True),
    Step("customers_address", ADDRESSES, is_door=True),
    Step("customers_externalid", NUMBERS, is_door=True),
    Step("vehicles_vehicle", VEHICLES, is_door=True),
    Step("vehicles_plate", PLATES, is_door=True),
    Step("vehicles_participant", OWNERS, is_door=True),
    Step("vehicles_sale", SALES, is_door=True),
    Step("vehicles_ownerdoubt", DOUBTS),
)
