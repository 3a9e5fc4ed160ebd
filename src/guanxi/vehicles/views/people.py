"""Pages about who owns, drives and pays for a car."""

from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import clock, pages
from guanxi.foundation.errors import NotFound
from guanxi.foundation.pages import Request
from guanxi.vehicles.forms.cars import EndForm, OwnerForm, ParticipantForm
from guanxi.vehicles.models import Participant
from guanxi.vehicles.panels import url
from guanxi.vehicles.permissions import Verb
from guanxi.vehicles.queries import cars as queries
from guanxi.vehicles.services import owners
from guanxi.vehicles.states import Role
from guanxi.vehicles.views.editing import Saying, about, open_car


def change_owner(request: Request, pk: int) -> HttpResponseBase:
    """Give the car to a new owner; ``who`` in the address looks for him, as a doubt names him."""
    actor = request.actor
    row = open_car(actor, pk, Verb.CHANGE_OWNER)
    start = {"on": clock.today(), "who": request.GET.get("who", "")[:60]}
    form = OwnerForm(request.POST or None, initial=start, actor=actor)
    part = queries.participants(pk).filter(until__isnull=True, role=Role.OWNER).first()
    note = _("The new owner is a customer already. Outlets that know only the old one do not see the car any more.")
    owner = [_("Owner now: %(name)s.") % {"name": part.customer.name}] if part else []

    def act() -> str:
        values: dict[str, Any] = {name: form.cleaned_data[name] for name in ("customer_id", "on", "others_leave")}
        owners.change_owner(actor=actor, vehicle_id=pk, at=clock.now(), **values)
        return url(pk) if queries.visible_to(actor).filter(pk=pk).exists() else reverse("vehicles:vehicles")

    said = " ".join([*owner, str(note)])
    saying = Saying(_("Change the owner"), _("Change the owner"), said, _("The owner is changed."))
    return about(request, row, form, saying, act)


def add_participant(request: Request, pk: int) -> HttpResponseBase:
    actor = request.actor
    row = open_car(actor, pk)
    form = ParticipantForm(request.POST or None, initial={"since": clock.today()}, actor=actor)

    def act() -> None:
        values = {name: form.cleaned_data[name] for name in ("customer_id", "role", "since")}
        owners.add_participant(actor=actor, vehicle_id=pk, at=clock.now(), **values)

    note = _("A driver, payer or contact is a customer of his own. Whoever sees him sees the car.")
    return about(request, row, form, Saying(_("Add a person to the car"), _("Add"), note), act)


def end_participant(request: Request, pk: int) -> HttpResponseBase:
    actor = request.actor
    part = Participant.objects.select_related("customer").filter(pk=pk, until__isnull=True).first()
    if part is None or part.role == Role.OWNER:
        raise NotFound
    row = open_car(actor, part.vehicle_id)
    form = EndForm(request.POST or None, initial={"on": clock.today()})

    def act() -> str:
        owners.end_participant(actor=actor, participant_id=pk, on=form.cleaned_data["on"], at=clock.now())
        visible = queries.visible_to(actor).filter(pk=row.pk).exists()
        return url(row.pk) if visible else reverse("vehicles:vehicles")

    note = f"{part.customer.name} · {part.get_role_display()}"
    return about(request, row, form, Saying(_("No longer with the car"), _("End it"), note), act)


def dismiss(request: Request, pk: int) -> HttpResponseBase:
    """POST only: the owner is still the same."""
    if request.method != "POST":
        raise NotFound
    owners.dismiss_doubt(actor=request.actor, doubt_id=pk, at=clock.now())
    fallback = reverse("vehicles:doubts")
    return pages.done(request, pages.next_url(request, fallback), _("Decided: same owner."))
