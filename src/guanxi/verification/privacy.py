"""Where personal data lives in verification: whom records are about, what they show, what customers say of them."""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

N, S, P = Sensitivity.NONE, Sensitivity.STAFF, Sensitivity.PERSONAL
NAMED = ("code", "name_zh", "name_en", "is_active", "preset")

HOLDINGS = (
    Holding(
        "verification.Field",
        dict.fromkeys(
            (*NAMED, "klass", "source", "ask_zh", "ask_en", "is_basic", "is_corrected", "truth", "position"), N
        ),
    ),
    Holding(
        "verification.Occasion",
        dict.fromkeys(
            (
                *NAMED, "about", "fits", "of", "within_days", "fields", "role", "correct_days", "verifier",
                "verify_days",
            ),
            N,
        ),
    ),
    Holding(
        "verification.Check",
        dict.fromkeys(
            ("id", "call_id", "occasion", "outlet", "place", "verdict", "truth", "asked", "wrong", "checked_at"), N
        )
        | dict.fromkeys(("customer", "vehicle", "visit"), P)
        | dict.fromkeys(("checked_by_id", "checked_by"), S),
    ),
    Holding(
        "verification.Line",
        dict.fromkeys(("id", "check_of", "field", "found"), N) | dict.fromkeys(("shown", "digest", "said"), P),
    ),
    Holding(
        "verification.Order",
        dict.fromkeys(
            (
                "id", "check_of", "occasion", "outlet", "place", "role", "days", "token", "state", "issued_at",
                "due_at", "rounds", "ended_at",
            ),
            N,
        )
        | dict.fromkeys(("customer", "vehicle", "words", "reason"), P)
        | dict.fromkeys(("issued_by_id", "issued_by"), S),
    ),
    Holding(
        "verification.Round",
        dict.fromkeys(
            ("id", "order", "number", "is_dispute", "due_at", "answered_at", "verified_at", "is_right"), N
        )
        | dict.fromkeys(("measure", "proof", "verdict"), P)
        | dict.fromkeys(("answered_by", "verified_by"), S),
    ),
    Holding(
        "verification.Correction",
        dict.fromkeys(("id", "answer", "field"), N) | dict.fromkeys(("before", "after"), P),
    ),
    Holding(
        "verification.FalseFile",
        dict.fromkeys(("id", "outlet", "check_of", "state", "marked_at", "due_at", "decided_at", "undone_at"), N)
        | dict.fromkeys(("customer", "evidence", "decision", "undone_why"), P)
        | dict.fromkeys(("marked_by_id", "marked_by", "decided_by_id", "decided_by", "undone_by"), S),
    ),
)  # fmt: skip


def register() -> None:
    """Classify every field of this capability."""
    declare(*HOLDINGS)
