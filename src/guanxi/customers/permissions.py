"""Who may see and change customers."""

from enum import StrEnum


class Verb(StrEnum):
    VIEW = "customers.view"
    ADD = "customers.add_customer"
    CHANGE = "customers.change_customer"
    RELATE = "customers.relate_customer"
    NOTE = "customers.write_note"
    REVEAL_PHONE = "customers.reveal_phone"
    REVEAL_IDENTITY = "customers.reveal_identity"
    VERIFY = "customers.verify_customer"
    MERGE = "customers.merge_customers"
    PUBLISH_STANDARD = "customers.publish_standard"
    EXPORT = "customers.export"
