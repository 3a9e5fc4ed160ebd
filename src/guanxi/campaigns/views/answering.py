"""Recording what customers answered, and the page of what came of a campaign."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.campaigns.forms import AnswerForm, RedeemForm
from guanxi.campaigns.models import Campaign, Member
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import campaigns as queries
from guanxi.campaigns.queries import effects
from guanxi.campaigns.queries import members as people
from guanxi.campaigns.services import answering
from guanxi.campaigns.states import STARTED
from guanxi.customers import queries as customers
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid, Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request

FEW = 8


@dataclass(frozen=True)
class EffectPage:
    row: Campaign
    effect: effects.Effect
    fewest: int
    shows_money: bool
    gives_codes: bool


@dataclass(frozen=True)
class CustomerPanel:
    rows: Sequence[tuple[Member, bool]]


def effect(request: Request, pk: int) -> HttpResponseBase:
    """What came of a campaign, each figure with how it is made."""
    actor = request.actor
    check(actor, Verb.VIEW)
    row = queries.campaign(actor, pk)
    if row.state not in STARTED:
        raise Conflict(_("The campaign has not started."))
    shows_money = actor.can(Verb.PLAN, row.node_id) or actor.can(Verb.APPROVE, row.node_id)
    page = EffectPage(
        row,
        effects.of(actor, row, queries.waves(row)),
        effects.FEWEST,
        shows_money,
        bool(row.offer_code or row.has_own_codes),
    )
    return pages.render(request, "campaigns/effect.html", page)


def respond(request: Request, pk: int) -> HttpResponseBase:
    """Record that somebody of a campaign answered."""
    actor = request.actor
    row = people.member(actor, pk)
    check(actor, Verb.RESPOND, row.outlet_id)
    name = customers.customer(actor, row.customer_id).name
    form = AnswerForm(request.POST or None)

    def act() -> None:
        answering.record_response(actor=actor, member_id=pk, note=form.cleaned_data["note"], at=clock.now())

    back = reverse("customers:customer", args=[row.customer_id])
    crumbs: list[tuple[Text, str]] = [(name, back)]
    page = FormPage(form, _("Record an answer"), _("Save"), back, f"{row.campaign.name} · {name}", crumbs)
    return answer(request, page, act, message=_("The answer is recorded."))


def redeem(request: Request) -> HttpResponseBase:
    """Redeem an offer code for a customer who names it."""
    actor = request.actor
    check(actor, Verb.RESPOND)
    form = RedeemForm(request.POST or None, initial={"on": clock.today()})

    def act() -> str:
        values = form.cleaned_data
        customer_id = _one(actor, values["who"]) if values["who"] else None
        bill = answering.Bill(*(values[name] for name in ("on", "order_no", "amount")))
        made = answering.redeem(
            actor=actor, code=values["code"], customer_id=customer_id, note=values["note"], bill=bill, at=clock.now()
        )
        return reverse("customers:customer", args=[made.customer_id])

    crumbs: list[tuple[Text, str]] = [(_("Campaigns"), reverse("campaigns:campaigns"))]
    note = _("A code is redeemed once for each customer; it counts as his answer.")
    page = FormPage(form, _("Redeem an offer code"), _("Redeem"), reverse("campaigns:campaigns"), note, crumbs)
    return answer(request, page, act, message=_("Redeemed."))


def _one(actor: Actor, text: str) -> int:
    """Return the one customer whom a text finds.

    :raises Invalid: it finds none, or several.
    """
    found = customers.find(actor, text, 2)
    if len(found) != 1:
        message = _("Several customers are found: give the whole number.") if found else _("Nobody is found.")
        raise Invalid(message, field="who")
    return int(found[0].customer.pk)


def customer_panel(request: Request, subject_id: int) -> HttpResponseBase:
    """The campaigns of a customer, and what he answered."""
    actor = request.actor
    check(actor, Verb.VIEW)
    customers.customer(actor, subject_id)
    rows = people.of_customer(actor, subject_id, FEW)
    shown = [(row, row.responded_at is None and actor.can(Verb.RESPOND, row.outlet_id)) for row in rows]
    return pages.render(request, "campaigns/customer_panel.html", CustomerPanel(shown))
