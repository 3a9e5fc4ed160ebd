"""Where personal data lives in crises: whom they are about, what was heard and said, who leads, writes and approves."""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

N, S, P = Sensitivity.NONE, Sensitivity.STAFF, Sensitivity.PERSONAL

HOLDINGS = (
    Holding(
        "crisis.Crisis",
        dict.fromkeys(
            (
                "id", "place", "types", "model", "matter", "risk", "amount", "currency", "state", "opened_at",
                "calmed_at", "closed_at", "may_contact",
            ),
            N,
        )
        | dict.fromkeys(("title", "authority", "conclusion"), P)
        | dict.fromkeys(("owner", "owner_name", "spokesperson", "opened_by_id", "opened_by", "admitted"), S),
    ),
    Holding(
        "crisis.Link", dict.fromkeys(("id", "crisis", "complaint", "is_open", "at", "off_at"), N) | {"by": S}
    ),
    Holding(
        "crisis.Entry",
        dict.fromkeys(("id", "crisis", "at", "act"), N) | {"words": P} | dict.fromkeys(("person_id", "person_name"), S),
    ),
    Holding(
        "crisis.Statement",
        dict.fromkeys(("id", "crisis", "version", "stage", "written_at", "approved_at", "said_at", "said_to"), N)
        | {"words": P}
        | dict.fromkeys(("written_by_id", "written_by", "approved_by_id", "approved_by", "said_by"), S),
    ),
    Holding(
        "crisis.Affected",
        dict.fromkeys(("id", "crisis", "outlet", "state", "asked_at", "since"), N)
        | dict.fromkeys(("customer", "vehicle", "note"), P)
        | {"by": S},
    ),
    Holding(
        "crisis.Report",
        dict.fromkeys(
            (
                "id", "place", "medium", "source", "day", "complaint", "crisis", "state", "made_at", "answered_at",
                "closed_at",
            ),
            N,
        )
        | dict.fromkeys(("address", "title", "words", "answer", "conclusion"), P)
        | dict.fromkeys(("made_by", "answered_by", "closed_by"), S),
    ),
    Holding(
        "crisis.Terms",
        dict.fromkeys(
            (
                "id", "source", "valid_from", "window_days", "base_days", "per_month", "least", "said_again",
                "rejected", "media_least",
            ),
            N,
        ),
    ),
    Holding(
        "crisis.Alarm",
        dict.fromkeys(
            (
                "id", "cell", "key", "label", "place", "day", "seen", "before", "exposure", "exposure_before",
                "expected", "chance", "limit", "cells", "window_days", "base_days", "state", "crisis", "decided_at",
                "reason",
            ),
            N,
        )
        | {"decided_by": S},
    ),
)  # fmt: skip


def register() -> None:
    """Classify every field of this capability."""
    declare(*HOLDINGS)
