-- What is derived from the records: the words they are found by, and how good they are.
SET LOCAL enable_nestloop = on;
SELECT customers_retoken((SELECT array_agg(id ORDER BY i) FROM demo_who));
SELECT vehicles_retoken((SELECT array_agg(id ORDER BY i) FROM demo_who));
SELECT customers_grade((SELECT array_agg(id ORDER BY i) FROM demo_who), timestamptz '{at}');
SET LOCAL enable_nestloop = off;
