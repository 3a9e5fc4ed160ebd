"""Sending again what failed, or of what nobody knows whether it went: by a person alone, never by itself."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import clock, db, jobs
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict
from guanxi.messaging import policy
from guanxi.messaging.models import Message
from guanxi.messaging.permissions import Verb
from guanxi.messaging.queries import messages as queries
from guanxi.messaging.queries import planning, templates
from guanxi.messaging.states import AGAIN, Reason, State
from guanxi.records import services as records


def send_again(*, actor: Actor, message_id: int, at: datetime.datetime) -> Message:
    """Let a message wait again, to where the customer is reached today: locks, checks the right, writes, audits, stores
    the job. Consent is asked once more when it goes.

    :raises NotFound: there is no such message in sight.
    :raises Conflict: it is neither failed nor uncertain, or the customer cannot be reached.
    """
    with db.atomic():
        row = db.lock(queries.visible_to(actor), message_id)
        check(actor, Verb.SEND_AGAIN, row.node_id)
        if row.state not in AGAIN:
            raise Conflict(_("Only what failed or is uncertain is sent again."))
        address = planning.address_now(row.customer_id, row.channel)
        if not address:
            raise Conflict(Reason.NO_ADDRESS.label)
        before = {"state": row.state, "error": row.error}
        terms = templates.terms(clock.day_of(at))
        earliest = policy.earliest(timezone.localtime(at), terms.quiet_from, terms.quiet_until)
        row.state, row.address, row.not_before = State.QUEUED, address, max(at, earliest)
        row.error, row.reference, row.parts, row.arrived = "", "", [], []
        row.save()
        records.audit(
            actor=actor, verb=Verb.SEND_AGAIN, subject_type="messaging.message", subject_id=row.pk, node_id=row.node_id,
            before=before, after={"state": row.state},
        )  # fmt: skip
        jobs.enqueue("messaging.send", queueing_lock="messaging.send")
    return row
