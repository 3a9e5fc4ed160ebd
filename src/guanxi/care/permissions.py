"""Who may see what owners are and what is due, see or change the rules of contact, see rounds and go round."""

from enum import StrEnum


class Verb(StrEnum):
    VIEW = "care.view"
    EXPORT = "care.export"
    APPLY_TERMS = "care.apply_terms"
    VIEW_RULES = "care.view_rules"
    CHANGE_RULES = "care.change_rules"
    VIEW_ROUNDS = "care.view_rounds"
    FILE_ROUNDS = "care.file_rounds"
