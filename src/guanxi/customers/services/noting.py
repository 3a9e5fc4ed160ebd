"""Notes on a customer, and what the call centre found when it verified him."""

import datetime

from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries
from guanxi.customers.models import Customer, Note
from guanxi.customers.permissions import Verb
from guanxi.customers.services import deriving
from guanxi.customers.states import Verification
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Invalid
from guanxi.records import services as records


def write_note(*, actor: Actor, customer_id: int, body: str, at: datetime.datetime) -> Note:
    """Write a note, read by the outlet it belongs to and those above: checks, writes, audits without its words.

    :raises Invalid: it says nothing.
    """
    text = body.strip()
    if not text:
        raise Invalid(_("Write something first."), field="body")
    with db.atomic():
        row = queries.customer(actor, customer_id)
        place = queries.check_customer(actor, Verb.NOTE, customer_id)
        made = Note(
            customer=row, outlet_id=place, body=text[:2000], author_id=actor.user_id, author_name=actor.name[:80], at=at
        )
        made.save()
        records.audit(
            actor=actor, verb=Verb.NOTE, subject_type="customer", subject_id=row.pk, subject_label=row.name,
            node_id=place, after={"characters": len(text)},
        )  # fmt: skip
    return made


def verify(*, actor: Actor, customer_id: int, verification: str, at: datetime.datetime) -> Customer:
    """Say what a call to the customer found (INFO-27, INFO-31): checks, locks, writes, derives, audits."""
    with db.atomic():
        row = db.lock(queries.visible_to(actor), customer_id)
        place = queries.check_customer(actor, Verb.VERIFY, customer_id)
        before = row.verification
        row.verification, row.verified_at = Verification(verification), at
        row.save(update_fields=["verification", "verified_at"])
        deriving.grade([row.pk], at)
        records.audit(
            actor=actor, verb=Verb.VERIFY, subject_type="customer", subject_id=row.pk, subject_label=row.name,
            node_id=place, before={"verification": before}, after={"verification": row.verification},
        )  # fmt: skip
    return row
