"""The doors of privacy, for the walk with every role: see tests/architecture/walk.py."""

from tests import garage
from tests.architecture.matrix import EVERYWHERE, Door, call

from guanxi.foundation import clock
from guanxi.privacy.models import Consent
from guanxi.privacy.permissions import Verb

OUTLET = "outlet"
DECISION = {"purpose": "CARE", "medium": "EMAIL", "standing": "GIVEN", "proof": "走廊"}
TEXT = {"purpose": "CARE", "version": "walk", "text_zh": "同意", "valid_from": "2026-01-01"}
PAGES = {
    "privacy:customer-panel": Door(Verb.VIEW, args=("consenting",)),
    "privacy:record-consent": Door(Verb.RECORD, OUTLET, args=("consenting",)),
    "privacy:withdraw-consent": Door(Verb.RECORD, OUTLET, args=("consent",)),
    "privacy:texts": Door(Verb.MANAGE_TEXTS, EVERYWHERE),
    "privacy:add-text": Door(Verb.MANAGE_TEXTS, EVERYWHERE),
}
OPERATIONS = {
    "guanxi_privacy_api_list_consents": call(Verb.VIEW, OUTLET),
    "guanxi_privacy_api_list_standings": call(Verb.VIEW, OUTLET),
    "guanxi_privacy_api_record_consent": call(Verb.RECORD, OUTLET, lambda t: {**DECISION, "recipient_id": t.outlet}),
    "guanxi_privacy_api_withdraw_consent": call(Verb.RECORD, OUTLET, lambda _t: {"proof": "走廊"}),
    "guanxi_privacy_api_list_texts": call(Verb.MANAGE_TEXTS, EVERYWHERE),
    "guanxi_privacy_api_add_text": call(Verb.MANAGE_TEXTS, EVERYWHERE, lambda _t: TEXT),
}
INSIDE = frozenset()
PATH = {"consent_id": "consent", "outlet_id": "outlet"}


def things(cast):
    """Return the things of privacy that stand in paths, all at the outlet of the cast."""
    row = garage.customer("同意人", "13700000301", cast.outlet_id)
    consent = Consent.objects.create(
        customer=row, purpose="CARE", medium="SMS", recipient_id=cast.outlet_id, standing="GIVEN", proof="走廊",
        given_at=clock.now(), recorded_by="x",
    )  # fmt: skip
    return {"consenting": row.pk, "consent": consent.pk}
