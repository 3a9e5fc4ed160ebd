"""Who may read the audit trail and apply presets."""

from enum import StrEnum


class Verb(StrEnum):
    VIEW_AUDIT = "records.view_audit"
    EXPORT_AUDIT = "records.export_audit"
    APPLY_PRESETS = "records.apply_presets"
