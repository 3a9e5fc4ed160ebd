"""The list of messages, one message, what was answered, and the panel of a customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guanxi.customers import queries as customers
from guanxi.customers.models import Relation
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.pages import Request
from guanxi.foundation.slots import Moment
from guanxi.foundation.tables import Listing, Table, listing
from guanxi.messaging import panels, policy
from guanxi.messaging.models import Message
from guanxi.messaging.permissions import Verb
from guanxi.messaging.queries import messages as queries
from guanxi.messaging.services import again as services
from guanxi.messaging.states import AGAIN
from guanxi.messaging.tables import MESSAGES, REPLIES, STRAYS, masked
from guanxi.privacy.states import Medium
from guanxi.records import services as records
from guanxi.vehicles.queries import cars as vehicles

FEW = 6


@dataclass(frozen=True)
class ListPage:
    listing: Listing
    can_export: bool


@dataclass(frozen=True)
class MessagePage:
    row: Message
    customer_name: str
    address: str
    length: policy.Length | None
    car: str
    can_send_again: bool


@dataclass(frozen=True)
class Panel:
    moments: list[Moment]
    send_url: str
    words_url: str


def messages(request: Request) -> HttpResponseBase:
    """The list of messages, newest first."""
    check(request.actor, Verb.VIEW)
    rows = queries.visible_to(request.actor).select_related("node", "template")
    return _list(request, MESSAGES, rows, "messaging/messages.html")


def replies(request: Request) -> HttpResponseBase:
    """The list of what customers answered, newest first."""
    check(request.actor, Verb.VIEW)
    return _list(request, REPLIES, queries.replies_visible_to(request.actor), "messaging/replies.html")


def strays(request: Request) -> HttpResponseBase:
    """The list of mails that could not be kept as answers, newest first."""
    check(request.actor, Verb.VIEW)
    return _list(request, STRAYS, queries.strays_visible_to(request.actor), "messaging/strays.html")


def _list(request: Request, table: Table, rows: Any, template: str) -> HttpResponseBase:
    actor = request.actor
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=table, rows=rows, asked=request.GET)
        return pages.download(file)
    page = ListPage(listing(table, rows, request.GET, actor), actor.can(Verb.EXPORT))
    return pages.render(request, template, page, block="list")


def message(request: Request, pk: int) -> HttpResponseBase:
    """One message: what it says, to whom, and what came of it."""
    check(request.actor, Verb.VIEW)
    row = queries.message(request.actor, pk)
    page = MessagePage(
        row=row,
        customer_name=queries.names([row.customer_id]).get(row.customer_id, ""),
        address=masked(row),
        length=policy.length(row.body) if row.channel == Medium.SMS else None,
        car="".join(map(str, vehicles.named([row.vehicle_id]).values())) if row.vehicle_id else "",
        can_send_again=row.state in AGAIN and request.actor.can(Verb.SEND_AGAIN, row.node_id),
    )
    return pages.render(request, "messaging/message.html", page)


@require_POST
def send_again(request: Request, pk: int) -> HttpResponseBase:
    """Send again what failed or may not have gone."""
    services.send_again(actor=request.actor, message_id=pk, at=clock.now())
    return pages.done(request, reverse("messaging:message", args=[pk]), _("The message is on its way again."))


def customer_panel(request: Request, subject_id: int) -> HttpResponseBase:
    """The panel of a customer: the newest messages with skips, and the ways to write."""
    actor = request.actor
    check(actor, Verb.VIEW)
    found = [panels.sent(row) for row in queries.of_customer(actor, subject_id, FEW)]
    found += [panels.answered(row) for row in queries.replies_of(actor, subject_id, FEW)]
    held = customers.relations(actor, [subject_id])
    page = Panel(
        sorted(found, key=lambda moment: moment.at, reverse=True)[:FEW],
        reverse("messaging:send", args=[subject_id]) if _may(actor, Verb.SEND, held) else "",
        reverse("messaging:send-words", args=[subject_id]) if _may(actor, Verb.SEND_WORDS, held) else "",
    )
    return pages.render(request, "messaging/panel.html", page)


def _may(actor: Actor, verb: Verb, held: Sequence[Relation]) -> bool:
    return any(actor.can(verb, row.outlet_id) for row in held)
