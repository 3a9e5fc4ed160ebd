"""Where personal data lives in the workbench: what staff were told, and their habits with lists."""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

N, S = Sensitivity.NONE, Sensitivity.STAFF


def register() -> None:
    """Classify every field of this capability."""
    declare(
        Holding(
            "workbench.Notification",
            {"id": N, "user": S, "at": N, "kind": N, "text_zh": S, "text_en": S, "url": N, "read_at": S},
        ),
        Holding(
            "workbench.SavedView",
            {
                "id": N, "owner": S, "table": N, "name": S, "query": S, "is_shared": N, "node_id": N,
                "created_at": N,
            },
        ),
    )  # fmt: skip
