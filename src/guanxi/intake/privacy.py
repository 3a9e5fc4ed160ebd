"""Where personal data lives in imports: findings and earlier values hold what files said of people."""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

N, S, P = Sensitivity.NONE, Sensitivity.STAFF, Sensitivity.PERSONAL

_PLAIN = (
    "id", "at", "language", "place", "source", "digest", "size", "sheet", "header_row", "kind", "mapping", "state",
    "counts", "checked_at", "merged_at", "ended_at", "undone_at", "emptied_at",
)  # fmt: skip
_RUN = dict.fromkeys(_PLAIN, N)
HOLDINGS = (
    # the sheets hold the first rows of the file
    Holding("intake.Run", {**_RUN, "person_id": S, "person_name": S, "file_name": P, "sheets": P, "problem": P}),
    Holding(
        "intake.Finding",
        {"id": N, "run": N, "row": N, "field": N, "heading": N, "level": N, "code": N, "original": P, "origin": N},
    ),
    Holding("intake.Mapping", {"id": N, "place": N, "source": N, "kind": N, "digest": N, "columns": N, "used_at": N}),
    Holding("intake.Before", {"id": N, "run": N, "table_name": N, "key": P, "values": P}),
)


def register() -> None:
    """Classify every field of this capability."""
    declare(*HOLDINGS)
