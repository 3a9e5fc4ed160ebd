"""The page of a call that comes in: who it is, what is open with him, what he asks, what he is told."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.contact_centre.forms.enquiries import EnquiryForm, NumberForm
from guanxi.contact_centre.models import Enquiry, EnquiryCategory
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.queries import calls as queries
from guanxi.contact_centre.queries import enquiries
from guanxi.contact_centre.queries.enquiries import Caller
from guanxi.contact_centre.queries.matters import Matters, open_with
from guanxi.contact_centre.services import enquiring
from guanxi.contact_centre.services.findings import Found
from guanxi.foundation import clock, slots
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import DomainError, NotFound, Text
from guanxi.foundation.forms import FormPage, answer, refuse, show
from guanxi.foundation.pages import Request
from guanxi.knowledge.permissions import Verb as Knowledge
from guanxi.rectification import queries as notices
from guanxi.rectification.permissions import Verb as Notices

FEW, LONGEST_KEY = 8, 18
UNKNOWN = "0"


@dataclass(frozen=True)
class AskPage(FormPage):
    """Whose number is it: the form, and those who have it, when they are several."""

    number: str = ""
    callers: Sequence[Caller] = ()


@dataclass(frozen=True)
class InboundPage(FormPage):
    """Everything that the agent needs while somebody is on the telephone."""

    number: str = ""
    who: Caller | None = None
    others: int = 0
    caveats: Sequence[slots.Caveat] = ()
    matters: Matters = field(default_factory=Matters)
    moments: Sequence[slots.Moment] = ()
    earlier: Sequence[Enquiry] = ()
    categories: Sequence[EnquiryCategory] = ()
    may_know: bool = False


def inbound(request: Request) -> HttpResponseBase:
    """Ask for the number, let the agent choose among those who have it, take what is asked."""
    actor = request.actor
    check(actor, Verb.TAKE_ENQUIRY)
    number, chosen = request.GET.get("number", "").strip()[:40], request.GET.get("customer", "")
    ask = NumberForm(request.GET if "number" in request.GET and not (chosen and not number) else None)
    known: list[Caller] = []
    if number:
        try:
            known = enquiries.callers(actor, number)
        except DomainError as error:
            ask.is_valid()
            refuse(ask, error)
            return show(request, "contact_centre/inbound_number.html", _ask_page(ask, number, []))
    if not chosen and (not number or len(known) > 1):
        return show(request, "contact_centre/inbound_number.html", _ask_page(ask, number, known))
    page = _page(actor, request, number, _caller(actor, chosen, known), len(known))

    def act() -> str:
        row = enquiring.take(actor=actor, enquiry=_enquiry(page), at=clock.now())
        following = reverse("contact_centre:enquiry", args=[row.pk])
        return reverse("contact_centre:inbound") if request.POST.get("then") == "next" else following

    return answer(request, page, act, message=_("The enquiry is saved."), template="contact_centre/inbound.html")


def _ask_page(form: NumberForm, number: str, known: Sequence[Caller]) -> AskPage:
    return AskPage(form, _("Inbound"), _("Who is it?"), reverse("contact_centre:inbound"), number=number, callers=known)


def _caller(actor: Actor, chosen: str, known: Sequence[Caller]) -> Caller | None:
    """Return who calls: whom the agent chose, or the only one who has the number."""
    if chosen == UNKNOWN:
        return None
    if not chosen:
        return known[0] if known else None
    if not chosen.isdecimal() or len(chosen) > LONGEST_KEY:
        raise NotFound
    return next((one for one in known if one.customer.pk == int(chosen)), None) or enquiries.caller(actor, int(chosen))


def _page(actor: Actor, request: Request, number: str, caller: Caller | None, others: int) -> InboundPage:
    at, categories = clock.now(), enquiries.categories()
    home = actor.home_id or 0
    outlets = enquiries.outlets(actor, clock.today())
    outlet = queries.outlet_of(actor, caller.customer.pk, home) if caller else home
    may_issue = caller is not None and actor.can(Notices.ISSUE, outlet or None)
    form = EnquiryForm(
        request.POST or None, is_known=caller is not None, offered={
            "vehicle": [(str(car.pk), str(car)) for car in caller.cars] if caller else [],
            "category": enquiries.topics(), "outlet": outlets, "department": notices.departments(),
            "problem": notices.problems() if may_issue else [],
        },
        initial={
            "token": uuid.uuid4(), "started_at": at.isoformat(), "is_resolved": "yes",
            "outlet": _preselected(outlets, outlet),
            "vehicle": caller.cars[0].pk if caller and len(caller.cars) == 1 else None,
        },
    )  # fmt: skip
    pk = caller.customer.pk if caller else 0
    return InboundPage(
        form, caller.customer.name if caller else _("Caller without a record"), _("Save"),
        reverse("contact_centre:inbound"), "", [(_("Inbound"), reverse("contact_centre:inbound"))],
        number=number, who=caller, others=others, categories=categories,
        caveats=slots.caveats(actor, pk) if caller else [], matters=open_with(actor, pk) if caller else Matters(),
        moments=slots.moments(actor, pk, FEW) if caller else [],
        earlier=enquiries.from_number(actor, number, FEW) if number and not caller else [],
        may_know=actor.can(Knowledge.VIEW),
    )  # fmt: skip


def _preselected(outlets: Sequence[tuple[str, Text]], outlet_id: int) -> str | None:
    """Return the outlet of the caller, else the only one that there is to choose."""
    known = [value for value, _name in outlets]
    return str(outlet_id) if str(outlet_id) in known else (known[0] if len(known) == 1 else None)


def _enquiry(page: InboundPage) -> enquiring.NewEnquiry:
    values: dict[str, Any] = page.form.cleaned_data
    names = ("token", "category", "words", "answer", "kind", "aim", "way", "department", "started_at")
    found = ("correction", "purchase", "purchase_kind", "problem", "problem_words")
    return enquiring.NewEnquiry(
        number=page.number, customer_id=page.who.customer.pk if page.who else None,
        caller=values.get("caller", ""), is_new=values.get("is_new", False), vehicle_id=values.get("vehicle"),
        outlet_id=values["outlet"], is_resolved=values["is_resolved"] == "yes",
        found=Found(**{name: values.get(name, "") for name in found}), **{name: values[name] for name in names},
    )  # fmt: skip
