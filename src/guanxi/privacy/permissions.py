"""Who may see and record consent."""

from enum import StrEnum


class Verb(StrEnum):
    VIEW = "privacy.view_consents"
    RECORD = "privacy.record_consent"
    MANAGE_TEXTS = "privacy.manage_texts"
