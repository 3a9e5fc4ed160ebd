"""The doors of analysis, for the walk with every role: see tests/architecture/walk.py."""

from tests.architecture.matrix import Door, call

from guanxi.care.permissions import Verb as Care
from guanxi.worklist.permissions import Verb as Worklist

PAGES = {
    "insight:effects": Door(Care.VIEW_RULES),
    "insight:followups": Door(Worklist.VIEW_TEAM),
    "insight:rule-panel": Door(Care.VIEW_RULES, args=("rule",)),
}
OPERATIONS = {
    "guanxi_insight_api_list_effects": call(Care.VIEW_RULES),
    "guanxi_insight_api_list_counts": call(Care.VIEW_RULES),
}
INSIDE = frozenset({"insight.export", "insight.apply_terms"})
PATH = {}


def things(cast):
    """Return what stands in the paths: the rule of the doors of care serves here too."""
    return {}
