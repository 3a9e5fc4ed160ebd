"""Which fields of care are about a person: what an owner is, and when; what was decided about him; on which lists he
stands. Rules and kinds of lectures are not.
"""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

N, S, P = Sensitivity.NONE, Sensitivity.STAFF, Sensitivity.PERSONAL

RULES = (
    Holding("care.CapGroup", dict.fromkeys(("code", "name_zh", "name_en", "days"), N)),
    Holding("care.NamedDay", dict.fromkeys(("id", "kind", "code", "day", "name_zh", "name_en"), N)),
    Holding(
        "care.Rule",
        dict.fromkeys(
            (
                "id", "name_zh", "name_en", "code", "node", "since", "until", "is_on", "anchor", "of", "phase",
                "months", "opens", "due", "unit", "every", "first_month", "last_month", "audience", "coverage",
                "margin", "replaces", "control", "seed", "channel", "fallback", "purpose", "is_exempt", "template",
                "script", "where", "role", "is_consultants", "priority", "cap", "source", "is_assumed", "assumed_zh",
                "assumed_en", "made_at",
            ),
            N,
        ),
    ),
    Holding(
        "care.Decision",
        dict.fromkeys(
            ("id", "rule", "code", "outlet", "place", "opens_on", "closes_on", "decided_on", "cap", "leader"), N
        )
        | dict.fromkeys(("customer", "vehicle", "anchor_on", "reason_on", "result", "channel", "replaces"), P),
    ),
    Holding(
        "care.Notice",
        dict.fromkeys(
            (
                "id", "kind", "level", "node", "region", "starts_on", "ends_on", "words_zh", "words_en", "made_at",
                "withdrawn_at",
            ),
            N,
        )
        | {"author": Sensitivity.STAFF},
    ),
    Holding(
        "care.Draw",
        dict.fromkeys(("id", "rule", "outlet", "place", "model", "month", "population", "drawn", "replaced"), N),
    ),
)  # fmt: skip

LECTURES = (
    Holding(
        "care.Gathering",
        dict.fromkeys(
            (
                "id", "name_zh", "name_en", "code", "since", "until", "whom_zh", "whom_en", "aim_zh", "aim_en",
                "audience", "threshold", "pause", "due", "role", "purpose", "channel", "source", "is_assumed",
                "assumed_zh", "assumed_en", "made_at",
            ),
            N,
        ),
    ),
    Holding(
        "care.Proposal",
        dict.fromkeys(
            (
                "id", "gathering", "code", "outlet", "opened_on", "found", "state", "decided_on", "planned_on",
                "reason",
            ),
            N,
        )
        | {"decided_by": S},
    ),
    Holding(
        "care.Member",
        dict.fromkeys(
            ("customer", "vehicle", "joined_on", "lapsed_on", "excluded", "insisted", "hand", "hand_note"), P
        )
        | {"id": N, "proposal": N, "hand_by": S},
    ),
    Holding(
        "care.Tally", dict.fromkeys(("id", "gathering", "code", "outlet", "day", "met", "counted", "reasons"), N)
    ),
)  # fmt: skip


# Remarks are about things of the outlet; who went round is about staff.
ROUNDS = (
    Holding(
        "care.CheckList",
        dict.fromkeys(
            (
                "id", "name_zh", "name_en", "code", "node", "since", "until", "is_on", "outlets", "weekdays", "every",
                "by", "role", "fixer", "within", "unit", "source", "is_assumed", "assumed_zh", "assumed_en", "made_at",
            ),
            N,
        ),
    ),
    Holding("care.CheckItem", dict.fromkeys(("id", "list", "code", "position", "name_zh", "name_en"), N)),
    Holding(
        "care.Round",
        dict.fromkeys(
            (
                "id", "list", "code", "outlet", "day", "due_at", "filed_at", "corrected_at", "fulfilled", "missing",
            ),
            N,
        )
        | dict.fromkeys(("person_id", "person_name"), S),
    ),
    Holding("care.Answer", dict.fromkeys(("id", "round", "item", "finding", "remark"), N)),
    Holding(
        "care.Shortcoming",
        dict.fromkeys(
            (
                "id", "outlet", "code", "item_code", "item", "round", "remark", "found_on", "asked_at", "ended_on",
                "ending",
            ),
            N,
        ),
    ),
)  # fmt: skip


def register() -> None:
    """Declare what is kept."""
    declare(
        Holding(
            "care.Terms",
            dict.fromkeys(
                (
                    "id", "source", "line", "valid_from", "window_months", "lost_months", "active_visits",
                    "swing_visits", "observe_months", "new_months", "new_as", "kpi_lost_months", "new_car_months",
                    "ending_days",
                ),
                N,
            ),
        ),
        Holding(
            "care.TierTerms", dict.fromkeys(("id", "source", "tier", "valid_from", "percent", "amount"), N)
        ),
        Holding("care.TierBound", dict.fromkeys(("id", "terms", "month", "amount", "payers"), N)),
        Holding("care.Habit", dict.fromkeys(("id", "model", "metres", "cars"), N)),
        Holding(
            "care.OwnerState",
            {
                "id": N, "outlet": N, "customer": P, "state": P, "since": P, "before": P, "visits": P, "last_visit": P,
                "kpi_lost": P, "paid": P, "tier": P, "tier_since": P, "tier_before": P,
            },
        ),
        Holding(
            "care.StateChange",
            {"id": N, "outlet": N, "customer": P, "was": P, "became": P, "on": P, "noticed_on": P},
        ),
        Holding(
            "care.CarState",
            {
                "vehicle": P, "phase": P, "phase_since": P, "metres": P, "metres_least": P, "metres_most": P,
                "base_km": P, "base_on": P, "readings": N, "step": P, "due_from": P, "due_on": P, "due_by": P,
                "due_earliest": P, "due_latest": P, "warranty_ends": P, "insured_until": P, "inspected_until": P,
            },
        ),
        Holding("care.StateCount", dict.fromkeys(("id", "outlet", "day", "kind", "code", "count"), N)),
        *RULES,
        *ROUNDS,
        *LECTURES,
    )  # fmt: skip
