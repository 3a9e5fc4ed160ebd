"""Who may take figures of analysis along, and set the limits by which they are made. Whoever sees contact rules sees
their effect.
"""

from enum import StrEnum


class Verb(StrEnum):
    EXPORT = "insight.export"
    APPLY_TERMS = "insight.apply_terms"
