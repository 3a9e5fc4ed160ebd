"""Pages about what a customer is to outlets and to others, and about seeing what is masked."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from guanxi.customers import queries
from guanxi.customers.forms.parts import AssociationForm, EndForm, ManyForm, RelateForm, RelationForm
from guanxi.customers.models import Relation
from guanxi.customers.permissions import Verb
from guanxi.customers.services import reaching, relating
from guanxi.customers.views.reading import show
from guanxi.customers.views.writing import address_of, consultant_choices, outlet_choices, source_choices
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Invalid, NotFound
from guanxi.foundation.forms import FormPage, answer, refuse
from guanxi.foundation.forms import show as show_form
from guanxi.foundation.pages import Request

MOST, LONGEST = 500, 19  # rows of a selection; digits of a key
SEEN = _("The audit trail keeps that you saw it.")
MARKS = ("holds_material", "knows_location", "has_no_grudge", "has_contact_plan")


def relate(request: Request, pk: int) -> HttpResponseBase:
    actor = request.actor
    row = queries.customer(actor, pk)
    check(actor, Verb.RELATE)
    held = {str(relation.outlet_id) for relation in queries.relations(actor, [pk])}
    outlets = [choice for choice in outlet_choices(actor, Verb.RELATE) if choice[0] not in held]
    form = RelateForm(request.POST or None, outlets=outlets)

    def act() -> None:
        values = form.cleaned_data
        relating.relate(
            actor=actor, customer_id=pk, outlet_id=int(values["outlet"]), category=values["category"],
            day=clock.today(), at=clock.now(),
        )  # fmt: skip

    note = _("From then on the outlet sees this customer, and what the network knows of him.")
    page = FormPage(form, _("Add to an outlet"), _("Add"), address_of(pk), note, [(row.name, address_of(pk))])
    return answer(request, page, act, message=_("Saved."))


def _relation(actor: Actor, pk: int) -> Relation:
    found = Relation.objects.select_related("customer", "outlet").filter(pk=pk, ended_on__isnull=True).first()
    if found is None or not actor.can(Verb.VIEW, found.outlet_id):
        raise NotFound
    check(actor, Verb.RELATE, found.outlet_id)
    return found


def change_relation(request: Request, pk: int) -> HttpResponseBase:
    actor = request.actor
    row = _relation(actor, pk)
    start = {name: getattr(row, name) for name in ("category", "source", *MARKS)}
    start |= {"consultant": str(row.consultant_id or ""), "tags": ", ".join(row.tags)}
    consultants = list(consultant_choices(actor, [row.outlet_id]))
    form = RelationForm(request.POST or None, initial=start, sources=source_choices(), consultants=consultants)

    def act() -> None:
        values = form.cleaned_data
        chosen = {name: values[name] for name in ("category", "source", "tags", *MARKS)}
        chosen["consultant_id"] = int(values["consultant"]) if values["consultant"] else None
        relating.change_relation(actor=actor, relation_id=pk, values=chosen, at=clock.now())

    back = address_of(row.customer_id)
    page = FormPage(form, row.outlet.name, _("Save"), back, crumbs=[(row.customer.name, back)])
    return answer(request, page, act, message=_("Saved."))


@dataclass(frozen=True)
class ManyPage(FormPage):
    """The form of a change of many customers, with their keys."""

    ids: Sequence[int] = ()


def change_many(request: Request) -> HttpResponseBase:
    """POST only: the customers selected in a list get a consultant or a tag; asked for first, done then."""
    actor = request.actor
    check(actor, Verb.RELATE)
    ids = [int(pk) for pk in request.POST.getlist("id")[:MOST] if pk.isdecimal() and len(pk) < LONGEST]
    if not ids:
        raise Invalid(_("Select some customers first."))
    outlets = {row.outlet_id for row in queries.relations(actor, ids) if actor.can(Verb.RELATE, row.outlet_id)}
    if not outlets:
        raise NotFound
    is_asked = "apply" in request.POST
    form = ManyForm(request.POST if is_asked else None, consultants=consultant_choices(actor, sorted(outlets)))
    title = ngettext("Change %(num)d customer", "Change %(num)d customers", len(ids)) % {"num": len(ids)}
    page = ManyPage(form, title, _("Save"), reverse("customers:customers"), ids=ids)
    if is_asked and form.is_valid():
        values = form.cleaned_data
        consultant_id = int(values["consultant"]) if values["consultant"] else None
        try:
            change = relating.Many(consultant_id, values["tag"])
            relating.change_many(actor=actor, customer_ids=ids, change=change, at=clock.now())
        except Invalid as error:
            refuse(form, error)
        else:
            return pages.done(request, page.back, _("Saved."))
    return show_form(request, "customers/many.html", page)


def end_relation(request: Request, pk: int) -> HttpResponseBase:
    actor = request.actor
    row = _relation(actor, pk)
    form = EndForm(request.POST or None, initial={"day": clock.today()})

    def act() -> None:
        relating.end_relation(actor=actor, relation_id=pk, day=form.cleaned_data["day"], at=clock.now())

    back = address_of(row.customer_id)
    page = FormPage(form, _("End the relation"), _("End it"), back, row.outlet.name, [(row.customer.name, back)])
    return answer(request, page, act, message=_("Ended."))


def associate(request: Request, pk: int) -> HttpResponseBase:
    actor = request.actor
    row = queries.customer(actor, pk)
    queries.check_customer(actor, Verb.CHANGE, pk)
    form = AssociationForm(request.POST or None)

    def act() -> None:
        values = form.cleaned_data
        found = [hit.customer for hit in queries.find(actor, values["other"], 3) if hit.customer.pk != pk]
        if len(found) != 1:
            text = _("Nobody is found by this.") if not found else _("Several are found by this: be more precise.")
            raise Invalid(text, field="other")
        relating.associate(actor=actor, customer_id=pk, other_id=found[0].pk, tie=values["tie"], at=clock.now())

    page = FormPage(form, _("Add a relation"), _("Add"), address_of(pk), crumbs=[(row.name, address_of(pk))])
    return answer(request, page, act, message=_("Saved."))


def dissociate(request: Request, pk: int, association_id: int) -> HttpResponseBase:
    """POST only."""
    if request.method != "POST":
        raise NotFound
    relating.dissociate(actor=request.actor, customer_id=pk, association_id=association_id)
    return pages.done(request, address_of(pk), _("Removed."))


def reveal_point(request: Request, pk: int, point_id: int) -> HttpResponseBase:
    """POST only: the page with one number shown whole; the trail keeps who saw it."""
    if request.method != "POST":
        raise NotFound
    value = reaching.reveal_point(actor=request.actor, customer_id=pk, point_id=point_id)
    return pages.toast(show(request, pk, revealed={point_id: value}), SEEN)


def reveal_identity(request: Request, pk: int) -> HttpResponseBase:
    """POST only: the page with the identity number shown whole; the trail keeps who saw it."""
    if request.method != "POST":
        raise NotFound
    number = reaching.reveal_identity(actor=request.actor, customer_id=pk)
    return pages.toast(show(request, pk, identity=number), SEEN)
