"""Where personal data lives in knowledge: in what people ask; articles are about cars and work, not about persons."""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

N, S, P = Sensitivity.NONE, Sensitivity.STAFF, Sensitivity.PERSONAL
TOPIC = ("code", "name_zh", "name_en", "expert", "answer_days", "check_months", "is_active", "source")
VERSION = (
    "id", "article", "number", "stage", "title_zh", "title_en", "question_zh", "question_en", "answer_zh", "answer_en",
    "keywords", "models_of", "faults", "heads", "words", "valid_from", "valid_until", "check_on", "written_at",
    "reviewed_at", "note",
)  # fmt: skip
QUESTION = (
    "id", "node", "topic", "models_of", "faults", "token", "state", "asked_at", "due_at", "rounds", "ended_at",
    "article",
)  # fmt: skip

HOLDINGS = (
    Holding("knowledge.Topic", dict.fromkeys(TOPIC, N)),
    Holding("knowledge.Article", dict.fromkeys(("id", "node", "topic", "code", "made_at"), N)),
    Holding(
        "knowledge.Version",
        dict.fromkeys(VERSION, N) | dict.fromkeys(("author_id", "author", "reviewer_id", "reviewer"), S),
    ),
    Holding(
        "knowledge.Use",
        dict.fromkeys(("id", "article", "version", "worth", "subject_type", "subject_id", "at"), N) | {"person_id": S},
    ),
    Holding(
        "knowledge.Reading",
        dict.fromkeys(("id", "article", "since", "roles", "due_on", "is_current", "asked_at", "reminded_on"), N)
        | dict.fromkeys(("asked_by_id", "asked_by"), S),
    ),
    Holding("knowledge.Confirmation", {"id": N, "version": N, "person_id": S, "at": S}),
    Holding(
        "knowledge.Question", dict.fromkeys(QUESTION, N) | {"words": P} | dict.fromkeys(("asked_by_id", "asked_by"), S)
    ),
    Holding(
        "knowledge.Demand",
        dict.fromkeys(("id", "node", "kind", "token", "asked_at", "state", "urgency", "answer", "decided_at"), N)
        | dict.fromkeys(("words", "asked_by_id", "asked_by", "backers", "decided_by"), S),
    ),
    Holding(
        "knowledge.Answer",
        dict.fromkeys(("id", "question", "number", "answered_at", "helped"), N)
        | {"words": P, "verdict": P, "answered_by": S},
    ),
)


def register() -> None:
    """Classify every field of this capability."""
    declare(*HOLDINGS)
