"""What a rule will do: its months, the next whom it finds, a customer's plan, and why somebody is not among them."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from guanxi.care.models import Decision, Rule
from guanxi.care.permissions import Verb
from guanxi.care.policy import audience
from guanxi.care.queries import facts, matching
from guanxi.care.queries import rules as queries
from guanxi.care.queries.matters import may_read
from guanxi.care.states.rules import HAPPENED, Anchor, Result
from guanxi.foundation.actor import Actor
from guanxi.foundation.values.months import Day, later

YEAR = datetime.timedelta(days=365)
MONTH = datetime.timedelta(days=30)
WEEK = datetime.timedelta(days=6)
ENOUGH = 50_000


@dataclass(frozen=True)
class Preview:
    """How many a rule finds today, in the coming week, and by month. ``is_past``: of what nobody knows in advance, the
    last twelve months are shown. ``part``: the months are reckoned from one customer in so many.
    """

    today: int
    week: int
    months: list[tuple[Day, int]]
    is_past: bool
    part: int

    @property
    def total(self) -> int:
        return sum(found for _month, found in self.months)


def asked(actor: Actor, first: Day, last: Day, today: Day, customer_id: int | None = None) -> matching.Asked:
    """Return a question narrowed to the outlets where the actor may see rules."""
    return matching.Asked(first, last, today, customer_id, actor.where(Verb.VIEW_RULES))


def preview(actor: Actor, row: Rule, today: Day) -> Preview:
    """Return what a rule finds, by day and by month; three queries."""
    is_past = row.anchor in HAPPENED
    start = later(today.replace(day=1), -11 if is_past else 0)
    last = today if is_past else later(start, 12) - datetime.timedelta(days=1)
    part = _part(actor)
    whole = asked(actor, start, last, today)
    counted = matching.counts(row, replace(whole, part=part), "month")
    near = matching.counts(row, asked(actor, today, today + WEEK, today), "day")
    months = [(month, counted.get(month, 0)) for month in (later(start, number) for number in range(12))]
    return Preview(near.get(today, 0), sum(near.values()), months, is_past, part)


def _part(actor: Actor) -> int:
    """Return of how many customers one is enough for a drawing: all up to fifty thousand; one query."""
    if actor.where(Verb.VIEW_RULES) is not None:
        return 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = 'customers_customer'::regclass")
        return max(1, int(cursor.fetchone()[0]) // ENOUGH)


@dataclass(frozen=True)
class Found:
    """One whom a rule finds, and what stands in the way."""

    customer_id: int
    name: str
    car: str
    opens_on: Day
    closes_on: Day
    obstacle: str


def may_ask(actor: Actor, row: Rule, *ops: str) -> bool:
    """Say whether an actor may see whom a rule finds: one that counts from complaints, or asks for them in one of some
    ways, tells of them.
    """
    asked_for = {item.op for item in audience.read(row.audience) if item.fact == facts.OPEN_CASE}
    tells = row.anchor == Anchor.COMPLAINT or bool(asked_for & set(ops))
    return not tells or may_read(actor)


def who(actor: Actor, row: Rule, today: Day, limit: int) -> list[Found]:
    """Return the first whom a rule finds from today on, or found lately if nobody knows in advance; one query, and one
    more when the coming month has too few. Nobody if it asks for what the actor may not see.
    """
    if not may_ask(actor, row, audience.YES):
        return []
    back = MONTH if row.anchor in HAPPENED else datetime.timedelta()
    rows = matching.listed(row, asked(actor, today - back, today + MONTH, today), limit)
    if len(rows) < limit and row.anchor not in HAPPENED:
        rows = matching.listed(row, asked(actor, today, today + YEAR, today), limit)
    return [
        Found(
            item["customer_id"], item["customer_name"], item["plate"] or item["vin"] or "", item["opens_on"],
            item["closes_on"], obstacle(item),
        )
        for item in rows
    ]  # fmt: skip


def obstacle(item: dict[str, Any]) -> str:
    """Return in words what stands in the way of a case; nothing if nothing does."""
    if item["is_gone"]:
        return str(Result.EXCLUDED.label)
    if item["obstacle"] == "" or item["second"] == "":
        return ""
    return str(Result(item["obstacle"]).label)


@dataclass(frozen=True)
class Step:
    """One condition of the answer to "why is this customer not among them": what, its value, whether it holds."""

    text: str
    value: str
    holds: bool


def why(actor: Actor, row: Rule, customer_id: int, today: Day) -> list[Step]:
    """Return each condition of a rule for one customer, in order, with its value; a few queries."""
    if not may_ask(actor, row, audience.YES, audience.NO):
        return [Step(_("Complaints"), _("known only to those who may see them"), holds=False)]
    cases = matching.examined(row, asked(actor, today - YEAR, today + YEAR, today, customer_id))
    if not cases:
        return [Step(_("A day to count from, within a year"), _("none is known where you may see it"), holds=False)]
    case = min(cases, key=lambda item: (abs((item["opens_on"] - today).days), item["opens_on"]))
    steps = [
        Step(str(Anchor(row.anchor).label), case["anchor_on"].isoformat(), holds=True),
        Step(_("Window"), f"{case['opens_on']} – {case['closes_on']}", holds=case["closes_on"] >= today),
    ]
    conditions = audience.read(row.audience)
    words = facts.words(conditions)
    for number, condition in enumerate(conditions):
        value = facts.shown(case[f"v{number}"], words.get(condition.fact, {}))
        steps.append(Step(facts.sentence(condition, words), value, holds=bool(case[f"ok{number}"])))
    found = obstacle(case)
    steps.append(Step(_("Can and may be reached"), found or _("yes"), holds=not found))
    return [*steps, *_decided(actor, row, customer_id, case)]


def _decided(actor: Actor, row: Rule, customer_id: int, case: dict[str, Any]) -> list[Step]:
    rows = queries.decisions_visible_to(actor).filter(customer_id=customer_id, code=row.code)
    found = rows.filter(reason_on=case["reason_on"], vehicle_id=case["vehicle_id"]).first()
    if found is None:
        return []
    is_task = found.result in {Result.TASK, Result.MERGED}
    return [Step(_("Decided on %(day)s") % {"day": found.decided_on}, found.get_result_display(), holds=is_task)]


@dataclass(frozen=True)
class Planned:
    """A contact that a rule has in mind for a customer."""

    rule: Rule
    opens_on: Day
    closes_on: Day
    obstacle: str


def plan(actor: Actor, customer_id: int, today: Day, limit: int) -> list[Planned]:
    """Return what the rules have in mind for a customer in the next twelve months (LIFE-19); three queries."""
    visible = set(queries.current(actor).values_list("pk", flat=True))
    tomorrow = today + datetime.timedelta(days=1)
    running = {
        item.rule.pk: item
        for item in queries.in_force(today)
        if item.rule.pk in visible and may_ask(actor, item.rule, audience.YES)
    }
    asking = [
        (item.rule, asked(actor, max(tomorrow, item.began), today + YEAR, today, customer_id))
        for item in running.values()
    ]
    return [
        Planned(running[item["rule_id"]].rule, item["opens_on"], item["closes_on"], obstacle(item))
        for item in matching.together(asking, limit)
    ]


def leaders(rows: Iterable[Decision]) -> dict[str, str]:
    """Return the names of the rules in whose tasks other reasons are named; one query."""
    codes: Sequence[str] = sorted({row.leader for row in rows if row.leader})
    return {row.code: row.name for row in Rule.objects.filter(code__in=codes, until=None)} if codes else {}
