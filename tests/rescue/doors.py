"""The doors of rescue, for the walk with every role: see tests/architecture/walk.py."""

from tests import garage
from tests.architecture.matrix import EVERYWHERE, OPEN, Door, call, post

from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.rescue.models import Provider
from guanxi.rescue.permissions import Verb
from guanxi.rescue.queries.following import secret_of
from guanxi.rescue.services import sending, taking
from guanxi.rescue.services.taking import NewRescue

OUTLET = "outlet"
PAGES = {
    "rescue:rescues": Door(Verb.VIEW),
    "rescue:take": Door(Verb.TAKE),
    "rescue:figures": Door(Verb.VIEW),
    "rescue:providers": Door(Verb.VIEW),
    "rescue:add-provider": Door(Verb.CHANGE_PROVIDERS),
    "rescue:change-provider": Door(Verb.CHANGE_PROVIDERS, OUTLET, args=("outlet",)),
    "rescue:customer-panel": Door(Verb.VIEW, args=("stranded",)),
    "rescue:follow": Door(OPEN, args=("follow_secret",)),
    "rescue:rescue": Door(Verb.VIEW, OUTLET, args=("rescued",)),
    "rescue:sheet": Door(Verb.VIEW, OUTLET, args=("rescued",)),
    "rescue:send": post(Verb.DISPATCH, OUTLET, "rescued"),
    "rescue:recall": Door(Verb.DISPATCH, OUTLET, args=("rescued",)),
    "rescue:cancel": Door(Verb.DISPATCH, OUTLET, args=("rescued",)),
    "rescue:accept": Door(Verb.ANSWER, OUTLET, args=("rescued",)),
    "rescue:refuse": Door(Verb.ANSWER, OUTLET, args=("rescued",)),
    "rescue:fail": Door(Verb.ANSWER, OUTLET, args=("rescued",)),
    "rescue:arrive": post(Verb.ANSWER, OUTLET, "rescued"),
    "rescue:finish": Door(Verb.ANSWER, OUTLET, args=("rescued",)),
    "rescue:call-back": Door(Verb.CALL_BACK, OUTLET, args=("rescued",)),
}
_API = "guanxi_rescue_api_"
WHY = {"reason": "walk"}
SAID = {
    "help": "TOW", "caller": "walk", "phone": "13700000501", "where": "walk", "words": "walk", "is_hurt": False, "is_safe": True,
}  # fmt: skip
HELPS = {"phone": "1", "helps": ["TOW"]}

OPERATIONS = {
    f"{_API}list_rescues": call(Verb.VIEW),
    f"{_API}get_rescue": call(Verb.VIEW, OUTLET),
    f"{_API}take_rescue": call(Verb.TAKE, OUTLET, lambda t: SAID | {"place_id": t.outlet, "token": "walk-through"}),
    f"{_API}receive_emergency_call": call(Verb.RECEIVE_CALL, EVERYWHERE, lambda _t: {"reference": "walk-call"}),
    f"{_API}send_provider": call(Verb.DISPATCH, OUTLET, lambda t: {"provider_id": t.outlet}),
    f"{_API}recall_provider": call(Verb.DISPATCH, OUTLET, lambda _t: WHY),
    f"{_API}cancel_rescue": call(Verb.DISPATCH, OUTLET, lambda _t: WHY),
    f"{_API}accept_rescue": call(Verb.ANSWER, OUTLET, lambda _t: {"minutes": 20}),
    f"{_API}refuse_rescue": call(Verb.ANSWER, OUTLET, lambda _t: WHY),
    f"{_API}arrive_at_rescue": call(Verb.ANSWER, OUTLET),
    f"{_API}fail_rescue": call(Verb.ANSWER, OUTLET, lambda _t: WHY),
    f"{_API}finish_rescue": call(Verb.ANSWER, OUTLET, lambda _t: {"result": "ON_SITE"}),
    f"{_API}call_back_rescue": call(Verb.CALL_BACK, OUTLET, lambda _t: {"score": 5, "words": "walk"}),
    f"{_API}list_providers": call(Verb.VIEW),
    f"{_API}keep_provider": call(Verb.CHANGE_PROVIDERS, OUTLET, lambda _t: HELPS),
}
INSIDE = frozenset({"rescue.export", "rescue.apply_terms"})
PATH = {"rescue_id": "rescued", "helper_id": "outlet"}


def things(cast):
    """Return a rescue that the outlet of the cast took and was sent to, and whom it is about."""
    at, row = clock.now(), garage.customer("抛锚人", "13700000501", cast.outlet_id)
    Provider.objects.update_or_create(
        node_id=cast.outlet_id,
        defaults={"phone": "1", "helps": ["TOW"], "is_day_and_night": True, "changed_at": at, "is_active": True},
    )
    new = NewRescue(place_id=cast.outlet_id, token="walk-rescue", customer_id=row.pk, **SAID)
    made = taking.take(actor=SYSTEM, new=new, at=at)
    sending.send(actor=SYSTEM, rescue_id=made.pk, provider_id=cast.outlet_id, at=at)
    return {"rescued": made.pk, "stranded": row.pk, "follow_secret": secret_of(made.pk)}
