"""What became of what was sent, as carriers report it, part by part."""

import datetime
from dataclasses import replace

from guanxi.customers.models import ContactPoint
from guanxi.customers.services import reaching
from guanxi.customers.states import PointState
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM, Actor, check_everywhere
from guanxi.messaging import policy
from guanxi.messaging.channels.imap.reading import Bounce
from guanxi.messaging.channels.outgoing import Report
from guanxi.messaging.models import Message
from guanxi.messaging.permissions import Verb
from guanxi.messaging.states import State
from guanxi.privacy.states import POINTS, Medium
from guanxi.records import services as records


def record_report(*, actor: Actor, report: Report, at: datetime.datetime) -> Message | None:
    """Write down what became of a part (CC-39): checks the right, locks the message, says that it was delivered when
    all its parts are, or that it failed when one did, marks a number that does not exist, audits. None: no message
    waits for this report.
    """
    check_everywhere(actor, Verb.RECEIVE_REPLY)
    with db.atomic():
        waiting = Message.objects.filter(
            carrier=report.carrier, state=State.SENT, parts__contains=[report.reference]
        ).order_by("-sent_at")  # fmt: skip
        row = waiting.select_for_update().first()
        if row is None:
            return None
        if report.is_delivered:
            row.arrived = sorted({*row.arrived, report.reference})
            row.state = State.DELIVERED if set(row.arrived) >= set(row.parts) else State.SENT
        else:
            row.state, row.error = State.FAILED, report.words[:400]
        row.save(update_fields=["state", "arrived", "error"])
        if row.state != State.SENT:
            _audit(actor, row)
        if report.is_dead:
            mark_dead(actor=actor, message=row, at=at)
    return row


def record_bounce(*, actor: Actor, bounce: Bounce, at: datetime.datetime) -> Message | None:
    """Write down that a mail of ours did not arrive (RFC 3464): checks the right, locks the message, says that it
    failed, audits, marks an address that does not exist as wrong with its customer. None: no such mail went to this
    address. The same report again changes nothing.
    """
    check_everywhere(actor, Verb.RECEIVE_REPLY)
    with db.atomic():
        about = Message.objects.filter(channel=Medium.EMAIL, reference=bounce.reference, address__iexact=bounce.address)
        row = about.select_for_update().first() if bounce.reference else None
        if row is None:
            return None
        if row.state == State.SENT:
            row.state, row.error = State.FAILED, f"{bounce.status} {bounce.words}".strip()[:400]
            row.save(update_fields=["state", "error"])
            _audit(actor, row)
            if policy.is_dead_address(bounce.status):
                mark_dead(actor=actor, message=row, at=at)
    return row


def _audit(actor: Actor, row: Message) -> None:
    records.audit(
        actor=actor, verb="messaging.record_report", subject_type="messaging.message", subject_id=row.pk,
        node_id=row.node_id, after={"state": row.state, "error": row.error},
    )  # fmt: skip


def mark_dead(*, actor: Actor, message: Message, at: datetime.datetime) -> None:
    """Mark the number of a message as wrong with its customer, as the system and in the name of who reports it."""
    system = replace(SYSTEM, user_id=actor.user_id, name=actor.name, origin=actor.origin)
    points = ContactPoint.objects.filter(
        customer_id=message.customer_id, channel__in=POINTS[Medium(message.channel)], value=message.address,
        state=PointState.VALID,
    )  # fmt: skip
    for point in points:
        reaching.set_point_state(
            actor=system, customer_id=message.customer_id, point_id=point.pk, state=PointState.WRONG, at=at
        )
