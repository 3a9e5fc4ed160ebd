"""Who may see messages, write to customers, keep templates, and report what customers answered."""

from enum import StrEnum


class Verb(StrEnum):
    VIEW = "messaging.view"
    SEND = "messaging.send"
    SEND_WORDS = "messaging.send_words"
    EXPORT = "messaging.export"
    WRITE_TEMPLATE = "messaging.write_template"
    APPROVE_TEMPLATE = "messaging.approve_template"
    SEND_AGAIN = "messaging.send_again"
    PRINT_LETTERS = "messaging.print_letters"
    RECEIVE_REPLY = "messaging.receive_reply"
    APPLY_TERMS = "messaging.apply_terms"
