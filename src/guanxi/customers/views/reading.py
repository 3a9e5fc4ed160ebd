"""Pages that show customers: the list, one customer, his card, duplicates, the quality of records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from guanxi.codelists import queries as codelists
from guanxi.customers import panels, policy, queries
from guanxi.customers.forms.parts import NoteForm
from guanxi.customers.models import (
    Address,
    Association,
    Attachment,
    ContactPoint,
    Customer,
    ExternalId,
    Merge,
    Quality,
    Relation,
)
from guanxi.customers.permissions import Verb
from guanxi.customers.states import HABITS, INDUSTRIES, Doubt, PointState, Verification
from guanxi.customers.tables import CUSTOMERS, QUALITY, consultant
from guanxi.foundation import clock, pages, slots
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, Table, listing
from guanxi.records import services as records


@dataclass(frozen=True)
class CustomersPage:
    listing: Listing
    can_export: bool
    can_add: bool
    bulk: list[tuple[Any, str]]


@dataclass(frozen=True)
class Point:
    """A contact point as it is shown: masked, unless it was just revealed."""

    row: ContactPoint
    shown: str
    tone: str


@dataclass(frozen=True)
class Place:
    """An address with its divisions in words."""

    row: Address
    text: str


@dataclass(frozen=True)
class CustomerPage:
    customer: Customer
    quality: Quality | None
    doubts: list[Any]
    points: list[Point]
    identity: str
    industry: str
    habits: str
    places: list[Place]
    held: list[Relation]
    sources: Mapping[str, str]
    consultants: Mapping[int, str]
    associations: list[tuple[Association, Customer, bool]]
    family: list[panels.Relative]
    external_ids: list[ExternalId]
    merges: list[Merge]
    doubles: list[Customer]
    attachments: list[Attachment]
    panels: list[slots.Panel]
    caveats: list[slots.Caveat]
    can: Mapping[str, bool]
    states: Sequence[tuple[str, Any]]
    verifications: Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class HappenedPanel:
    customer_id: int
    moments: Sequence[slots.Moment]
    has_more: bool
    note_form: NoteForm | None


@dataclass(frozen=True)
class CardPage:
    customer: Customer
    points: list[Point]
    identity: str
    industry: str
    habits: str
    places: list[Place]
    held: list[Relation]
    sources: Mapping[str, str]
    consultants: Mapping[int, str]
    associations: list[tuple[Association, Customer, bool]]
    family: list[panels.Relative]
    cars: Sequence[Mapping[str, Any]]
    moments: Sequence[slots.Moment]
    printed_by: str
    printed_at: Any


@dataclass(frozen=True)
class QualityPage:
    listing: Listing
    day: Any
    can_export: bool


FEW, MOST = 15, 500  # moments on a page, at first and when all are asked for
TONES = {
    PointState.VALID: "", PointState.WRONG: "red", PointState.UNREACHABLE: "amber", PointState.DO_NOT_CONTACT: "red",
}  # fmt: skip


def customers(request: Request) -> HttpResponseBase:
    actor = request.actor
    check(actor, Verb.VIEW)
    rows = queries.listed(actor).select_related("quality")
    if request.GET.get("export"):
        return _export(request, CUSTOMERS, rows)
    bulk = [
        (gettext(text), reverse(address))
        for verb, text, address in (
            (Verb.RELATE, _("Consultant and tag"), "customers:change-many"),
            (Verb.MERGE, _("Compare and merge two"), "customers:merge"),
        )
        if actor.can(verb)
    ]
    page = CustomersPage(
        listing(CUSTOMERS, rows, request.GET, actor), actor.can(Verb.EXPORT), actor.can(Verb.ADD), bulk
    )
    return pages.render(request, "customers/customers.html", page, block="list")


def _export(request: Request, table: Table, rows: Any) -> HttpResponseBase:
    file = records.export(actor=request.actor, verb=Verb.EXPORT, table=table, rows=rows, asked=request.GET)
    return pages.download(file)


def shown(points: Sequence[ContactPoint], revealed: Mapping[int, str]) -> list[Point]:
    return [
        Point(row, revealed.get(row.pk) or policy.mask_contact(row.channel, row.value), TONES[PointState(row.state)])
        for row in points
    ]


def places(row: Customer) -> list[Place]:
    """Return the addresses of a customer in words; one query."""
    return [Place(address, address.words) for address in queries.addresses(row)]


def customer(request: Request, pk: int) -> HttpResponseBase:
    return show(request, pk)


def show(
    request: Request,
    pk: int,
    *,
    revealed: Mapping[int, str] | None = None,
    identity: str = "",
) -> HttpResponse:
    """Answer with the page of a customer; what was revealed just now is shown whole."""
    actor = request.actor
    row = queries.customer(actor, pk)
    held, ties = queries.relations(actor, [pk]), queries.associations(row)
    quality = getattr(row, "quality", None)
    page = CustomerPage(
        customer=row,
        quality=quality,
        doubts=[Doubt(code) for code in quality.doubts if code in Doubt.values] if quality else [],
        points=shown(queries.points([pk]).get(pk, []), revealed or {}),
        identity=identity or policy.mask_identity(row.identity_tail),
        industry=industry(row),
        habits=habits(row),
        places=places(row),
        held=held,
        sources=sources(),
        consultants={relation.pk: consultant(relation) for relation in held},
        associations=ties,
        family=panels.family(row, ties),
        external_ids=list(ExternalId.objects.filter(customer=row).order_by("source")),
        merges=list(Merge.objects.filter(kept=row, undone_at__isnull=True).select_related("gone").order_by("-at")),
        doubles=queries.doubles(actor, row),
        attachments=queries.attachments(row),
        panels=slots.panels("customer.page", actor),
        caveats=slots.caveats(actor, pk),
        can=rights(actor, held),
        states=PointState.choices,
        verifications=Verification.choices,
    )
    return pages.render(request, "customers/customer.html", page)


def happened(request: Request, pk: int) -> HttpResponseBase:
    """The panel of what happened to a customer, newest first: the last few, or all that is shown."""
    actor = request.actor
    row = queries.customer(actor, pk)
    held = queries.relations(actor, [pk])
    most = MOST if "all" in request.GET else FEW
    moments = slots.moments(actor, row.pk, most)
    form = NoteForm() if queries.may(actor, Verb.NOTE, held) else None
    page = HappenedPanel(row.pk, moments, len(moments) == FEW, form)
    return pages.render(request, "customers/happened.html", page)


def industry(row: Customer) -> str:
    """Return the industry of a customer in the reader's language, or as it was written; one query if there is one."""
    names = codelists.labels(INDUSTRIES, clock.today()) if row.industry else {}
    return names[row.industry].name if row.industry in names else row.industry


def habits(row: Customer) -> str:
    """Return the habits of spending of a customer in the reader's language; one query if there are any (INFO-07)."""
    names = codelists.labels(HABITS, clock.today()) if row.habits else {}
    return "、".join(names[code].name if code in names else code for code in row.habits)


def sources() -> dict[str, str]:
    """Return what the codes of the list of sources say today; one query."""
    return {code: label.name for code, label in codelists.labels("lead_sources", clock.today()).items()}


def rights(actor: Actor, held: Sequence[Relation]) -> dict[str, bool]:
    """Say which verbs the actor holds over a customer of these relations, by their last word."""
    return {verb.name.lower(): queries.may(actor, verb, held) for verb in Verb}


def card(request: Request, pk: int) -> HttpResponseBase:
    """The customer card for printing (FORM-08, FORM-09)."""
    actor = request.actor
    row = queries.customer(actor, pk)
    held, ties = queries.relations(actor, [pk]), queries.associations(row)
    page = CardPage(
        customer=row,
        points=shown(queries.points([pk]).get(pk, []), {}),
        identity=policy.mask_identity(row.identity_tail),
        industry=industry(row),
        habits=habits(row),
        places=places(row),
        held=held,
        sources=sources(),
        consultants={relation.pk: consultant(relation) for relation in held},
        associations=ties,
        family=panels.family(row, ties),
        cars=slots.ask("customer_card_cars", actor, pk, default=[]),
        moments=slots.moments(actor, pk, 12),
        printed_by=actor.name,
        printed_at=clock.now(),
    )
    return pages.render(request, "customers/card.html", page)


def quality(request: Request) -> HttpResponseBase:
    actor = request.actor
    check(actor, Verb.VIEW)
    every = queries.qualities(actor)
    day = every.aggregate(day=Max("day"))["day"]
    rows = every.filter(day=day)
    if request.GET.get("export"):
        return _export(request, QUALITY, rows)
    page = QualityPage(listing(QUALITY, rows, request.GET, actor), day, actor.can(Verb.EXPORT))
    return pages.render(request, "customers/quality.html", page, block="list")
