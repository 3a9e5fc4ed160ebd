-- Where a chunk is thought out before it is written; all of it ends with the transaction.
CREATE TEMP TABLE demo_chunk (first bigint, last bigint, cars bigint) ON COMMIT DROP;
INSERT INTO demo_chunk VALUES (1, 0, 0);
CREATE TEMP TABLE demo_plates (office text, green boolean, used int, PRIMARY KEY (office, green)) ON COMMIT DROP;
CREATE TEMP TABLE demo_who (
  i bigint, id bigint, pos int, part text, leader bigint, company boolean, o int, node_id int, brand text, line text,
  male boolean, born date, name text, reading text, initials text, industry text, occupation text, district text,
  cars int, identity text, consultant int
) ON COMMIT DROP;
CREATE TEMP TABLE demo_seal (i bigint, sealed bytea, digest bytea) ON COMMIT DROP;
CREATE TEMP TABLE demo_car (
  n bigint, c bigint, id bigint, i bigint, owner_id bigint, former_id bigint, o int, seller int, t int, sold_on date,
  changed_on date, acquired date, gone_on date, lost_on date, is_left boolean, use text, company boolean, daily float8,
  phase float8, driver text, driver_phone text, doubtful boolean, plate text, old_plate text, vin text
) ON COMMIT DROP;
CREATE TEMP TABLE demo_life (
  i bigint, since date, second int, second_since date, earlier int, seen_on date, created_at timestamptz,
  touched_at timestamptz
) ON COMMIT DROP;
CREATE TEMP TABLE demo_referrer (i bigint, id bigint) ON COMMIT DROP;
CREATE TEMP TABLE demo_last (n bigint, day date, km int, is_said boolean) ON COMMIT DROP;
CREATE TEMP TABLE demo_raw (n bigint, slot int, day date, category text) ON COMMIT DROP;
CREATE TEMP TABLE demo_visit (
  id bigint, n bigint, v bigint, vehicle_id bigint, customer_id bigint, o int, node_id int, day date, label text,
  left_on date, category text, counts boolean, km int, is_plausible boolean, labour numeric, parts numeric,
  advisor text, brought_by text, brought_by_phone text, words text, touched_at timestamptz
) ON COMMIT DROP;
