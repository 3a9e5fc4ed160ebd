"""Where personal data lives in rescues: who called, where he stands, what happened to him."""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

N, S, P = Sensitivity.NONE, Sensitivity.STAFF, Sensitivity.PERSONAL
TERMS = (
    "id", "source", "valid_from", "dispatch_minutes", "accept_minutes", "ready_minutes", "speed_kmh", "call_back_days",
    "cover_months", "cover_km", "cover_times", "cover_share", "night_from", "night_until", "dispatcher", "answerer",
    "receiver", "caller", "call_help",
)  # fmt: skip
TARIFF = ("id", "help", "valid_from", "base", "per_km", "included_km", "night_percent", "currency", "source")
RESCUE = (
    "id", "place", "token", "state", "help", "on_expressway", "can_move", "people", "claim", "share", "quoted",
    "quoted_customer", "settled", "settled_customer", "currency", "taken_at", "due_at", "provider", "eta_at",
    "arrived_at", "done_at", "result", "destination", "visit_id", "score", "ended_at", "discount", "discounted",
    "reference",
)  # fmt: skip
ABOUT = (
    "is_hurt", "is_safe", "caller", "phone", "plate", "vin", "customer", "vehicle", "where", "latitude", "longitude",
    "words", "verdict", "reason",
)  # fmt: skip
DISCOUNT = (
    "id", "code", "name_zh", "name_en", "valid_from", "valid_until", "tag", "category", "helps", "percent", "free_km",
    "source",
)  # fmt: skip
DISPATCH = (
    "id", "rescue", "number", "provider", "state", "road_km", "sent_at", "due_at", "answered_at", "eta_at", "truck",
    "arrived_at", "is_complaint",
)  # fmt: skip
PROVIDER = (
    "node", "latitude", "longitude", "radius_km", "phone", "helps", "is_day_and_night", "is_active", "changed_at",
)  # fmt: skip

HOLDINGS = (
    Holding("rescue.Terms", dict.fromkeys(TERMS, N)),
    Holding("rescue.Help", dict.fromkeys(("code", "name_zh", "name_en", "position", "is_active", "source"), N)),
    Holding("rescue.Tariff", dict.fromkeys(TARIFF, N)),
    Holding("rescue.Discount", dict.fromkeys(DISCOUNT, N)),
    Holding("rescue.Provider", dict.fromkeys(PROVIDER, N)),
    Holding(
        "rescue.Rescue",
        dict.fromkeys(RESCUE, N) | dict.fromkeys(ABOUT, P) | dict.fromkeys(("taken_by_id", "taken_by"), S),
    ),
    Holding(
        "rescue.Dispatch",
        dict.fromkeys(DISPATCH, N) | dict.fromkeys(("sent_by", "answered_by", "crew", "crew_phone"), S) | {"reason": P},
    ),
)


def register() -> None:
    """Classify every field of this capability."""
    declare(*HOLDINGS)
