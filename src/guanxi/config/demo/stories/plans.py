"""Orders of correction, a file that is said to be false, campaigns and a recall."""

import datetime
from decimal import Decimal

from guanxi.campaigns.policy import Wave
from guanxi.campaigns.services import deciding, planning, recall_steps, recalls
from guanxi.campaigns.services.planning import Plan
from guanxi.config.demo.stories.stage import Stage, read
from guanxi.foundation import clock
from guanxi.network.models import Node
from guanxi.verification.services import correcting, marking, ordering
from guanxi.verification.services.ordering import NewOrder

BRAND, FIRST = "YL", 20  # those who are ordered to correct stand behind those who complain


def tell_corrections(stage: Stage) -> int:
    """Order the corrections of the file, dispute some, mark a file as false; return how many orders there are."""
    found = read("plans")
    for number, story in enumerate(found["correction"]):
        customer, vehicle = stage.owners[(FIRST + number) % len(stage.owners)]
        new = NewOrder(stage.home.pk, customer.pk, story["words"], f"demo:{number}", vehicle.pk)
        at = stage.moment(story["days"], story["time"])
        row = ordering.order(actor=stage.actor("supervisor"), new=new, at=at)
        if "disputed" in story:
            at += datetime.timedelta(hours=3)
            correcting.dispute(actor=stage.actor("crm"), order_id=row.pk, measure=story["disputed"], at=at)
    false = found["false_file"]
    customer, _vehicle = stage.owners[(FIRST + len(found["correction"])) % len(stage.owners)]
    marking.mark(
        actor=stage.actor("supervisor"), customer_id=customer.pk, outlet_id=stage.home.pk, evidence=false["evidence"],
        at=stage.moment(false["days"], false["time"]),
    )  # fmt: skip
    return len(found["correction"])


def tell_campaigns(stage: Stage) -> int:
    """Plan the campaigns of the file, submit those that are told so and a recall; return how many campaigns."""
    found, today = read("plans"), clock.day_of(stage.at)
    for story in found["campaign"]:
        values = {name: story.get(name, "") for name in ("name", "aim", "channel", "purpose", "words", "offer")}
        plan = Plan(
            values | {
                "node_id": stage.home.pk, "audience": story["audience"], "template": "", "role_id": story["role"],
                "offer_code": story.get("offer_code", ""), "budget": Decimal(story["budget"]),
                "unit_cost": Decimal(story["unit_cost"]), "fixed_cost": Decimal(0), "control": story["control"],
                "visit_days": 30, "sale_days": 90,
            },
            [Wave(today + datetime.timedelta(days=wait), share) for wait, share in story["waves"]],
        )  # fmt: skip
        row = planning.add_campaign(actor=stage.actor("crm"), kind=story["kind"], plan=plan, at=stage.at)
        if story["is_submitted"]:
            deciding.submit(actor=stage.actor("crm"), campaign_id=row.pk, at=stage.at)
    _recall(stage, found["recall"])
    return len(found["campaign"])


def _recall(stage: Stage, story: dict[str, str]) -> None:
    values = {
        "node_id": Node.objects.get(code=BRAND).pk, "is_safety": True, "channel": "PHONE", "template": "",
        "role_id": "follow_up_agent",
    }  # fmt: skip
    row = recalls.add_recall(
        actor=stage.actor("hq"), values=values | {n: story[n] for n in ("name", "reference", "about")}, at=stage.at
    )
    cars = "\n".join(vehicle.vin for _customer, vehicle in stage.owners[: int(story["cars"])])
    recalls.add_cars(actor=stage.actor("hq"), recall_id=row.pk, text=cars, at=stage.at)
    recall_steps.submit_recall(actor=stage.actor("hq"), recall_id=row.pk, at=stage.at)
