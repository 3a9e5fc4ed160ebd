"""The doors of care, for the walk with every role: see tests/architecture/walk.py."""

from tests import garage
from tests.architecture.matrix import EVERYWHERE, Door, call, post

from guanxi.care.models import CarState, CheckList, Gathering, Member, Notice, Proposal, Rule, Tally
from guanxi.care.permissions import Verb
from guanxi.care.policy.checklists import Reply
from guanxi.care.services import rounds
from guanxi.customers.permissions import Verb as Customers
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM

OUTLET = "outlet"
NOTICE = {"kind": "HAIL", "starts_on": str(clock.today()), "ends_on": str(clock.today())}
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
    "care:notices": Door(Verb.VIEW_RULES),
    "care:give-notice": Door(Verb.GIVE_NOTICE),
    "care:withdraw-notice": post(Verb.GIVE_NOTICE, OUTLET, "notice"),
    "care:gatherings": Door(Verb.VIEW_GATHERINGS),
    "care:gathering": Door(Verb.VIEW_GATHERINGS, OUTLET, args=("proposal",)),
    "care:gathering-counts": Door(Verb.VIEW_GATHERINGS),
    "care:gathering-count": Door(Verb.VIEW_GATHERINGS, OUTLET, args=("tally",)),
    "care:accept-proposal": Door(Verb.DECIDE_GATHERINGS, OUTLET, args=("proposal",)),
    "care:decline-proposal": Door(Verb.DECIDE_GATHERINGS, OUTLET, args=("proposal",)),
    "care:exclude-member": Door(Verb.DECIDE_GATHERINGS, OUTLET, args=("member",)),
    "care:include-member": post(Verb.DECIDE_GATHERINGS, OUTLET, "member"),
    "care:export-invited": Door(Customers.REVEAL_PHONE, OUTLET, "post", ("proposal",), also=Verb.EXPORT_GATHERINGS),
    "care:rounds": Door(Verb.VIEW_ROUNDS),
    "care:rounds-overview": Door(Verb.VIEW_ROUNDS),
    "care:past-rounds": Door(Verb.VIEW_ROUNDS),
    "care:rounds-panel": Door(Verb.VIEW_ROUNDS, OUTLET, args=("outlet",)),
    "care:check-lists": Door(Verb.VIEW_ROUNDS),
    "care:check-list": Door(Verb.VIEW_ROUNDS, args=("check_list_version",)),
    "care:add-check-list": Door(Verb.CHANGE_CHECK_LISTS),
    "care:change-check-list": Door(Verb.CHANGE_CHECK_LISTS, EVERYWHERE, args=("check_list_version",)),
    "care:file-round": Door(Verb.FILE_ROUNDS, OUTLET, args=("outlet", "check_list")),
    "care:round": Door(Verb.VIEW_ROUNDS, OUTLET, args=("care_round",)),
}
_RULES = "guanxi_care_api_"


def _answers():
    items = ("staff", "board", "catering")
    return {"answers": [{"item": item, "finding": "FULFILLED"} for item in items]}


def _list(**more):
    said = {
        "name_zh": "走", "name_en": "Walk", "valid_from": str(clock.today()), "by": "09:30", "role": "cr_manager",
        "fixer": "service_manager", "within": 1, "unit": "WORKING_DAYS", "items": [{"name_zh": "灯", "name_en": "Light"}],
    }  # fmt: skip
    return said | more


def _today(t):
    return {"outlet_id": t.outlet, "code": t.check_list, "day": clock.today().isoformat()}


OPERATIONS = {
    f"{_RULES}list_rules": call(Verb.VIEW_RULES),
    f"{_RULES}preview": call(Verb.VIEW_RULES),
    f"{_RULES}switch_rule": call(Verb.CHANGE_RULES, EVERYWHERE, lambda _t: {"is_on": False}),
    f"{_RULES}list_notices": call(Verb.VIEW_RULES),
    f"{_RULES}give_notice": call(Verb.GIVE_NOTICE, EVERYWHERE, lambda _t: NOTICE),
    f"{_RULES}withdraw_notice": call(Verb.GIVE_NOTICE, OUTLET),
    f"{_RULES}list_proposals": call(Verb.VIEW_GATHERINGS),
    f"{_RULES}list_members": call(Verb.VIEW_GATHERINGS, OUTLET),
    f"{_RULES}reveal_invited": Door(Customers.REVEAL_PHONE, OUTLET, json=True, also=Verb.EXPORT_GATHERINGS),
    f"{_RULES}accept_proposal": call(
        Verb.DECIDE_GATHERINGS, OUTLET, lambda _t: {"planned_on": clock.today().isoformat()}
    ),
    f"{_RULES}decline_proposal": call(Verb.DECIDE_GATHERINGS, OUTLET, lambda _t: {"reason": "walk"}),
    f"{_RULES}list_check_lists": call(Verb.VIEW_ROUNDS),
    f"{_RULES}list_check_list_versions": call(Verb.VIEW_ROUNDS),
    f"{_RULES}add_check_list": call(Verb.CHANGE_CHECK_LISTS, EVERYWHERE, lambda _t: _list(code="walk_list")),
    f"{_RULES}change_check_list": call(Verb.CHANGE_CHECK_LISTS, EVERYWHERE, lambda _t: _list()),
    f"{_RULES}list_rounds": call(Verb.VIEW_ROUNDS),
    f"{_RULES}get_round": call(Verb.VIEW_ROUNDS, OUTLET),
    f"{_RULES}file_round": call(Verb.FILE_ROUNDS, OUTLET, lambda t: {**_answers(), **_today(t)}),
    f"{_RULES}correct_round": call(Verb.FILE_ROUNDS, OUTLET, lambda _t: _answers()),
    "guanxi_care_api_list_owner_states": call(Verb.VIEW),
    "guanxi_care_api_list_changes": call(Verb.VIEW, OUTLET),
    "guanxi_care_api_list_cars": call(Verb.VIEW),
    "guanxi_care_api_get_car": call(Verb.VIEW, OUTLET),
}
INSIDE = frozenset({"care.export", "care.apply_terms", "care.export_gatherings"})
PATH = {
    "owner_id": "cared_owner", "car_id": "cared_car", "rule_id": "rule", "proposal_id": "proposal",
    "notice_id": "notice", "round_id": "care_round",
    "check_code": "check_list",
}  # fmt: skip


def things(cast):
    """Return a customer of the outlet of the cast and his car, with its state; a rule; a list and a round of it."""
    owner = garage.customer("关怀人", "13700000301", cast.outlet_id)
    car = garage.car(owner, 79, plate="沪C79797")
    CarState.objects.create(vehicle=car, phase="UNKNOWN")
    rule = Rule.objects.get(code="consultant_call", until=None).pk
    notice = Notice.objects.create(
        kind="FOG", node_id=cast.outlet_id, starts_on=clock.today(), ends_on=clock.today(), author="x",
        made_at=clock.now(),
    )  # fmt: skip
    known = {"cared_owner": owner.pk, "cared_car": car.pk, "rule": rule, "notice": notice.pk}
    return known | _lecture(cast, owner, car) | _round(cast)


def _lecture(cast, owner, car):
    """Return an open proposal of a lecture at the outlet of the cast, somebody on its list, and its counter."""
    kind, today = Gathering.objects.get(code="new_owners", until=None), clock.today()
    place = {"gathering": kind, "code": kind.code, "outlet_id": cast.outlet_id}
    Tally.objects.filter(code=kind.code, outlet_id=cast.outlet_id).delete()
    tally = Tally.objects.create(**place, day=today, met=1, counted=1)
    proposal = Proposal.objects.create(**place, opened_on=today, found=1)
    member = Member.objects.create(proposal=proposal, customer=owner, vehicle=car, joined_on=today)
    return {"tally": tally.pk, "proposal": proposal.pk, "member": member.pk}


def _round(cast):
    """Return a round of a check list filed today at the outlet of the cast, and a list that is still to be gone through."""
    today = clock.today()
    filed = rounds.file_round(
        actor=SYSTEM, outlet_id=cast.outlet_id, code="waiting_repair", day=today, at=clock.now(),
        replies={code: Reply("FULFILLED") for code in ITEMS},
    )  # fmt: skip
    noon = CheckList.objects.get(code="waiting_repair_noon", until=None)
    return {"care_round": filed.pk, "check_list": "waiting_repair_noon", "check_list_version": noon.pk}
