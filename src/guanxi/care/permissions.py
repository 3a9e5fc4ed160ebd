"""Who may see what owners are and what is due, see or change the rules of contact, tell of the weather, decide about
lectures, see rounds, go round, write check lists.
"""

from enum import StrEnum


class Verb(StrEnum):
    VIEW = "care.view"
    EXPORT = "care.export"
    APPLY_TERMS = "care.apply_terms"
    VIEW_RULES = "care.view_rules"
    CHANGE_RULES = "care.change_rules"
    GIVE_NOTICE = "care.give_notice"
    VIEW_GATHERINGS = "care.view_gatherings"
    DECIDE_GATHERINGS = "care.decide_gatherings"
    EXPORT_GATHERINGS = "care.export_gatherings"
    VIEW_ROUNDS = "care.view_rounds"
    FILE_ROUNDS = "care.file_rounds"
    CHANGE_CHECK_LISTS = "care.change_check_lists"
