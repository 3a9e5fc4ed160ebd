"""Who may see and record workshop visits."""

from enum import StrEnum


class Verb(StrEnum):
    VIEW = "workshop.view"
    RECORD_VISIT = "workshop.record_visit"
    EXPORT = "workshop.export"
