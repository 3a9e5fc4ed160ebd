-- How good the records of each outlet are today.
SET LOCAL enable_nestloop = on;
SELECT customers_sum_quality('{today}');
