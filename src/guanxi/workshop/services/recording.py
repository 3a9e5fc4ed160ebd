"""Visits to the workshop: recorded once, corrected with a line in the trail, never removed."""

import datetime
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries as customers
from guanxi.customers.services import relating
from guanxi.customers.states import Category
from guanxi.foundation import db, events
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid
from guanxi.records import services as records
from guanxi.vehicles.models import Vehicle
from guanxi.vehicles.queries import cars
from guanxi.vehicles.services import mileage, owners
from guanxi.vehicles.services.cars import refuse_future
from guanxi.vehicles.states import ReadingSource, Role
from guanxi.workshop import policy, queries
from guanxi.workshop.events import VisitChanged, VisitRecorded
from guanxi.workshop.models import Visit, VisitLine
from guanxi.workshop.permissions import Verb
from guanxi.workshop.states import LineKind

FACTS = (
    "order_no", "category", "counts", "entered_on", "left_on", "km", "labour", "parts", "total", "currency",
    "advisor_name", "brought_by", "customer_id",
)  # fmt: skip
MOST_LINES = 200


@dataclass(frozen=True)
class Line:
    """One line of a bill."""

    kind: str
    name: str
    amount: Decimal
    code: str = ""
    quantity: Decimal = Decimal(1)
    is_warranty: bool = False


@dataclass(frozen=True)
class Report:
    """What is written down about a visit. The customer is the car's owner unless another is named."""

    order_no: str
    category: str
    entered_on: datetime.date
    left_on: datetime.date | None = None
    km: int | None = None
    labour: Decimal | None = None
    parts: Decimal | None = None
    total: Decimal | None = None
    currency: str = "CNY"
    advisor_name: str = ""
    brought_by: str = ""
    brought_by_phone: str = ""
    words: str = ""
    remark: str = ""
    customer_id: int | None = None
    lines: Sequence[Line] = field(default_factory=tuple)


def record_visit(*, actor: Actor, outlet_id: int, vehicle_id: int, report: Report, at: datetime.datetime) -> Visit:
    """Record that a car was in the workshop of an outlet (SVC-30, FORM-58): checks, locks the car, relates the
    customer to the outlet if he is none of it, writes visit and lines, hands the mileage to the car, notes a doubt
    about the owner when a stranger brought it (LIFE-18), audits, publishes VisitRecorded.

    :raises Invalid: the category, a day, an amount or a line cannot be accepted.
    :raises Conflict: the outlet has a visit of this order number.
    """
    check(actor, Verb.RECORD_VISIT, outlet_id)
    values = _values(actor, report, at)
    with db.atomic():
        if not queries.is_workshop(outlet_id):
            raise Invalid(_("This is no outlet with a workshop, or it is closed."), field="outlet")
        row = db.lock(cars.visible_to(actor), vehicle_id)
        customer_id = _customer(actor, row, report)
        if customer_id is not None:
            _relate(actor, customer_id, outlet_id, report.entered_on, at)
        visit = Visit(outlet_id=outlet_id, vehicle=row, customer_id=customer_id, touched_at=at, **values)
        _save(visit)
        _write_lines(visit, report.lines)
        if report.km is not None:
            mileage.note_reading(
                actor=actor, row=row, outlet_id=outlet_id, on=report.entered_on, km=report.km,
                source=ReadingSource.VISIT, at=at,
            )  # fmt: skip
        owners.raise_doubt(
            actor=actor, row=row, outlet_id=outlet_id, seen_on=report.entered_on, name=report.brought_by,
            phone=report.brought_by_phone,
        )  # fmt: skip
        _audit(actor, visit, None, report.lines)
        told = VisitRecorded(
            visit.pk, row.pk, customer_id, outlet_id, visit.category, bool(visit.counts), visit.entered_on.isoformat()
        )
        events.publish(told)
    return visit


def _values(actor: Actor, report: Report, at: datetime.datetime) -> dict[str, Any]:
    """Return the columns of a visit, checked, with amounts left open taken from the lines."""
    refuse_future(report.entered_on, at, "entered_on")
    refuse_future(report.left_on, at, "left_on")
    if report.left_on is not None and report.left_on < report.entered_on:
        raise Invalid(_("A car leaves on the day it came, or later."), field="left_on")
    if not report.order_no.strip():
        raise Invalid(_("Give the number of the order."), field="order_no")
    counts = queries.category(actor, report.category, report.entered_on)
    if counts is None:
        raise Invalid(_("Choose one of the categories of that day."), field="category")
    amounts = _amounts(report)
    names = ("category", "entered_on", "left_on", "km", "currency", "advisor_name", "brought_by", "brought_by_phone")
    values = {name: getattr(report, name) for name in (*names, "words", "remark")}
    return values | asdict(amounts) | {"order_no": report.order_no.strip(), "counts": counts}


def _amounts(report: Report) -> policy.Amounts:
    if len(report.lines) > MOST_LINES:
        raise Invalid(_("A bill has at most 200 lines."), field="lines")
    for line in report.lines:
        if line.kind not in LineKind.values or not line.name.strip() or line.amount < 0 or line.quantity <= 0:
            raise Invalid(_("Each line says what it is, how much of it, and what it costs."), field="lines")
    said = policy.Amounts(report.labour, report.parts, report.total)
    if any(amount is not None and amount < 0 for amount in (said.labour, said.parts, said.total)):
        raise Invalid(_("An amount is not below nought."), field="total")
    return policy.filled(said, [(line.kind, line.amount) for line in report.lines])


def _customer(actor: Actor, row: Vehicle, report: Report) -> int | None:
    """Return whose visit it is: who is named, else the owner of today, else who takes part in the car."""
    if report.customer_id is not None:
        return customers.customer(actor, report.customer_id).pk
    people = list(cars.participants(row.pk).filter(until__isnull=True))
    people.sort(key=lambda part: part.role != Role.OWNER)
    return people[0].customer_id if people else None


def _relate(actor: Actor, customer_id: int, outlet_id: int, day: datetime.date, at: datetime.datetime) -> None:
    if not queries.is_customer_of(outlet_id, customer_id):
        relating.relate(
            actor=actor, customer_id=customer_id, outlet_id=outlet_id, category=Category.BASE, day=day, at=at
        )  # fmt: skip


def _save(visit: Visit) -> None:
    try:
        with db.atomic():
            visit.save()
    except IntegrityError as error:
        raise Conflict(_("The outlet has a visit of this order number already."), field="order_no") from error


def _write_lines(visit: Visit, lines: Sequence[Line]) -> None:
    VisitLine.objects.filter(visit=visit).delete()
    VisitLine.objects.bulk_create(
        VisitLine(visit=visit, position=position, **asdict(line)) for position, line in enumerate(lines, 1)
    )


def _facts(visit: Visit) -> dict[str, Any]:
    return {name: getattr(visit, name) for name in FACTS}


def _audit(actor: Actor, visit: Visit, before: dict[str, Any] | None, lines: Sequence[Line]) -> None:
    after = _facts(visit) | {"lines": len(lines)}
    records.audit(
        actor=actor, verb=Verb.RECORD_VISIT, subject_type="visit", subject_id=visit.pk, subject_label=visit.order_no,
        node_id=visit.outlet_id, before=before, after=after,
    )  # fmt: skip


def change_visit(*, actor: Actor, visit_id: int, report: Report, at: datetime.datetime) -> Visit:
    """Correct what was written down about a visit: checks, locks, writes visit and lines, corrects the mileage that
    it gave the car, audits before and after, publishes VisitChanged. The outlet and the car stay.

    :raises Invalid: the category, a day, an amount or a line cannot be accepted.
    :raises Conflict: the order number is taken, or the car whose mileage would change is out of sight.
    """
    with db.atomic():
        visit = db.lock(queries.visible_to(actor), visit_id)
        check(actor, Verb.RECORD_VISIT, visit.outlet_id)
        values = _values(actor, report, at)
        before = _facts(visit) | {"lines": VisitLine.objects.filter(visit=visit).count()}
        if (visit.entered_on, visit.km) != (report.entered_on, report.km):
            _correct_mileage(actor, visit, report, at)
        if report.customer_id is not None:
            visit.customer_id = customers.customer(actor, report.customer_id).pk
        for name, value in values.items():
            setattr(visit, name, value)
        visit.touched_at = at
        _save(visit)
        _write_lines(visit, report.lines)
        _audit(actor, visit, before, report.lines)
        events.publish(VisitChanged(visit.pk, visit.vehicle_id, visit.customer_id, before["customer_id"]))
    return visit


def _correct_mileage(actor: Actor, visit: Visit, report: Report, at: datetime.datetime) -> None:
    row = cars.visible_to(actor).select_for_update(of=("self",)).filter(pk=visit.vehicle_id).first()
    if row is None:
        raise Conflict(_("The car is out of your sight: its mileage cannot be corrected any more."), field="km")
    source = ReadingSource.VISIT
    if visit.km is not None:
        mileage.take_back(
            actor=actor, row=row, outlet_id=visit.outlet_id, on=visit.entered_on, km=visit.km, source=source, at=at
        )  # fmt: skip
    if report.km is not None:
        mileage.note_reading(
            actor=actor, row=row, outlet_id=visit.outlet_id, on=report.entered_on, km=report.km, source=source, at=at
        )  # fmt: skip
