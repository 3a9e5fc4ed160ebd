"""Where personal data lives in customer care: decisions name the customer and the car; rules are about nobody."""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

N, P = Sensitivity.NONE, Sensitivity.PERSONAL

RULES = (
    Holding("care.CapGroup", dict.fromkeys(("code", "name_zh", "name_en", "days"), N)),
    Holding("care.NamedDay", dict.fromkeys(("id", "kind", "code", "day", "name_zh", "name_en"), N)),
    Holding(
        "care.Rule",
        dict.fromkeys(
            (
                "id", "name_zh", "name_en", "code", "node", "since", "until", "is_on", "anchor", "of", "phase",
                "months", "opens", "due", "unit", "every", "first_month", "last_month", "audience", "coverage",
                "control", "seed", "channel", "fallback", "purpose", "is_exempt", "script", "where", "role",
                "is_consultants", "priority", "cap", "source", "is_assumed", "assumed_zh", "assumed_en", "made_at",
            ),
            N,
        ),
    ),
    Holding(
        "care.Decision",
        dict.fromkeys(
            ("id", "rule", "code", "outlet", "place", "opens_on", "closes_on", "decided_on", "cap", "leader"), N
        )
        | dict.fromkeys(("customer", "vehicle", "anchor_on", "result", "channel"), P),
    ),
    Holding("care.Draw", dict.fromkeys(("id", "rule", "outlet", "place", "month", "population", "drawn"), N)),
)  # fmt: skip


def register() -> None:
    """Classify every field of this capability."""
    declare(*RULES)
