"""A drawn customer who was not reached is replaced, once, by the next of his stratum who was left out."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from guanxi.care.queries import budgets, filling, matching
from guanxi.care.queries import rules as queries
from guanxi.care.services import writing
from guanxi.foundation import db
from guanxi.foundation.actor import Actor

BACK = 34  # days: the cases of a month are no further apart, whatever months are added to their day
STRATUM = "rule_id, outlet_id, place_id, model_id, month"
MONTH = "date_trunc('month', d.anchor_on)::date"
# Whoever stands in for another is not replaced himself: a sample of those who are easily reached says little.
FAILED = """
SELECT d.id, d.code, d.customer_id, d.rule_id, d.outlet_id, d.place_id, tr.model_id, {month} AS month, {mark} AS mark
FROM care_decision d JOIN care_rule k ON k.id = d.rule_id
JOIN worklist_task t ON t.subject_type = 'customer' AND t.subject_id = d.customer_id
  AND t.key = 'care:' || d.code || ':' || d.customer_id || ':' || coalesce(d.vehicle_id, 0) || ':' || d.reason_on
  AND (t.state = 'EXPIRED' OR t.outcome = 'NOT_REACHED')
LEFT JOIN vehicles_vehicle v ON v.id = d.vehicle_id LEFT JOIN vehicles_trim tr ON tr.id = v.trim_id
WHERE k.code = ANY(%(codes)s) AND d.decided_on >= %(since)s AND d.result = 'TASK' AND d.replaces_id IS NULL
  AND NOT EXISTS (SELECT 1 FROM care_decision x WHERE x.replaces_id = d.id)
"""
CHOOSE = """
WITH failed AS (
  SELECT f.*, row_number() OVER (PARTITION BY {stratum} ORDER BY mark, id) AS n FROM ({failed}) f),
free AS (
  SELECT DISTINCT ON (c.customer_id, c.cap_id) c.id, d.rule_id, d.outlet_id, d.place_id, c.model_id, {month} AS month,
    {mark} AS mark
  FROM care_due c JOIN care_decision d ON d.id = c.decision_id JOIN care_rule k ON k.id = d.rule_id
  JOIN care_capgroup g ON g.code = c.cap_id
  WHERE c.obstacle = '' AND c.closes_on >= %(day)s
    AND %(day)s BETWEEN d.decided_on AND d.closes_on AND c.outlet_id = d.outlet_id AND c.place_id = d.place_id
    AND NOT EXISTS (SELECT 1 FROM failed f WHERE f.customer_id = c.customer_id)
    AND NOT EXISTS (
      SELECT 1 FROM care_decision x WHERE x.customer_id = c.customer_id AND x.cap_id = c.cap_id
        AND x.result = 'TASK' AND x.decided_on > %(day)s::date - g.days)
    AND NOT {written_to}
  ORDER BY c.customer_id, c.cap_id, c.priority, mark, c.id),
queue AS (SELECT f.*, row_number() OVER (PARTITION BY {stratum} ORDER BY mark, id) AS n FROM free f)
UPDATE care_due SET verdict = 'TASK', replaces_id = f.id
FROM queue s JOIN failed f ON f.n = s.n AND f.rule_id = s.rule_id AND f.outlet_id = s.outlet_id
  AND f.place_id = s.place_id AND f.model_id IS NOT DISTINCT FROM s.model_id AND f.month = s.month
WHERE care_due.id = s.id
"""
KEEP = """
UPDATE care_decision d SET result = 'TASK', channel = c.channel, decided_on = %(day)s, replaces_id = c.replaces_id
FROM care_due c WHERE c.decision_id = d.id AND c.verdict = 'TASK'
"""
COUNT = """
UPDATE care_draw w SET replaced = w.replaced + r.found
FROM (
  SELECT d.rule_id, d.outlet_id, d.place_id, c.model_id, {month} AS month, count(*) AS found
  FROM care_due c JOIN care_decision d ON d.id = c.decision_id WHERE c.verdict = 'TASK' GROUP BY 1, 2, 3, 4, 5) r
WHERE w.rule_id = r.rule_id AND w.outlet_id = r.outlet_id AND w.place_id = r.place_id AND w.month = r.month
  AND w.model_id IS NOT DISTINCT FROM r.model_id
"""


def replace(*, actor: Actor, rules: Sequence[queries.Running], day: datetime.date, at: datetime.datetime) -> int:
    """Put others in the place of drawn customers who were not reached: finds those left out whose window is open, who
    can be contacted and whose budget is free, chooses the next of each stratum in the order of its draw, keeps the
    decisions and their number, writes the tasks. Return how many. The caller checks the right, locks and audits.
    """
    asking = [running for running in rules if running.rule.replaces and running.rule.is_sample]
    longest = max((running.length for running in asking), default=0)
    values: dict[str, Any] = {
        "codes": [running.rule.code for running in asking], "day": day, "zone": settings.TIME_ZONE,
        "since": day - datetime.timedelta(days=longest + BACK),
    }  # fmt: skip
    failed = {row["code"] for row in matching.Query(_text(FAILED), values).rows()} if asking else set()
    if not failed:
        return 0
    filling.empty()
    for running in asking:
        if running.rule.code in failed:
            first = day - datetime.timedelta(days=running.length)
            filling.fill(running.rule, matching.Asked(first, day, day), filling.LEFT_OUT)
    found = db.run(_text(CHOOSE), values)
    if found:
        db.run(_text(KEEP), values)
        db.run(_text(COUNT))
        writing.write(actor=actor, rules={running.rule.pk: running.rule for running in asking}, at=at)
    return found


def _text(sql: str) -> str:
    parts = {
        "failed": FAILED, "stratum": STRATUM, "month": MONTH, "mark": matching.OF_CASE, "seed": "k.seed",
        "written_to": budgets.WRITTEN_TO.replace("{who}", "c.customer_id"),
    }  # fmt: skip
    for name, part in parts.items():
        sql = sql.replace(f"{{{name}}}", part)
    return sql
