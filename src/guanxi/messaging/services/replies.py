"""What customers answer: kept once, and a word that stops a channel stops it at once and for good."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import ContactPoint
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM, Actor, check_everywhere
from guanxi.foundation.errors import Invalid
from guanxi.foundation.values import phones
from guanxi.messaging import policy
from guanxi.messaging.models import Follower, Message, Reply
from guanxi.messaging.permissions import Verb
from guanxi.messaging.queries import templates as queries
from guanxi.messaging.states import ANSWERED, Reason, State
from guanxi.privacy.services import stopping
from guanxi.privacy.states import POINTS, Medium
from guanxi.records import services as records


@dataclass(frozen=True)
class NewReply:
    """What a gateway reports: from where what was answered when, and its own number of it; ``missing``: so many parts
    of a long one never came.
    """

    channel: str
    address: str
    words: str
    received_at: datetime.datetime
    reference: str
    missing: int = 0


def receive_reply(*, actor: Actor, reply: NewReply, at: datetime.datetime) -> list[Reply]:
    """Keep an answer (NFR-12, CC-39): checks the right, waits for the same number, finds whose address it is, keeps it
    with each of them, audits. If it is whole and a word that stops the channel, their consents for it are withdrawn
    and what waits for them is skipped. An answer that is known already changes nothing.

    :raises Invalid: the channel or the address is none, there is no number, or the moment has not come.
    """
    check_everywhere(actor, Verb.RECEIVE_REPLY)
    _refuse(reply, at)
    address = _plain(reply.channel, reply.address)
    with db.atomic():
        db.serialise(f"messaging.reply.{reply.channel}.{reply.reference}")
        known = list(Reply.objects.filter(channel=reply.channel, reference=reply.reference))
        if known:
            return known
        is_stop = not reply.missing and policy.is_stop(reply.words, queries.terms(clock.day_of(at)).stops)
        whose = _whose(reply.channel, address)
        rows = Reply.objects.bulk_create(
            Reply(
                customer_id=pk, channel=reply.channel, address=address, words=reply.words.strip(), is_stop=is_stop,
                missing=reply.missing, reference=reply.reference, received_at=reply.received_at, kept_at=at,
            )
            for pk in (whose or (None,))
        )  # fmt: skip
        stopped = _stop(actor, reply, address, whose, at) if is_stop else 0
        records.audit(
            actor=actor, verb=Verb.RECEIVE_REPLY, subject_type="messaging.reply", subject_id=rows[0].pk,
            subject_label=reply.reference, after={"customers": whose, "stops": is_stop, "skipped": stopped},
        )  # fmt: skip
    return rows


def _refuse(reply: NewReply, at: datetime.datetime) -> None:
    if reply.channel not in ANSWERED:
        raise Invalid(_("Choose one of the values offered."), field="channel")
    for name in ("address", "reference"):
        if not getattr(reply, name).strip():
            raise Invalid(_("This is needed."), field=name)
    if reply.received_at > at + datetime.timedelta(minutes=5):  # clocks differ a little
        raise Invalid(_("This moment has not come yet."), field="received_at")


def _plain(channel: str, address: str) -> str:
    """Return an address as customers have it: a mobile without country code, a mail address in small letters."""
    if channel == Medium.WECHAT:
        return address.strip()
    if channel == Medium.EMAIL:
        return address.strip().lower()
    found = phones.clean(address).value
    return (found.mobile if found else None) or address.strip()


def _whose(channel: str, address: str) -> list[int]:
    if channel == Medium.WECHAT:
        return list(
            Follower.objects.filter(openid=address, customer__isnull=False).values_list("customer_id", flat=True)
        )
    points = ContactPoint.objects.filter(channel__in=POINTS[Medium(channel)], customer__merged_into=None)
    same = points.filter(value__iexact=address) if channel == Medium.EMAIL else points.filter(value=address)
    return sorted(set(same.values_list("customer_id", flat=True)))


def _stop(actor: Actor, reply: NewReply, address: str, whose: Sequence[int], at: datetime.datetime) -> int:
    """Stop the channel for whoever has the address, as the customer's own act; return how many messages are skipped."""
    system = replace(SYSTEM, user_id=actor.user_id, name=actor.name, origin=actor.origin)
    proof = str(_("Answer %(words)s, %(number)s")) % {"words": reply.words.strip()[:20], "number": reply.reference}
    stopping.stop_channel(actor=system, customer_ids=whose, medium=reply.channel, proof=proof, at=at)
    waiting = Message.objects.filter(channel=reply.channel, state=State.QUEUED)
    stopped = waiting.filter(customer_id__in=whose) | waiting.filter(address=address)
    return stopped.update(state=State.SKIPPED, reason=Reason.STOPPED)
