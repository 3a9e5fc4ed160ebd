"""The tables of the customer file: people and companies with what hangs on them, and how good their records are."""

from guanxi.customers.models.family import FamilyMember
from guanxi.customers.models.files import (
    Address,
    Association,
    Attachment,
    ContactPoint,
    Customer,
    ExternalId,
    Merge,
    Note,
    Relation,
)
from guanxi.customers.models.grades import OutletQuality, Quality, Standard, StandardField

__all__ = [
    "Address", "Association", "Attachment", "ContactPoint", "Customer", "ExternalId", "FamilyMember", "Merge", "Note",
    "OutletQuality", "Quality", "Relation", "Standard", "StandardField",
]  # fmt: skip
