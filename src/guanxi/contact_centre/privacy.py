"""Where personal data lives in the contact centre: calls, their answers and notes."""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

N, S, P = Sensitivity.NONE, Sensitivity.STAFF, Sensitivity.PERSONAL

HOLDINGS = (
    Holding(
        "contact_centre.Script",
        dict.fromkeys(
            ("id", "code", "name_zh", "name_en", "since", "until", "fits", "questions", "source", "made_at"), N
        ),
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
            "script": N, "point": P, "number": P, "started_at": P, "ended_at": P, "outcome": P, "disposition": P,
            "answers": P, "note": P, "promised_at": P, "promised_to": P,
        },
    ),
)  # fmt: skip


def register() -> None:
    """Classify every field of this capability."""
    declare(*HOLDINGS)
