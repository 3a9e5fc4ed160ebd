"""The shared files of a dealer system, all the way into a fresh outlet, against their truth."""

import csv
import datetime
import io

import pytest
from openpyxl import load_workbook
from tests.intake import arriving

from guanxi.codelists.models import Code
from guanxi.customers.models import Address, ContactPoint, Customer, Relation
from guanxi.foundation import db, divisions
from guanxi.foundation.actor import SYSTEM
from guanxi.intake.models import Finding
from guanxi.intake.services import rejects
from guanxi.vehicles.models import Participant, Plate, Sale, Vehicle
from guanxi.workshop.models import Visit
from guanxi.workshop.services.importing.shaping import CATEGORIES

pytestmark = pytest.mark.django_db


@pytest.fixture
def brought(cast, shared):
    """Both files written for one outlet, owners first."""
    cars = arriving.written(cast.admin, cast.outlet_id, shared("import/owners.xlsx"), name="owners.xlsx")
    calls = arriving.written(cast.admin, cast.outlet_id, shared("import/visits.csv"), name="visits.csv")
    db.set_scope(SYSTEM)
    return cars, calls


def _owners_of(truth):
    return {row: values for part in ("good", "warn") for row, values in truth["owners"][part].items()}


def _day(text):
    return text and datetime.date.fromisoformat(text)


@pytest.mark.covers("INFO-13", "INFO-22", "INFO-19")
def test_every_owner_is_there_with_his_car(brought, truth):
    wrong = []
    for row, wanted in _owners_of(truth).items():
        car = Vehicle.objects.get(vin=wanted["vin"])
        owner = Participant.objects.get(vehicle=car, role="OWNER", until__isnull=True)
        customer = owner.customer
        phones = set(ContactPoint.objects.filter(customer=customer).values_list("value", flat=True))
        place = Address.objects.filter(customer=customer).first()
        sale = Sale.objects.filter(vehicle=car).first()
        province = divisions.get(place.province) if place and place.province else None
        found = {
            "name": customer.name, "kind": customer.kind.lower(), "vin": car.vin, "plate": car.plate or None,
            "sold_on": str(car.sold_on) if car.sold_on else None, "price": sale and sale.price and int(sale.price),
            "province": province.name if province else None,
        }  # fmt: skip
        differs = {key: (value, wanted[key]) for key, value in found.items() if value != wanted[key]}
        if differs or (wanted["mobile"] and wanted["mobile"] not in phones):
            wrong.append((row, differs, wanted["mobile"], phones))
    assert wrong == []


def test_nothing_else_is_there(brought, truth):
    owners = _owners_of(truth)
    run = brought[0]
    assert Vehicle.objects.filter(run_id=run.pk).count() + Vehicle.objects.filter(run_id=brought[1].pk).count() == len(
        {values["vin"] for values in owners.values()}
    )
    people = {(values["name"], values["mobile"] or values["vin"]) for values in owners.values()}
    assert Customer.objects.filter(run_id=run.pk).count() == len(people)
    assert Relation.objects.filter(run_id=run.pk, category="OWNER").count() == len(people)
    assert Plate.objects.filter(run_id=run.pk).count() == len({v["vin"] for v in owners.values() if v["plate"]})


def test_counts_and_rejects_of_owners_are_those_of_the_truth(brought, truth):
    run = brought[0]
    assert (run.count("good"), run.count("warned"), run.count("rejected")) == (345, 39, 20)
    rejected = set(Finding.objects.filter(run=run, level="reject").values_list("row", flat=True))
    assert rejected == {int(row) for row in truth["owners"]["reject"]}


def test_every_visit_is_there_with_its_car(brought, truth):
    words = {code.code for code in Code.objects.filter(list__code="visit_categories")}
    wrong = []
    for part in ("good", "warn"):
        for order, wanted in truth["visits"][part].items():
            visit = Visit.objects.select_related("vehicle").get(outlet_id=brought[1].place_id, order_no=order)
            word = wanted["category"]
            category = CATEGORIES.get(word, word.upper()) if word else ""
            assert not category or category in words
            found = {
                "vin": visit.vehicle.vin, "category": visit.category, "entered_on": visit.entered_on, "km": visit.km,
                "labour": visit.labour and int(visit.labour), "parts": visit.parts and int(visit.parts),
            }  # fmt: skip
            expected = {**wanted, "category": category, "entered_on": _day(wanted["entered_on"])}
            differs = {key: (value, expected[key]) for key, value in found.items() if value != expected[key]}
            if differs:
                wrong.append((order, differs))
    assert wrong == []
    assert Visit.objects.filter(run_id=brought[1].pk).count() == sum(len(truth["visits"][x]) for x in ("good", "warn"))


def test_a_visit_counts_as_its_category_says(brought):
    counted = dict(Visit.objects.values_list("category", "counts").distinct())
    assert counted["PERIODIC_MAINTENANCE"] is True
    assert counted["PDI"] is False
    assert counted[""] is None


def test_rejected_visits_come_back_with_row_column_reason_and_text(brought, truth):
    run = brought[1]
    assert run.count("rejected") == len(truth["visits"]["reject"])
    db.set_scope(SYSTEM)
    content = rejects.export_rejects(actor=SYSTEM, run_id=run.pk, kind="csv").content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(content)))
    reasons = {line["工单号"]: line["Reason"] for line in lines}
    assert set(reasons) == set(truth["visits"]["reject"])
    lost = [order for order, why in truth["visits"]["reject"].items() if why.startswith("no vehicle")]
    assert len(lost) == 25
    assert all(reasons[order] == "There is no vehicle with this VIN or plate." for order in lost)
    assert all(line["VIN"] or line["车牌号"] for line in lines if line["工单号"] in lost)
    book = load_workbook(io.BytesIO(rejects.export_rejects(actor=SYSTEM, run_id=run.pk, kind="xlsx").content))
    assert book.active.max_row == len(lines) + 1


def test_both_files_again_change_nothing(brought, cast, shared):
    before = arriving.checksums()
    again = arriving.written(cast.admin, cast.outlet_id, shared("import/owners.xlsx"), name="owners.xlsx")
    visits = arriving.written(cast.admin, cast.outlet_id, shared("import/visits.csv"), name="visits.csv")
    assert arriving.checksums() == before
    assert (again.sums, visits.sums) == ((0, 0), (0, 0))
    assert again.counts["store_findings"] == {}


def test_undone_in_turn_nothing_is_left(cast, shared):
    before = arriving.checksums()
    cars = arriving.written(cast.admin, cast.outlet_id, shared("import/owners.xlsx"), name="owners.xlsx")
    between = arriving.checksums()
    calls = arriving.written(cast.admin, cast.outlet_id, shared("import/visits.csv"), name="visits.csv")
    assert arriving.undone(cast.admin, cars).state == "DONE"
    assert arriving.undone(cast.admin, calls).state == "UNDONE"
    after = arriving.checksums()
    assert {table: after[table] for table in arriving.TABLES} == {table: between[table] for table in arriving.TABLES}
    assert arriving.undone(cast.admin, cars).state == "UNDONE"
    assert arriving.checksums() == before
