"""Where personal data lives in notices: whom they are about, what customers said, who answered."""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

N, S, P = Sensitivity.NONE, Sensitivity.STAFF, Sensitivity.PERSONAL
NAMED = ("code", "name_zh", "name_en", "is_active", "source")

HOLDINGS = (
    Holding("rectification.Department", dict.fromkeys((*NAMED, "role", "verifier"), N)),
    Holding("rectification.Problem", dict.fromkeys((*NAMED, "department", "answer_days", "verify_days"), N)),
    Holding(
        "rectification.Notice",
        dict.fromkeys(
            (
                "id", "outlet", "place", "department", "problem", "token", "state", "issued_at", "due_at",
                "received_at", "rounds", "ended_at",
            ),
            N,
        )
        | dict.fromkeys(("customer", "vehicle", "words", "reason"), P)
        | dict.fromkeys(("issued_by_id", "issued_by", "received_by"), S),
    ),
    Holding(
        "rectification.Round",
        dict.fromkeys(("id", "notice", "number", "due_at", "answered_at", "verified_at", "is_satisfied"), N)
        | dict.fromkeys(("cause", "measure", "proof", "verdict"), P)
        | dict.fromkeys(("answered_by", "verified_by"), S),
    ),
)  # fmt: skip


def register() -> None:
    """Classify every field of this capability."""
    declare(*HOLDINGS)
