"""The cases of a night: the matcher puts those who are to be decided about into a table of the transaction."""

from django.db import connection

from guanxi.care.models import Rule
from guanxi.care.policy import sampling
from guanxi.care.queries import matching

DUE = """
CREATE TEMP TABLE IF NOT EXISTS care_due (
  id bigint GENERATED ALWAYS AS IDENTITY, rule_id bigint, code text, customer_id bigint, vehicle_id bigint,
  model_id bigint, outlet_id int, place_id int, anchor_on date, reason_on date, opens_on date, closes_on date,
  customer_name text, priority int, cap_id text, coverage int, is_sampled boolean NOT NULL DEFAULT false, control int,
  seed text, obstacle text, channel text, verdict text, leader text NOT NULL DEFAULT '',
  decision_id bigint, replaces_id bigint) ON COMMIT DROP;
TRUNCATE care_due;
"""
FILL = """
INSERT INTO care_due (rule_id, code, customer_id, vehicle_id, model_id, outlet_id, place_id, anchor_on, reason_on,
  opens_on, closes_on, customer_name, priority, cap_id, coverage, is_sampled, control, seed, obstacle, channel,
  decision_id)
SELECT %(rule)s, %(code)s, x.customer_id, x.vehicle_id, x.model_id, x.outlet_id, x.place_id, x.anchor_on, x.reason_on,
  x.opens_on, x.closes_on, x.customer_name, %(priority)s, %(cap)s, {share}, %(is_sampled)s, %(control)s,
  %(seed)s,
  CASE WHEN x.is_gone THEN 'EXCLUDED' WHEN x.obstacle = '' OR x.second = '' THEN '' ELSE x.obstacle END,
  CASE WHEN x.obstacle = '' THEN %(channel)s WHEN x.second = '' THEN %(fallback)s ELSE '' END,
  d.id
FROM ({cases}) x {strata}
LEFT JOIN care_decision d ON d.customer_id = x.customer_id AND d.code = %(code)s AND d.reason_on = x.reason_on
  AND d.vehicle_id IS NOT DISTINCT FROM x.vehicle_id
WHERE {wanted}
"""
# The stratum of the month before says how many to expect; the share is ``policy.sampling.share``.
STRATA = """
LEFT JOIN (
  SELECT w.outlet_id, w.place_id, w.model_id, w.month, sum(w.population) AS population
  FROM care_draw w JOIN care_rule k ON k.id = w.rule_id WHERE k.code = %(code)s GROUP BY 1, 2, 3, 4) s
ON s.outlet_id = x.outlet_id AND s.place_id = x.place_id AND s.model_id IS NOT DISTINCT FROM x.model_id
  AND s.month = (date_trunc('month', x.anchor_on) - interval '1 month')::date
"""
NEEDED = """
least(100, coalesce(({whole} + {parts} - 1) / {parts}, %(coverage)s))
""".replace("{whole}", str(sampling.PERCENT * sampling.SPREAD))
SHARE = NEEDED.replace("{parts}", f"(%(margin)s::bigint * %(margin)s * (s.population - 1) + {sampling.SPREAD})")
UNDECIDED, LEFT_OUT = "d.id IS NULL", "d.result = 'SAMPLE'"
COLUMNS = f"{matching.REACH}, tr.model_id"


def empty() -> None:
    """Make the table ``care_due`` of this transaction, or empty it."""
    with connection.cursor() as cursor:
        cursor.execute(DUE)


def fill(rule: Rule, asked: matching.Asked, wanted: str = UNDECIDED) -> int:
    """Put the cases of a rule into ``care_due``: those that nobody has decided about, or those not in the sample."""
    cases = matching.compiled(rule, asked, columns=COLUMNS)
    values = cases.values | {
        "rule": rule.pk, "code": rule.code, "priority": rule.priority, "cap": rule.cap_id, "coverage": rule.coverage,
        "margin": rule.margin, "is_sampled": rule.is_sample, "control": rule.control, "seed": rule.seed,
    }  # fmt: skip
    strata, share = (STRATA, SHARE) if rule.margin else ("", "%(coverage)s")
    text = FILL.replace("{strata}", strata).replace("{share}", share).replace("{wanted}", wanted)
    text = text.replace("{cases}", cases.sql)
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return int(cursor.rowcount)
