"""Pages about the family of a customer."""

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries
from guanxi.customers.forms.family import FamilyForm
from guanxi.customers.permissions import Verb
from guanxi.customers.services import family
from guanxi.foundation import clock, pages
from guanxi.foundation.errors import NotFound
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request


def add_family_member(request: Request, pk: int) -> HttpResponseBase:
    """Note somebody of the family and his birthday."""
    actor = request.actor
    row = queries.customer(actor, pk)
    queries.check_customer(actor, Verb.CHANGE, pk)
    form = FamilyForm(request.POST or None)

    def act() -> None:
        member = family.NewMember(**form.cleaned_data)
        family.add_family_member(actor=actor, customer_id=pk, member=member, at=clock.now())

    back = reverse("customers:customer", args=[pk])
    note = _("Who has a record of his own is added as the same household instead.")
    page = FormPage(form, _("Birthday in the family"), _("Add"), back, note, [(row.name, back)])
    return answer(request, page, act, message=_("Saved."))


def remove_family_member(request: Request, pk: int, member_id: int) -> HttpResponseBase:
    """POST only."""
    if request.method != "POST":
        raise NotFound
    family.remove_family_member(actor=request.actor, customer_id=pk, member_id=member_id)
    return pages.done(request, reverse("customers:customer", args=[pk]), _("Removed."))
