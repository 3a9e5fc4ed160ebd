"""Where personal data lives in the contact centre: calls with answers and notes, enquiries with who asked."""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

N, S, P = Sensitivity.NONE, Sensitivity.STAFF, Sensitivity.PERSONAL

HOLDINGS = (
    Holding(
        "contact_centre.Script",
        dict.fromkeys(
            ("id", "code", "name_zh", "name_en", "since", "until", "fits", "questions", "source", "made_at"), N
        )
        | dict.fromkeys(("written_by_id", "written_by", "approved_by_id", "approved_by"), S),
    ),
    Holding(
        "contact_centre.ScriptDraft",
        dict.fromkeys(("id", "code", "name_zh", "name_en", "valid_from", "fits", "questions", "written_at"), N)
        | dict.fromkeys(("written_by_id", "written_by"), S),
    ),
    Holding(
        "contact_centre.Terms",
        dict.fromkeys(
            (
                "id", "source", "since", "most_tries", "hours", "busy_minutes", "correction_role", "correction_days",
                "purchase_role", "purchase_days",
            ),
            N,
        ),
    ),
    Holding(
        "contact_centre.Call",
        {
            "id": N, "token": N, "customer": P, "vehicle": P, "task_id": N, "node": N, "agent_id": S, "agent_name": S,
            "script": N, "point": P, "number": P, "means": N, "met_at": P, "started_at": P, "ended_at": P, "outcome": P,
            "disposition": P,
            "answers": P, "note": P, "promised_at": P, "promised_to": P,
        },
    ),
    Holding("contact_centre.ScoreSheet", dict.fromkeys(("id", "source", "since", "draws", "items"), N)),
    Holding(
        "contact_centre.Review",
        dict.fromkeys(("id", "call", "node", "week", "drawn_at", "sheet", "reviewed_at"), N)
        | dict.fromkeys(
            ("agent_id", "agent_name", "scores", "points", "most", "note", "reviewed_by_id", "reviewed_by"), S
        ),
    ),
    Holding("contact_centre.Rated", {"id": N, "outlet": N, "judged": N, "person_id": S, "name": S}),
    Holding(
        "contact_centre.Rating",
        dict.fromkeys(("id", "call", "outlet", "script", "key", "day"), N) | dict.fromkeys(("rated", "points"), S),
    ),
    Holding(
        "contact_centre.PurchaseIntention",
        dict.fromkeys(("id", "key", "place", "outlet", "task_id"), N)
        | dict.fromkeys(("customer", "vehicle", "kind", "words", "said_at"), P)
        | dict.fromkeys(("person_id", "person_name"), S),
    ),
    Holding(
        "contact_centre.EnquiryCategory",
        dict.fromkeys(("code", "name_zh", "name_en", "angle", "department", "answer_days", "is_active", "source"), N),
    ),
    Holding(
        "contact_centre.Enquiry",
        dict.fromkeys(
            (
                "id", "token", "place", "outlet", "way", "category", "kind", "aim", "is_first_contact", "state",
                "department",
                "due_at", "started_at", "taken_at", "answered_at", "closed_at",
            ),
            N,
        )
        | dict.fromkeys(("number", "caller", "customer", "vehicle", "words", "answer", "reply", "reason"), P)
        | dict.fromkeys(("taken_by_id", "taken_by", "answered_by", "closed_by"), S),
    ),
)  # fmt: skip


def register() -> None:
    """Classify every field of this capability."""
    declare(*HOLDINGS)
