"""The night: what the rules find becomes tasks, or a logged reason why not. Set-based; Python walks only over the tasks
that are written.
"""

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext_noop

from guanxi.care.models import Rule
from guanxi.care.permissions import Verb
from guanxi.care.queries import matching
from guanxi.care.queries import rules as queries
from guanxi.care.states.rules import Anchor, Channel, Unit
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM, Actor, check_everywhere
from guanxi.records import services as records
from guanxi.vehicles.models import Participant
from guanxi.worklist.services import adding
from guanxi.worklist.services.deadlines import Term  # type: ignore[attr-defined]  # the worklist shows it nowhere else

BATCH = 2000
BACK = 31  # days: how late a case may become known, or a night be missed, and still be decided about
CLOSE = datetime.timedelta(hours=18)  # only the day of an anchor is known: its hours count from the close of business
KINDS = {
    Channel.PHONE: "care.call", Channel.LETTER: "care.letter", Channel.VISIT: "care.visit",
}  # fmt: skip
MESSAGE = "care.message"
REASONS = {
    Anchor.DELIVERY: gettext_noop("Delivered on %(day)s: %(what)s"),
    Anchor.VISIT: gettext_noop("In the workshop until %(day)s: %(what)s"),
    Anchor.FIRST_SERVICE: gettext_noop("First maintenance due on %(day)s: %(what)s"),
    Anchor.PERIODIC_SERVICE: gettext_noop("Maintenance due on %(day)s: %(what)s"),
    Anchor.REGULAR: gettext_noop("Regular contact of %(day)s: %(what)s"),
    Anchor.INSURANCE: gettext_noop("Insured until %(day)s: %(what)s"),
    Anchor.INSPECTION: gettext_noop("Inspection due on %(day)s: %(what)s"),
    Anchor.WARRANTY_END: gettext_noop("Warranty until %(day)s: %(what)s"),
    Anchor.BIRTHDAY: gettext_noop("Birthday on %(day)s: %(what)s"),
    Anchor.ANNIVERSARY: gettext_noop("Bought on this day, %(day)s: %(what)s"),
    Anchor.FESTIVAL: gettext_noop("Festival on %(day)s: %(what)s"),
    Anchor.SOLAR_TERM: gettext_noop("Solar term on %(day)s: %(what)s"),
}

DUE = """
CREATE TEMP TABLE IF NOT EXISTS care_due (
  id bigint GENERATED ALWAYS AS IDENTITY, rule_id bigint, code text, customer_id bigint, vehicle_id bigint,
  outlet_id int, place_id int, anchor_on date, opens_on date, closes_on date, customer_name text, priority int,
  cap_id text, coverage int, control int, seed text, obstacle text, channel text, verdict text,
  leader text NOT NULL DEFAULT '') ON COMMIT DROP;
TRUNCATE care_due;
"""
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
        AND x.result = 'TASK' AND x.decided_on > %(day)s::date - g.days) AS is_free
  FROM judged j JOIN care_capgroup g ON g.code = j.cap_id WHERE j.reason = ''
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
SAMPLE = matching.MARK.replace(
    "{text}",
    "d.seed || ':' || d.code || ':' || d.customer_id || ':' || coalesce(d.vehicle_id, 0) || ':' || d.anchor_on",
)
KEEP = """
INSERT INTO care_decision (rule_id, code, customer_id, vehicle_id, outlet_id, place_id, anchor_on, opens_on, closes_on,
  decided_on, result, channel, cap_id, leader)
SELECT rule_id, code, customer_id, vehicle_id, outlet_id, place_id, anchor_on, opens_on, closes_on, %(day)s, verdict,
  CASE WHEN verdict IN ('TASK', 'MERGED') THEN channel ELSE '' END, cap_id, leader
FROM care_due WHERE verdict <> 'WAIT'
ON CONFLICT (customer_id, code, anchor_on, vehicle_id) DO NOTHING
"""
DRAW = """
INSERT INTO care_draw (rule_id, outlet_id, place_id, month, population, drawn)
SELECT rule_id, outlet_id, place_id, date_trunc('month', anchor_on)::date, count(*),
  count(*) FILTER (WHERE verdict IN ('TASK', 'MERGED'))
FROM care_due WHERE coverage < 100 AND verdict IN ('TASK', 'MERGED', 'SAMPLE', 'BUDGET') GROUP BY 1, 2, 3, 4
ON CONFLICT (rule_id, outlet_id, place_id, month) DO UPDATE
SET population = care_draw.population + excluded.population, drawn = care_draw.drawn + excluded.drawn
"""
WRITTEN = """
SELECT d.*, u.id AS consultant, m.codes
FROM care_due d
LEFT JOIN customers_relation r
  ON r.customer_id = d.customer_id AND r.outlet_id = d.outlet_id AND r.ended_on IS NULL
LEFT JOIN access_user u ON u.id = r.consultant_id AND u.is_active
LEFT JOIN (SELECT customer_id, cap_id, array_agg(rule_id ORDER BY priority, code) AS codes FROM care_due
  WHERE verdict = 'MERGED' GROUP BY 1, 2) m ON m.customer_id = d.customer_id AND m.cap_id = d.cap_id
WHERE d.verdict = 'TASK' ORDER BY d.id
"""


@dataclass(frozen=True)
class Run:
    """What came of a night, by result."""

    results: Mapping[str, int]

    @property
    def tasks(self) -> int:
        return self.results.get("TASK", 0)


def make_tasks(*, actor: Actor, day: datetime.date, at: datetime.datetime) -> Run:
    """Decide about every case of every rule that holds on a day: checks the right, gathers the cases whose window
    opened within the last weeks and about which nothing is decided, decides, keeps the decisions and the strata of
    draws, writes the tasks, audits with one line. A second call changes nothing.

    :raises NotAllowed: the actor may not change rules everywhere.
    """
    check_everywhere(actor, Verb.CHANGE_RULES)
    return _run(actor, queries.in_force(day), day, at, None)


def follow_sale(*, customer_id: int, **_: Any) -> None:
    """Make the tasks of a sale at once: gathers the buyer's cases of rules that count from a delivery, and goes on as
    ``make_tasks``.
    """
    at = clock.now()
    _run(SYSTEM, queries.in_force(clock.day_of(at), Anchor.DELIVERY), clock.day_of(at), at, customer_id)


def follow_visit(*, vehicle_id: int, customer_id: int | None, **_: Any) -> None:
    """Make the tasks of a workshop visit at once: gathers the customer's cases of rules that count from a visit, and
    goes on as ``make_tasks``.
    """
    at = clock.now()
    owner = Participant.objects.filter(vehicle_id=vehicle_id, role="OWNER", until=None)
    who = customer_id or owner.values_list("customer_id", flat=True).first()
    if who is not None:
        _run(SYSTEM, queries.in_force(clock.day_of(at), Anchor.VISIT), clock.day_of(at), at, who)


def _run(
    actor: Actor, rules: Sequence[queries.Running], day: datetime.date, at: datetime.datetime, customer_id: int | None
) -> Run:
    with db.atomic():
        db.serialise("care.decide")
        _do(DUE)
        for running in rules:
            first = max(running.began, day - datetime.timedelta(days=max(BACK, running.length)))
            matching.fill(running.rule, matching.Asked(first, day, day, customer_id))
        results = decide(day)
        if results:
            _do(KEEP, {"day": day})
            _do(DRAW)
            _write(actor, {running.rule.pk: running.rule for running in rules}, at)
            records.audit(
                actor=actor, verb="care.make_tasks", subject_type="care.night", subject_id=day.isoformat(),
                after={"results": results, "customer": customer_id},
            )  # fmt: skip
    return Run(results)


def _do(sql: str, values: Mapping[str, Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def decide(day: datetime.date) -> dict[str, int]:
    """Decide about the cases in ``care_due`` as ``policy.rules.decide`` does, and return how often each result came."""
    _do(DECIDE.replace("{control}", CONTROL).replace("{sample}", SAMPLE), {"day": day})
    with connection.cursor() as cursor:
        cursor.execute("SELECT verdict, count(*) FROM care_due GROUP BY 1")
        return dict(Counter(dict(cursor.fetchall())))


def _write(actor: Actor, rules: Mapping[int, Rule], at: datetime.datetime) -> None:
    rows = list(matching.Query(WRITTEN).rows())
    for start in range(0, len(rows), BATCH):
        adding.add_tasks(actor=actor, tasks=list(_tasks(rows[start : start + BATCH], rules, at)), at=at)


def _tasks(
    rows: Sequence[Mapping[str, Any]], rules: Mapping[int, Rule], at: datetime.datetime
) -> Iterator[adding.NewTask]:
    for row in rows:
        rule = rules[row["rule_id"]]
        named = [rule, *(rules[pk] for pk in row["codes"] or ())]
        yield adding.NewTask(
            kind=KINDS.get(Channel(row["channel"]), MESSAGE),
            key=f"care:{rule.code}:{row['customer_id']}:{row['vehicle_id'] or 0}:{row['anchor_on']}",
            node_id=row["place_id"], role=rule.role_id, owner_id=row["consultant"] if rule.is_consultants else None,
            reason=REASONS[Anchor(rule.anchor)], due=_due(rule, row["closes_on"], at), opens_at=at,
            expires_at=clock.start_of(row["closes_on"]) + datetime.timedelta(days=15),
            subject_type="customer", subject_id=row["customer_id"], subject_label=row["customer_name"],
            values={
                "day": row["anchor_on"].isoformat(), "what": "、".join(item.name_zh for item in named),
                "what_en": ", ".join(item.name_en for item in named), "rules": [item.code for item in named],
                "words": _script(named, "zh"), "words_en": _script(named, "en"),
            },
            priority=rule.priority,
        )  # fmt: skip


def _due(rule: Rule, closes_on: datetime.date, at: datetime.datetime) -> datetime.datetime | Term:
    """Return until when a task is due: working days are reckoned on the calendar of the place, hours from the close of
    business on the day of the anchor, days until the close of the last one; never before now.
    """
    if rule.unit == Unit.WORKING_DAYS:
        return Term(days=rule.due - rule.opens)
    if rule.unit == Unit.HOURS:
        base = closes_on - datetime.timedelta(days=rule.timing.due_days)
        return max(at, clock.start_of(base) + CLOSE + datetime.timedelta(hours=rule.due))
    return max(at, clock.start_of(closes_on) + CLOSE)


def _script(rules: Sequence[Rule], language: str) -> str:
    """Return what is to be said, in order, rule by rule."""
    lines = [
        f"{number}. {item[language] or item['zh']}" for rule in rules for number, item in enumerate(rule.script, 1)
    ]
    return "\n".join(lines)[:2000]
