"""The doors of analysis, for the walk with every role: see tests/architecture/walk.py."""

from tests.architecture.matrix import Door, call

from guanxi.care.permissions import Verb as Care
from guanxi.contact_centre.models import Rated
from guanxi.insight.permissions import Verb
from guanxi.worklist.permissions import Verb as Worklist

PAGES = {
    "insight:effects": Door(Care.VIEW_RULES),
    "insight:followups": Door(Worklist.VIEW_TEAM),
    "insight:checked": Door(Verb.VIEW_CHECKED),
    "insight:denied": Door(Verb.VIEW_CHECKED, "outlet", args=("outlet",)),
    "insight:scores": Door(Worklist.VIEW_TEAM),
    "insight:person-scores": Door(Worklist.VIEW_TEAM, "outlet", args=("rated",)),
    "insight:rule-panel": Door(Care.VIEW_RULES, args=("rule",)),
}
OPERATIONS = {
    "guanxi_insight_api_list_effects": call(Care.VIEW_RULES),
    "guanxi_insight_api_list_counts": call(Care.VIEW_RULES),
    "guanxi_insight_api_list_checked": call(Verb.VIEW_CHECKED),
    "guanxi_insight_api_list_person_scores": call(Worklist.VIEW_TEAM),
}
INSIDE = frozenset({"insight.export", "insight.apply_terms"})
PATH = {}


def things(cast):
    """Return what stands in the paths: somebody judged at the outlet; the rule of the doors of care serves here too."""
    return {"rated": Rated.objects.create(outlet_id=cast.outlet_id, judged="ADVISOR", name="走").pk}
