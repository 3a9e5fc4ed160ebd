"""Who may take figures of analysis along, compare what outlets log with what customers say, and set the limits by which
figures are made. Whoever sees contact rules sees their effect.
"""

from enum import StrEnum


class Verb(StrEnum):
    EXPORT = "insight.export"
    VIEW_CHECKED = "insight.view_checked"
    APPLY_TERMS = "insight.apply_terms"
