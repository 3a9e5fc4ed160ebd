"""Reads of correction orders: which are visible, one with its wrong fields and rounds."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from guanxi.customers import queries as customers
from guanxi.customers.models import Customer
from guanxi.customers.permissions import Verb as Customers
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound
from guanxi.vehicles.permissions import Verb as Vehicles
from guanxi.verification.models import Correction, Line, Order, Round
from guanxi.verification.permissions import Verb
from guanxi.verification.queries import record
from guanxi.verification.states import OF_CAR, OF_CUSTOMER, Found, Source


def visible_to(actor: Actor) -> QuerySet[Order]:
    """Return the orders to outlets where the actor may see them, and those issued where he may."""
    where = actor.where(Verb.VIEW)
    if where is None:
        return Order.objects.all()
    return Order.objects.filter(Q(db.among("outlet_id", where)) | Q(db.among("place_id", where)))


def order(actor: Actor, pk: int) -> Order:
    """Return one visible order with its outlet, occasion and role.

    :raises NotFound: there is none, or not for this actor.
    """
    rows = visible_to(actor).select_related("outlet", "occasion", "role", "check_of")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def rounds(row: Order) -> list[Round]:
    """Return the answers to a visible order with what they corrected, the newest first; two queries."""
    values = Prefetch("corrections", Correction.objects.select_related("field").order_by("field__position", "field_id"))
    return list(row.answers.prefetch_related(values).order_by("-number"))


def customer_of(actor: Actor, row: Order) -> str:
    """Return the name of whose record an order is about, if the actor sees him."""
    return customers.visible_to(actor).filter(pk=row.customer_id).values_list("name", flat=True).first() or ""


def of_customer(actor: Actor, customer_id: int, limit: int) -> list[Order]:
    """Return the newest orders about a customer; one query."""
    rows = visible_to(actor).filter(customer_id=customer_id).select_related("outlet")
    return list(rows.order_by("-issued_at")[:limit])


@dataclass(frozen=True)
class Wrong:
    """A wrong field of an order: what the record showed, what the customer said, and what the record holds now."""

    line: Line
    now: str
    is_changed: bool
    is_junk: bool


def wrong_lines(row: Order) -> Sequence[Line]:
    """Return the fields that an order asks to be corrected; one query."""
    if row.check_of_id is None:
        return []
    lines = Line.objects.filter(check_of_id=row.check_of_id, found=Found.WRONG, field__is_corrected=True)
    return list(lines.select_related("field").order_by("field__position", "field_id"))


def wrong(row: Order) -> list[Wrong]:
    """Return the wrong fields of an order beside what the record holds now."""
    lines = wrong_lines(row)
    if not lines:
        return []
    subject = subject_of(row)
    now = {held.field.pk: held for held in record.read(subject, [line.field for line in lines])}
    return [
        Wrong(line, held.shown, bytes(line.digest) != held.digest, held.is_junk)
        for line in lines
        if (held := now[line.field_id])
    ]  # fmt: skip


def subject_of(row: Order) -> record.Subject:
    """Return what an order is about as the record stands now; it comes from a check."""
    assert row.check_of is not None
    return record.subject_at(row.occasion, row.customer, row.check_of.vehicle_id, row.check_of.visit_id)


def writable(actor: Actor, row: Order) -> list[Line]:
    """Return the wrong fields of an order that its answer can write into the record, as far as the actor may."""
    offered: set[str] = set()
    if actor.can(Customers.CHANGE, row.outlet_id):
        offered |= set(OF_CUSTOMER)
    if row.vehicle_id and actor.can(Vehicles.CHANGE, row.outlet_id):
        offered |= set(OF_CAR)
    return [line for line in wrong_lines(row) if Source(line.field.source) in offered]


def record_of(actor: Actor, customer_id: int) -> Customer | None:
    """Return a customer for how his record is marked, if the actor sees him; one query."""
    return customers.visible_to(actor).filter(pk=customer_id).first()
