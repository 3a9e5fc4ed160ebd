"""Writing to one customer: from a template or in one's own words, with what he would read and what prevents it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries as customers
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import DomainError, NotAllowed, Text
from guanxi.foundation.forms import FormPage, answer, refuse
from guanxi.foundation.pages import Request
from guanxi.messaging import policy
from guanxi.messaging.forms import SendForm, WordsForm
from guanxi.messaging.permissions import Verb
from guanxi.messaging.queries import planning
from guanxi.messaging.queries import templates as queries
from guanxi.messaging.services import queueing
from guanxi.messaging.services.queueing import FreeWords, Outcome
from guanxi.messaging.states import Language, Reason
from guanxi.privacy.states import Medium
from guanxi.vehicles.queries import cars as vehicles

Places = Sequence[tuple[str, Text]]


@dataclass(frozen=True)
class SendPage:
    """The form with what the customer would read."""

    form: SendForm
    customer_name: str
    back: str
    preview: planning.Planned | None
    reason: Text
    length: policy.Length | None
    words_url: str


def _places(actor: Actor, customer_id: int, verb: Verb) -> Places:
    """Return the outlets of a customer from which the actor may write.

    :raises NotAllowed: there is none.
    """
    held = customers.relations(actor, [customer_id])
    found = [(str(row.outlet_id), row.outlet.name) for row in held if actor.can(verb, row.outlet_id)]
    if not found:
        raise NotAllowed(verb)
    return found


def _may_write(actor: Actor, places: Places) -> bool:
    return any(actor.can(Verb.SEND_WORDS, int(node)) for node, _name in places)


def _start(actor: Actor, places: Places) -> dict[str, object]:
    home = str(actor.home_id)
    node = home if home in dict(places) else places[0][0]
    return {"node": node, "language": Language.ZH, "key": f"hand:{uuid.uuid4()}"}


def _back(customer_id: int) -> str:
    return reverse("customers:customer", args=[customer_id])


def send(request: Request, pk: int) -> HttpResponseBase:
    """Write to a customer from a template: first what he would read, then the sending."""
    actor = request.actor
    row = customers.customer(actor, pk)
    places = _places(actor, pk, Verb.SEND)
    choices = [(item.code, f"{item.name} · {item.get_channel_display()}") for item in queries.in_force(clock.today())]
    cars = [(item.vehicle_id, str(item.vehicle)) for item in vehicles.of_customer(actor, pk) if item.until is None]
    form = SendForm(request.POST or None, initial=_start(actor, places), places=places, templates=choices, cars=cars)
    preview = None
    if request.method == "POST" and form.is_valid():
        try:
            if "preview" not in request.POST:
                return _sent(request, pk, _queue(actor, pk, form))
            preview = _preview(form, pk)
        except DomainError as error:
            refuse(form, error)
    template = queries.in_force(clock.today()).filter(code=form.data.get("template", "")).first() if preview else None
    is_text = template is not None and template.channel == Medium.SMS
    page = SendPage(
        form=form, customer_name=row.name, back=_back(pk), preview=preview,
        reason=Reason(preview.reason).label if preview and preview.reason else "",
        length=policy.length(preview.body) if preview and is_text else None,
        words_url=reverse("messaging:send-words", args=[pk]) if _may_write(actor, places) else "",
    )  # fmt: skip
    return pages.render(request, "messaging/send.html", page, status=422 if form.errors else 200)


def _queue(actor: Actor, customer_id: int, form: SendForm) -> Outcome:
    values = form.cleaned_data
    return queueing.queue_messages(
        actor=actor, template=values["template"], node_id=int(values["node"]),
        customer_ids={customer_id: values["car"]},
        key=values["key"], at=clock.now(), language=values["language"],
    )  # fmt: skip


def _preview(form: SendForm, customer_id: int) -> planning.Planned | None:
    values = form.cleaned_data
    row = queries.usable(values["template"], clock.today())
    return planning.of_template(row, values["language"], int(values["node"]), (customer_id, values["car"]), clock.now())


def _sent(request: Request, customer_id: int, outcome: Outcome) -> HttpResponseBase:
    """Say what came of it: go to the message, which shows why it was skipped if it was."""
    to = reverse("messaging:message", args=[outcome.last_id]) if outcome.last_id else _back(customer_id)
    if outcome.queued:
        return pages.done(request, to, _("The message is on its way."))
    if outcome.last_id:
        return pages.done(request, to)
    return pages.done(request, to, _("Not written: %(reason)s.") % {"reason": Reason.DUPLICATE.label})


def send_words(request: Request, pk: int) -> HttpResponseBase:
    """Write to a customer in one's own words."""
    actor = request.actor
    row = customers.customer(actor, pk)
    places = _places(actor, pk, Verb.SEND_WORDS)
    form = WordsForm(request.POST or None, initial=_start(actor, places), places=places)

    def act() -> str:
        values = dict(form.cleaned_data)
        node, key = int(values.pop("node")), values.pop("key")
        outcome = queueing.queue_words(
            actor=actor, words=FreeWords(**values), node_id=node, customer_ids=[pk], key=key, at=clock.now()
        )
        return reverse("messaging:message", args=[outcome.last_id]) if outcome.last_id else _back(pk)

    note = _("Whoever did not agree to the purpose by this channel is not written to; the message then says so.")
    page = FormPage(form, _("Write in own words"), _("Send"), _back(pk), note, [(row.name, _back(pk))])
    return answer(request, page, act, message=_("Written; the message says what becomes of it."))
