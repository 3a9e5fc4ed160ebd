"""Where personal data lives in the records."""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

N, S, P = Sensitivity.NONE, Sensitivity.STAFF, Sensitivity.PERSONAL


def register() -> None:
    """Classify every field of this capability."""
    declare(
        Holding(
            "records.AuditEntry",
            {
                "id": N,
                "at": N,
                "person_id": S,
                "person_name": S,
                "verb": N,
                "subject_type": N,
                "subject_id": N,
                "subject_label": S,
                "node_id": N,
                "before": S,
                "after": S,
                "note": S,
                "channel": N,
                "ip": S,
                "agent": S,
                "request_id": N,
            },
        ),
        Holding(
            "records.PresetVersion",
            {"id": N, "carmaker": N, "part": N, "digest": N, "changes": N, "at": N, "person_name": S},
        ),
        Holding(
            "records.Reply",
            {"id": N, "person_id": S, "key": N, "fingerprint": N, "status": N, "body": S, "at": N},
        ),
        Holding(
            "records.Attachment",
            dict.fromkeys(
                (
                    "id", "subject_type", "subject_id", "node_id", "place_id", "media_type", "size", "sha256", "at",
                    "withdrawn_at",
                ),
                N,
            )
            | dict.fromkeys(("name", "content", "note"), P)
            | dict.fromkeys(("person_id", "person_name", "withdrawn_by", "withdrawn_why"), S),
        ),
    )  # fmt: skip
