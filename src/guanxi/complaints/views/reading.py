"""Pages that show complaints: the list, one with all that was said, the sheet to print, the panel of a customer."""

import datetime
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse

from guanxi.complaints import panels, policy, tables
from guanxi.complaints.models import Caution, Complaint, Point, Round
from guanxi.complaints.permissions import Verb, may_add, may_handle
from guanxi.complaints.queries import cases, cautions, choosing, meetings, visits
from guanxi.complaints.services import compensating, judging, revisit
from guanxi.complaints.states import CAUTION_TONES, LEVEL_TONES, OPEN, TONES, Kind, State
from guanxi.complaints.views.opening import may_join
from guanxi.customers.permissions import Verb as Customers
from guanxi.foundation import clock, pages, slots
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.pages import Request
from guanxi.foundation.slots import Moment
from guanxi.foundation.tables import Listing, listing
from guanxi.knowledge.permissions import Verb as Knowledge
from guanxi.network import queries as network
from guanxi.records import queries as attached
from guanxi.records import services as records
from guanxi.records.queries import Evidence
from guanxi.worklist.models import Task
from guanxi.workshop.models import Visit
from guanxi.workshop.permissions import Verb as Workshop

FEW = 8


@dataclass(frozen=True)
class ComplaintsPage:
    listing: Listing
    tones: dict[str, str]
    levels: dict[str, str]
    can_open: bool
    can_export: bool
    can_read_cautions: bool


@dataclass(frozen=True)
class ComplaintPage:
    """A complaint: whom it is about, how it stands, its rounds, all that was said, who owes what, what may be done."""

    row: Complaint
    tone: str
    level_tone: str
    signs: list[str]
    place: str
    channel: str
    desk: str
    customer: str
    car: str
    visit: Visit | None
    systems: dict[str, str]
    rounds: list[Round]
    improvements: list[Point]
    moments: list[Moment]
    before: list[Moment]
    owed: list[Task]
    is_late: bool
    contact_late: bool
    acts: frozenset[str]
    evidence: Evidence
    may_know: bool
    panels: list[slots.Panel]
    caveats: list[slots.Caveat]
    propose_url: str
    at: datetime.datetime


@dataclass(frozen=True)
class SheetPage:
    row: Complaint
    customer: str
    car: str
    visit: Visit | None
    systems: dict[str, str]
    channel: str
    signs: list[str]
    rounds: list[Round]
    improvements: list[Point]
    moments: list[Moment]
    contact_late: bool
    evidence: Evidence
    printed_by: str
    printed_at: datetime.datetime


@dataclass(frozen=True)
class VehiclePanel:
    rows: list[Complaint]
    tones: dict[str, str]


@dataclass(frozen=True)
class CustomerPanel:
    rows: list[Complaint]
    tones: dict[str, str]
    open_url: str
    cautions: list[Caution]
    caution_tones: dict[str, str]
    propose_url: str


def complaints(request: Request) -> HttpResponseBase:
    """The complaints, the newest first."""
    actor = request.actor
    check(actor, Verb.VIEW)
    rows = cases.visible_to(actor).select_related("outlet", "category")
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=tables.COMPLAINTS, rows=rows, asked=request.GET)
        return pages.download(file)
    page = ComplaintsPage(
        listing(tables.COMPLAINTS, rows, request.GET, actor), TONES, LEVEL_TONES, actor.can(Verb.OPEN),
        actor.can(Verb.EXPORT), actor.can(Verb.VIEW_CAUTIONS),
    )  # fmt: skip
    return pages.render(request, "complaints/complaints.html", page, block="list")


def acts(actor: Actor, row: Complaint, now: Round) -> frozenset[str]:
    """Return what an actor may do with a complaint as it stands."""
    mine, is_complaint, process = may_handle(actor, row), row.kind == Kind.COMPLAINT, row.process
    decided = not process.asks_validity or row.is_valid is not None
    in_work = row.state in {State.ANALYSING, State.RESOLVING}
    asks = policy.may_revisit(
        process.revisit_by, person_id=actor.user_id, owner_id=row.owner_id, resolved_by_id=now.resolved_by_id
    )
    may_approve = actor.can(Verb.APPROVE, row.outlet_id) and compensating.limit_of(actor, row) > 0
    known = {
        "record-contact": mine and is_complaint and row.state == State.RECEIVED,
        "decide-validity": mine and row.state == State.ANALYSING and not decided,
        "name-cause": mine and row.state == State.ANALYSING and decided,
        "decide-inside": mine and in_work and row.is_inside is not False,
        "agree-plan": mine and row.state == State.RESOLVING,
        "approve": may_approve and row.state == State.RESOLVING,
        "resolve": mine and row.state == State.RESOLVING and bool(now.plan),
        "record-revisit": row.state == State.TO_REVISIT and asks and actor.can(revisit.verb_for(row), row.outlet_id),
        "answer": mine and policy.may_answer(row.kind, row.state),
        "raise-complaint": mine and not is_complaint and row.state == State.RECEIVED,
        "escalate": mine and row.state in OPEN,
        "hand-over": mine and row.state in OPEN,
        "join": may_join(actor, row),
        "link-visit": may_join(actor, row) and actor.can(Workshop.VIEW, row.outlet_id),
        "judge": judging.may_judge(actor, row) and judging.is_ripe(row),
    }
    return frozenset(name for name, may in known.items() if may)


def complaint(request: Request, pk: int) -> HttpResponseBase:
    """One complaint."""
    actor, at = request.actor, clock.now()
    check(actor, Verb.VIEW)
    row = cases.complaint(actor, pk)
    rounds, signs = cases.rounds(row), choosing.names_of_signs() if row.signs else {}
    page = ComplaintPage(
        row, TONES[row.state], LEVEL_TONES[row.level], [signs.get(code, code) for code in row.signs],
        network.names(actor, [row.place_id]).get(row.place_id, ""), choosing.channel_name(row.channel, clock.today()),
        choosing.desk_name(row.desk, clock.today()), cases.customer_of(actor, row), cases.car_of(row),
        visits.linked(actor, row), _systems(rounds), rounds, meetings.improvements(row),
        panels.history(cases.deeds(row))[::-1],
        slots.moments(actor, row.customer_id, FEW) if row.customer_id and actor.can(Customers.VIEW) else [],
        cases.owed(row), row.is_late(at), policy.was_late(row.contact_due_at, row.contacted_at, at),
        acts(actor, row, rounds[0]), attached.evidence(cases.SUBJECT, pk, may_add=may_add(actor, row)),
        actor.can(Knowledge.VIEW), slots.panels("complaint.page", actor),
        slots.caveats(actor, row.customer_id) if row.customer_id else [], _propose_url(actor, row.customer_id, row), at,
    )  # fmt: skip
    return pages.render(request, "complaints/complaint.html", page)


def _systems(rounds: list[Round]) -> dict[str, str]:
    """Return what the systems of a car are called, if one is named; one query."""
    return choosing.names_of_systems(clock.today()) if any(item.system for item in rounds) else {}


def _propose_url(actor: Actor, customer_id: int | None, about: Complaint | None = None) -> str:
    """Return where a caution about a customer is proposed, for those who may."""
    if customer_id is None or not actor.can(Verb.PROPOSE_CAUTION, about.outlet_id if about else None):
        return ""
    if about is not None and cautions.open_at(customer_id, about.outlet_id) is not None:
        return ""
    address = reverse("complaints:propose-caution", args=[customer_id])
    return f"{address}?complaint={about.pk}" if about else address


def sheet(request: Request, pk: int) -> HttpResponseBase:
    """The handling form to print and file (CMP-11, CMP-22)."""
    actor, at = request.actor, clock.now()
    check(actor, Verb.VIEW)
    row = cases.complaint(actor, pk)
    rounds = cases.rounds(row)[::-1]
    signs = choosing.names_of_signs() if row.signs else {}
    page = SheetPage(
        row, cases.customer_of(actor, row), cases.car_of(row), visits.linked(actor, row), _systems(rounds),
        choosing.channel_name(row.channel, clock.today()), [signs.get(code, code) for code in row.signs], rounds,
        meetings.improvements(row), panels.history(cases.deeds(row)),
        policy.was_late(row.contact_due_at, row.contacted_at, at),
        attached.evidence(cases.SUBJECT, pk, may_add=False), actor.name, at,
    )  # fmt: skip
    return pages.render(request, "complaints/sheet.html", page)


def vehicle_panel(request: Request, subject_id: int) -> HttpResponseBase:
    """The complaints about a car, what is open first."""
    check(request.actor, Verb.VIEW)
    page = VehiclePanel(cases.of_car(request.actor, subject_id, FEW), TONES)
    return pages.render(request, "complaints/vehicle_panel.html", page)


def customer_panel(request: Request, subject_id: int) -> HttpResponseBase:
    """The complaints of a customer, and the way to take one in."""
    actor = request.actor
    check(actor, Verb.VIEW)
    open_url = f"{reverse('complaints:open')}?customer={subject_id}" if actor.can(Verb.OPEN) else ""
    held = cautions.of_customer(actor, subject_id) if actor.can(Verb.VIEW_CAUTIONS) else []
    page = CustomerPanel(
        cases.of_customer(actor, subject_id, FEW), TONES, open_url, held, CAUTION_TONES,
        _propose_url(actor, subject_id),
    )  # fmt: skip
    return pages.render(request, "complaints/panel.html", page)
