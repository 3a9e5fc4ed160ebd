"""Pages that show orders and checks: the lists, one of each, the sheet to print, the panel of a customer."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase

from guanxi.customers.models import Customer
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.pages import Request
from guanxi.foundation.slots import Moment
from guanxi.foundation.tables import Listing, Table, listing
from guanxi.network import queries as network
from guanxi.records import services as records
from guanxi.verification import panels, policy
from guanxi.verification.models import Check, FalseFile, Line, Order, Round
from guanxi.verification.permissions import Verb
from guanxi.verification.queries import checks as checking
from guanxi.verification.queries import files as filing
from guanxi.verification.queries import orders as ordering
from guanxi.verification.queries import record
from guanxi.verification.states import FALSE_TONES, TONES, State
from guanxi.verification.tables import lists as tables

FEW = 6


@dataclass(frozen=True)
class ListPage:
    listing: Listing
    tones: dict[str, str]
    can_export: bool


@dataclass(frozen=True)
class OrderPage:
    """An order: its wrong fields beside what the record holds now, its answers, and what this reader may do now."""

    row: Order
    tone: str
    place: str
    branch: str
    customer: str
    car: str
    wrong: Sequence[ordering.Wrong]
    rounds: list[Round]
    moments: list[Moment]
    is_late: bool
    acts: frozenset[str]


@dataclass(frozen=True)
class SheetPage:
    row: Order
    branch: str
    customer: str
    car: str
    wrong: Sequence[ordering.Wrong]
    rounds: list[Round]
    printed_by: str
    printed_at: datetime.datetime


@dataclass(frozen=True)
class CheckPage:
    row: Check
    tones: dict[str, str]
    lines: list[Line]
    customer: Customer | None
    car: str
    place: str
    order: Order | None


@dataclass(frozen=True)
class CustomerPanel:
    customer: Customer | None
    checks: list[Check]
    orders: list[Order]
    tones: dict[str, str]
    files: list[FalseFile]
    file_tones: dict[str, str]
    can_mark: bool


def _listed(request: Request, table: Table, rows: QuerySet[Any], template: str) -> HttpResponseBase:
    actor = request.actor
    check(actor, Verb.VIEW)
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=table, rows=rows, asked=request.GET)
        return pages.download(file)
    page = ListPage(listing(table, rows, request.GET, actor), TONES, actor.can(Verb.EXPORT))
    return pages.render(request, template, page, block="list")


def orders(request: Request) -> HttpResponseBase:
    """The correction orders, the newest first."""
    rows = ordering.visible_to(request.actor).select_related("outlet", "occasion", "role")
    return _listed(request, tables.ORDERS, rows, "verification/orders.html")


def checks(request: Request) -> HttpResponseBase:
    """The checks of records, the newest first."""
    rows = checking.visible_to(request.actor).select_related("outlet", "occasion")
    return _listed(request, tables.CHECKS, rows, "verification/checks.html")


def acts(actor: Actor, row: Order) -> frozenset[str]:
    """Return what an actor may do with an order as it stands."""
    answers, verifies = actor.can(Verb.ANSWER, row.outlet_id), actor.can(Verb.VERIFY, row.place_id)
    sides = {
        "correct": (answers, policy.may_move(row.state, State.CORRECTED)),
        "dispute": (answers, policy.may_move(row.state, State.DISPUTED)),
        "insist": (verifies, row.state == State.DISPUTED),
        "verify": (verifies, row.state == State.CORRECTED),
        "withdraw": (verifies, policy.may_move(row.state, State.WITHDRAWN)),
    }
    return frozenset(name for name, (may, fits) in sides.items() if may and fits)


def order(request: Request, pk: int) -> HttpResponseBase:
    """One order."""
    actor = request.actor
    check(actor, Verb.VIEW)
    row = ordering.order(actor, pk)
    rounds = ordering.rounds(row)
    page = OrderPage(
        row, TONES[row.state], network.names(actor, [row.place_id]).get(row.place_id, ""), _branch(actor, row),
        ordering.customer_of(actor, row), str(record.car(row.vehicle_id) or ""), ordering.wrong(row), rounds,
        panels.moments(row, rounds), row.is_late(clock.now()), acts(actor, row),
    )  # fmt: skip
    return pages.render(request, "verification/order.html", page)


def _branch(actor: Actor, row: Order) -> str:
    return network.branch_names(actor, [row.outlet_id], clock.today()).get(row.outlet_id, "")


def sheet(request: Request, pk: int) -> HttpResponseBase:
    """The order to print (FORM-33)."""
    actor = request.actor
    check(actor, Verb.VIEW)
    row = ordering.order(actor, pk)
    page = SheetPage(
        row, _branch(actor, row), ordering.customer_of(actor, row), str(record.car(row.vehicle_id) or ""),
        ordering.wrong(row), ordering.rounds(row)[::-1], actor.name, clock.now(),
    )  # fmt: skip
    return pages.render(request, "verification/sheet.html", page)


def check_page(request: Request, pk: int) -> HttpResponseBase:
    """One check with its fields."""
    actor = request.actor
    check(actor, Verb.VIEW)
    row = checking.one(actor, pk)
    page = CheckPage(
        row, TONES, checking.lines(row), Customer.objects.filter(pk=row.customer_id).first(),
        str(record.car(row.vehicle_id) or ""), network.names(actor, [row.place_id]).get(row.place_id, ""),
        ordering.visible_to(actor).filter(check_of=row).first(),
    )  # fmt: skip
    return pages.render(request, "verification/check.html", page)


def customer_panel(request: Request, subject_id: int) -> HttpResponseBase:
    """How the record of a customer stands: its mark, its checks, its correction orders (INFO-31)."""
    actor = request.actor
    check(actor, Verb.VIEW)
    page = CustomerPanel(
        ordering.record_of(actor, subject_id), checking.of_customer(actor, subject_id, FEW),
        ordering.of_customer(actor, subject_id, FEW), TONES,
        filing.of_customer(actor, subject_id, FEW), FALSE_TONES, actor.can(Verb.MARK_FALSE),
    )  # fmt: skip
    return pages.render(request, "verification/panel.html", page)
