"""Where personal data lives in campaigns: who was addressed or left out, and what he did."""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

N, S, P = Sensitivity.NONE, Sensitivity.STAFF, Sensitivity.PERSONAL

HOLDINGS = (
    Holding(
        "campaigns.Kind",
        dict.fromkeys(
            (
                "code", "name_zh", "name_en", "group", "aim_zh", "aim_en", "audience", "channel", "purpose", "role",
                "control", "visit_days", "sale_days", "every_months", "position", "is_active", "source",
            ),
            N,
        ),
    ),
    Holding(
        "campaigns.Campaign",
        dict.fromkeys(
            (
                "id", "kind", "name", "aim", "node", "audience", "channel", "purpose", "template", "words", "role",
                "offer", "offer_code", "has_own_codes", "offer_until", "variants", "budget", "unit_cost",
                "fixed_cost", "control", "visit_days", "sale_days", "every_months", "previous", "skips_previous",
                "state", "reason", "planned", "excluded", "counted_on", "made_at", "submitted_at", "approved_at",
                "started_at", "ended_at",
            ),
            N,
        )
        | dict.fromkeys(("made_by", "submitted_by_id", "submitted_by", "approved_by_id", "approved_by"), S),
    ),
    Holding(
        "campaigns.Recall",
        dict.fromkeys(
            (
                "id", "name", "reference", "about", "node", "is_safety", "channel", "template", "role", "state",
                "reason", "made_at", "submitted_at", "approved_at", "opened_at", "closed_at",
            ),
            N,
        )
        | dict.fromkeys(("made_by", "submitted_by_id", "submitted_by", "approved_by_id", "approved_by"), S),
    ),
    Holding(
        "campaigns.RecallCar",
        dict.fromkeys(("id", "recall", "outlet", "state", "is_approved", "since", "invited_at", "done_on"), N)
        | dict.fromkeys(("vehicle", "customer", "visit", "note"), P)
        | dict.fromkeys(("by", "added_by_id"), S),
    ),
    Holding(
        "campaigns.Support",
        dict.fromkeys(
            (
                "id", "node", "desk", "kind", "words", "wanted_by", "token", "state", "asked_at", "campaign", "answer",
                "answered_at", "score", "outcome", "judged_at",
            ),
            N,
        )
        | dict.fromkeys(("asked_by_id", "asked_by", "answered_by", "judged_by"), S),
    ),
    Holding("campaigns.Wave", dict.fromkeys(("id", "campaign", "number", "on", "share", "done_at"), N)),
    Holding(
        "campaigns.Member",
        dict.fromkeys(("id", "campaign", "outlet", "wave", "arm", "variant"), N)
        | dict.fromkeys(
            (
                "customer", "vehicle", "contacted_at", "ending", "skipped", "responded_at", "response", "response_note",
                "visited_on", "bought_on", "code", "redeemed_on", "redeemed_order", "redeemed_amount",
            ),
            P,
        )
        | {"response_by": S},
    ),
)  # fmt: skip


def register() -> None:
    """Classify every field of this capability."""
    declare(*HOLDINGS)
