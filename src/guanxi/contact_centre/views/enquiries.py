"""Pages of enquiries: the list, one of them with what may be done, the figures, the panel of a customer."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guanxi.contact_centre import panels
from guanxi.contact_centre.forms.enquiries import EnquiryAnswerForm, TransferForm
from guanxi.contact_centre.models import Enquiry
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.queries import calls as queries
from guanxi.contact_centre.queries import enquiries
from guanxi.contact_centre.services import replying
from guanxi.contact_centre.states import TONES, Aim, EnquiryKind, EnquiryState
from guanxi.contact_centre.tables import ENQUIRIES
from guanxi.customers import queries as customers
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.foundation.slots import Moment
from guanxi.foundation.tables import Listing, listing
from guanxi.knowledge.permissions import Verb as Knowledge
from guanxi.records import services as records
from guanxi.rectification import queries as rectification
from guanxi.vehicles.queries import cars

FEW, SPAN, ONE_DAY = 5, datetime.timedelta(days=90), datetime.timedelta(days=1)
SEEN = _("Shown whole. That you saw it is written on the audit trail.")


@dataclass(frozen=True)
class EnquiriesPage:
    listing: Listing
    tones: Mapping[str, str]
    can_take: bool
    can_export: bool


@dataclass(frozen=True)
class EnquiryPage:
    """An enquiry: who asked, what, what he was told, and what this reader may do now."""

    row: Enquiry
    tone: str
    customer: str
    car: str
    place: str
    outlet: str
    moments: list[Moment]
    is_late: bool
    acts: frozenset[str]
    may_know: bool
    whole: str = ""


@dataclass(frozen=True)
class FiguresPage:
    categories: Sequence[enquiries.Line]
    outlets: Sequence[enquiries.Line]
    aims: Sequence[enquiries.Line]
    total: enquiries.Line
    first: datetime.date
    last: datetime.date
    place: str
    places: Sequence[tuple[str, Text]]


@dataclass(frozen=True)
class EnquiriesPanel:
    moments: list[Moment]
    more: bool
    take: str


def listed(request: Request) -> HttpResponseBase:
    """The enquiries, the newest first."""
    actor = request.actor
    check(actor, Verb.VIEW_ENQUIRIES)
    rows = enquiries.visible_to(actor).select_related("category", "department")
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=ENQUIRIES, rows=rows, asked=request.GET)
        return pages.download(file)
    page = EnquiriesPage(
        listing(ENQUIRIES, rows, request.GET, actor), TONES, actor.can(Verb.TAKE_ENQUIRY), actor.can(Verb.EXPORT)
    )
    return pages.render(request, "contact_centre/enquiries.html", page, block="list")


def acts(actor: Actor, row: Enquiry) -> frozenset[str]:
    """Return what an actor may do with an enquiry as it stands."""
    waits = row.state == EnquiryState.WITH_DEPARTMENT
    answers = row.outlet_id is not None and actor.can(Verb.ANSWER_ENQUIRY, row.outlet_id)
    every = {
        "answer": waits and answers,
        "transfer": waits and answers,
        "reply": row.state == EnquiryState.TO_REPLY and actor.can(Verb.TAKE_ENQUIRY, row.place_id),
        "reveal": bool(row.number) and replying.may_reveal(actor, row),
    }
    return frozenset(name for name, may in every.items() if may)


def _page(actor: Actor, row: Enquiry) -> EnquiryPage:
    names = customers.names([row.customer_id] if row.customer_id else [])
    places = queries.names_of_places(pk for pk in (row.place_id, row.outlet_id) if pk)
    car = cars.named([row.vehicle_id]).get(row.vehicle_id) if row.vehicle_id else None
    return EnquiryPage(
        row, TONES[row.state], names.get(row.customer_id or 0, ""), str(car or ""), places.get(row.place_id, ""),
        places.get(row.outlet_id or 0, ""), panels.steps(row), row.is_late(clock.now()), acts(actor, row),
        actor.can(Knowledge.VIEW),
    )  # fmt: skip


def enquiry(request: Request, pk: int) -> HttpResponseBase:
    """One enquiry."""
    check(request.actor, Verb.VIEW_ENQUIRIES)
    page = _page(request.actor, enquiries.enquiry(request.actor, pk))
    return pages.render(request, "contact_centre/enquiry.html", page)


@require_POST
def reveal_caller(request: Request, pk: int) -> HttpResponseBase:
    """Show the number of the caller whole, ready to be dialled, with a line on the trail."""
    check(request.actor, Verb.VIEW_ENQUIRIES)
    whole = replying.reveal_caller(actor=request.actor, enquiry_id=pk)
    page = replace(_page(request.actor, enquiries.enquiry(request.actor, pk)), whole=whole)
    return pages.toast(pages.render(request, "contact_centre/enquiry.html", page), SEEN)


def _form_page(row: Enquiry, form: EnquiryAnswerForm | TransferForm, title: Text, submit: Text) -> FormPage:
    back = reverse("contact_centre:enquiry", args=[row.pk])
    crumbs: list[tuple[Text, str]] = [(_("Enquiries"), reverse("contact_centre:enquiries")), (row.code, back)]
    return FormPage(form, title, submit, back, row.words, crumbs)


def give_answer(request: Request, pk: int) -> HttpResponseBase:
    """Answer for a department."""
    row = enquiries.enquiry(request.actor, pk)
    check(request.actor, Verb.ANSWER_ENQUIRY, row.outlet_id or row.place_id)
    form = EnquiryAnswerForm(request.POST or None)

    def act() -> None:
        replying.answer(actor=request.actor, enquiry_id=pk, at=clock.now(), **form.cleaned_data)

    page = _form_page(row, form, _("Answer the enquiry"), _("Answer"))
    return answer(request, page, act, message=_("Answered."))


def transfer(request: Request, pk: int) -> HttpResponseBase:
    """Pass an enquiry on to another department."""
    row = enquiries.enquiry(request.actor, pk)
    check(request.actor, Verb.ANSWER_ENQUIRY, row.outlet_id or row.place_id)
    others = [choice for choice in rectification.departments() if choice[0] != row.department_id]
    form = TransferForm(request.POST or None, departments=others)

    def act() -> None:
        replying.transfer(actor=request.actor, enquiry_id=pk, at=clock.now(), **form.cleaned_data)

    page = _form_page(row, form, _("Pass the enquiry on"), _("Pass on"))
    return answer(request, page, act, message=_("Passed on; the deadline stays."))


@require_POST
def reply(request: Request, pk: int) -> HttpResponseBase:
    """Say that the customer was told."""
    replying.reply(actor=request.actor, enquiry_id=pk, at=clock.now())
    return pages.done(request, reverse("contact_centre:enquiry", args=[pk]), _("The customer was told."))


def _day(text: str, otherwise: datetime.date) -> datetime.date:
    """Return a day that was asked for; what is none counts as not asked, as in every list."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return otherwise


def figures(request: Request) -> HttpResponseBase:
    """How many were resolved in the first contact, by category and outlet."""
    actor, at, today = request.actor, clock.now(), clock.today()
    check(actor, Verb.VIEW_ENQUIRIES)
    last = _day(request.GET.get("to", ""), today)
    first = _day(request.GET.get("from", ""), last - SPAN)
    places, place = enquiries.places(actor, today), request.GET.get("place", "")
    chosen = int(place) if place in dict(places) else None
    asked = enquiries.Asked(clock.start_of(first), clock.start_of(last + ONE_DAY), chosen)
    rows = enquiries.asked_for(actor, asked, today)
    by_category, by_outlet = (enquiries.figures(rows, by, at) for by in ("category_id", "outlet_id"))
    by_aim = enquiries.figures(rows.filter(kind=EnquiryKind.SUGGESTION), "aim", at)
    names = queries.names_of_places(pk for pk in by_outlet if pk)
    called = {row.pk: row.name for row in enquiries.categories()}
    page = FiguresPage(
        [replace(line, name=called.get(pk, pk)) for pk, line in by_category.items()],
        [replace(line, name=names.get(pk, "") or str(_("No outlet in particular"))) for pk, line in by_outlet.items()],
        [replace(line, name=str(dict(Aim.choices).get(pk, _("Not said what")))) for pk, line in by_aim.items()],
        enquiries.summed(by_category.values()), first, last, place if chosen else "", places,
    )  # fmt: skip
    return pages.render(request, "contact_centre/enquiry_figures.html", page)


def customer_panel(request: Request, subject_id: int) -> HttpResponseBase:
    """The enquiries of a customer."""
    actor = request.actor
    check(actor, Verb.VIEW_ENQUIRIES)
    found = enquiries.of_customer(actor, subject_id, FEW + 1)
    take = f"{reverse('contact_centre:inbound')}?customer={subject_id}" if actor.can(Verb.TAKE_ENQUIRY) else ""
    page = EnquiriesPanel(panels.as_asked(found[:FEW]), len(found) > FEW, take)
    return pages.render(request, "contact_centre/enquiries_panel.html", page)
