"""Where personal data lives in privacy: who agreed to what."""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

N, S, P = Sensitivity.NONE, Sensitivity.STAFF, Sensitivity.PERSONAL

HOLDINGS = (
    Holding("privacy.ConsentText", {"id": N, "purpose": N, "version": N, "text_zh": N, "text_en": N, "valid_from": N}),
    Holding(
        "privacy.Consent",
        {
            "id": N,
            "customer": P,
            "purpose": P,
            "medium": P,
            "recipient": N,
            "standing": P,
            "text": P,
            "proof": P,
            "given_at": P,
            "recorded_by_id": S,
            "recorded_by": S,
            "withdrawn_at": P,
            "withdrawal_proof": P,
        },
    ),
    Holding("privacy.Hold", {"id": N, "customer": P, "source": N, "since": P, "lifted_at": P}),
)


def register() -> None:
    """Classify every field of this capability."""
    declare(*HOLDINGS)
