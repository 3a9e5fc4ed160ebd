"""Who may read the audit trail."""

from enum import StrEnum


class Verb(StrEnum):
    VIEW_AUDIT = "records.view_audit"
    EXPORT_AUDIT = "records.export_audit"
