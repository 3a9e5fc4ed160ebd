"""Pages of consent: the panel of a customer, recording and withdrawing, the texts of headquarters."""

import datetime
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries as customers
from guanxi.foundation import clock, db, pages
from guanxi.foundation.actor import check, check_everywhere
from guanxi.foundation.errors import NotAllowed, Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.network.models import Node
from guanxi.privacy import queries
from guanxi.privacy.forms import ConsentForm, TextForm, WithdrawForm
from guanxi.privacy.models import Consent, ConsentText
from guanxi.privacy.permissions import Verb
from guanxi.privacy.services import consents
from guanxi.privacy.services.consents import Decision
from guanxi.privacy.states import Medium, Purpose, Standing


@dataclass(frozen=True)
class ConsentPanel:
    outlets: list[Node]
    outlet: Node | None
    rows: list[queries.Row]
    media: list[Text]
    ledger: list[Consent]
    customer_id: int
    can_record: bool
    held_since: datetime.datetime | None


@dataclass(frozen=True)
class TextGroup:
    """The versions of one purpose, newest first; the first that holds today is the one in use."""

    label: Text
    versions: list[ConsentText]
    current_id: int | None


@dataclass(frozen=True)
class TextsPage:
    groups: list[TextGroup]


def _back(customer_id: int) -> str:
    return reverse("customers:customer", args=[customer_id])


def customer_panel(request: Request, subject_id: int) -> HttpResponseBase:
    """The panel of a customer: how he stands for one outlet, and the ledger below."""
    actor = request.actor
    check(actor, Verb.VIEW)
    outlets = queries.outlets_of(actor, subject_id, Verb.VIEW)
    outlet = _outlet(outlets, request.GET.get("outlet") or str(actor.home_id))
    ledger = queries.ledger(actor, subject_id)
    above = queries.places_above(outlet.pk, clock.today()) if outlet else []
    page = ConsentPanel(
        outlets=outlets,
        outlet=outlet,
        rows=queries.matrix(ledger, outlet.pk, above) if outlet else [],
        media=[medium.label for medium in Medium],
        ledger=ledger[:50],
        customer_id=subject_id,
        can_record=any(actor.can(Verb.RECORD, node.pk) for node in outlets),
        held_since=queries.held_since(subject_id),
    )
    return pages.render(request, "privacy/panel.html", page)


def _outlet(outlets: list[Node], asked: str) -> Node | None:
    return next((node for node in outlets if str(node.pk) == asked), outlets[0] if outlets else None)


def record(request: Request, pk: int) -> HttpResponseBase:
    """Record what a customer decided, for one purpose and several channels."""
    actor = request.actor
    customer = customers.customer(actor, pk)
    customers.check_customer(actor, Verb.RECORD, pk)
    outlets = queries.outlets_of(actor, pk, Verb.RECORD)
    start = {
        "purpose": request.GET.get("purpose"), "channels": request.GET.getlist("medium"), "day": clock.today(),
        "recipient": request.GET.get("outlet"), "standing": Standing.GIVEN,
    }  # fmt: skip
    form = ConsentForm(
        request.POST or None,
        initial=start,
        recipients=queries.recipients(outlets, clock.today()),
        texts=queries.texts(),
    )

    def act() -> None:
        values, at, today = form.cleaned_data, clock.now(), clock.today()
        with db.atomic():
            for medium in values["channels"]:
                decision = Decision(
                    purpose=values["purpose"], medium=medium, recipient_id=int(values["recipient"]),
                    standing=values["standing"], proof=values["proof"],
                    given_at=at if values["day"] == today else clock.start_of(values["day"]),
                    text_id=int(values["text"]) if values["text"] else None,
                )  # fmt: skip
                consents.record_consent(actor=actor, customer_id=pk, decision=decision, at=at)

    note = _("Nobody is contacted for a purpose by a channel unless he agreed; the newest decision counts.")
    page = FormPage(form, _("Record consent"), _("Record the decision"), _back(pk), note, [(customer.name, _back(pk))])
    return answer(request, page, act, message=_("Recorded."))


def withdraw(request: Request, pk: int) -> HttpResponseBase:
    """Withdraw a consent that stands."""
    actor = request.actor
    row = queries.consent(actor, pk)
    customers.check_customer(actor, Verb.RECORD, row.customer_id)
    form = WithdrawForm(request.POST or None)

    def act() -> None:
        consents.withdraw_consent(actor=actor, consent_id=pk, proof=form.cleaned_data["proof"], at=clock.now())

    note = f"{row.get_purpose_display()} · {row.get_medium_display()} · {row.recipient.name}"
    page = FormPage(form, _("Withdraw the consent"), _("Withdraw"), _back(row.customer_id), note)
    return answer(request, page, act, message=_("Withdrawn."))


def texts(request: Request) -> HttpResponseBase:
    """The texts that customers agree to, by purpose, with their versions."""
    if not request.actor.can_everywhere(Verb.MANAGE_TEXTS):
        raise NotAllowed(Verb.MANAGE_TEXTS)
    today, rows = clock.today(), queries.texts()
    groups = []
    for purpose in Purpose:
        versions = [row for row in rows if row.purpose == purpose.value]
        current = next((row.pk for row in versions if row.valid_from <= today), None)
        groups.append(TextGroup(purpose.label, versions, current))
    return pages.render(request, "privacy/texts.html", TextsPage(groups))


def add_text(request: Request) -> HttpResponseBase:
    actor = request.actor
    check_everywhere(actor, Verb.MANAGE_TEXTS)
    form = TextForm(request.POST or None, initial={"valid_from": clock.today(), "purpose": request.GET.get("purpose")})
    back = reverse("privacy:texts")
    note = _("A version is never changed once it is there: what a customer agreed to stays readable.")
    page = FormPage(form, _("Add a version"), _("Add"), back, note, [(_("Texts of consent"), back)])

    def act() -> None:
        consents.add_text(actor=actor, **form.cleaned_data)

    return answer(request, page, act, message=_("Added."))
