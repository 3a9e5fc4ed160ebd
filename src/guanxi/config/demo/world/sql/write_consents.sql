-- Who may use which channel for what, on what proof: most gave consent, some refused, a few withdrew it again.
INSERT INTO privacy_consent (customer_id, purpose, medium, recipient_id, standing, text_id, proof, given_at, recorded_by_id,
  recorded_by, withdrawn_at, withdrawal_proof)
SELECT w.id, c.purpose, c.medium,
  CASE WHEN pg_temp.u(w.i * 8 + c.k, 180) < 0.12 THEN (SELECT node_id FROM demo_group) ELSE w.node_id END,
  s.standing, t.id,
  CASE part WHEN 'OWNER' THEN '购车合同附件' WHEN 'POTENTIAL' THEN '展厅登记表' ELSE '到店口头同意（已记录）' END,
  s.given_at, p.consultant_ids[w.consultant], coalesce(p.consultants[w.consultant], '演示 Demo'),
  CASE WHEN s.standing = 'WITHDRAWN' THEN greatest(s.given_at, pg_temp.moment(l.seen_on, pg_temp.u(w.i * 8 + c.k, 181))) END,
  CASE WHEN s.standing = 'WITHDRAWN' THEN '客户来电要求' ELSE '' END
FROM demo_who w JOIN demo_life l ON l.i = w.i JOIN demo_place p ON p.o = w.o
CROSS JOIN LATERAL (VALUES
  (0, 'SERVICE', 'PHONE', CASE part WHEN 'OWNER' THEN 0.92 WHEN 'TWIN' THEN 0.3 ELSE 0.1 END, 0.96, 0.02),
  (1, 'MARKETING', 'SMS', CASE part WHEN 'OWNER' THEN 0.7 WHEN 'POTENTIAL' THEN 0.75 ELSE 0.3 END, 0.66, 0.26),
  (2, 'SURVEY', 'PHONE', CASE part WHEN 'OWNER' THEN 0.45 ELSE 0.05 END, 0.82, 0.12),
  (3, 'CARE', 'WECHAT', CASE WHEN company THEN 0 ELSE 0.25 END, 0.93, 0.02),
  (4, 'SHARING', 'PHONE', CASE part WHEN 'OWNER' THEN 0.08 ELSE 0 END, 0.55, 0.4)
) AS c (k, purpose, medium, share, given, refused)
CROSS JOIN LATERAL (SELECT pg_temp.moment(l.since, 0.2 + 0.1 * c.k) AS given_at, CASE
  WHEN pg_temp.u(w.i * 8 + c.k, 182) < given THEN 'GIVEN' WHEN pg_temp.u(w.i * 8 + c.k, 182) < given + refused THEN 'REFUSED'
  ELSE 'WITHDRAWN' END AS standing) s
LEFT JOIN privacy_consenttext t ON t.purpose = c.purpose AND t.version = '{version}'
WHERE pg_temp.u(w.i * 8 + c.k, 183) < c.share
ORDER BY w.i, c.k;
