"""Where personal data lives in access: the staff who sign in, and their credentials."""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

N, S, X = Sensitivity.NONE, Sensitivity.STAFF, Sensitivity.SECRET


NAMES = {"name_zh": N, "name_en": N}
HOLDINGS = (
    Holding(
        "access.User",
        {
            "id": N,
            "password": X,
            "last_login": S,
            "username": S,
            "name": S,
            "kind": N,
            "employee_no": S,
            "email": S,
            "phone": S,
            "language": N,
            "theme": N,
            "is_active": N,
            "date_joined": S,
        },
    ),  # fmt: skip
    Holding(
        "access.Role",
        {
            **NAMES,
            "code": N,
            "description_zh": N,
            "description_en": N,
            "kinds": N,
            "reach": N,
            "verbs": N,
            "source": N,
            "is_changed_here": N,
            "is_current": N,
            "position": N,
        },
    ),  # fmt: skip
    Holding("access.Membership", {"id": N, "user": S, "role": N, "node": N, "valid_from": S, "valid_to": S}),
    Holding(
        "access.SignInLink",
        {
            "id": N,
            "purpose": N,
            "digest": X,
            "name": S,
            "user": S,
            "role": N,
            "node": N,
            "created_by_id": S,
            "created_at": N,
            "expires_at": N,
            "used_at": N,
            "revoked_at": N,
        },
    ),  # fmt: skip
    Holding(
        "access.Token",
        {
            "id": N,
            "user": S,
            "name": N,
            "digest": X,
            "start": N,
            "verbs": N,
            "created_at": N,
            "expires_at": N,
            "last_used_at": S,
            "revoked_at": N,
        },
    ),  # fmt: skip
    Holding(
        "access.Responsibility",
        {
            **NAMES,
            "process": N,
            "responsible": N,
            "accountable": N,
            "consulted": N,
            "informed": N,
            "deadline_hours": N,
            "escalation_role": N,
            "source": N,
            "is_changed_here": N,
            "position": N,
        },
    ),  # fmt: skip
)


def register() -> None:
    """Classify every field of this capability."""
    declare(*HOLDINGS)
