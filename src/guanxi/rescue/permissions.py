"""Who may take rescues, hand over calls of cars, dispatch, answer for a provider, call back, and keep providers."""

from enum import StrEnum


class Verb(StrEnum):
    VIEW = "rescue.view"
    TAKE = "rescue.take"
    RECEIVE_CALL = "rescue.receive_call"
    DISPATCH = "rescue.dispatch"
    ANSWER = "rescue.answer"
    CALL_BACK = "rescue.call_back"
    CHANGE_PROVIDERS = "rescue.change_providers"
    EXPORT = "rescue.export"
    APPLY_TERMS = "rescue.apply_terms"
