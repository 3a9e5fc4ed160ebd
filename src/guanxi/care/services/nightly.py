"""The night: what the rules find becomes tasks, or a logged reason why not. Set-based; Python walks only over the tasks
that are written.
"""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from guanxi.care.permissions import Verb
from guanxi.care.queries import budgets, filling, matching
from guanxi.care.queries import rules as queries
from guanxi.care.services import replacing, writing
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.records import services as records

BACK = 31  # days: how late a case may become known, or a night be missed, and still be decided about
DECIDE = """
WITH judged AS (
  SELECT d.*, CASE
    WHEN d.closes_on < %(day)s THEN 'LATE'
    WHEN d.obstacle = 'EXCLUDED' THEN 'EXCLUDED'
    WHEN d.place_id IS NULL THEN 'NO_PLACE'
    WHEN d.obstacle <> '' THEN d.obstacle
    WHEN {control} * 100 < d.control * 4294967296 THEN 'CONTROL'
    WHEN {sample} * 100 >= d.coverage * 4294967296 THEN 'SAMPLE'
    ELSE '' END AS reason
  FROM care_due d),
standing AS (
  SELECT j.id, row_number() OVER w AS n, first_value(j.place_id) OVER w AS lead_place,
    first_value(j.code) OVER w AS lead_code, NOT EXISTS (
      SELECT 1 FROM care_decision x WHERE x.customer_id = j.customer_id AND x.cap_id = j.cap_id
        AND x.result = 'TASK' AND x.decided_on > %(day)s::date - g.days) AND NOT {written_to} AS is_free
  FROM judged j JOIN care_capgroup g ON g.code = j.cap_id JOIN care_rule k ON k.id = j.rule_id WHERE j.reason = ''
  WINDOW w AS (PARTITION BY j.customer_id, j.cap_id
    ORDER BY j.priority, j.closes_on, j.code COLLATE "C", coalesce(j.vehicle_id, 0), j.anchor_on))
UPDATE care_due SET
  verdict = CASE
    WHEN j.reason <> '' THEN j.reason
    WHEN s.is_free AND s.n = 1 THEN 'TASK'
    WHEN s.is_free AND s.lead_place = j.place_id THEN 'MERGED'
    WHEN j.closes_on <= %(day)s THEN 'BUDGET'
    ELSE 'WAIT' END,
  leader = CASE WHEN j.reason = '' AND s.n > 1 AND s.is_free AND s.lead_place = j.place_id THEN s.lead_code ELSE '' END
FROM judged j LEFT JOIN standing s ON s.id = j.id WHERE care_due.id = j.id
"""
CONTROL = matching.MARK.replace("{text}", "d.seed || ':' || d.code || '/control:' || d.customer_id")
SAMPLE = matching.OF_CASE.replace("{seed}", "d.seed")
KEEP = """
INSERT INTO care_decision (rule_id, code, customer_id, vehicle_id, outlet_id, place_id, anchor_on, reason_on, opens_on,
  closes_on, decided_on, result, channel, cap_id, leader)
SELECT rule_id, code, customer_id, vehicle_id, outlet_id, place_id, anchor_on, reason_on, opens_on, closes_on, %(day)s,
  verdict, CASE WHEN verdict IN ('TASK', 'MERGED') THEN channel ELSE '' END, cap_id, leader
FROM care_due WHERE verdict <> 'WAIT'
ON CONFLICT (customer_id, code, reason_on, vehicle_id) DO NOTHING
"""
DRAW = """
INSERT INTO care_draw (rule_id, outlet_id, place_id, model_id, month, population, drawn, replaced)
SELECT rule_id, outlet_id, place_id, model_id, date_trunc('month', anchor_on)::date, count(*),
  count(*) FILTER (WHERE verdict IN ('TASK', 'MERGED')), 0
FROM care_due WHERE is_sampled AND verdict IN ('TASK', 'MERGED', 'SAMPLE', 'BUDGET') GROUP BY 1, 2, 3, 4, 5
ON CONFLICT (rule_id, outlet_id, place_id, month, model_id) DO UPDATE
SET population = care_draw.population + excluded.population, drawn = care_draw.drawn + excluded.drawn
"""


@dataclass(frozen=True)
class Run:
    """What came of a night, by result, and how many stand in for others."""

    results: Mapping[str, int]
    replaced: int = 0

    @property
    def tasks(self) -> int:
        return self.results.get("TASK", 0)


def make_tasks(*, actor: Actor, day: datetime.date, at: datetime.datetime, anchors: Sequence[str] = ()) -> Run:
    """Decide about every case of every rule that holds on a day, or of those with certain anchors: checks the right,
    puts others in the place of those drawn who were not reached, gathers the cases whose window opened within the last
    weeks and about which nothing is decided, decides, keeps the decisions and the strata of draws, writes the tasks,
    audits with one line. A second call changes nothing.

    :raises NotAllowed: the actor may not change rules everywhere.
    """
    check_everywhere(actor, Verb.CHANGE_RULES)
    return _run(actor, queries.in_force(day, *anchors), day, at, None)


def make_tasks_of(*, actor: Actor, customer_id: int, anchors: Sequence[str], at: datetime.datetime) -> Run:
    """Make one customer's tasks of the day at once, by the rules that count from certain anchors: checks the right, and
    goes on as ``make_tasks``, without replacing anybody.

    :raises NotAllowed: the actor may not change rules everywhere.
    """
    check_everywhere(actor, Verb.CHANGE_RULES)
    day = clock.day_of(at)
    return _run(actor, queries.in_force(day, *anchors), day, at, customer_id)


def _run(
    actor: Actor, rules: Sequence[queries.Running], day: datetime.date, at: datetime.datetime, customer_id: int | None
) -> Run:
    with db.atomic():
        db.serialise("care.decide")
        replaced = replacing.replace(actor=actor, rules=rules, day=day, at=at) if customer_id is None else 0
        filling.empty()
        for running in rules:
            first = max(running.began, day - datetime.timedelta(days=max(BACK, running.length)))
            filling.fill(running.rule, matching.Asked(first, day, day, customer_id))
        results = decide(day)
        if results:
            db.run(KEEP, {"day": day})
            db.run(DRAW)
            writing.write(actor=actor, rules={running.rule.pk: running.rule for running in rules}, at=at)
        if results or replaced:
            records.audit(
                actor=actor, verb="care.make_tasks", subject_type="care.night", subject_id=day.isoformat(),
                after={"results": results, "replaced": replaced, "customer": customer_id},
            )  # fmt: skip
    return Run(results, replaced)


def decide(day: datetime.date) -> dict[str, int]:
    """Decide about the cases in ``care_due`` as ``policy.rules.decide`` does, and return how often each result came."""
    written_to = budgets.WRITTEN_TO.replace("{who}", "j.customer_id")
    text = DECIDE.replace("{control}", CONTROL).replace("{sample}", SAMPLE).replace("{written_to}", written_to)
    db.run(text, {"day": day, "zone": settings.TIME_ZONE})
    with connection.cursor() as cursor:
        cursor.execute("SELECT verdict, count(*) FROM care_due GROUP BY 1")
        return dict(Counter(dict(cursor.fetchall())))
