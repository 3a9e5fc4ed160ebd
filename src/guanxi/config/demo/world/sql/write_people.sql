-- Customers and what hangs on them.
INSERT INTO customers_customer (id, touched_at, run_id, kind, name, reading, initials, gender, born_on, identity_kind,
  identity_sealed, identity_digest, identity_tail, industry, occupation, hobbies, preferred_channel, verification,
  verified_at, created_at)
SELECT w.id, l.touched_at, {run}, CASE WHEN company THEN 'COMPANY' ELSE 'PERSON' END, name, reading, initials,
  CASE WHEN company OR pg_temp.u(w.i, 120) < 0.08 THEN '' WHEN male THEN 'M' ELSE 'F' END,
  CASE WHEN NOT company AND pg_temp.u(w.i, 121) < CASE part WHEN 'OWNER' THEN 0.88 WHEN 'TWIN' THEN 0.3 ELSE 0.55 END
    THEN born END,
  CASE WHEN identity IS NULL THEN '' WHEN company THEN 'CREDIT_CODE' ELSE 'ID_CARD' END, s.sealed, s.digest,
  coalesce(right(identity, 4), ''), industry, occupation,
  CASE WHEN NOT company AND pg_temp.u(w.i, 122) < 0.3 THEN pg_temp.w_hobby(pg_temp.u(w.i, 123)) ELSE '' END,
  CASE WHEN pg_temp.u(w.i, 124) < 0.5 THEN pg_temp.w_channel(pg_temp.u(w.i, 125)) ELSE '' END, found.verification,
  CASE WHEN found.verification <> 'UNVERIFIED' THEN greatest(l.created_at,
    pg_temp.moment(l.seen_on - 3 - pg_temp.pick(w.i, 126, 90), pg_temp.u(w.i, 127))) END,
  l.created_at
FROM demo_who w JOIN demo_life l ON l.i = w.i LEFT JOIN demo_seal s ON s.i = w.i
CROSS JOIN LATERAL (SELECT CASE WHEN pg_temp.u(w.i, 128) < 0.27 THEN 'VALID' WHEN pg_temp.u(w.i, 128) < 0.31 THEN 'INVALID'
  ELSE 'UNVERIFIED' END AS verification) found
ORDER BY w.i;

INSERT INTO customers_contactpoint (touched_at, run_id, customer_id, channel, value, label, is_primary, state, proven_at)
SELECT l.touched_at, {run}, w.id, p.channel, p.value, p.label, p.is_primary,
  CASE WHEN pg_temp.u(w.i * 8 + p.k, 130) < 0.025 THEN 'WRONG' WHEN pg_temp.u(w.i * 8 + p.k, 130) < 0.055 THEN 'UNREACHABLE'
    WHEN pg_temp.u(w.i * 8 + p.k, 130) < 0.07 THEN 'DO_NOT_CONTACT' ELSE 'VALID' END,
  CASE WHEN pg_temp.u(w.i * 8 + p.k, 130) >= 0.055 AND pg_temp.u(w.i * 8 + p.k, 131) < 0.78 THEN
    greatest(l.created_at, pg_temp.moment(l.seen_on - pg_temp.pick(w.i * 8 + p.k, 132, 40), 0.5)) END
FROM demo_who w JOIN demo_life l ON l.i = w.i JOIN demo_place place ON place.o = w.o
CROSS JOIN LATERAL (VALUES
  (0, 'MOBILE', NOT company AND pg_temp.u(w.i, 133) < 0.97 OR company AND pg_temp.u(w.i, 133) < 0.7,
    CASE WHEN pg_temp.u(w.i, 134) < 0.012 THEN pg_temp.w_junk_phone(pg_temp.u(w.i, 135))
      WHEN part = 'TWIN' AND pg_temp.u(w.i, 135) < 0.75 THEN pg_temp.mobile(leader) ELSE pg_temp.mobile(w.i) END,
    CASE WHEN company THEN '联系人' ELSE '' END, true),
  (1, 'MOBILE', pg_temp.u(w.i, 136) < 0.07, pg_temp.mobile(w.i + 3000000000),
    pg_temp.w_point_label(pg_temp.u(w.i, 137)), false),
  (2, 'LANDLINE', pg_temp.u(w.i, 138) < CASE WHEN company THEN 0.85 ELSE 0.06 END,
    place.area || '-' || left((2 + pg_temp.pick(w.i, 139, 7)) || lpad(pg_temp.pick(w.i, 140, 10000000)::text, 7, '0'),
      place.digits), '', true),
  (3, 'EMAIL', reading <> '' AND pg_temp.u(w.i, 141) < CASE WHEN company THEN 0.35 ELSE 0.1 END,
    left(reading, 24) || pg_temp.pick(w.i, 142, 1000) || '@example.com', '', true),
  (4, 'WECHAT', NOT company AND pg_temp.u(w.i, 143) < 0.22,
    'wx_' || left(reading, 12) || pg_temp.pick(w.i, 144, 100000), '', true)
) AS p (k, channel, is_there, value, label, is_primary)
WHERE p.is_there
ORDER BY w.i, p.k;

INSERT INTO customers_address (touched_at, run_id, customer_id, kind, province, city, district, line, postcode)
SELECT l.touched_at, {run}, w.id,
  CASE WHEN NOT company THEN 'HOME' WHEN pg_temp.u(w.i, 150) < 0.5 THEN 'WORK' ELSE 'REGISTERED' END,
  p.province, p.division, w.district, CASE WHEN pg_temp.u(w.i, 151) < 0.06 THEN '' ELSE
    pg_temp.w_street(pg_temp.u(home, 152)) || pg_temp.w_road(pg_temp.u(home, 153)) || 1 + pg_temp.pick(home, 154, 899) || '号'
    || CASE WHEN company THEN pg_temp.w_park(pg_temp.u(home, 155)) || 1 + pg_temp.pick(home, 156, 20) || '栋'
      ELSE pg_temp.w_estate(pg_temp.u(home, 155)) || 1 + pg_temp.pick(home, 156, 40) || '栋' || 1 + pg_temp.pick(home, 157, 4)
        || '单元' || 100 * (1 + pg_temp.pick(home, 158, 24)) + 1 + pg_temp.pick(home, 159, 4) || '室' END END,
  p.postcode
FROM (SELECT *, CASE WHEN part IN ('PARTNER', 'TWIN') THEN leader ELSE i END AS home FROM demo_who) w
JOIN demo_life l ON l.i = w.i JOIN demo_place p ON p.o = w.o
WHERE pg_temp.u(w.i, 160) < CASE part WHEN 'OWNER' THEN 0.93 WHEN 'POTENTIAL' THEN 0.5 WHEN 'LOST' THEN 0.5 ELSE 0.75 END
ORDER BY w.i;

-- What somebody is to his outlet; to a second one that he also visits; to an earlier one that he left.
INSERT INTO customers_relation (touched_at, run_id, customer_id, outlet_id, category, source, consultant_id, consultant_name,
  tags, holds_material, knows_location, has_no_grudge, has_contact_plan, since, ended_on)
SELECT l.touched_at, {run}, w.id, p.node_id, r.category,
  CASE WHEN r.k > 0 THEN 'SERVICE_CARE' WHEN f.i IS NOT NULL THEN 'REFERRAL' WHEN pg_temp.u(w.i, 161) < 0.06 THEN ''
    ELSE pg_temp.w_source(pg_temp.u(w.i, 162)) END,
  CASE WHEN r.k = 0 THEN p.consultant_ids[w.consultant] END,
  coalesce(CASE WHEN r.k = 0 THEN p.consultants[w.consultant] END, ''),
  CASE WHEN r.k = 0 AND pg_temp.u(w.i, 163) < 0.16 THEN ARRAY[pg_temp.w_tag(pg_temp.u(w.i, 164))] ELSE '{}' END,
  CASE WHEN m.is_marked THEN pg_temp.u(w.i, 166) < 0.85 END, CASE WHEN m.is_marked THEN pg_temp.u(w.i, 167) < 0.93 END,
  CASE WHEN m.is_marked THEN pg_temp.u(w.i, 168) < 0.75 + 0.23 * p.quality END,
  CASE WHEN m.is_marked THEN pg_temp.u(w.i, 169) < 0.5 + 0.4 * p.quality END,
  r.since, r.ended_on
FROM demo_who w JOIN demo_life l ON l.i = w.i LEFT JOIN demo_referrer f ON f.i = w.i
CROSS JOIN LATERAL (VALUES
  (0, w.o, CASE part WHEN 'OWNER' THEN 'OWNER' WHEN 'POTENTIAL' THEN 'POTENTIAL' WHEN 'LOST' THEN 'LOST' ELSE 'BASE' END,
    l.since, NULL::date),
  (1, l.second, 'BASE', l.second_since, NULL),
  (2, l.earlier, 'BASE', l.since - 380, l.since)
) AS r (k, o, category, since, ended_on)
JOIN demo_place p ON p.o = r.o
CROSS JOIN LATERAL (SELECT r.category <> 'POTENTIAL' AND pg_temp.u(w.i, 165) < 0.8 AS is_marked) m
ORDER BY p.node_id, w.i;

INSERT INTO customers_association (touched_at, run_id, customer_id, other_id, tie)
SELECT l.touched_at, {run}, CASE w.part WHEN 'CONTACT' THEN o.id ELSE w.id END,
  CASE w.part WHEN 'CONTACT' THEN w.id ELSE o.id END, CASE w.part WHEN 'CONTACT' THEN 'CONTACT' ELSE 'HOUSEHOLD' END
FROM demo_who w JOIN demo_who o ON o.i = w.leader JOIN demo_life l ON l.i = w.i WHERE w.part IN ('PARTNER', 'CONTACT')
UNION ALL
SELECT l.touched_at, {run}, w.id, f.id, 'REFERRER'
FROM demo_referrer f JOIN demo_who w ON w.i = f.i JOIN demo_life l ON l.i = f.i;

-- What some told of the birthdays of their families; of every other one without the year.
INSERT INTO customers_familymember (customer_id, kin, name, month, day, year, noted_at)
SELECT w.id, k.kin, '', 1 + pg_temp.pick(w.i, 251, 12), 1 + pg_temp.pick(w.i, 252, 28),
  CASE WHEN pg_temp.u(w.i, 253) < 0.5 THEN CASE k.kin WHEN 'CHILD' THEN 2008 ELSE 1975 END + pg_temp.pick(w.i, 254, 14) END,
  l.created_at
FROM demo_who w JOIN demo_life l ON l.i = w.i
CROSS JOIN LATERAL (SELECT CASE WHEN pg_temp.u(w.i, 255) < 0.6 THEN 'SPOUSE' ELSE 'CHILD' END AS kin) k
WHERE w.part = 'OWNER' AND NOT w.company AND pg_temp.u(w.i, 250) < 0.05 ORDER BY w.i;

INSERT INTO customers_externalid (touched_at, run_id, customer_id, source, value)
SELECT l.created_at, {run}, w.id, 'DMS', p.code || '-C' || lpad(w.i::text, 8, '0')
FROM demo_who w JOIN demo_life l ON l.i = w.i JOIN demo_place p ON p.o = w.o
WHERE part = 'OWNER' AND pg_temp.u(w.i, 170) < 0.6 ORDER BY p.code, w.i;

INSERT INTO customers_note (customer_id, outlet_id, body, author_id, author_name, at)
SELECT w.id, w.node_id, CASE WHEN pg_temp.u(w.i, 171) < 0.2 THEN pg_temp.w_no_answer(pg_temp.u(w.i, 172))
    ELSE pg_temp.w_note(pg_temp.u(w.i, 172)) END,
  p.consultant_ids[w.consultant], p.consultants[w.consultant], greatest(l.created_at,
    pg_temp.moment(l.seen_on - pg_temp.pick(w.i, 173, 60), pg_temp.u(w.i, 174)))
FROM demo_who w JOIN demo_life l ON l.i = w.i JOIN demo_place p ON p.o = w.o
WHERE w.consultant IS NOT NULL AND pg_temp.u(w.i, 175) < 0.22 ORDER BY w.i;
