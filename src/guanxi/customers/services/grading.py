"""The quality of all records, kept up to date in the night (INFO-24, INFO-29, INFO-34)."""

import datetime

from django.db import connection

from guanxi.customers.permissions import Verb
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.records import services as records

BATCH = 20_000
STALE = """
SELECT array_agg(id), max(id) FROM (
  SELECT c.id FROM customers_customer c LEFT JOIN customers_quality q ON q.customer_id = c.id
  WHERE c.merged_into_id IS NULL AND (q.customer_id IS NULL OR q.as_of < %s OR c.touched_at::date > q.as_of
    OR q.standard_id IS DISTINCT FROM (SELECT id FROM customers_standard WHERE starts_at <= %s
      ORDER BY starts_at DESC LIMIT 1)) AND c.id > %s
  ORDER BY c.id LIMIT %s
) stale
"""


def grade_stale(*, at: datetime.datetime, day: datetime.date, after_days: int = 7) -> int:
    """Grade every record that changed since its last grade or has one older than a week or by a former standard, batch
    by batch, then sum up each outlet for the day, and audit the count. Return how many records were graded: each once,
    also one that is changed all the while.
    """
    graded = last = 0
    old = day - datetime.timedelta(days=after_days)
    with db.atomic(), connection.cursor() as cursor:
        while True:
            cursor.execute(STALE, [old, at, last, BATCH])
            ids, last = cursor.fetchone()
            if not ids:
                break
            cursor.execute("SELECT customers_grade(%s, %s)", [ids, at])
            graded += cursor.fetchone()[0]
        cursor.execute("SELECT customers_sum_quality(%s)", [day])
        outlets = cursor.fetchone()[0]
        records.audit(
            actor=SYSTEM, verb=Verb.CHANGE, subject_type="customer_quality", subject_id=str(day),
            after={"graded": graded, "outlets": outlets},
        )  # fmt: skip
    return graded
