-- What two reminders came to in the half year before the demonstration begins: whom they were about, who was left out by
-- the draw of the rule itself, how the tasks ended. Visits are those that were thought out already; so that the reminders
-- bring somebody, a third of those to be contacted who did not come are taken out.
INSERT INTO care_decision (rule_id, code, customer_id, vehicle_id, outlet_id, place_id, anchor_on, reason_on, opens_on,
  closes_on, decided_on, result, channel, cap_id, leader)
WITH due AS (
  SELECT 'maintenance_reminder' AS code, w.vehicle_id, (w.entered_on + make_interval(months => s.months))::date AS anchor_on,
    w.entered_on AS served_on
  FROM workshop_visit w JOIN vehicles_vehicle v ON v.id = w.vehicle_id
  JOIN vehicles_trim t ON t.id = v.trim_id JOIN vehicles_carmodel m ON m.id = t.model_id
  JOIN LATERAL (SELECT min(months) AS months FROM vehicles_maintenancestep
    WHERE series_id = m.series_id AND kind = 'PERIODIC' AND months > 0) s ON s.months IS NOT NULL
  WHERE w.run_id = {run} AND w.category IN ('FIRST_MAINTENANCE', 'SECOND_MAINTENANCE', 'PERIODIC_MAINTENANCE')
  UNION ALL
  SELECT 'inspection', v.id, (v.inspected_until - interval '1 year')::date, NULL
  FROM vehicles_vehicle v WHERE v.run_id = {run} AND v.inspected_until IS NOT NULL
), cases AS (
  SELECT DISTINCT ON (d.code, d.vehicle_id, d.anchor_on) r.id AS rule_id, r.code, r.cap_id, r.seed, r.control, r.channel,
    p.customer_id, d.vehicle_id, h.outlet_id, d.anchor_on, coalesce(d.served_on, d.anchor_on) AS reason_on,
    d.anchor_on + r.opens AS opens_on, d.anchor_on + r.due AS closes_on
  FROM due d JOIN care_rule r ON r.code = d.code AND r.until IS NULL AND r."where" = 'OUTLET'
  JOIN vehicles_participant p ON p.vehicle_id = d.vehicle_id AND p.role = 'OWNER' AND p.until IS NULL
  CROSS JOIN LATERAL (SELECT outlet_id FROM customers_relation WHERE customer_id = p.customer_id AND ended_on IS NULL
    ORDER BY (category = 'OWNER') DESC, since DESC, outlet_id LIMIT 1) h
  WHERE d.anchor_on + r.opens BETWEEN pg_temp.today() - 190 AND r.since - 1 AND (p.since IS NULL OR p.since <= d.anchor_on + r.opens)
    AND NOT EXISTS (SELECT 1 FROM workshop_visit w WHERE w.vehicle_id = d.vehicle_id AND w.entered_on > d.served_on
      AND w.entered_on < d.anchor_on + r.opens AND w.category IN ('SECOND_MAINTENANCE', 'PERIODIC_MAINTENANCE'))
), drawn AS (
  SELECT c.*, pg_temp.u(c.customer_id * 366 + (c.anchor_on - date '2000-01-01') % 366, 240) AS chance, EXISTS (
    SELECT 1 FROM workshop_visit w WHERE w.customer_id = c.customer_id AND w.outlet_id = c.outlet_id AND w.counts
      AND w.entered_on > c.opens_on AND w.entered_on <= c.opens_on + 30) AS came,
    ('x' || left(md5(c.seed || ':' || c.code || '/control:' || c.customer_id), 8))::bit(32)::bigint * 100
      < c.control * 4294967296 AS is_left_out
  FROM cases c
)
SELECT rule_id, code, customer_id, vehicle_id, outlet_id, outlet_id, anchor_on, reason_on, opens_on, closes_on, opens_on,
  CASE WHEN is_left_out THEN 'CONTROL' ELSE 'TASK' END, CASE WHEN is_left_out THEN '' ELSE channel END, cap_id, ''
FROM drawn WHERE is_left_out OR came OR chance < 0.67 ORDER BY opens_on, customer_id
ON CONFLICT (customer_id, code, reason_on, vehicle_id) DO NOTHING;

INSERT INTO worklist_task (kind, key, node_id, role_id, subject_type, subject_id, subject_were, subject_label, reason,
  "values", note, opens_at, due_at, first_due_at, is_assumed, priority, weight, state, tries, postponed, level, outcome,
  outcome_note, next_step, made_at, finished_at)
SELECT 'care.call', 'care:' || d.code || ':' || d.customer_id || ':' || d.vehicle_id || ':' || d.reason_on, d.place_id, r.role_id,
  'customer', d.customer_id, '{}', c.name,
  CASE r.anchor WHEN 'INSPECTION' THEN 'Inspection due on %(day)s: %(what)s' ELSE 'Maintenance due on %(day)s: %(what)s' END,
  jsonb_build_object('day', d.anchor_on, 'what', r.name_zh, 'what_en', r.name_en, 'rules', jsonb_build_array(r.code)), '',
  m.made_at, m.made_at + interval '7 days', m.made_at + interval '7 days', false, r.priority, 2,
  CASE WHEN e.chance < 0.9 THEN 'DONE' ELSE 'EXPIRED' END, 0, 0, 0,
  CASE WHEN e.chance < 0.3 THEN 'APPOINTMENT' WHEN e.chance < 0.72 THEN 'REACHED' WHEN e.chance < 0.9 THEN 'NOT_REACHED' ELSE '' END,
  '', '', m.made_at, m.made_at + CASE WHEN e.chance < 0.9 THEN e.chance * interval '6 days' ELSE interval '22 days' END
FROM care_decision d JOIN care_rule r ON r.id = d.rule_id AND d.decided_on < r.since
JOIN customers_customer c ON c.id = d.customer_id
CROSS JOIN LATERAL (SELECT (d.decided_on + time '03:10') AT TIME ZONE 'Asia/Shanghai' AS made_at) m
CROSS JOIN LATERAL (SELECT pg_temp.u(d.id, 241) AS chance) e
WHERE d.result = 'TASK' AND m.made_at + interval '22 days' <= timestamptz '{at}' ORDER BY d.id;

-- The calls that ended those tasks in the last sixty days, by somebody who has the role there; one in 25 was a face visit.
INSERT INTO contact_centre_call (token, customer_id, task_id, node_id, agent_id, agent_name, script_id, number, means, met_at,
  started_at, ended_at, outcome, disposition, answers, note, promised_to)
SELECT md5('call' || t.id)::uuid, t.subject_id, t.id, t.node_id, a.id, coalesce(a.name, ''), s.id,
  CASE WHEN w.is_visit THEN '' ELSE coalesce(left(n.value, 3) || ' **** ' || right(n.value, 4), '') END,
  CASE WHEN w.is_visit THEN 'VISIT' ELSE 'PHONE' END, CASE WHEN w.is_visit THEN 'HOME' ELSE '' END,
  t.finished_at - CASE WHEN w.is_visit THEN 0 ELSE 1 + floor(5 * pg_temp.u(t.id, 242)) END * interval '1 minute',
  t.finished_at, CASE WHEN t.outcome <> 'NOT_REACHED' THEN 'REACHED' WHEN w.is_visit THEN 'NOT_AT_HOME' ELSE 'NO_ANSWER' END,
  CASE WHEN t.outcome = 'NOT_REACHED' THEN '2.2' ELSE '1.1' END,
  CASE WHEN t.outcome = 'NOT_REACHED' THEN '{}'::jsonb ELSE
    jsonb_build_object('content', CASE WHEN pg_temp.u(t.id, 243) < 0.9 THEN 'yes' ELSE 'no' END) END, '', ''
FROM worklist_task t
JOIN contact_centre_script s ON s.code = 'plain' AND s.until IS NULL
LEFT JOIN LATERAL (SELECT u.id, u.name FROM access_membership m JOIN access_user u ON u.id = m.user_id AND u.is_active
  WHERE m.node_id = t.node_id AND m.role_id = t.role_id ORDER BY u.id LIMIT 1) a ON true
LEFT JOIN customers_contactpoint n ON n.customer_id = t.subject_id AND n.channel = 'MOBILE' AND n.is_primary
CROSS JOIN LATERAL (SELECT pg_temp.u(t.id, 249) < 0.04 AS is_visit) w
WHERE t.kind = 'care.call' AND t.state = 'DONE' AND t.subject_type = 'customer'
  AND t.finished_at BETWEEN timestamptz '{at}' - interval '60 days' AND timestamptz '{at}' ORDER BY t.id
ON CONFLICT (token) DO NOTHING;

-- The two questionnaires, asked by hand in the last hundred days: after deliveries and after visits, a few of each outlet;
-- where the agents belong to a unit of the outlet, a month ago and before, by nobody in particular.
INSERT INTO contact_centre_call (token, customer_id, vehicle_id, node_id, agent_id, agent_name, script_id, number, means, met_at,
  started_at, ended_at, outcome, disposition, answers, note, promised_to)
SELECT md5('asked' || d.judged || d.id)::uuid, d.customer_id, d.vehicle_id, d.outlet_id, a.id, coalesce(a.name, ''), s.id,
  coalesce(left(n.value, 3) || ' **** ' || right(n.value, 4), ''), 'PHONE', '', e.at - interval '4 minutes', e.at, 'REACHED', '1.1',
  (SELECT jsonb_object_agg(q.item->>'key', CASE q.item->>'kind'
    WHEN 'SCALE' THEN (4 + floor(7 * sqrt(pg_temp.u(d.id * 40 + q.place, 270))))::int::text
    WHEN 'CHOICE' THEN q.item->'options'->least(floor(3 * power(pg_temp.u(d.id * 40 + q.place, 271), 2))::int, 2)->>'code'
    ELSE CASE WHEN q.item->>'judges' IS NULL OR pg_temp.u(d.id * 40 + q.place, 272) > 0.85 THEN 'no' ELSE 'yes' END END)
   FROM jsonb_array_elements(s.questions) WITH ORDINALITY AS q (item, place)
   WHERE q.item->>'kind' IN ('SCALE', 'CHOICE', 'YES_NO') AND q.item->'when' IS NULL), '', ''
FROM (
  SELECT 'ADVISOR' AS judged, w.id, w.customer_id, w.vehicle_id, w.outlet_id, coalesce(w.left_on, w.entered_on) AS day
  FROM workshop_visit w WHERE w.run_id = {run} AND w.customer_id IS NOT NULL AND w.advisor_name <> '' AND w.counts
  UNION ALL
  SELECT 'CONSULTANT', l.id, l.customer_id, l.vehicle_id, l.outlet_id, l.sold_on + 7 FROM vehicles_sale l
  WHERE l.run_id = {run} AND l.customer_id IS NOT NULL AND (l.consultant_id IS NOT NULL OR l.consultant_name <> '')
) d
JOIN contact_centre_script s ON s.until IS NULL
  AND s.code = CASE d.judged WHEN 'ADVISOR' THEN 'after_service' ELSE 'sales_callback' END
LEFT JOIN LATERAL (SELECT u.id, u.name FROM access_membership m JOIN access_user u ON u.id = m.user_id AND u.is_active
  WHERE m.node_id = d.outlet_id AND m.role_id = 'follow_up_agent' ORDER BY u.id LIMIT 1) a ON true
LEFT JOIN customers_contactpoint n ON n.customer_id = d.customer_id AND n.channel = 'MOBILE' AND n.is_primary
CROSS JOIN LATERAL (SELECT (d.day + 2 + time '10:00') AT TIME ZONE 'Asia/Shanghai' + pg_temp.u(d.id, 273) * interval '6 hours' AS at) e
WHERE d.day BETWEEN pg_temp.today() - 100 AND pg_temp.today() - CASE WHEN a.id IS NULL THEN 35 ELSE 3 END
  AND pg_temp.u(d.id, 274) < CASE d.judged WHEN 'ADVISOR' THEN 0.12 ELSE 0.6 END ORDER BY d.judged, d.id
ON CONFLICT (token) DO NOTHING;

INSERT INTO contact_centre_rated (outlet_id, judged, person_id, name)
SELECT DISTINCT w.outlet_id, 'ADVISOR', NULL::bigint, w.advisor_name FROM workshop_visit w
JOIN contact_centre_call c ON c.token = md5('askedADVISOR' || w.id)::uuid
UNION
SELECT DISTINCT l.outlet_id, 'CONSULTANT', l.consultant_id::bigint, coalesce(u.name, l.consultant_name) FROM vehicles_sale l
JOIN contact_centre_call c ON c.token = md5('askedCONSULTANT' || l.id)::uuid LEFT JOIN access_user u ON u.id = l.consultant_id
ON CONFLICT DO NOTHING;

INSERT INTO contact_centre_rating (call_id, rated_id, outlet_id, script_id, key, points, day)
SELECT c.id, r.id, r.outlet_id, s.id, q.item->>'key', p.points, c.ended_at::date
FROM (
  SELECT md5('askedADVISOR' || w.id)::uuid AS token, 'ADVISOR' AS judged, w.outlet_id, NULL::bigint AS person_id, w.advisor_name AS name
  FROM workshop_visit w WHERE w.run_id = {run}
  UNION ALL
  SELECT md5('askedCONSULTANT' || l.id)::uuid, 'CONSULTANT', l.outlet_id, l.consultant_id, coalesce(u.name, l.consultant_name)
  FROM vehicles_sale l LEFT JOIN access_user u ON u.id = l.consultant_id WHERE l.run_id = {run}
) d
JOIN contact_centre_call c ON c.token = d.token JOIN contact_centre_script s ON s.id = c.script_id
JOIN contact_centre_rated r ON r.outlet_id = d.outlet_id AND r.judged = d.judged AND r.name = d.name
  AND r.person_id IS NOT DISTINCT FROM d.person_id
CROSS JOIN LATERAL jsonb_array_elements(s.questions) AS q (item)
CROSS JOIN LATERAL (SELECT CASE q.item->>'kind' WHEN 'SCALE' THEN 10 * (c.answers->>(q.item->>'key'))::int
  ELSE (q.item->'points'->>(c.answers->>(q.item->>'key')))::int END AS points) p
WHERE q.item->>'judges' IS NOT NULL AND p.points IS NOT NULL ORDER BY c.id
ON CONFLICT (call_id, key) DO NOTHING;

-- What outlets logged after visits some weeks ago, and what the call centre heard of it from every third customer.
INSERT INTO worklist_task (kind, key, node_id, role_id, subject_type, subject_id, subject_were, subject_label, reason,
  "values", note, opens_at, due_at, first_due_at, is_assumed, priority, weight, state, tries, postponed, level, outcome,
  outcome_note, next_step, made_at, finished_at)
SELECT 'care.call', 'care:repair_call:' || w.customer_id || ':' || w.vehicle_id || ':' || d.day, w.outlet_id, r.role_id, 'customer',
  w.customer_id, '{}', c.name, 'In the workshop until %(day)s: %(what)s', jsonb_build_object('day', d.day, 'what', r.name_zh,
  'what_en', r.name_en, 'rules', jsonb_build_array(r.code), 'cars', jsonb_build_array(w.vehicle_id)), '', m.at,
  m.at + interval '3 days', m.at + interval '3 days', false, r.priority, 2, CASE WHEN e.chance < 0.93 THEN 'DONE' ELSE 'EXPIRED' END,
  0, 0, 0, CASE WHEN e.chance < 0.8 THEN 'REACHED' WHEN e.chance < 0.93 THEN 'NOT_REACHED' ELSE '' END, '', '', m.at,
  m.at + CASE WHEN e.chance < 0.93 THEN (1 + e.chance) * interval '1 day' ELSE interval '18 days' END
FROM workshop_visit w JOIN care_rule r ON r.code = 'repair_call' AND r.until IS NULL JOIN customers_customer c ON c.id = w.customer_id
CROSS JOIN LATERAL (SELECT coalesce(w.left_on, w.entered_on) AS day) d
CROSS JOIN LATERAL (SELECT (d.day + 1 + time '03:10') AT TIME ZONE 'Asia/Shanghai' AS at) m
CROSS JOIN LATERAL (SELECT pg_temp.u(w.id, 276) AS chance) e
WHERE w.run_id = {run} AND w.counts AND d.day BETWEEN pg_temp.today() - 80 AND pg_temp.today() - 20 AND pg_temp.u(w.id, 275) < 0.15
ORDER BY w.id ON CONFLICT DO NOTHING;

INSERT INTO worklist_task (kind, key, node_id, role_id, subject_type, subject_id, subject_were, subject_label, reason,
  "values", note, opens_at, due_at, first_due_at, is_assumed, priority, weight, state, tries, postponed, level, outcome,
  outcome_note, next_step, made_at, finished_at)
SELECT t.kind, 'demo:checked:' || t.id, n.id, 'call_centre_agent', t.subject_type, t.subject_id, '{}', t.subject_label, t.reason,
  t."values", '', t.finished_at, t.finished_at + interval '5 days', t.finished_at + interval '5 days', false, 3, 2, 'DONE', 0, 0, 0,
  'REACHED', '', '', t.finished_at, t.finished_at + interval '3 days'
FROM worklist_task t JOIN LATERAL (SELECT id FROM network_node WHERE kind = 'CALL_CENTRE' AND valid_to IS NULL ORDER BY id LIMIT 1) n ON true
WHERE starts_with(t.key, 'care:repair_call:') AND t.outcome = 'REACHED' AND pg_temp.u(t.subject_id, 277) < 0.35 ORDER BY t.id;

INSERT INTO contact_centre_call (token, customer_id, task_id, node_id, agent_id, agent_name, script_id, number, means, met_at,
  started_at, ended_at, outcome, disposition, answers, note, promised_to)
SELECT md5('checked' || t.id)::uuid, t.subject_id, t.id, t.node_id, a.id, a.name, s.id, '', 'PHONE', '',
  t.finished_at - interval '3 minutes', t.finished_at, 'REACHED', '1.1', jsonb_build_object(
    'contacted', CASE WHEN pg_temp.u(t.subject_id, 278) < 0.85 THEN 'yes' ELSE 'no' END, 'data', 'yes',
    'satisfied', (5 + floor(6 * pg_temp.u(t.subject_id, 279)))::int::text), '', ''
FROM worklist_task t JOIN contact_centre_script s ON s.code = 'centre_check' AND s.until IS NULL
JOIN LATERAL (SELECT u.id, u.name FROM access_membership m JOIN access_user u ON u.id = m.user_id AND u.is_active
  WHERE m.node_id = t.node_id AND m.role_id = 'call_centre_agent' ORDER BY u.id LIMIT 1) a ON true
WHERE starts_with(t.key, 'demo:checked:') ORDER BY t.id ON CONFLICT (token) DO NOTHING;

-- Who said in a call that he wants to buy, with the task by which it is followed.
INSERT INTO worklist_task (kind, key, node_id, role_id, subject_type, subject_id, subject_were, subject_label, reason,
  "values", note, opens_at, due_at, first_due_at, is_assumed, priority, weight, state, tries, postponed, level, outcome,
  outcome_note, next_step, made_at, finished_at, parent_id)
SELECT 'contact_centre.purchase', 'contact_centre.purchase:' || c.id, c.node_id, 'sales_manager', 'customer', c.customer_id, '{}',
  u.name, 'Said in the call of %(day)s: wants to buy a car', jsonb_build_object('day', c.ended_at::date, 'cars', '[]'::jsonb),
  '客户在回访中表示有购车意向', c.ended_at, c.ended_at + interval '1 day', c.ended_at + interval '1 day', false, 2, 2, 'DONE', 0, 0, 0,
  CASE WHEN pg_temp.u(c.id, 261) < 0.4 THEN 'APPOINTMENT' ELSE 'REACHED' END, '', '', c.ended_at, c.ended_at + interval '20 hours',
  c.task_id
FROM contact_centre_call c JOIN customers_customer u ON u.id = c.customer_id
WHERE c.outcome = 'REACHED' AND c.ended_at <= timestamptz '{at}' - interval '1 day' AND pg_temp.u(c.id, 260) < 0.03 ORDER BY c.id;

INSERT INTO contact_centre_purchaseintention (key, customer_id, place_id, outlet_id, kind, words, said_at, person_id, person_name,
  task_id)
SELECT t.key, c.customer_id, c.node_id, c.node_id, CASE floor(4 * pg_temp.u(c.id, 262)) WHEN 0 THEN 'ADDITIONAL' WHEN 1 THEN 'REPLACEMENT'
  WHEN 2 THEN 'CROSS' ELSE 'RECOMMENDATION' END, t.note, c.ended_at, c.agent_id, c.agent_name, t.id
FROM worklist_task t JOIN contact_centre_call c ON t.key = 'contact_centre.purchase:' || c.id
WHERE t.kind = 'contact_centre.purchase' ORDER BY c.id
ON CONFLICT (key) DO NOTHING;

-- What customers asked in the last sixty days: most was resolved at once, the rest lay with a department and was told.
INSERT INTO contact_centre_enquiry (token, place_id, outlet_id, way, number, caller, customer_id, vehicle_id, category_id, kind,
  aim, words, answer, is_first_contact, state, department_id, due_at, reply, reason, started_at, taken_at, taken_by_id, taken_by,
  answered_at, answered_by, closed_at, closed_by)
SELECT md5('enquiry' || c.id)::uuid, r.outlet_id, r.outlet_id, 'PHONE', n.value, '', c.id, p.vehicle_id, g.code, 'QUESTION', '',
  g.name_zh || '：客户来电询问', CASE WHEN e.at_once THEN '已当场答复' ELSE '' END, e.at_once, 'CLOSED',
  CASE WHEN NOT e.at_once THEN g.department_id END, CASE WHEN NOT e.at_once THEN m.taken + g.answer_days * interval '1 day' END,
  CASE WHEN e.at_once THEN '' ELSE '部门已电话答复' END, '', m.taken - interval '4 minutes', m.taken, a.id, a.name,
  CASE WHEN NOT e.at_once THEN m.taken + interval '5 hours' END, CASE WHEN e.at_once THEN '' ELSE a.name END,
  m.taken + CASE WHEN e.at_once THEN interval '0' ELSE interval '6 hours' END, a.name
FROM customers_customer c
JOIN LATERAL (SELECT outlet_id FROM customers_relation WHERE customer_id = c.id AND ended_on IS NULL ORDER BY since DESC,
  outlet_id LIMIT 1) r ON true
JOIN customers_contactpoint n ON n.customer_id = c.id AND n.channel = 'MOBILE' AND n.is_primary
LEFT JOIN LATERAL (SELECT vehicle_id FROM vehicles_participant WHERE customer_id = c.id AND until IS NULL AND role = 'OWNER'
  ORDER BY id LIMIT 1) p ON true
JOIN LATERAL (SELECT u.id, u.name FROM access_membership b JOIN access_user u ON u.id = b.user_id AND u.is_active
  WHERE b.node_id = r.outlet_id AND b.role_id = 'follow_up_agent' ORDER BY u.id LIMIT 1) a ON true
JOIN (SELECT k.*, row_number() OVER (ORDER BY code) - 1 AS place, count(*) OVER () AS many FROM contact_centre_enquirycategory k) g
  ON g.place = floor(g.many * pg_temp.u(c.id, 245))
CROSS JOIN LATERAL (SELECT pg_temp.u(c.id, 246) < 0.8 AS at_once) e
CROSS JOIN LATERAL (SELECT date_trunc('day', timestamptz '{at}', 'Asia/Shanghai') - (2 + floor(58 * pg_temp.u(c.id, 247))) * interval '1 day'
  + (540 + floor(420 * pg_temp.u(c.id, 248))) * interval '1 minute' AS taken) m
WHERE c.run_id = {run} AND c.merged_into_id IS NULL AND pg_temp.u(c.id, 244) < 0.02 ORDER BY c.id
ON CONFLICT (token) DO NOTHING;
