"""What comes into the mailbox: answers of customers, reports that a mail did not arrive, and what cannot be read."""

import datetime
import logging
from collections import Counter
from collections.abc import Callable

from django.conf import settings

from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import DomainError
from guanxi.messaging import policy
from guanxi.messaging.channels import imap
from guanxi.messaging.channels.imap.reading import Bounce, Mail, Unreadable, read
from guanxi.messaging.channels.outgoing import Unavailable
from guanxi.messaging.models import Reply, StrayMail
from guanxi.messaging.services import replies, reports
from guanxi.privacy.states import Medium
from guanxi.records import services as records

LOCK = "messaging.fetch_mails"
UNKNOWN = "report about no mail of ours"
log = logging.getLogger(__name__)


def fetch_mails(*, actor: Actor, now: Callable[[], datetime.datetime]) -> Counter[str]:
    """Fetch what is unread, each mail in a transaction of its own, and mark it as read once it is kept; return how many
    there were of each kind. Nothing without a mailbox, or while another fetches. A mailbox that cannot be had is told
    in the log; what was not kept comes again.
    """
    done: Counter[str] = Counter()
    if not settings.IMAP_HOST:
        return done
    with db.alone(LOCK) as is_alone:
        if not is_alone:
            return done
        try:
            with imap.mailbox() as box:
                for number in box.unread():
                    for said in read(box.fetch(number)):
                        done[keep(actor=actor, said=said, at=now())] += 1
                    box.mark(number)
        except Unavailable as error:
            log.warning("the mailbox is not to be had: %s", error)
    return done


def keep(*, actor: Actor, said: Mail | Bounce | Unreadable, at: datetime.datetime) -> str:
    """Keep what a mail says, in a transaction of its own; return what it was. What cannot be kept as what it is, is
    kept as unreadable and told in the log.
    """
    try:
        with db.scoped(actor):
            if isinstance(said, Mail):
                return _answered(actor, said, at)
            if isinstance(said, Bounce):
                return _bounced(actor, said, at)
    except DomainError as error:
        assert not isinstance(said, Unreadable)
        subject = said.subject if isinstance(said, Mail) else ""
        said = Unreadable(said.reference, said.address, subject, str(error)[:400])
    with db.scoped(actor):
        return _strayed(actor, said, at)


def _answered(actor: Actor, mail: Mail, at: datetime.datetime) -> str:
    if mail.is_automatic:
        return "automatic"
    if Reply.objects.filter(channel=Medium.EMAIL, reference=mail.reference).exists():
        return "known"
    words = policy.own_words(mail.text) or mail.subject
    reply = replies.NewReply(Medium.EMAIL, mail.address, words, at, mail.reference)
    replies.receive_reply(actor=actor, reply=reply, at=at)
    return "answers"


def _bounced(actor: Actor, bounce: Bounce, at: datetime.datetime) -> str:
    if reports.record_bounce(actor=actor, bounce=bounce, at=at) is not None:
        return "bounces"
    reference = f"{bounce.reference} {bounce.address}"[:200]
    return _strayed(actor, Unreadable(reference, bounce.address[:120], bounce.words, UNKNOWN), at)


def _strayed(actor: Actor, said: Unreadable, at: datetime.datetime) -> str:
    """Keep a mail that is nothing else; the same one again changes nothing."""
    row, is_new = StrayMail.objects.get_or_create(
        reference=said.reference,
        defaults={"address": said.address, "subject": said.subject, "why": said.why, "kept_at": at},
    )
    if is_new:
        records.audit(
            actor=actor, verb="messaging.keep_stray_mail", subject_type="messaging.straymail", subject_id=row.pk,
            after={"why": said.why},
        )  # fmt: skip
        log.warning("a mail could not be read: %s", said.why)
    return "strays" if is_new else "known"
