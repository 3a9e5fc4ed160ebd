"""The doors of campaigns, for the walk with every role: see tests/architecture/walk.py."""

from tests.architecture.matrix import Door, post
from tests.campaigns.conftest import days, values

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
    "campaigns:cancel": Door(Verb.PLAN, OUTLET, args=("campaign",)),
}
OPERATIONS = {}
INSIDE = frozenset({"campaigns.run", "campaigns.respond", "campaigns.export", "campaigns.apply_preset"})
PATH = {}


def things(cast):
    """Return a campaign of the outlet of the cast, and a kind."""
    today = clock.today()
    plan = Plan(values(cast.outlet_id), [Wave(today + days(1), 100)])
    made = planning.add_campaign(actor=SYSTEM, kind="SERVICE_VISITS", plan=plan, at=clock.now())
    return {"campaign": made.pk, "campaign_kind": "SERVICE_VISITS"}
