"""Files that belong to a customer: added, taken away, opened."""

import datetime

from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries
from guanxi.customers.models import Attachment
from guanxi.customers.permissions import Verb
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Invalid
from guanxi.records import services as records

LARGEST = 5 * 1024 * 1024
KINDS = (  # how a file of a kind begins, and what it is then called; nothing else is taken in
    (b"%PDF-", "application/pdf", (".pdf",)),
    (b"\x89PNG\r\n\x1a\n", "image/png", (".png",)),
    (b"\xff\xd8\xff", "image/jpeg", (".jpg", ".jpeg")),
    (b"PK\x03\x04", "application/octet-stream", (".docx", ".xlsx")),
)


def attach(*, actor: Actor, customer_id: int, name: str, content: bytes, at: datetime.datetime) -> Attachment:
    """Add a file to a customer (INFO-04): checks the right, the size and what the file really is, writes, audits.

    :raises Invalid: it is empty, larger than 5 MB, or no PDF, picture, Word or Excel file.
    """
    with db.atomic():
        row = queries.customer(actor, customer_id)
        place = queries.check_customer(actor, Verb.NOTE, customer_id)
        content_type = _kind(name, content)
        made = Attachment(
            customer=row, outlet_id=place, name=name[-120:], content_type=content_type, size=len(content),
            content=content, author_name=actor.name[:80], at=at,
        )  # fmt: skip
        made.save()
        records.audit(
            actor=actor, verb=Verb.NOTE, subject_type="customer", subject_id=row.pk, subject_label=row.name,
            node_id=place, after={"attachment": made.name, "size": made.size},
        )  # fmt: skip
    return made


def _kind(name: str, content: bytes) -> str:
    if not content or len(content) > LARGEST:
        raise Invalid(_("A file of at most 5 MB, please."), field="file")
    for start, content_type, endings in KINDS:
        if content.startswith(start) and name.lower().endswith(endings):
            return content_type
    raise Invalid(_("Only PDF, PNG, JPEG, Word and Excel files can be attached."), field="file")


def detach(*, actor: Actor, attachment_id: int) -> int:
    """Take a file away: checks, deletes, audits. Return the customer's key.

    :raises NotFound: there is none, or not for this actor.
    """
    with db.atomic():
        held = queries.attachment(actor, attachment_id)
        place = queries.check_customer(actor, Verb.NOTE, held.customer_id)
        records.audit(
            actor=actor, verb=Verb.NOTE, subject_type="customer", subject_id=held.customer_id,
            subject_label=held.customer.name, node_id=place, before={"attachment": held.name, "size": held.size},
        )  # fmt: skip
        customer_id = held.customer_id
        held.delete()
    return customer_id
