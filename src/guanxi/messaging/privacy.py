"""Where personal data lives in messaging: whom what was written to, and what they answered."""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

N, S, P = Sensitivity.NONE, Sensitivity.STAFF, Sensitivity.PERSONAL


def _holding(model: str, none: str, staff: str = "", personal: str = "") -> Holding:
    """Return the holding of a model from its fields by sensitivity."""
    kinds = ((none, N), (staff, S), (personal, P))
    return Holding(model, {name: kind for names, kind in kinds for name in names.split()})


HOLDINGS = (
    _holding("messaging.Terms", "id source valid_from quiet_from quiet_until stops budgets"),
    _holding(
        "messaging.Template",
        "id code version name_zh name_en channel purpose carrier_code subject_zh subject_en body_zh body_en state"
        " valid_from written_at approved_at",
        "written_by_id written_by approved_by_id approved_by",
    ),
    _holding("messaging.Follower", "id followed_at left_at", "", "openid customer"),
    _holding(
        "messaging.PrintBatch",
        "id node letters printed_at posted_at",
        "printed_by_id printed_by posted_by_id posted_by",
    ),
    _holding(
        "messaging.Message",
        "id node template batch channel language queued_at not_before sent_at carrier",
        "written_by_id written_by",
        "customer purpose address subject body key state reason reference parts arrived error",
    ),
    _holding("messaging.Reply", "id channel received_at kept_at", "", "customer address words is_stop reference"),
)


def register() -> None:
    """Classify every field of this capability."""
    declare(*HOLDINGS)
