"""Who may see checks and orders, check records, order corrections, correct them, and verify what was corrected."""

from enum import StrEnum


class Verb(StrEnum):
    VIEW = "verification.view"
    CHECK = "verification.check"
    ISSUE = "verification.issue"
    ANSWER = "verification.answer"
    VERIFY = "verification.verify"
    MARK_FALSE = "verification.mark_false"
    DECIDE_FALSE = "verification.decide_false"
    EXPORT = "verification.export"
    APPLY_PRESET = "verification.apply_preset"
