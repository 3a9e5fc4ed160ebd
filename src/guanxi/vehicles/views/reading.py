"""Pages that show cars: the list, one car, a customer's cars, doubts about owners."""

from dataclasses import dataclass

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from guanxi.codelists import queries as codelists
from guanxi.foundation import clock, pages, slots
from guanxi.foundation.actor import check
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing
from guanxi.records import queries as trail
from guanxi.records import services as records
from guanxi.records.models import AuditEntry
from guanxi.records.permissions import Verb as Records
from guanxi.vehicles import policy
from guanxi.vehicles.models import Participant
from guanxi.vehicles.permissions import Verb
from guanxi.vehicles.queries import cars as queries
from guanxi.vehicles.queries.cars import model_name
from guanxi.vehicles.states import DoubtState
from guanxi.vehicles.tables import CARS, DOUBTS

USES = "vehicle_uses"
SHOWN_READINGS, SHOWN_CARS = 12, 20


@dataclass(frozen=True)
class CarsPage:
    listing: Listing
    can_export: bool
    can_add: bool
    doubts: bool


@dataclass(frozen=True)
class CarPage:
    file: queries.File
    model: str
    age: str
    uses: dict[str, str]
    chart: list[policy.Mark]
    readings: int
    history: list[AuditEntry]
    panels: list[slots.Panel]
    can_change: bool
    can_change_owner: bool


@dataclass(frozen=True)
class OwnedCar:
    """A customer's car in the panel: what he is to it, and what is due."""

    part: Participant
    model: str
    coverage: queries.Coverage


@dataclass(frozen=True)
class CarsPanel:
    cars: list[OwnedCar]
    past: list[Participant]
    more: int
    customer_id: int
    can_add: bool


@dataclass(frozen=True)
class DoubtsPage:
    listing: Listing
    may_decide: frozenset[int]


def vehicles(request: Request) -> HttpResponseBase:
    """The list of cars within the actor's places."""
    actor = request.actor
    check(actor, Verb.VIEW)
    rows = queries.visible_to(actor).select_related("trim__model__series")
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=CARS, rows=rows, asked=request.GET)
        return pages.download(file)
    found = listing(CARS, rows, request.GET, actor)
    open_doubts = queries.doubts(actor).filter(state=DoubtState.OPEN).exists()
    page = CarsPage(found, actor.can(Verb.EXPORT), actor.can(Verb.ADD), open_doubts)
    return pages.render(request, "vehicles/cars.html", page, block="list")


def vehicle(request: Request, pk: int) -> HttpResponseBase:
    """One car with all that is known of it and what may be done with it."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.VIEW)
    file = queries.file(actor, pk, today)
    outlets = file.outlets
    page = CarPage(
        file=file,
        model=model_name(file.vehicle),
        age=_age(file),
        uses={code: label.name for code, label in codelists.labels(USES, today).items()}
        if any(row.use for row in file.sales)
        else {},
        chart=policy.chart(policy.Point(row.read_on, row.km) for row in file.readings if row.is_plausible),
        readings=SHOWN_READINGS,
        history=trail.history(actor, "vehicle", pk, 12) if actor.can(Records.VIEW_AUDIT) else [],
        panels=slots.panels("vehicle.page", actor, outlets[0] if outlets else None),
        can_change=queries.may(actor, Verb.CHANGE, outlets),
        can_change_owner=queries.may(actor, Verb.CHANGE_OWNER, outlets),
    )
    return pages.render(request, "vehicles/car.html", page)


def _age(file: queries.File) -> str:
    since = file.vehicle.sold_on or file.vehicle.made_on
    if since is None:
        return ""
    years, months = divmod(policy.age_in_months(since, clock.today()), 12)
    return _("%(years)s years %(months)s months") % {"years": years, "months": months}


def customer_panel(request: Request, subject_id: int) -> HttpResponseBase:
    """The panel of a customer: his cars of today with their warranty, and those he had."""
    actor = request.actor
    check(actor, Verb.VIEW)
    parts = queries.of_customer(actor, subject_id)
    present = [part for part in parts if part.until is None]
    shown = present[:SHOWN_CARS]
    coverage = queries.coverage_of([part.vehicle for part in shown], clock.today())
    page = CarsPanel(
        cars=[OwnedCar(part, model_name(part.vehicle), coverage[part.vehicle_id]) for part in shown],
        past=[part for part in parts if part.until is not None][:SHOWN_CARS],
        more=len(present) - len(shown),
        customer_id=subject_id,
        can_add=queries.may(actor, Verb.ADD, queries.outlets_knowing([subject_id])),
    )
    return pages.render(request, "vehicles/customer_panel.html", page)


def doubts(request: Request) -> HttpResponseBase:
    """The list of cars that somebody brought who is none of their people."""
    actor = request.actor
    check(actor, Verb.VIEW)
    found = listing(DOUBTS, queries.doubts(actor), request.GET, actor)
    may = (row.pk for row in found.rows if row.state == DoubtState.OPEN and actor.can(Verb.CHANGE_OWNER, row.outlet_id))
    return pages.render(request, "vehicles/doubts.html", DoubtsPage(found, frozenset(may)), block="list")
