"""The doors of care, for the walk with every role: see tests/architecture/walk.py."""

from tests import garage
from tests.architecture.matrix import EVERYWHERE, Door, call, post

from guanxi.care.models import CarState, Rule
from guanxi.care.permissions import Verb
from guanxi.care.policy.checklists import Reply
from guanxi.care.services import rounds
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM

OUTLET = "outlet"
ITEMS = ("books_games", "media", "staff", "board", "catering", "rewards")
PAGES = {
    "care:states": Door(Verb.VIEW),
    "care:owners": Door(Verb.VIEW),
    "care:cars": Door(Verb.VIEW),
    "care:customer-panel": Door(Verb.VIEW, OUTLET, args=("cared_owner",)),
    "care:vehicle-panel": Door(Verb.VIEW, OUTLET, args=("cared_car",)),
    "care:rules": Door(Verb.VIEW_RULES),
    "care:add-rule": Door(Verb.CHANGE_RULES),
    "care:planned": Door(Verb.VIEW_RULES, args=("zero",)),
    "care:rule": Door(Verb.VIEW_RULES, args=("rule",)),
    "care:change-rule": Door(Verb.CHANGE_RULES, EVERYWHERE, args=("rule",)),
    "care:switch-rule": post(Verb.CHANGE_RULES, EVERYWHERE, "rule", data=lambda _t: {"is_on": "no"}),
    "care:why": Door(Verb.VIEW_RULES, args=("rule",)),
    "care:rounds": Door(Verb.VIEW_ROUNDS),
    "care:rounds-overview": Door(Verb.VIEW_ROUNDS),
    "care:past-rounds": Door(Verb.VIEW_ROUNDS),
    "care:rounds-panel": Door(Verb.VIEW_ROUNDS, OUTLET, args=("outlet",)),
    "care:file-round": Door(Verb.FILE_ROUNDS, OUTLET, args=("outlet", "check_list")),
    "care:round": Door(Verb.VIEW_ROUNDS, OUTLET, args=("care_round",)),
}
_RULES = "guanxi_care_api_"


def _answers():
    items = ("staff", "board", "catering")
    return {"answers": [{"item": item, "finding": "FULFILLED"} for item in items]}


def _today(t):
    return {"outlet_id": t.outlet, "code": t.check_list, "day": clock.today().isoformat()}


OPERATIONS = {
    f"{_RULES}list_rules": call(Verb.VIEW_RULES),
    f"{_RULES}preview": call(Verb.VIEW_RULES),
    f"{_RULES}switch_rule": call(Verb.CHANGE_RULES, EVERYWHERE, lambda _t: {"is_on": False}),
    f"{_RULES}list_check_lists": call(Verb.VIEW_ROUNDS),
    f"{_RULES}list_rounds": call(Verb.VIEW_ROUNDS),
    f"{_RULES}get_round": call(Verb.VIEW_ROUNDS, OUTLET),
    f"{_RULES}file_round": call(Verb.FILE_ROUNDS, OUTLET, lambda t: {**_answers(), **_today(t)}),
    f"{_RULES}correct_round": call(Verb.FILE_ROUNDS, OUTLET, lambda _t: _answers()),
    "guanxi_care_api_list_owner_states": call(Verb.VIEW),
    "guanxi_care_api_list_changes": call(Verb.VIEW, OUTLET),
    "guanxi_care_api_list_cars": call(Verb.VIEW),
    "guanxi_care_api_get_car": call(Verb.VIEW, OUTLET),
}
INSIDE = frozenset({"care.export", "care.apply_terms"})
PATH = {"owner_id": "cared_owner", "car_id": "cared_car", "rule_id": "rule", "round_id": "care_round"}


def things(cast):
    """Return a customer of the outlet of the cast and his car, with its state; a rule; a list and a round of it."""
    owner = garage.customer("关怀人", "13700000301", cast.outlet_id)
    car = garage.car(owner, 79, plate="沪C79797")
    CarState.objects.create(vehicle=car, phase="UNKNOWN")
    rule = Rule.objects.get(code="consultant_call", until=None).pk
    today = clock.today()
    filed = rounds.file_round(
        actor=SYSTEM, outlet_id=cast.outlet_id, code="waiting_repair", day=today, at=clock.now(),
        replies={code: Reply("FULFILLED") for code in ITEMS},
    )  # fmt: skip
    return {
        "cared_owner": owner.pk, "cared_car": car.pk, "rule": rule, "care_round": filed.pk,
        "check_list": "waiting_repair_noon",
    }  # fmt: skip
