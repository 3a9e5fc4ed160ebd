"""Who may see contact rules, and who may change them."""

from enum import StrEnum


class Verb(StrEnum):
    VIEW_RULES = "care.view_rules"
    CHANGE_RULES = "care.change_rules"
