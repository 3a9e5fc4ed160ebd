"""The doors of customer care, for the walk with every role: see tests/architecture/walk.py."""

from tests.architecture.matrix import EVERYWHERE, Door, call, post

from guanxi.care.models import Rule
from guanxi.care.permissions import Verb

PAGES = {
    "care:rules": Door(Verb.VIEW_RULES),
    "care:add-rule": Door(Verb.CHANGE_RULES),
    "care:planned": Door(Verb.VIEW_RULES, args=("zero",)),
    "care:rule": Door(Verb.VIEW_RULES, args=("rule",)),
    "care:change-rule": Door(Verb.CHANGE_RULES, EVERYWHERE, args=("rule",)),
    "care:switch-rule": post(Verb.CHANGE_RULES, EVERYWHERE, "rule", data=lambda _t: {"is_on": "no"}),
    "care:why": Door(Verb.VIEW_RULES, args=("rule",)),
}
_CARE = "guanxi_care_api_rules_"
OPERATIONS = {
    f"{_CARE}list_rules": call(Verb.VIEW_RULES),
    f"{_CARE}preview": call(Verb.VIEW_RULES),
    f"{_CARE}switch_rule": call(Verb.CHANGE_RULES, EVERYWHERE, lambda _t: {"is_on": False}),
}
INSIDE: frozenset[str] = frozenset()
PATH = {"rule_id": "rule"}


def things(_cast):
    return {"rule": Rule.objects.get(code="consultant_call", until=None).pk}
