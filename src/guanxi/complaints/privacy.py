"""Where personal data lives in complaints: who complained, what was said, who handled it and was judged."""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

N, S, P = Sensitivity.NONE, Sensitivity.STAFF, Sensitivity.PERSONAL
NAMED = ("code", "name_zh", "name_en", "is_active", "source")

HOLDINGS = (
    Holding(
        "complaints.Process",
        dict.fromkeys(
            (
                *NAMED, "priority", "angles", "channels", "signs", "first_contact", "solution", "revisit", "handlers",
                "revisit_by", "revisit_roles", "asks_validity", "asks_inside", "outside_roles", "head_roles",
                "crisis_roles", "limits", "judges", "recheck_share", "recheck_role",
                "caution_after", "caution_days", "caution_signs",
                "fine_least", "fine_most", "fine_late",
            ),
            N,
        ),
    ),
    Holding("complaints.Category", dict.fromkeys((*NAMED, "under", "angle", "position"), N)),
    Holding("complaints.Cause", dict.fromkeys((*NAMED, "kind", "position", "policy_zh", "policy_en"), N)),
    Holding(
        "complaints.Recheck",
        dict.fromkeys(("id", "complaint", "place", "drawn_on", "due_at", "result", "checked_at"), N)
        | {"words": P, "checked_by_id": S, "checked_by": S},
    ),
    Holding(
        "complaints.Meeting",
        dict.fromkeys(("id", "place", "week", "angle", "held_on", "called_at", "filed_at"), N)
        | {"words": P}
        | dict.fromkeys(("chair", "attendants", "called_by_id", "called_by", "filed_by"), S),
    ),
    Holding(
        "complaints.Point",
        dict.fromkeys(("id", "meeting", "complaint", "due_on"), N)
        | dict.fromkeys(("cause", "measure"), P)
        | dict.fromkeys(("person", "person_name"), S),
    ),
    Holding(
        "complaints.Question",
        dict.fromkeys(
            ("id", "meeting", "place", "category", "text", "state", "wanted_at", "script", "reason", "decided_at"), N
        )
        | dict.fromkeys(("wanted_by_id", "wanted_by", "decided_by"), S),
    ),
    Holding(
        "complaints.Breach",
        dict.fromkeys(
            ("id", "limit", "outlet", "place", "category", "since", "many", "found_at", "words", "answered_at"), N
        )
        | {"answered_by": S},
    ),
    Holding("complaints.Limit", dict.fromkeys((*NAMED, "period", "most", "role"), N)),
    Holding(
        "complaints.Caution",
        dict.fromkeys(("id", "place", "complaint", "is_by_rule", "state", "proposed_at", "reviewed_at", "review_on",
                       "ended_at"), N)
        | dict.fromkeys(("customer", "reason", "plan"), P)
        | dict.fromkeys(("proposed_by_id", "proposed_by", "reviewed_by_id", "reviewed_by", "owner", "owner_name"), S),
    ),
    Holding(
        "complaints.CautionStep",
        dict.fromkeys(("id", "caution", "at", "act"), N) | {"words": P, "person_id": S, "person_name": S},
    ),
    Holding("complaints.Sign", dict.fromkeys((*NAMED, "words", "parties", "amount"), N)),
    Holding(
        "complaints.Complaint",
        dict.fromkeys(
            (
                "id", "outlet", "place", "process", "kind", "angle", "category", "level", "channel", "desk",
                "desk_number", "answer_by", "signs", "token",
                "visit", "state", "opened_at", "contact_due_at", "contacted_at", "solve_due_at", "due_at", "rounds",
                "is_valid", "is_inside", "approved", "ending", "outcome", "is_told", "ended_at", "judged_at",
            ),
            N,
        )
        | dict.fromkeys(
            (
                "customer", "vehicle", "caller_name", "caller_phone", "caller_car", "words", "parties", "amount",
                "summary",
            ),
            P,
        )
        | dict.fromkeys(
            (
                "named", "opened_by_id", "opened_by", "owner", "owner_name", "approved_by", "liability", "liable",
                "fine", "late_fine", "judged_by",
            ),
            S,
        ),
    ),
    Holding(
        "complaints.Round",
        dict.fromkeys(
            (
                "id", "complaint", "number", "began_at", "due_at", "cause", "system", "part", "fault_code",
                "compensation", "resolved_at",
                "revisit_due_at", "asked_at", "is_satisfied",
            ),
            N,
        )
        | dict.fromkeys(("analysis", "plan", "measure", "verdict"), P)
        | dict.fromkeys(("resolved_by_id", "resolved_by", "asked_by"), S),
    ),
    Holding(
        "complaints.Deed",
        dict.fromkeys(("id", "complaint", "at", "act"), N)
        | {"words": P}
        | dict.fromkeys(("person_id", "person_name"), S),
    ),
)  # fmt: skip


def register() -> None:
    """Classify every field of this capability."""
    declare(*HOLDINGS)
