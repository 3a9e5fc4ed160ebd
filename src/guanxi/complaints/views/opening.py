"""Taking a complaint in: find who calls, write down what he says, or add it to an open one."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.complaints.forms import IntakeForm, VisitForm, WordsForm
from guanxi.complaints.models import Complaint
from guanxi.complaints.permissions import Verb, may_add
from guanxi.complaints.queries import cases, choosing, visits
from guanxi.complaints.queries.callers import CHANNELS, Caller, callers, written
from guanxi.complaints.services import intake, visiting
from guanxi.complaints.services.intake import NewComplaint
from guanxi.complaints.states import TONES, State
from guanxi.customers import queries as customers
from guanxi.customers.models import Customer
from guanxi.customers.permissions import Verb as Customers
from guanxi.foundation import clock, slots
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import DomainError, NotAllowed, NotFound, Text
from guanxi.foundation.forms import FormPage, answer, refuse, show
from guanxi.foundation.pages import Request, done
from guanxi.knowledge.permissions import Verb as Knowledge
from guanxi.messaging.models import Reply
from guanxi.workshop.permissions import Verb as Workshop

LONGEST_KEY, MOST, LONGEST = 18, 8, 2000


@dataclass(frozen=True)
class OpenPage:
    """The form of a new complaint: who was looked for and found, whom it is about, what is open of him already, what
    he wrote to us lately.
    """

    form: forms.Form
    q: str
    found: Sequence[Caller]
    customer: Customer | None
    caveats: Sequence[slots.Caveat]
    alike: Sequence[Complaint]
    written: Sequence[Reply]
    tones: dict[str, str]
    may_find: bool
    may_know: bool
    back: str
    crumbs: Sequence[tuple[Text, str]]


def _key(request: Request, name: str) -> int | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    if not text.isdecimal() or len(text) > LONGEST_KEY:
        raise NotFound
    return int(text)


def _alike(request: Request, customer_id: int | None) -> Sequence[Complaint]:
    """Return the open ones of the same matter: of the customer, and of the car or number that was typed in."""
    vehicle = request.POST.get("vehicle", "")
    vehicle_id = int(vehicle) if vehicle.isdecimal() and len(vehicle) <= LONGEST_KEY else None
    phone = request.POST.get("caller_phone", "").strip()
    return cases.alike(request.actor, customer_id=customer_id, vehicle_id=vehicle_id, phone=phone)


def _written(reply: Reply | None) -> dict[str, Any]:
    """Return what the form begins with when the customer wrote to us."""
    return {"words": reply.words[:LONGEST], "channel": CHANNELS[reply.channel]} if reply else {}


def _form(
    request: Request, customer: Customer | None, q: str, alike: Sequence[Complaint], reply: Reply | None
) -> IntakeForm:
    actor, today = request.actor, clock.today()
    held = choosing.cars_of(actor, customer.pk, today) if customer else []
    choices = {
        "outlet": choosing.outlets(actor, today), "category": choosing.categories(),
        "channel": choosing.channels(today), "desk": choosing.desks(today),
        "vehicle": held, "visit": _visits(actor, customer, held, today),
    }  # fmt: skip
    first = choosing.outlet_of(actor, customer.pk) if customer else None
    initial: dict[str, Any] = {"outlet": first or actor.home_id, **_written(reply)}
    if len(choices["vehicle"]) == 1:
        initial["vehicle"] = choices["vehicle"][0][0]
    if q and not customer:
        initial["caller_phone" if q.replace("-", "").isdecimal() else "caller_name"] = q
    return IntakeForm(
        request.POST or None, choices=choices, is_known=customer is not None, has_alike=bool(alike), initial=initial
    )


def _visits(
    actor: Actor, customer: Customer | None, held: Sequence[tuple[str, Text]], day: datetime.date
) -> Sequence[tuple[str, Text]]:  # fmt: skip
    """Return the visits of the customer's cars to choose from; one query, none without a customer."""
    if customer is None or not actor.can(Workshop.VIEW):
        return []
    ids = [int(key) for key, _name in held]
    return visits.choices(visits.fitting(actor, vehicle_ids=ids, customer_id=customer.pk), day)


def open_complaint(request: Request) -> HttpResponseBase:
    """A new complaint, perhaps of a customer (``?customer=``) and what he wrote (``?reply=``), or of somebody who was
    looked for (``?q=``).
    """
    actor = request.actor
    check(actor, Verb.OPEN)
    customer_id, q = _key(request, "customer"), request.GET.get("q", "").strip()[:80].replace("\x00", "")
    customer = customers.customer(actor, customer_id) if customer_id else None
    may_find = actor.can(Customers.VIEW)
    found = callers(actor, q, MOST) if may_find and not customer else []
    alike, said = _alike(request, customer_id), _key(request, "reply")
    lately = written(actor, customer.pk, clock.now(), MOST) if customer else []
    reply = next((row for row in lately if row.pk == said), None)
    form = _form(request, customer, q, alike, reply)
    if request.method == "POST" and form.is_valid():
        try:
            row = intake.open_complaint(actor=actor, new=_new(form, customer_id), at=clock.now())
        except DomainError as error:
            refuse(form, error)
        else:
            message = _("Taken in; %(name)s is responsible.") % {"name": row.owner_name or _("the role of the outlet")}
            return done(request, reverse("complaints:complaint", args=[row.pk]), message)
    back = reverse("customers:customer", args=[customer_id]) if customer_id else reverse("complaints:complaints")
    crumbs: list[tuple[Text, str]] = [(_("Complaints"), reverse("complaints:complaints"))]
    page = OpenPage(
        form, q, found, customer, slots.caveats(actor, customer.pk) if customer else [], alike,
        [] if reply else lately, TONES, may_find,
        actor.can(Knowledge.VIEW), back, crumbs,
    )  # fmt: skip
    return show(request, "complaints/open.html", page)


def _new(form: IntakeForm, customer_id: int | None) -> NewComplaint:
    values = form.cleaned_data
    return NewComplaint(
        outlet_id=int(values["outlet"]), angle=values["angle"], words=values["words"], token=values["token"],
        kind=values["kind"], category=values["category"], level=values["level"], channel=values["channel"],
        customer_id=customer_id, vehicle_id=int(values["vehicle"]) if values.get("vehicle") else None,
        visit_id=int(values["visit"]) if values.get("visit") else None,
        caller_name=values.get("caller_name", ""), caller_phone=values.get("caller_phone", ""),
        caller_car=values.get("caller_car", ""), desk=values["desk"],
        desk_number=values["desk_number"], answer_by=values["answer_by"], named=values["named"],
        parties=values["parties"],
        amount=values["amount"], is_another=values.get("is_another", False),
    )  # fmt: skip


def may_join(actor: Actor, row: Complaint) -> bool:
    """Say whether words may be added to a complaint."""
    return row.state != State.CLOSED and may_add(actor, row)


def join(request: Request, pk: int) -> HttpResponseBase:
    """Add to an open complaint what the customer said again."""
    actor = request.actor
    row = cases.complaint(actor, pk)
    check(actor, Verb.OPEN, row.place_id if actor.can(Verb.OPEN, row.place_id) else row.outlet_id)
    form = WordsForm(request.POST or None)
    back = reverse("complaints:complaint", args=[pk])

    def act() -> None:
        intake.join(actor=actor, complaint_id=pk, words=form.cleaned_data["words"], at=clock.now())

    crumbs: list[tuple[Text, str]] = [(_("Complaints"), reverse("complaints:complaints")), (row.number, back)]
    page = FormPage(form, _("Add what the customer says"), _("Add"), back, row.words, crumbs)
    return answer(request, page, act, message=_("Added; whoever is responsible sees it."))


def link_visit(request: Request, pk: int) -> HttpResponseBase:
    """Say which visit to the workshop a complaint is about."""
    actor = request.actor
    row = cases.complaint(actor, pk)
    if not may_add(actor, row):
        raise NotAllowed(Verb.OPEN)
    form = VisitForm(request.POST or None, visits=visits.offered(actor, row), initial={"visit": row.visit_id})
    back = reverse("complaints:complaint", args=[pk])

    def act() -> None:
        chosen = form.cleaned_data["visit"]
        visiting.link_visit(actor=actor, complaint_id=pk, visit_id=int(chosen) if chosen else None, at=clock.now())

    crumbs: list[tuple[Text, str]] = [(_("Complaints"), reverse("complaints:complaints")), (row.number, back)]
    page = FormPage(form, _("Which visit is it about?"), _("Save"), back, row.words, crumbs)
    return answer(request, page, act, message=_("Saved."))
