"""Who may read articles, write and review them, ask experts and answer."""

from enum import StrEnum


class Verb(StrEnum):
    VIEW = "knowledge.view"
    WRITE = "knowledge.write"
    REVIEW = "knowledge.review"
    ASK = "knowledge.ask"
    ANSWER = "knowledge.answer"
    DECIDE = "knowledge.decide"
    VIEW_READINGS = "knowledge.view_readings"
    EXPORT = "knowledge.export"
    APPLY_PRESET = "knowledge.apply_preset"
