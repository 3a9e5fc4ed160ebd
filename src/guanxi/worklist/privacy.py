"""Where personal data lives in the worklist: tasks name the customer they are about; the rest is about staff."""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

N, S, P = Sensitivity.NONE, Sensitivity.STAFF, Sensitivity.PERSONAL

_TASK = {
    **dict.fromkeys(
        (
            "id", "kind", "node", "role", "opens_at", "due_at", "first_due_at", "expires_at", "wake_at", "is_assumed",
            "term_minutes", "term_days",
            "priority", "weight", "state", "tries", "postponed", "level", "next_rung_at", "parent", "made_at",
            "finished_at", "subject_type", "reason",
        ),
        N,
    ),
    **dict.fromkeys(("owner", "meant_for", "made_by_id", "finished_by_id"), S),
    **dict.fromkeys(
        (
            "key", "subject_id", "subject_were", "subject_label", "values", "note", "outcome", "outcome_note",
            "next_step",
        ), P,
    ),
}  # fmt: skip
HOLDINGS = (
    Holding("worklist.Task", _TASK),
    Holding(
        "worklist.Attempt",
        {
            "id": N, "task": N, "at": P, "person_id": S, "person_name": S, "outcome": P, "note": P, "next_try_at": P,
        },
    ),
    Holding("worklist.Rung", dict.fromkeys(("id", "kind", "level", "minutes", "percent", "to", "roles"), N)),
    Holding("worklist.Escalation", {"id": N, "task": N, "level": N, "at": N, "to": N, "told": S}),
    Holding(
        "worklist.Absence",
        dict.fromkeys(("id", "made_at", "is_over"), N)
        | dict.fromkeys(("person", "first_day", "last_day", "deputy", "note"), S),
    ),
    Holding(
        "worklist.WorkingWeek", dict.fromkeys(("id", "node", "since", "hours", "keeps_holidays", "made_at"), N)
    ),
    Holding("worklist.SpecialDay", dict.fromkeys(("id", "node", "day", "hours", "reason", "made_at"), N)),
    Holding("worklist.HolidayYear", {"year": N, "sources": N}),
    Holding("worklist.PublicHoliday", dict.fromkeys(("day", "year", "name_zh", "name_en", "is_off"), N)),
)  # fmt: skip


def register() -> None:
    """Classify every field of this capability."""
    declare(*HOLDINGS)
