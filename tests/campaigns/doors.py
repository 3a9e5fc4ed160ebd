"""The doors of campaigns, for the walk with every role: see tests/architecture/walk.py."""

from tests import garage
from tests.architecture.matrix import Door, post
from tests.campaigns.conftest import days, values

from guanxi.campaigns.models import Campaign, Member
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.policy import Wave
from guanxi.campaigns.services import planning
from guanxi.campaigns.services.planning import Plan
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM

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
    "campaigns:redeem": Door(Verb.RESPOND),
    "campaigns:customer-panel": Door(Verb.VIEW, OUTLET, args=("addressed",)),
    "campaigns:respond": Door(Verb.RESPOND, OUTLET, args=("campaign_member",)),
    "campaigns:effect": Door(Verb.VIEW, OUTLET, args=("running_campaign",)),
    "campaigns:start": post(Verb.RUN, OUTLET, "campaign"),
    "campaigns:end": post(Verb.RUN, OUTLET, "campaign"),
    "campaigns:members": Door(Verb.VIEW, OUTLET, args=("campaign",)),
    "campaigns:cancel": Door(Verb.PLAN, OUTLET, args=("campaign",)),
}
OPERATIONS = {}
INSIDE = frozenset({"campaigns.export", "campaigns.apply_preset"})
PATH = {}


def things(cast):
    """Return a campaign of the outlet of the cast, a running one with somebody in it, and a kind."""
    today = clock.today()
    plan = Plan(values(cast.outlet_id), [Wave(today + days(1), 100)])
    made = planning.add_campaign(actor=SYSTEM, kind="SERVICE_VISITS", plan=plan, at=clock.now())
    running = planning.add_campaign(actor=SYSTEM, kind="SERVICE_VISITS", plan=plan, at=clock.now())
    at = clock.now()
    Campaign.objects.filter(pk=running.pk).update(state="RUNNING", approved_at=at, started_at=at)
    who = garage.customer("受邀人", "13700000502", cast.outlet_id)
    member = Member.objects.create(
        campaign=running, customer=who, outlet_id=cast.outlet_id, wave=1, arm="TREATED", contacted_at=at
    )
    return {
        "campaign": made.pk, "campaign_kind": "SERVICE_VISITS", "running_campaign": running.pk,
        "campaign_member": member.pk, "addressed": who.pk,
    }  # fmt: skip
