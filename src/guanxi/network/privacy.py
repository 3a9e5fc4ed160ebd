"""Where personal data lives in the network: only the contact lines of places, none of private people."""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

N, S = Sensitivity.NONE, Sensitivity.STAFF


NAMES = {"name_zh": N, "name_en": N}
HOLDINGS = (
    Holding(
        "network.Node",
        {**NAMES, "id": N, "code": N, "kind": N, "function": N, "valid_from": N, "valid_to": N},
    ),
    Holding("network.OfferedService", {**NAMES, "code": N, "position": N, "is_current": N}),
    Holding(
        "network.OutletProfile",
        {
            "node": N,
            "sells": N,
            "serves": N,
            "is_key": N,
            "province": N,
            "city_zh": N,
            "city_en": N,
            "address": N,
            "phone": N,
            "hotline": N,
            "latitude": N,
            "longitude": N,
            "service_radius_km": N,
            "services": N,
        },
    ),  # fmt: skip
    Holding("network.OpeningHours", {"id": N, "node": N, "desk": N, "weekday": N, "opens": N, "closes": N}),
    Holding("network.Placement", {"id": N, "child": N, "parent": N, "brand_id": N, "during": N}),
    Holding("network.Ancestry", {"id": N, "ancestor": N, "descendant": N, "depth": N, "during": N}),
    Holding(
        "network.ImportRun",
        {
            "id": N,
            "at": N,
            "person_id": S,
            "name": N,
            "digest": N,
            "state": N,
            "rows": N,
            "problems": N,
            "added": N,
            "changed": N,
            "applied_at": N,
        },
    ),  # fmt: skip
)


def register() -> None:
    """Classify every field of this capability."""
    declare(*HOLDINGS)
