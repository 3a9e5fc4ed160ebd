"""Customers, cars and a small catalogue for the tests, written as the system."""

import datetime

from django.db import connection

from guanxi.customers.models import ContactPoint, Customer, Relation
from guanxi.foundation import clock, db, readings
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.values import vins
from guanxi.network.models import Node
from guanxi.vehicles.models import CarModel, MaintenanceStep, Participant, Plate, Series, Trim, Vehicle, WarrantyTerm

DAY = datetime.date(2024, 3, 15)


def vin(number, *, is_right=True):
    """Return the VIN of a number, with the right check digit or a wrong one."""
    plain = f"LYT8A6E50RA{number:06d}"
    right = vins.check_digit(plain)
    wrong = "X" if right != "X" else "0"
    return plain[:8] + (right if is_right else wrong) + plain[9:]


def customer(name="王雪", mobile="13800138000", *outlets, category="OWNER"):
    """Return a customer with a number and an open relation to each of some outlets."""
    db.set_scope(SYSTEM)
    at, pk = clock.now(), db.next_id("customers_customer")[0]
    for outlet in outlets:
        Relation.objects.create(customer_id=pk, outlet_id=outlet, category=category, since=DAY, touched_at=at)
    reading, initials = readings.spell(name)
    row = Customer(
        pk=pk, kind="PERSON", name=name, reading=reading, initials=initials, created_at=at, touched_at=at
    )  # fmt: skip
    row.save(force_insert=True)
    if mobile:
        ContactPoint.objects.create(customer_id=pk, channel="MOBILE", value=mobile, is_primary=True, touched_at=at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT customers_retoken(%s)", [[pk]])
    return row


def car(owner, number=1, *, plate="沪A12345", trim=None, since=DAY, **values):
    """Return a car of an owner, with its plate and the words by which it is found."""
    db.set_scope(SYSTEM)
    at, pk = clock.now(), db.next_id("vehicles_vehicle")[0]
    Participant.objects.create(vehicle_id=pk, customer=owner, role="OWNER", since=since, touched_at=at)
    row = Vehicle(pk=pk, vin=vin(number), plate=plate, trim=trim, touched_at=at, **values)
    row.save(force_insert=True)
    if plate:
        Plate.objects.create(vehicle=row, number=plate, since=since, touched_at=at)
    retoken(owner)
    return row


def drives(row, who, role="DRIVER", since=DAY):
    db.set_scope(SYSTEM)
    made = Participant.objects.create(vehicle=row, customer=who, role=role, since=since, touched_at=clock.now())
    retoken(who)
    return made


def retoken(*owners):
    with connection.cursor() as cursor:
        cursor.execute("SELECT vehicles_retoken(%s)", [[owner.pk for owner in owners]])


def trim(code="T"):
    """Return a trim of a series that is covered three years or 100,000 km and maintained twice, then every year."""
    db.set_scope(SYSTEM)
    brand = Node.objects.get(code="YL")
    series = Series.objects.create(
        brand=brand, code=f"{code}-S", name_zh="远航", name_en="Voyage", line="PASSENGER", guarantee="HOUSEHOLD"
    )  # fmt: skip
    model = CarModel.objects.create(
        series=series, code=f"{code}-M", name_zh="远航混动", name_en="Voyage Hybrid", powertrain="HYBRID"
    )  # fmt: skip
    WarrantyTerm.objects.create(
        series=series, code="CAR", name_zh="整车", months=36, km=100_000, is_whole_car=True,
        valid_from=datetime.date(2020, 1, 1),
    )  # fmt: skip
    for position, (kind, months, km, is_free) in enumerate(
        [("FIRST", 6, 5_000, True), ("MANDATORY", 12, 10_000, True), ("PERIODIC", 12, 10_000, False)]
    ):
        MaintenanceStep.objects.create(
            series=series, kind=kind, code=f"STEP{position}", name_zh=f"保养{position}", name_en=f"Maintenance {position}",
            months=months, km=km, is_free=is_free, position=position,
        )  # fmt: skip
    return Trim.objects.create(model=model, code=f"{code}-T", name_zh="豪华版", name_en="Luxury")
