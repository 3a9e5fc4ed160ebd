"""A car's papers: its sale, its warranty, cover bought beyond it."""

import datetime
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db import IntegrityError
from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries as customers
from guanxi.foundation import db, events
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid, NotFound
from guanxi.records import services as records
from guanxi.vehicles import policy
from guanxi.vehicles.events import VehicleSold
from guanxi.vehicles.models import Cover, Sale, Vehicle
from guanxi.vehicles.permissions import Verb
from guanxi.vehicles.queries import cars, catalogue
from guanxi.vehicles.services.cars import facts, refuse_future


@dataclass(frozen=True)
class NewSale:
    """A sale as it is recorded."""

    outlet_id: int
    sold_on: datetime.date
    consultant_name: str = ""
    price: Decimal | None = None
    currency: str = "CNY"
    use: str = ""
    order_no: str = ""


def sell(*, actor: Actor, vehicle_id: int, customer_id: int, sale: NewSale, at: datetime.datetime) -> Sale:
    """Record that an outlet sold a car to a customer: checks the right at the outlet, locks, writes the sale and the
    day on the car, reckons the warranty end from the terms (LIFE-17), audits, publishes VehicleSold.

    :raises Invalid: the day has not come, the price is below nought, or the customer is none of the outlet's.
    :raises Conflict: this outlet has recorded a sale of this car.
    """
    refuse_future(sale.sold_on, at, "sold_on")
    if sale.price is not None and sale.price < 0:
        raise Invalid(_("A price is not below nought."), field="price")
    with db.atomic():
        row = db.lock(cars.visible_to(actor), vehicle_id)
        check(actor, Verb.CHANGE, sale.outlet_id)
        customers.customer(actor, customer_id)
        if sale.outlet_id not in cars.outlets_knowing([customer_id]):
            raise Invalid(_("This outlet has no relation to the customer."), field="outlet")
        before = facts(row)
        made = _write(vehicle_id, customer_id, sale, at)
        if row.sold_on is None or sale.sold_on < row.sold_on:
            row.sold_on = sale.sold_on
        reckon(row)
        row.touched_at = at
        row.save()
        records.audit(
            actor=actor, verb=Verb.CHANGE, subject_type="vehicle", subject_id=row.pk, subject_label=str(row),
            node_id=sale.outlet_id, before=before, after=facts(row) | {"sale": asdict(sale), "buyer": customer_id},
        )  # fmt: skip
        events.publish(VehicleSold(row.pk, customer_id, sale.outlet_id, sale.sold_on.isoformat()))
    return made


def _write(vehicle_id: int, customer_id: int, sale: NewSale, at: datetime.datetime) -> Sale:
    try:
        with db.atomic():
            return Sale.objects.create(vehicle_id=vehicle_id, customer_id=customer_id, touched_at=at, **asdict(sale))
    except IntegrityError as error:
        raise Conflict(_("This outlet has recorded a sale of this car already."), field="outlet") from error


def correct_sale(*, actor: Actor, sale_id: int, sold_on: datetime.date, at: datetime.datetime) -> Sale:
    """Put the day of a sale right: locks the car, checks the right at the outlet that sold it, writes the day on the
    sale and, where the car had it from there, on the car with the warranty end of its terms, audits. It is no news: no
    contact begins anew by it.

    :raises NotFound: there is no such sale, or its car is not visible.
    :raises Invalid: the day has not come.
    """
    refuse_future(sold_on, at, "sold_on")
    with db.atomic():
        sale = Sale.objects.filter(pk=sale_id).first()
        if sale is None:
            raise NotFound
        row = db.lock(cars.visible_to(actor), sale.vehicle_id)
        check(actor, Verb.CHANGE, sale.outlet_id)
        before, was = facts(row), sale.sold_on
        sale.sold_on, sale.touched_at = sold_on, at
        sale.save(update_fields=["sold_on", "touched_at"])
        if row.sold_on is None or row.sold_on == was or sold_on < row.sold_on:
            row.sold_on = Sale.objects.filter(vehicle=row).aggregate(first=Min("sold_on"))["first"]
            reckon(row)
        row.touched_at = at
        row.save()
        records.audit(
            actor=actor, verb=Verb.CHANGE, subject_type="vehicle", subject_id=row.pk, subject_label=str(row),
            node_id=sale.outlet_id, before=before | {"sale": sale.pk, "sale_on": was},
            after=facts(row) | {"sale": sale.pk, "sale_on": sold_on},
        )  # fmt: skip
    return sale


def reckon(row: Vehicle) -> None:
    """Give a car in hand the warranty end of its series' terms; the caller saves it and writes the line."""
    if row.sold_on is None or row.trim is None:
        return
    found = policy.warranty(row.sold_on, catalogue.plans([row.trim.model.series_id]).terms_of_policy)
    if found is not None:
        row.warranty_until, row.warranty_km = found.until, found.km


def add_cover(
    *,
    actor: Actor,
    vehicle_id: int,
    name: str,
    since: datetime.date,
    until: datetime.date,
    km: int | None = None,
    at: datetime.datetime,
) -> Cover:
    """Record cover bought beyond the warranty: checks, locks, writes, audits.

    :raises Invalid: it ends before it begins, or has no name.
    """
    if until <= since:
        raise Invalid(_("It must end after the day it begins."), field="until")
    if not name.strip():
        raise Invalid(_("Say what the cover is called."), field="name")
    with db.atomic():
        row = db.lock(cars.visible_to(actor), vehicle_id)
        outlet = cars.check_vehicle(actor, Verb.CHANGE, vehicle_id)
        made = Cover.objects.create(vehicle=row, name=name.strip(), since=since, until=until, km=km, touched_at=at)
        records.audit(
            actor=actor, verb=Verb.CHANGE, subject_type="vehicle", subject_id=row.pk, subject_label=str(row),
            node_id=outlet, after={"cover": name, "since": since, "until": until, "km": km},
        )  # fmt: skip
    return made
