"""Pages of cautions about dangerous customers: the list, one of them, and what may be done (CMP-36, CC-09)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.complaints import panels, policy, tables
from guanxi.complaints.forms import CautionForm, KeepCautionForm, ReasonForm, ReviewCautionForm
from guanxi.complaints.models import Caution, Complaint
from guanxi.complaints.permissions import Verb, check_keeping, may_keep
from guanxi.complaints.queries import cases, cautions
from guanxi.complaints.services import cautioning
from guanxi.complaints.services.cautioning import NewCaution, Plan
from guanxi.complaints.states import CAUTION_TONES, CautionState
from guanxi.customers import queries as customers
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import NotFound, Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.foundation.slots import Moment
from guanxi.foundation.tables import Listing, listing
from guanxi.records import services as records

LONGEST_KEY = 18


@dataclass(frozen=True)
class CautionsPage:
    listing: Listing
    tones: dict[str, str]
    can_export: bool


@dataclass(frozen=True)
class CautionPage:
    """A caution: about whom, how it stands, how to deal with him, what was said, what may be done."""

    row: Caution
    tone: str
    customer: str
    complaint: Complaint | None
    moments: Sequence[Moment]
    acts: frozenset[str]


def show_cautions(request: Request) -> HttpResponseBase:
    """The cautions, those proposed last first."""
    actor, asked = request.actor, request.GET
    check(actor, Verb.VIEW_CAUTIONS)
    rows = cautions.visible_to(actor).select_related("place")
    if asked.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=tables.CAUTIONS, rows=rows, asked=asked)
        return pages.download(file)
    page = CautionsPage(listing(tables.CAUTIONS, rows, asked, actor), CAUTION_TONES, actor.can(Verb.EXPORT))
    return pages.render(request, "complaints/cautions.html", page, block="list")


def acts(actor: Actor, row: Caution) -> frozenset[str]:
    """Return what an actor may do with a caution as it stands."""
    is_second = policy.may_review_caution(row.proposed_by_id, actor.user_id)
    keeps = row.state == CautionState.IN_FORCE and may_keep(actor, row)
    reviews = row.state == CautionState.PROPOSED and is_second and actor.can(Verb.REVIEW_CAUTION, row.place_id)
    known = {"review-caution": reviews, "keep-caution": keeps, "lift-caution": keeps}
    return frozenset(name for name, may in known.items() if may)


def show_caution(request: Request, pk: int) -> HttpResponseBase:
    """One caution with its history."""
    actor = request.actor
    check(actor, Verb.VIEW_CAUTIONS)
    row = cautions.caution(actor, pk)
    about = cases.visible_to(actor).filter(pk=row.complaint_id).first() if row.complaint_id else None
    name = customers.visible_to(actor).filter(pk=row.customer_id).values_list("name", flat=True).first() or ""
    page = CautionPage(
        row, CAUTION_TONES[row.state], name, about, panels.caution_history(cautions.steps(row)), acts(actor, row)
    )
    return pages.render(request, "complaints/caution.html", page)


def _about(request: Request, customer_id: int) -> Complaint | None:
    """Return the complaint from which a caution is proposed (``?complaint=``).

    :raises NotFound: it is none that the actor sees, or another customer's.
    """
    text = request.GET.get("complaint", "")
    if not text:
        return None
    if not text.isdecimal() or len(text) > LONGEST_KEY:
        raise NotFound
    row = cases.complaint(request.actor, int(text))
    if row.customer_id != customer_id:
        raise NotFound
    return row


def propose_caution(request: Request, customer_id: int) -> HttpResponseBase:
    """Propose a caution about a customer, perhaps after a complaint (``?complaint=``)."""
    actor = request.actor
    check(actor, Verb.PROPOSE_CAUTION)
    customer, about = customers.customer(actor, customer_id), _about(request, customer_id)
    places = cautions.places(actor, customer_id, about)
    first = str(about.outlet_id) if about else next((key for key, _name in places), "")
    form = CautionForm(request.POST or None, places=places, initial={"place": first})
    back = reverse("customers:customer", args=[customer_id])

    def act() -> str:
        values = form.cleaned_data
        new = NewCaution(
            customer_id, int(values["place"]), values["reason"], values["words"], about.pk if about else None
        )
        row = cautioning.propose_caution(actor=actor, new=new, at=clock.now())
        return address(row.pk) if actor.can(Verb.VIEW_CAUTIONS, row.place_id) else back

    crumbs: list[tuple[Text, str]] = [(_("Customers"), reverse("customers:customers")), (customer.name, back)]
    note = _("Somebody else reviews it before anybody is warned.")
    page = FormPage(form, _("Propose a caution"), _("Propose"), back, note, crumbs)
    return answer(request, page, act, message=_("Proposed; somebody else reviews it."))


def address(pk: int) -> str:
    return reverse("complaints:caution", args=[pk])


def _step(
    request: Request, row: Caution, form: forms.Form, texts: tuple[Text, Text, Text], act: Callable[..., object]
) -> HttpResponseBase:  # fmt: skip
    """Show the form of a step, or take it: ``act`` is called with what was typed in."""
    title, submit, message = texts
    crumbs: list[tuple[Text, str]] = [
        (_("Cautions"), reverse("complaints:cautions")), (row.number, address(row.pk)),
    ]  # fmt: skip

    def do() -> None:
        act(actor=request.actor, caution_id=row.pk, at=clock.now(), **form.cleaned_data)

    said = row.plan or cautions.steps(row)[-1].words
    page = FormPage(form, title, submit, address(row.pk), f"{row.get_reason_display()}: {said}", crumbs)
    return answer(request, page, do, message=message)


def _people(row: Caution) -> list[tuple[str, Text]]:
    return [(str(key), name) for key, name in cautions.owners(row.place_id, clock.today()).items()]


def _plan(values: dict[str, Any]) -> Plan:
    """Take the plan out of what was typed in."""
    owner = values.pop("owner")
    return Plan(values.pop("plan"), int(owner) if owner else None, values.pop("review_on"))


def review_caution(request: Request, pk: int) -> HttpResponseBase:
    """Is a caution needed?"""
    row = cautions.caution(request.actor, pk)
    check(request.actor, Verb.REVIEW_CAUTION, row.place_id)
    form = ReviewCautionForm(request.POST or None, people=_people(row))

    def act(*, is_needed: str, **values: Any) -> None:
        plan = _plan(values)
        cautioning.review_caution(is_needed=is_needed == "yes", plan=plan, **values)

    texts = (_("Review a caution"), _("Save"), _("Reviewed."))
    return _step(request, row, form, texts, act)


def keep_caution(request: Request, pk: int) -> HttpResponseBase:
    """Keep a caution in force, with the plan and the owner that hold from now on."""
    row = cautions.caution(request.actor, pk)
    check_keeping(request.actor, row)
    form = KeepCautionForm(
        request.POST or None, people=_people(row), initial={"plan": row.plan, "owner": row.owner_id}
    )  # fmt: skip

    def act(**values: Any) -> None:
        plan = _plan(values)
        cautioning.keep_caution(plan=plan, **values)

    return _step(request, row, form, (_("Keep a caution"), _("Keep it"), _("It stays in force.")), act)


def lift_caution(request: Request, pk: int) -> HttpResponseBase:
    """Lift a caution with a reason."""
    row = cautions.caution(request.actor, pk)
    check_keeping(request.actor, row)
    texts = (_("Lift a caution"), _("Lift it"), _("Lifted; nobody is warned any more."))
    return _step(request, row, ReasonForm(request.POST or None), texts, cautioning.lift_caution)
