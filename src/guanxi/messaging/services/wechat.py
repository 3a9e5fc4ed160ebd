"""What WeChat brings: who follows and leaves, what they write, what became of a template message."""

import datetime

from django.core import signing

from guanxi.customers import queries as customers
from guanxi.customers.models import Customer
from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.messaging.channels.outgoing import Report
from guanxi.messaging.channels.wechat import NAME
from guanxi.messaging.channels.wechat.incoming import Incoming
from guanxi.messaging.models import Follower
from guanxi.messaging.permissions import Verb
from guanxi.messaging.services import replies, reports
from guanxi.privacy.states import Medium
from guanxi.records import services as records

SEALED = signing.Signer(salt="messaging.follow")
FOLLOWS, LEAVES, SCANS, SENT = "SUBSCRIBE", "UNSUBSCRIBE", "SCAN", "TEMPLATESENDJOBFINISH"
DELIVERED = "success"


def invite(*, actor: Actor, customer_id: int) -> str:
    """Return the scene for a code that a customer scans to follow the account, so that it is known who he is: checks
    the right at an outlet of his, audits. At most 64 signs, as WeChat wants them.

    :raises NotFound: the actor does not see the customer.
    """
    row = customers.customer(actor, customer_id)
    place = customers.check_customer(actor, Verb.SEND, customer_id)
    records.audit(
        actor=actor, verb="messaging.invite", subject_type="customer", subject_id=row.pk, subject_label=row.name,
        node_id=place,
    )  # fmt: skip
    return SEALED.sign(str(row.pk))


def receive(*, actor: Actor, incoming: Incoming, at: datetime.datetime) -> None:
    """Keep what WeChat brought: checks the right; one who follows or leaves is written down, a report goes to its
    message, words are an answer. The same again changes nothing.

    :raises Invalid: words without a sender.
    """
    check_everywhere(actor, Verb.RECEIVE_REPLY)
    if incoming.event in {FOLLOWS, SCANS}:
        _follow(actor, incoming, at)
    elif incoming.event == LEAVES:
        _leave(actor, incoming, at)
    elif incoming.event == SENT:
        report = Report(
            NAME, incoming.number, is_delivered=incoming.status == DELIVERED, words=incoming.status[:400]
        )  # fmt: skip
        reports.record_report(actor=actor, report=report, at=at)
    elif not incoming.event:
        words = replies.NewReply(Medium.WECHAT, incoming.openid, incoming.words, at, incoming.reference)
        replies.receive_reply(actor=actor, reply=words, at=at)


def _follow(actor: Actor, incoming: Incoming, at: datetime.datetime) -> None:
    with db.atomic():
        db.serialise(f"messaging.follower.{incoming.openid}")
        row = Follower.objects.filter(openid=incoming.openid).first() or Follower(
            openid=incoming.openid, followed_at=at
        )
        if row.left_at is not None:
            row.followed_at, row.left_at = at, None
        known = _invited(incoming.scene)
        row.customer_id = known or row.customer_id
        row.save()
        _audit(actor, row, "messaging.follow")


def _leave(actor: Actor, incoming: Incoming, at: datetime.datetime) -> None:
    with db.atomic():
        row = Follower.objects.select_for_update().filter(openid=incoming.openid, left_at=None).first()
        if row is not None:
            row.left_at = at
            row.save()
            _audit(actor, row, "messaging.leave")


def _invited(scene: str) -> int | None:
    """Return the customer who was invited by a scene; after a merge the one who stands in his place."""
    try:
        pk = int(SEALED.unsign(scene))
    except (signing.BadSignature, ValueError):
        return None
    row = Customer.objects.filter(pk=pk).first()
    return None if row is None else row.merged_into_id or row.pk


def _audit(actor: Actor, row: Follower, verb: str) -> None:
    records.audit(
        actor=actor, verb=verb, subject_type="messaging.follower", subject_id=row.pk,
        after={"customer": row.customer_id},
    )  # fmt: skip
