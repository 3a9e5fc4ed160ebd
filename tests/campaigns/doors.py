"""The doors of campaigns, for the walk with every role: see tests/architecture/walk.py."""

from tests import garage
from tests.architecture.matrix import Door, call, post
from tests.campaigns.conftest import days, recall_values, values

from guanxi.campaigns.models import Campaign, Member, Support
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.policy import Wave
from guanxi.campaigns.services import planning, recall_steps, recalls
from guanxi.campaigns.services.planning import Plan
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.workshop.models import Visit

OUTLET = "outlet"
PAGES = {
    "campaigns:campaigns": Door(Verb.VIEW),
    "campaigns:kinds": Door(Verb.PLAN),
    "campaigns:add-campaign": Door(Verb.PLAN, args=("campaign_kind",)),
    "campaigns:campaign": Door(Verb.VIEW, OUTLET, args=("campaign",)),
    "campaigns:change-campaign": Door(Verb.PLAN, OUTLET, args=("campaign",)),
    "campaigns:submit": post(Verb.PLAN, OUTLET, "campaign"),
    "campaigns:approve": post(Verb.APPROVE, OUTLET, "campaign"),
    "campaigns:send-back": Door(Verb.APPROVE, OUTLET, args=("campaign",)),
    "campaigns:recalls": Door(Verb.VIEW),
    "campaigns:add-recall": Door(Verb.MANAGE_RECALLS),
    "campaigns:recall": Door(Verb.VIEW, OUTLET, args=("recall",)),
    "campaigns:add-cars": Door(Verb.MANAGE_RECALLS, OUTLET, args=("recall",)),
    "campaigns:change-recall": Door(Verb.MANAGE_RECALLS, OUTLET, args=("recall",)),
    "campaigns:submit-recall": post(Verb.MANAGE_RECALLS, OUTLET, "recall"),
    "campaigns:approve-recall": post(Verb.APPROVE, OUTLET, "recall"),
    "campaigns:send-back-recall": Door(Verb.APPROVE, OUTLET, args=("recall",)),
    "campaigns:cancel-recall": Door(Verb.MANAGE_RECALLS, OUTLET, args=("recall",)),
    "campaigns:approve-cars": post(Verb.APPROVE, OUTLET, "recall"),
    "campaigns:take-cars-off": Door(Verb.APPROVE, OUTLET, args=("recall",)),
    "campaigns:open-recall": post(Verb.MANAGE_RECALLS, OUTLET, "recall"),
    "campaigns:close-recall": post(Verb.MANAGE_RECALLS, OUTLET, "recall"),
    "campaigns:mark-done": Door(Verb.RESPOND, OUTLET, args=("recalled",)),
    "campaigns:mark-refused": Door(Verb.RESPOND, OUTLET, args=("recalled",)),
    "campaigns:vehicle-panel": Door(Verb.VIEW, OUTLET, args=("recalled_car",)),
    "campaigns:redeem": Door(Verb.RESPOND),
    "campaigns:supports": Door(Verb.VIEW),
    "campaigns:ask-support": Door(Verb.ASK_SUPPORT),
    "campaigns:support": Door(Verb.VIEW, OUTLET, args=("supported",)),
    "campaigns:give-support": Door(Verb.PLAN, OUTLET, args=("supported",)),
    "campaigns:decline-support": Door(Verb.PLAN, OUTLET, args=("supported",)),
    "campaigns:judge-support": Door(Verb.ASK_SUPPORT, OUTLET, args=("supported",)),
    "campaigns:customer-panel": Door(Verb.VIEW, OUTLET, args=("addressed",)),
    "campaigns:respond": Door(Verb.RESPOND, OUTLET, args=("campaign_member",)),
    "campaigns:effect": Door(Verb.VIEW, OUTLET, args=("running_campaign",)),
    "campaigns:characteristics": Door(Verb.VIEW, OUTLET, args=("campaign",)),
    "campaigns:start": post(Verb.RUN, OUTLET, "campaign"),
    "campaigns:end": post(Verb.RUN, OUTLET, "campaign"),
    "campaigns:members": Door(Verb.VIEW, OUTLET, args=("campaign",)),
    "campaigns:repeat": Door(Verb.PLAN, OUTLET, args=("running_campaign",)),
    "campaigns:cancel": Door(Verb.PLAN, OUTLET, args=("campaign",)),
}
_API = "guanxi_campaigns_api_"
WHY = {"reason": "walk"}


def _said(t):
    tomorrow = (clock.today() + days(1)).isoformat()
    return {
        "name": "walk", "aim": "walk", "node_id": t.outlet, "channel": "SMS", "purpose": "SERVICE",
        "template": "first_service", "waves": [{"on": tomorrow, "share": 100}],
    }  # fmt: skip


def _recall(t):
    said = {"name": "walk", "about": "walk", "channel": "PHONE", "role": "follow_up_agent"}
    return said | {"node_id": t.outlet}


OPERATIONS = {
    f"{_API}list_campaigns": call(Verb.VIEW),
    f"{_API}get_campaign": call(Verb.VIEW, OUTLET),
    f"{_API}add_campaign": call(Verb.PLAN, OUTLET, lambda t: _said(t) | {"kind": "SERVICE_VISITS"}),
    f"{_API}change_campaign": call(Verb.PLAN, OUTLET, _said),
    f"{_API}count_campaign": call(Verb.VIEW, OUTLET),
    f"{_API}characterise_campaign": call(Verb.VIEW, OUTLET),
    f"{_API}submit_campaign": call(Verb.PLAN, OUTLET),
    f"{_API}approve_campaign": call(Verb.APPROVE, OUTLET),
    f"{_API}send_back_campaign": call(Verb.APPROVE, OUTLET, lambda _t: WHY),
    f"{_API}cancel_campaign": call(Verb.PLAN, OUTLET, lambda _t: WHY),
    f"{_API}start_campaign": call(Verb.RUN, OUTLET),
    f"{_API}end_campaign": call(Verb.RUN, OUTLET),
    f"{_API}repeat_campaign": call(Verb.PLAN, OUTLET, lambda _t: {"first_on": clock.today().isoformat()}),
    f"{_API}list_members": call(Verb.VIEW, OUTLET),
    f"{_API}get_effect": call(Verb.VIEW, OUTLET),
    f"{_API}respond_member": call(Verb.RESPOND, OUTLET, lambda _t: {"note": "x"}),
    f"{_API}redeem_code": call(Verb.RESPOND, data=lambda t: {"code": "WALK", "customer_id": t.addressed}),
    f"{_API}list_recalls": call(Verb.VIEW),
    f"{_API}get_recall": call(Verb.VIEW, OUTLET),
    f"{_API}add_recall": call(Verb.MANAGE_RECALLS, OUTLET, _recall),
    f"{_API}change_recall": call(Verb.MANAGE_RECALLS, OUTLET, _recall),
    f"{_API}submit_recall": call(Verb.MANAGE_RECALLS, OUTLET),
    f"{_API}approve_recall": call(Verb.APPROVE, OUTLET),
    f"{_API}send_back_recall": call(Verb.APPROVE, OUTLET, lambda _t: WHY),
    f"{_API}cancel_recall": call(Verb.MANAGE_RECALLS, OUTLET, lambda _t: WHY),
    f"{_API}approve_cars": call(Verb.APPROVE, OUTLET),
    f"{_API}take_cars_off": call(Verb.APPROVE, OUTLET, lambda _t: WHY),
    f"{_API}completion": call(Verb.VIEW, OUTLET),
    f"{_API}list_cars": call(Verb.VIEW, OUTLET),
    f"{_API}add_cars": call(Verb.MANAGE_RECALLS, OUTLET, lambda _t: {"vins": ["LYT8A6E50RA000001"]}),
    f"{_API}open_recall": call(Verb.MANAGE_RECALLS, OUTLET),
    f"{_API}close_recall": call(Verb.MANAGE_RECALLS, OUTLET),
    f"{_API}mark_done": call(Verb.RESPOND, OUTLET, lambda t: {"visit_id": t.recall_visit}),
    f"{_API}mark_refused": call(Verb.RESPOND, OUTLET, lambda _t: {"note": "x"}),
}
OPERATIONS |= {
    f"{_API}list_supports": call(Verb.VIEW),
    f"{_API}ask_support": call(
        Verb.ASK_SUPPORT, OUTLET,
        lambda t: {"node_id": t.outlet, "desk": "SALES", "kind": "SURVEY", "words": "walk", "token": "walk-through",
                   "wanted_by": clock.today().isoformat()},
    ),
    f"{_API}give_support": call(Verb.PLAN, OUTLET, lambda _t: {"answer": "walk"}),
    f"{_API}decline_support": call(Verb.PLAN, OUTLET, lambda _t: {"answer": "walk"}),
    f"{_API}judge_support": call(Verb.ASK_SUPPORT, OUTLET, lambda _t: {"score": 3, "outcome": "walk"}),
}  # fmt: skip
INSIDE = frozenset({"campaigns.export", "campaigns.apply_preset"})
PATH = {
    "campaign_id": "campaign", "addressed_id": "campaign_member", "recall_id": "recall", "recalled_id": "recalled",
    "support_id": "supported",
}  # fmt: skip


def things(cast):
    """Return a campaign of the outlet of the cast, a running one with somebody in it, and a kind."""
    today = clock.today()
    plan = Plan(values(cast.outlet_id), [Wave(today + days(1), 100)])
    made = planning.add_campaign(actor=SYSTEM, kind="SERVICE_VISITS", plan=plan, at=clock.now())
    running = planning.add_campaign(actor=SYSTEM, kind="SERVICE_VISITS", plan=plan, at=clock.now())
    at = clock.now()
    Campaign.objects.filter(pk=running.pk).update(state="RUNNING", approved_at=at, started_at=at, offer_code="WALK")
    who = garage.customer("受邀人", "13700000502", cast.outlet_id)
    member = Member.objects.create(
        campaign=running, customer=who, outlet_id=cast.outlet_id, wave=1, arm="TREATED", contacted_at=at
    )
    car = garage.car(who, 8501, plate="沪B85010")
    recall = recalls.add_recall(actor=SYSTEM, values=recall_values(cast.outlet_id), at=at)
    recalls.add_cars(actor=SYSTEM, recall_id=recall.pk, text=car.vin, at=at)
    for step in (recall_steps.submit_recall, recall_steps.approve_recall, recall_steps.open_recall):
        step(actor=SYSTEM, recall_id=recall.pk, at=at)
    visit = Visit.objects.create(
        outlet_id=cast.outlet_id, vehicle=car, customer=who, order_no="WALK-RECALL", entered_on=today, touched_at=at
    )
    support = Support.objects.create(
        node_id=cast.outlet_id, desk="SALES", kind="SURVEY", words="walk", wanted_by=clock.today(), token="walk",
        asked_at=clock.now(), asked_by="walk",
    )  # fmt: skip
    return {
        "supported": support.pk,
        "recall_visit": visit.pk,
        "recall": recall.pk, "recalled": recall.cars.get().pk, "recalled_car": car.pk, "campaign": made.pk, "campaign_kind": "SERVICE_VISITS", "running_campaign": running.pk,
        "campaign_member": member.pk, "addressed": who.pk,
    }  # fmt: skip
