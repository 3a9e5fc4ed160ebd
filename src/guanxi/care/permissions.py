"""Who may see what owners are and what is due."""

from enum import StrEnum


class Verb(StrEnum):
    VIEW = "care.view"
    EXPORT = "care.export"
    APPLY_TERMS = "care.apply_terms"
