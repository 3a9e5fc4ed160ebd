"""Who may see crises, open and lead them, and approve what is said about them: few, by their role and place."""

from enum import StrEnum


class Verb(StrEnum):
    VIEW = "crisis.view"
    OPEN = "crisis.open"
    HANDLE = "crisis.handle"
    APPROVE = "crisis.approve"
    EXPORT = "crisis.export"
    APPLY_PRESET = "crisis.apply_preset"
