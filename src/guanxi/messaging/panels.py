"""What messaging contributes elsewhere: moments of a customer."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.foundation.actor import Actor
from guanxi.foundation.slots import Moment
from guanxi.messaging.models import Message, Reply
from guanxi.messaging.permissions import Verb
from guanxi.messaging.queries import messages as queries
from guanxi.messaging.states import State

LONGEST = 160
TONES = {
    State.QUEUED: "blue", State.SENDING: "blue", State.SENT: "green", State.DELIVERED: "green", State.FAILED: "red",
    State.UNCERTAIN: "amber", State.SKIPPED: "",
}  # fmt: skip


def sent(row: Message) -> Moment:
    """Return a message as a line of a timeline: what was written, or why it was not."""
    about = row.template.name if row.template else _("Own words")
    title = f"{row.get_channel_display()} · {about} · {row.get_state_display()}"
    detail = str(row.get_reason_display()) if row.reason else row.body[:LONGEST]
    who = f"{row.node.name} · {row.written_by}"
    at, url = row.sent_at or row.queued_at, reverse("messaging:message", args=[row.pk])
    return Moment(at, title, detail, who, "message-square", TONES[State(row.state)] or "blue", url)


def answered(row: Reply) -> Moment:
    """Return an answer as a line of a timeline."""
    title = _("%(channel)s stopped") if row.is_stop else _("Answered by %(channel)s")
    if row.missing:
        title = _("Answered by %(channel)s, not whole")
    tone = "red" if row.is_stop else "amber" if row.missing else "green"
    values = {"channel": row.get_channel_display()}
    return Moment(row.received_at, title % values, f"“{row.words[:LONGEST]}”", "", "message-square-reply", tone)


def moments(actor: Actor, customer_id: int, limit: int) -> Sequence[Moment]:
    """Return what a customer was written and answered, for his timeline; skips are left out; two queries."""
    if not actor.can(Verb.VIEW):
        return []
    rows = [row for row in queries.of_customer(actor, customer_id, limit) if row.state != State.SKIPPED]
    return [*map(sent, rows), *map(answered, queries.replies_of(actor, customer_id, limit))]
