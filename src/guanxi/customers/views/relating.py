"""Pages about what a customer is to outlets and to others, and about seeing what is masked."""

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries
from guanxi.customers.forms import AssociationForm, EndForm, RelateForm, RelationForm
from guanxi.customers.models import Relation
from guanxi.customers.permissions import Verb
from guanxi.customers.services import reaching, relating
from guanxi.customers.views.reading import show
from guanxi.customers.views.writing import address_of, consultant_choices, outlet_choices, source_choices
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Invalid, NotFound
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request

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
