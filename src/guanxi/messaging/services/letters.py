"""Letters: printed in batches, handed to the post, each step with who and when: the dispatch log."""

import datetime

from django.utils.translation import gettext_lazy as _

from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict
from guanxi.messaging.models import Message, PrintBatch
from guanxi.messaging.permissions import Verb
from guanxi.messaging.queries import letters as queries
from guanxi.messaging.services import dropping
from guanxi.messaging.states import State
from guanxi.records import services as records

MOST = 500
CARRIER = "post"


def print_letters(*, actor: Actor, node_id: int, at: datetime.datetime) -> PrintBatch:
    """Put the letters that wait at a place into a batch to be printed (NFR-12): checks the right, waits for others,
    drops whom consent no longer covers, writes the batch, marks its letters, audits.

    :raises Conflict: none waits.
    """
    check(actor, Verb.PRINT_LETTERS, node_id)
    with db.atomic():
        db.serialise(f"messaging.letters.{node_id}")
        waiting = queries.waiting_at(node_id)
        dropping.drop(waiting, clock.day_of(at))
        ids = list(waiting.order_by("pk").values_list("pk", flat=True)[:MOST])
        if not ids:
            raise Conflict(_("No letter waits to be printed here."))
        row = PrintBatch.objects.create(
            node_id=node_id, letters=len(ids), printed_by_id=actor.user_id, printed_by=actor.name[:160], printed_at=at
        )  # fmt: skip
        Message.objects.filter(db.among("pk", ids)).update(
            state=State.SENDING, batch=row, carrier=CARRIER, reference=f"{CARRIER}-{row.pk}"
        )  # fmt: skip
        _audit(actor, Verb.PRINT_LETTERS, row)
    return row


def post_letters(*, actor: Actor, batch_id: int, at: datetime.datetime) -> PrintBatch:
    """Say that a batch was handed to the post: checks the right, locks, writes, its letters are sent, audits.

    :raises NotFound: there is no such batch in sight.
    :raises Conflict: it was handed over already.
    """
    with db.atomic():
        row = db.lock(queries.batches_visible_to(actor), batch_id)
        check(actor, Verb.PRINT_LETTERS, row.node_id)
        if row.posted_at is not None:
            raise Conflict(_("This batch was handed to the post already."))
        row.posted_at, row.posted_by_id, row.posted_by = at, actor.user_id, actor.name[:160]
        row.save()
        held = Message.objects.filter(batch=row, state=State.SENDING)
        held.update(state=State.SENT, sent_at=at)
        _audit(actor, "messaging.post_letters", row)
    return row


def _audit(actor: Actor, verb: str, row: PrintBatch) -> None:
    records.audit(
        actor=actor, verb=verb, subject_type="messaging.batch", subject_id=row.pk, subject_label=str(row),
        node_id=row.node_id, after={"letters": row.letters},
    )  # fmt: skip
