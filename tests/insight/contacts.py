"""Small worlds of decisions, tasks, visits and sales: the effect that DuckDB makes of them, and the same in plain Python;
and the same rows in the database.
"""

import datetime
import itertools
from collections import defaultdict

from tests import garage

from guanxi.care.models import Decision, Rule
from guanxi.foundation import clock, columnar
from guanxi.insight import datasets, engine
from guanxi.insight.measures import effects
from guanxi.insight.measures.facts import EFFECT_TERMS
from guanxi.insight.services import effects as service
from guanxi.insight.services import working
from guanxi.vehicles.models import Sale
from guanxi.worklist.models import Task
from guanxi.workshop.models import Visit

DAY = datetime.date(2026, 3, 1)
KINDS = {"TASK": "CONTACT", "MERGED": "CONTACT", "BUDGET": "CONTACT", "CONTROL": "CONTROL"}
FACTS = {fact.name: fact for fact in (*datasets.FACTS, *datasets.CONTACTS)}


def days(number):
    return datetime.timedelta(days=number)


def compute(rows, folder, day=DAY, came_days=30, bought_days=90):
    """Return what DuckDB makes of the rows of some facts: (rule, place, month, arm) -> the counts and the days."""
    with columnar.connected(folder) as duck:
        for name in ("decisions", "tasks", "attempts", "visits", "sales", "tombstones"):
            working.fill(duck, f"some_{name}", FACTS[name].types, rows.get(name, ()))
            datasets.view(duck, FACTS[name], day, f"some_{name}")
        working.fill(duck, "effect_terms", EFFECT_TERMS, [(day, came_days, bought_days)])
        columnar.run(duck, f"CREATE TABLE effect_members AS {engine.sql(effects.members)}")
        columns = ", ".join(service.COLUMNS)
        found = columnar.run(duck, f"SELECT {columns} FROM ({engine.sql(effects.effects)})")
    return {(row[0], *row[2:5]): (*row[5:12], row[12]) for row in found}


def expected(rows, day=DAY, came_days=30, bought_days=90):
    """Return the same, said once more for one customer at a time."""
    named = {
        name: [dict(zip(FACTS[name].types, row, strict=True)) for row in rows.get(name, ())]
        for name in ("decisions", "tasks", "attempts", "visits", "sales", "tombstones")
    }
    gone = {row["id"] for row in named["tombstones"]}
    decided = [row for row in named["decisions"] if row["decided_on"] <= day]
    cohorts = defaultdict(list)
    for row in decided:
        if row["customer_id"] not in gone:
            cohorts[row["code"], row["place_id"], row["opens_on"].replace(day=1), row["customer_id"]].append(row)
    counts = defaultdict(lambda: [0] * 7 + [[]])
    for (_code, place, month, _who), cases in cohorts.items():
        first = min(cases, key=lambda row: (row["opens_on"], row["id"]))
        contacted = [row for row in cases if row["result"] in {"TASK", "MERGED"}]
        came = _after(first, named["visits"], "entered_on", came_days, day)
        bought = _after(first, named["sales"], "sold_on", bought_days, day)
        is_closed, is_settled = (first["opens_on"] + days(span) < day for span in (came_days, bought_days))
        held = counts[first["rule_id"], place, month, KINDS[first["result"]]]
        reached = any(_is_reached(row, decided, named) for row in contacted)
        flags = (True, contacted, reached, is_closed, is_closed and came, is_settled, is_settled and bought)
        for number, flag in enumerate(flags):
            held[number] += bool(flag)
        held[7] += [came] if is_closed and came else []
    return {key: (*held[:7], f"{{{','.join(map(str, sorted(held[7])))}}}") for key, held in counts.items()}


def _after(case, events, name, span, day):
    """After how many days the first event of a customer followed; 0 if none did. The opening day itself is too early."""
    is_here = case["outlet_id"] == case["place_id"]
    found = [
        (row[name] - case["opens_on"]).days
        for row in events
        if row["customer_id"] == case["customer_id"] and row.get("counts", True) and row[name] <= day
        and (not is_here or row["outlet_id"] == case["place_id"])
    ]  # fmt: skip
    return min((after for after in found if 0 < after <= span), default=0)


def _is_reached(case, decided, named):
    lead = case["leader"] or case["code"]
    same = [
        row for row in decided
        if row["result"] == "TASK" and row["customer_id"] == case["customer_id"] and row["code"] == lead
        and row["decided_on"] == case["decided_on"]
    ]  # fmt: skip
    spoken = {row["task_id"] for row in named["attempts"] if row["outcome"] == "REACHED"}
    for row in same:
        start, end = f"care:{lead}:", f":{row['reason_on']}"
        for task in named["tasks"]:
            is_its = task["customer_id"] == case["customer_id"] and task["kind"].startswith("care.")
            if is_its and task["key"].startswith(start) and task["key"].endswith(end):
                is_done = task["state"] == "DONE" and task["outcome"] not in {"NOT_REACHED", "CAME"}
                if is_done or task["id"] in spoken:
                    return True
    return False


def rule(code="x_effect", **values):
    """Write a rule with a control group."""
    held = {
        "name_zh": "效果", "name_en": "Effect", "since": datetime.date(2020, 1, 1), "anchor": "INSPECTION", "opens": -30,
        "due": -7, "channel": "PHONE", "purpose": "SERVICE", "role_id": "service_advisor", "cap_id": "reminder",
        "control": 10, "made_at": clock.now(),
    }  # fmt: skip
    return Rule.objects.create(code=code, **(held | values))


_numbers = itertools.count(20_000)  # of customers and cars, each once in a run


def decide(row, outlet, opens_on, result="TASK", *, customer=None, place=None, leader="", decided_on=None, car=None):
    """Write a decision about a customer, who is made if none is given, and return it."""
    if customer is None:
        customer = garage.customer("效果客", f"139{next(_numbers):08d}", outlet)
    return Decision.objects.create(
        rule=row, code=row.code, customer=customer, vehicle=car, outlet_id=outlet, place_id=place or outlet,
        anchor_on=opens_on + days(30), reason_on=opens_on + days(30), opens_on=opens_on, closes_on=opens_on + days(23),
        decided_on=decided_on or opens_on, result=result, channel="PHONE" if result in {"TASK", "MERGED"} else "",
        cap_id=row.cap_id, leader=leader,
    )  # fmt: skip


def task(decision, state="DONE", outcome="REACHED"):
    """Write the task of a decision, as the night does, and how it ended."""
    at, ended = clock.start_of(decision.decided_on), state in {"DONE", "SKIPPED", "EXPIRED"}
    return Task.objects.create(
        kind="care.call", node_id=decision.place_id, role_id="service_advisor", reason="x", subject_type="customer",
        key=f"care:{decision.code}:{decision.customer_id}:{decision.vehicle_id or 0}:{decision.reason_on}",
        subject_id=decision.customer_id, opens_at=at, due_at=at, first_due_at=at, made_at=at, state=state,
        outcome=outcome if ended else "", outcome_note="x", finished_at=at if ended else None,
    )  # fmt: skip


def visit(customer, outlet, day, *, counts=True):
    car = garage.car(customer, next(_numbers), plate="")
    return Visit.objects.create(
        outlet_id=outlet, vehicle=car, customer=customer, order_no=f"E-{car.pk}", category="MINOR_REPAIR",
        counts=counts, entered_on=day, touched_at=clock.now(),
    )  # fmt: skip


def sale(customer, outlet, day):
    car = garage.car(customer, next(_numbers), plate="", sold_on=day)
    return Sale.objects.create(
        vehicle=car, customer=customer, outlet_id=outlet, sold_on=day, touched_at=clock.now()
    )  # fmt: skip
