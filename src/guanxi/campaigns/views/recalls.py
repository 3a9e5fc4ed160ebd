"""Pages of recalls: the list, one with its outlets and cars, its list of VINs, what becomes of a car."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.campaigns import forms, policy, tables
from guanxi.campaigns.models import Recall, RecallCar
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import campaigns
from guanxi.campaigns.queries import recalls as queries
from guanxi.campaigns.services import carrying_out
from guanxi.campaigns.services import recalls as services
from guanxi.campaigns.states import CAR_TONES, STARTED, TONES, CarState, State
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.foundation.slots import Moment
from guanxi.foundation.tables import Listing, Rows, Table, listing
from guanxi.records import services as records
from guanxi.vehicles.queries import cars


@dataclass(frozen=True)
class RecallsPage:
    listing: Listing
    tones: dict[str, str]
    can_add: bool
    can_export: bool


@dataclass(frozen=True)
class RecallPage:
    """A recall: what it says, how far each outlet has come, its cars, what this reader may do."""

    row: Recall
    tone: str
    lines: list[queries.Line]
    states: Sequence[tuple[str, Text]]
    listing: Listing
    tones: dict[str, str]
    waiting: int
    acts: frozenset[str]
    moments: list[Moment]
    may_record: bool
    can_export: bool


@dataclass(frozen=True)
class CarsPage:
    """The list of VINs to put on, and what was wrong with the one just sent."""

    form: forms.CarsForm
    row: Recall
    report: services.Report | None


@dataclass(frozen=True)
class VehiclePanel:
    rows: Sequence[RecallCar]
    tones: dict[str, str]


def _address(pk: int) -> str:
    return reverse("campaigns:recall", args=[pk])


def _file(request: Request, table: Table, rows: Rows) -> HttpResponseBase:
    file = records.export(actor=request.actor, verb=Verb.EXPORT, table=table, rows=rows, asked=request.GET)
    return pages.download(file)


def recalls(request: Request) -> HttpResponseBase:
    """The recalls, the newest first."""
    actor = request.actor
    check(actor, Verb.VIEW)
    rows = queries.visible_to(actor).select_related("node")
    if request.GET.get("export"):
        return _file(request, tables.RECALLS, rows)
    found = listing(tables.RECALLS, rows, request.GET, actor)
    page = RecallsPage(found, TONES, actor.can(Verb.MANAGE_RECALLS), actor.can(Verb.EXPORT))
    return pages.render(request, "campaigns/recalls.html", page, block="list")


def recall(request: Request, pk: int) -> HttpResponseBase:
    """One recall: completion per outlet, and its cars."""
    actor = request.actor
    check(actor, Verb.VIEW)
    row = queries.recall(actor, pk)
    rows = queries.cars_visible_to(actor).filter(recall=row).select_related("outlet", "recall")
    if request.GET.get("export"):
        return _file(request, tables.CARS, rows)
    page = RecallPage(
        row, TONES[row.state], queries.by_outlet(actor, row), CarState.choices,
        listing(tables.CARS, rows, request.GET, actor), CAR_TONES, (waits := queries.waiting(actor, row)),
        acts(actor, row, waits), moments(row), actor.can(Verb.RESPOND) and row.state in STARTED, actor.can(Verb.EXPORT),
    )  # fmt: skip
    return pages.render(request, "campaigns/recall.html", page, block="list")


def acts(actor: Actor, row: Recall, waiting: int) -> frozenset[str]:
    """Return what an actor may do with a recall as it stands; ``waiting``: so many cars wait for approval."""
    keeps, approves = actor.can(Verb.MANAGE_RECALLS, row.node_id), actor.can(Verb.APPROVE, row.node_id)
    others = policy.may_approve(row.submitted_by_id, actor.user_id)
    fits = {
        "change": keeps and policy.may_write(row.state), "list": keeps and row.state in services.TAKES_CARS,
        "submit": keeps and policy.may_move(row.state, State.SUBMITTED),
        "cancel": keeps and policy.may_move(row.state, State.CANCELLED),
        "approve": approves and others and row.state == State.SUBMITTED,
        "send_back": approves and row.state == State.SUBMITTED,
        "waits": approves and not others and row.state == State.SUBMITTED,
        "open": keeps and row.state == State.APPROVED, "close": keeps and row.state == State.RUNNING,
        "cars": approves and waiting > 0,
    }  # fmt: skip
    return frozenset(name for name, is_so in fits.items() if is_so)


def moments(row: Recall) -> list[Moment]:
    """Return what happened to a recall, oldest first."""
    steps = (
        (row.made_at, _("Recall written"), row.made_by, "pencil"),
        (row.submitted_at, _("Submitted"), row.submitted_by, "send"),
        (row.approved_at, _("Approved"), row.approved_by, "check"),
        (row.opened_at, _("Recall opened"), "", "play"),
        (row.closed_at, _("Ended"), "", "flag"),
    )
    return [Moment(at, str(title), "", who, sign, "blue") for at, title, who, sign in steps if at is not None]


def _crumbs() -> list[tuple[Text, str]]:
    return [(_("Recalls"), reverse("campaigns:recalls"))]


def add_recall(request: Request) -> HttpResponseBase:
    """Write a new recall."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.MANAGE_RECALLS)
    choices = {"node": queries.places(actor, today), "template": campaigns.texts(today), "role": campaigns.roles()}
    form = forms.RecallForm(request.POST or None, choices=choices, initial={"node": actor.home_id})

    def act() -> str:
        made = services.add_recall(actor=actor, values=form.values(), at=clock.now())
        return reverse("campaigns:add-cars", args=[made.pk])

    note = _("Then put the cars on its list and submit it; a second person approves it before anybody is invited.")
    page = FormPage(form, _("New recall or service campaign"), _("Save"), reverse("campaigns:recalls"), note, _crumbs())
    return answer(request, page, act, message=_("Saved; now the list of cars."))


def change_recall(request: Request, pk: int) -> HttpResponseBase:
    """Change a draft, or what was sent back."""
    actor, today = request.actor, clock.today()
    row = queries.recall(actor, pk)
    check(actor, Verb.MANAGE_RECALLS, row.node_id)
    choices = {"node": queries.places(actor, today), "template": campaigns.texts(today), "role": campaigns.roles()}
    held = {name.removesuffix("_id"): getattr(row, name) for name in services.SAID}
    form = forms.RecallForm(request.POST or None, choices=choices, initial=held)

    def act() -> None:
        services.change_recall(actor=actor, recall_id=pk, values=form.values(), at=clock.now())

    page = FormPage(form, row.name, _("Save"), _address(pk), "", _crumbs())
    return answer(request, page, act, message=_("Changed."))


def add_cars(request: Request, pk: int) -> HttpResponseBase:
    """Put cars on the list of a recall; what was wrong is said line by line."""
    actor = request.actor
    row = queries.recall(actor, pk)
    check(actor, Verb.MANAGE_RECALLS, row.node_id)
    form = forms.CarsForm(request.POST or None, request.FILES or None)
    report = None
    if request.method == "POST" and form.is_valid():
        report = services.add_cars(actor=actor, recall_id=pk, text=form.cleaned_data["text"], at=clock.now())
        form = forms.CarsForm()
    page = CarsPage(form, row, report)
    return pages.render(request, "campaigns/cars.html", page, status=422 if form.errors else 200)


def _car(actor: Actor, pk: int) -> tuple[RecallCar, str]:
    """Return a car whose state the actor may record, and what it is called."""
    row = queries.car(actor, pk)
    check(actor, Verb.RESPOND, queries.place_of(row))
    return row, str(cars.named([row.vehicle_id]).get(row.vehicle_id, ""))


def mark_done(request: Request, pk: int) -> HttpResponseBase:
    """Mark a car as carried out with one of its visits."""
    row, name = _car(request.actor, pk)
    visits = [
        (str(item.pk), f"{item.entered_on} · {item.outlet.name} · {item.order_no}") for item in queries.visits_of(row)
    ]
    form = forms.DoneForm(request.POST or None, visits=visits)

    def act() -> None:
        visit = int(form.cleaned_data["visit"])
        carrying_out.mark_done(actor=request.actor, car_id=pk, visit_id=visit, at=clock.now())

    crumbs = [*_crumbs(), (row.recall.name, _address(row.recall_id))]
    note = f"{row.recall.name} · {name}"
    page = FormPage(form, _("Carried out"), _("Save"), _address(row.recall_id), note, crumbs)
    return answer(request, page, act, message=_("Carried out."))


def mark_refused(request: Request, pk: int) -> HttpResponseBase:
    """Record that an owner refuses."""
    row, name = _car(request.actor, pk)
    form = forms.RefusedForm(request.POST or None)

    def act() -> None:
        note = form.cleaned_data["note"]
        carrying_out.mark_refused(actor=request.actor, car_id=pk, note=note, at=clock.now())

    crumbs = [*_crumbs(), (row.recall.name, _address(row.recall_id))]
    note = f"{row.recall.name} · {name}"
    page = FormPage(form, _("Refused by the owner"), _("Save"), _address(row.recall_id), note, crumbs)
    return answer(request, page, act, message=_("Recorded."))


def vehicle_panel(request: Request, subject_id: int) -> HttpResponseBase:
    """The recalls of a car."""
    check(request.actor, Verb.VIEW)
    cars.seen(request.actor, subject_id)
    page = VehiclePanel(queries.of_vehicle(request.actor, subject_id), CAR_TONES)
    return pages.render(request, "campaigns/vehicle_panel.html", page)
