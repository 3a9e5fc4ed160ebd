"""Who may see notices, issue them, answer them for a department, and verify what was done."""

from enum import StrEnum


class Verb(StrEnum):
    VIEW = "rectification.view"
    ISSUE = "rectification.issue"
    ANSWER = "rectification.answer"
    VERIFY = "rectification.verify"
    EXPORT = "rectification.export"
    APPLY_PRESET = "rectification.apply_preset"
