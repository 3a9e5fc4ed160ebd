"""The lists of messages and of what was answered."""

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries as customers
from guanxi.foundation import clock, db, slots
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.personal_data import mask_phone
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable
from guanxi.messaging.permissions import Verb
from guanxi.messaging.queries import letters
from guanxi.messaging.queries import messages as queries
from guanxi.messaging.states import CHANNELS, Reason, State
from guanxi.network import queries as network
from guanxi.privacy.states import Medium, Purpose

MOST, MOST_FOUND = 10_000, 1000
STOPS = selectable((("yes", _("Stops the channel")), ("no", _("Something else"))))

POSTED = selectable((("no", _("Not yet")), ("yes", _("Handed to the post"))))


def masked(row: Any) -> str:
    """Return the address of a message or answer with its middle hidden."""
    if row.channel == Medium.LETTER:
        return letters.region(row.address.partition("|")[0])
    if row.channel == Medium.WECHAT:
        return f"{row.address[:3]}***" if row.address else ""
    if row.channel == Medium.EMAIL:
        return masked_mail(row)
    return mask_phone(row.address) if row.address else ""


def masked_mail(row: Any) -> str:
    """Return the mail address of a row with its name hidden."""
    name, at, domain = row.address.partition("@")
    return f"{name[:1]}***{at}{domain}" if at else ""


def prepare(rows: list[Any], _actor: Actor) -> None:
    """Give each row the name of its customer, if still in sight; one query."""
    found = queries.names([row.customer_id for row in rows if row.customer_id])
    for row in rows:
        row.customer_name = found.get(row.customer_id, "")


def prepare_replies(rows: list[Any], actor: Actor) -> None:
    """Give each reply the name of its customer, and where what he wrote is taken in as a matter; one query."""
    prepare(rows, actor)
    for row in rows:
        asks = row.customer_name and not row.is_stop
        row.intake_url = slots.ask("matters.intake_url", actor, row.customer_id, row.pk, default="") if asks else ""


def _search(rows: Rows, text: str, actor: Actor) -> Rows:
    return rows.filter(db.among("customer_id", customers.found(actor, text, MOST_FOUND)))


def _places(actor: Actor) -> Sequence[tuple[str, Text]]:
    where = actor.where(Verb.VIEW)
    rows = network.open_on(network.visible_to(actor), clock.today()).exclude(kind="UNIT").order_by("code")[:400]
    return [(str(row.pk), row.name) for row in rows if where is None or row.pk in where]


def _is(field: str) -> Callable[[Rows, str], Rows]:
    return lambda rows, value: rows.filter(**{field: value})


def _since(field: str) -> Callable[[Rows, str], Rows]:
    return lambda rows, value: rows.filter(**{f"{field}__gte": _start(value)})


def _until(field: str) -> Callable[[Rows, str], Rows]:
    return lambda rows, value: rows.filter(**{f"{field}__lt": _start(value, 1)})


def _start(value: str, days: int = 0) -> datetime.datetime:
    return clock.start_of(datetime.date.fromisoformat(value) + datetime.timedelta(days=days))


MESSAGES = Table(
    key="messaging.messages",
    title=_("Messages"),
    columns=(
        Column("at", _("Written at"), lambda row: row.queued_at, sort=("queued_at",), cell="message"),
        Column("customer", _("Customer"), lambda row: row.customer_name, cell="customer", personal=True),
        Column("state", _("State"), lambda row: row.get_state_display(), sort=("state",), cell="state"),
        Column("reason", _("Why not sent"), lambda row: row.get_reason_display() if row.reason else "", hidden=True),
        Column("channel", _("Channel"), lambda row: row.get_channel_display(), cell="tag"),
        Column("address", _("Number or address"), masked, personal=True),
        Column("template", _("Template"), lambda row: row.template.name if row.template else str(_("Own words"))),
        Column("purpose", _("Purpose"), lambda row: row.get_purpose_display(), hidden=True),
        Column("place", _("Sender"), lambda row: row.node.name),
        Column("by", _("Author"), lambda row: row.written_by, hidden=True),
        Column("carrier", _("Sent through"), lambda row: row.carrier, hidden=True),
        Column("sent", _("Sent at"), lambda row: row.sent_at, sort=("sent_at",), cell="moment", hidden=True),
        Column("text", _("Text"), lambda row: row.body, hidden=True, personal=True),
    ),
    filters=(
        Filter("state", _("State"), _is("state"), selectable(State.choices)),
        Filter("channel", _("Channel"), _is("channel"), selectable(CHANNELS)),
        Filter("purpose", _("Purpose"), _is("purpose"), selectable(Purpose.choices)),
        Filter("since", _("Since"), _since("queued_at"), kind="date"),
        Filter("until", _("Until"), _until("queued_at"), kind="date", primary=False),
        Filter("place", _("Sender"), _is("node_id"), _places, primary=False),
        Filter("reason", _("Why not sent"), _is("reason"), selectable(Reason.choices), primary=False),
    ),
    search=_search,
    search_hint=_("Name, pinyin, phone, plate, VIN"),
    default_sort="-at",
    row_url=lambda row: reverse("messaging:message", args=[row.pk]),
    prepare=prepare,
    most=MOST,
)
BATCHES = Table(
    key="messaging.batches",
    title=_("Batches of letters"),
    columns=(
        Column("number", _("Batch"), str, sort=("pk",), cell="batch"),
        Column("place", _("Sender"), lambda row: row.node.name),
        Column("letters", _("Letters"), lambda row: row.letters, sort=("letters",), cell="number"),
        Column("printed", _("Printed at"), lambda row: row.printed_at, sort=("printed_at",), cell="moment"),
        Column("printed_by", _("Printed by"), lambda row: row.printed_by),
        Column("posted", _("Handed to the post"), lambda row: row.posted_at, sort=("posted_at",), cell="posted"),
        Column("posted_by", _("Handed over by"), lambda row: row.posted_by),
    ),
    filters=(
        Filter("posted", _("Handed to the post"), lambda rows, v: rows.filter(posted_at__isnull=v == "no"), POSTED),
        Filter("since", _("Since"), _since("printed_at"), kind="date"),
        Filter("until", _("Until"), _until("printed_at"), kind="date"),
        Filter("place", _("Sender"), _is("node_id"), _places, primary=False),
    ),
    default_sort="-printed",
    row_url=lambda row: reverse("messaging:batch", args=[row.pk]),
    most=MOST,
)
REPLIES = Table(
    key="messaging.replies",
    title=_("Replies"),
    columns=(
        Column("at", _("Received at"), lambda row: row.received_at, sort=("received_at",), cell="moment"),
        Column("customer", _("Customer"), lambda row: row.customer_name, cell="customer", personal=True),
        Column("words", _("Words"), lambda row: row.words, cell="words", personal=True),
        Column("stop", _("Stops the channel"), lambda row: row.is_stop, cell="check"),
        Column("missing", _("Parts that never came"), lambda row: row.missing or "", sort=("missing",), cell="number"),
        Column("channel", _("Channel"), lambda row: row.get_channel_display(), cell="tag"),
        Column("address", _("Number or address"), masked, personal=True),
    ),
    filters=(
        Filter("stop", _("Answer"), lambda rows, value: rows.filter(is_stop=value == "yes"), STOPS),
        Filter("channel", _("Channel"), _is("channel"), selectable(CHANNELS)),
        Filter("since", _("Since"), _since("received_at"), kind="date"),
        Filter("until", _("Until"), _until("received_at"), kind="date"),
    ),
    search=_search,
    search_hint=_("Name, pinyin, phone, plate, VIN"),
    default_sort="-at",
    prepare=prepare_replies,
    most=MOST,
)
STRAYS = Table(
    key="messaging.strays",
    title=_("Mails that could not be kept as answers"),
    columns=(
        Column("at", _("Kept at"), lambda row: row.kept_at, sort=("kept_at",), cell="moment"),
        Column("address", _("Sender of the mail"), masked_mail, personal=True),
        Column("subject", _("Subject"), lambda row: row.subject, cell="words", personal=True),
        Column("why", _("What went wrong"), lambda row: row.why, cell="words"),
    ),
    filters=(
        Filter("since", _("Since"), _since("kept_at"), kind="date"),
        Filter("until", _("Until"), _until("kept_at"), kind="date"),
    ),
    default_sort="-at",
    most=MOST,
)
