"""Where personal data lives in the workshop: visits, and what customers said."""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

N, S, P = Sensitivity.NONE, Sensitivity.STAFF, Sensitivity.PERSONAL

HOLDINGS = (
    Holding(
        "workshop.Visit",
        {
            "id": N,
            "touched_at": N,
            "run_id": N,
            "outlet": N,
            "vehicle": P,
            "customer": P,
            "order_no": P,
            "category": N,
            "counts": N,
            "entered_on": P,
            "left_on": P,
            "km": P,
            "labour": P,
            "parts": P,
            "total": P,
            "currency": N,
            "advisor_name": S,
            "brought_by": P,
            "brought_by_phone": P,
            "words": P,
            "remark": P,
        },
    ),
    Holding(
        "workshop.VisitLine",
        {
            "id": N,
            "visit": P,
            "position": N,
            "kind": N,
            "code": N,
            "name": P,
            "quantity": N,
            "amount": P,
            "is_warranty": N,
        },
    ),
)


def register() -> None:
    """Classify every field of this capability."""
    declare(*HOLDINGS)
