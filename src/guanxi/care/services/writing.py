"""What was decided to be done is handed to the worklist: one task for a customer, with all its reasons and words."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_noop

from guanxi.care.models import Rule
from guanxi.care.queries import matching
from guanxi.care.queries.anchors import CONCERNED
from guanxi.care.states.rules import Anchor, Channel, Unit
from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.worklist.services import adding
from guanxi.worklist.services.deadlines import Term

Words = Sequence[Mapping[str, str]]
BATCH = 2000
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
    Anchor.FAMILY_BIRTHDAY: gettext_noop("Birthday in the family on %(day)s: %(what)s"),
    Anchor.ANNIVERSARY: gettext_noop("Bought on this day, %(day)s: %(what)s"),
    Anchor.FESTIVAL: gettext_noop("Festival on %(day)s: %(what)s"),
    Anchor.SOLAR_TERM: gettext_noop("Solar term on %(day)s: %(what)s"),
    Anchor.STATE: gettext_noop("State changed on %(day)s: %(what)s"),
    Anchor.LAST_VISIT: gettext_noop("Last came on %(day)s: %(what)s"),
    Anchor.WEATHER: gettext_noop("Weather notice of %(day)s: %(what)s"),
    Anchor.COMPLAINT: gettext_noop("Complaint closed on %(day)s: %(what)s"),
}
WRITTEN = """
SELECT d.*, u.id AS consultant, m.rules, m.cars, greatest(d.reason_on, m.since) AS since
FROM care_due d
LEFT JOIN customers_relation r
  ON r.customer_id = d.customer_id AND r.outlet_id = d.outlet_id AND r.ended_on IS NULL
LEFT JOIN access_user u ON u.id = r.consultant_id AND u.is_active
LEFT JOIN (SELECT customer_id, cap_id, array_agg(rule_id ORDER BY priority, code) AS rules,
    array_agg(DISTINCT vehicle_id) FILTER (WHERE vehicle_id IS NOT NULL) AS cars, max(reason_on) AS since FROM care_due
  WHERE verdict = 'MERGED' GROUP BY 1, 2) m ON m.customer_id = d.customer_id AND m.cap_id = d.cap_id
WHERE d.verdict = 'TASK' ORDER BY d.id
"""
# What the notices say to each of those whom they concern.
TOLD = """
SELECT d.customer_id, n.words_zh, n.words_en FROM care_due d JOIN care_rule r ON r.id = d.rule_id
JOIN care_notice n ON n.starts_on = d.anchor_on AND n.kind = ANY(r.of) AND n.withdrawn_at IS NULL
WHERE r.anchor = 'WEATHER' AND d.verdict IN ('TASK', 'MERGED') AND n.words_zh <> '' AND {concerned} ORDER BY n.id
""".replace("{concerned}", CONCERNED.format(who="d.customer_id", outlet="d.outlet_id"))


def write(*, actor: Actor, rules: Mapping[int, Rule], at: datetime.datetime) -> None:
    """Write the tasks of the cases in ``care_due`` that became one, a batch at a time."""
    rows = list(matching.Query(WRITTEN).rows())
    told: dict[int, list[dict[str, str]]] = defaultdict(list)
    if any(rule.anchor == Anchor.WEATHER for rule in rules.values()):
        for line in matching.Query(TOLD, {"today": clock.day_of(at)}).rows():
            told[line["customer_id"]].append({"zh": line["words_zh"], "en": line["words_en"]})
    for start in range(0, len(rows), BATCH):
        adding.add_tasks(actor=actor, tasks=list(_tasks(rows[start : start + BATCH], rules, told, at)), at=at)


def _tasks(
    rows: Sequence[Mapping[str, Any]], rules: Mapping[int, Rule], told: Mapping[int, Words], at: datetime.datetime
) -> Iterator[adding.NewTask]:
    for row in rows:
        rule = rules[row["rule_id"]]
        named = [rule, *(rules[pk] for pk in row["rules"] or ())]
        said = told.get(row["customer_id"], ())
        cars = {*(row["cars"] or ()), *([row["vehicle_id"]] if row["vehicle_id"] else [])}
        yield adding.NewTask(
            kind=KINDS.get(Channel(row["channel"]), MESSAGE),
            key=f"care:{rule.code}:{row['customer_id']}:{row['vehicle_id'] or 0}:{row['reason_on']}",
            node_id=row["place_id"], role=rule.role_id, owner_id=row["consultant"] if rule.is_consultants else None,
            reason=REASONS[Anchor(rule.anchor)], due=_due(rule, row["closes_on"], at), opens_at=at,
            expires_at=clock.start_of(row["closes_on"]) + datetime.timedelta(days=15),
            subject_type="customer", subject_id=row["customer_id"], subject_label=row["customer_name"],
            values={
                "day": row["anchor_on"].isoformat(), "what": "、".join(item.name_zh for item in named),
                "what_en": ", ".join(item.name_en for item in named), "rules": [item.code for item in named],
                "anchors": sorted({item.anchor for item in named}), "cars": sorted(cars),
                "since": row["since"].isoformat(), "purpose": rule.purpose, **_sent(row, named),
                "words": _script(named, said, "zh"), "words_en": _script(named, said, "en"),
            },
            priority=rule.priority,
        )  # fmt: skip


def _sent(row: Mapping[str, Any], named: Sequence[Rule]) -> dict[str, Any]:
    """Return what messaging needs to do the task by itself; nothing if it names more than the template would say."""
    rule = named[0]
    if not rule.template or len(named) > 1:
        return {}
    return {
        "template": rule.template, "channel": row["channel"], "car": row["vehicle_id"],
        "message": f"care:{rule.code}:{row['reason_on']}",
    }  # fmt: skip


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


def _script(rules: Sequence[Rule], told: Words, language: str) -> str:
    """Return what is to be said: what was told of the weather, then in order, rule by rule."""
    lines = [item[language] or item["zh"] for item in told]
    lines += [
        f"{number}. {item[language] or item['zh']}" for rule in rules for number, item in enumerate(rule.script, 1)
    ]
    return "\n".join(lines)[:2000]
