"""What a file of owners does to people and cars that are there, to itself, and to its like from elsewhere."""

import datetime

import pytest
from tests.intake import arriving
from tests.intake.arriving import owners, vin, written

from guanxi.customers.models import ContactPoint, Customer, ExternalId, Quality, Relation
from guanxi.customers.services import merging, recording
from guanxi.foundation import clock, db, readings, sealing
from guanxi.foundation.actor import SYSTEM
from guanxi.intake.models import Before, Finding, Run
from guanxi.vehicles.models import OwnerDoubt, Participant, Plate, Sale, Vehicle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_world")]
ID = "11010519491231002X"
WANG = (
    "C1",
    "王小明",
    "13800000001",
    vin(1),
    "沪A12345",
    "2024-05-06",
    "99800",
    "男",
    "1980-01-02",
    "长寿路1号",
    "白",
    ID,
)


@pytest.fixture
def bring(cast):
    """A function that writes a file of owners for the cast's outlet, as its administrator; returns the run."""

    def of(*rows, actor=None, place=None, source="DMS"):
        run = written(actor or cast.admin, place or cast.outlet_id, owners(*rows), source=source)
        db.set_scope(SYSTEM)
        return run

    return of


def found(run):
    return set(Finding.objects.filter(run=run, origin="STORE").values_list("row", "field", "code"))


def but(row, **changes):
    """Return a row with some cells changed, by the place of their heading."""
    names = ("no", "name", "mobile", "vin", "plate", "sold_on", "price", "gender", "born_on", "line", "colour", "id")
    return tuple(changes.get(name, cell) for name, cell in zip(names, row, strict=False))


def test_everything_of_a_row_is_kept(bring, cast):
    run = bring(WANG)
    customer = Customer.objects.get(name="王小明")
    assert (customer.gender, customer.born_on, customer.reading, customer.initials) == (
        "M", datetime.date(1980, 1, 2), *readings.spell("王小明"),
    )  # fmt: skip
    assert sealing.open_sealed(bytes(customer.identity_sealed)) == ID
    assert (bytes(customer.identity_digest), customer.identity_tail) == (sealing.digest(ID), "002X")
    assert customer.addresses.get().line == "长寿路1号"
    assert ExternalId.objects.get(customer=customer).value == "C1"
    relation = customer.relations.get()
    assert (relation.outlet_id, relation.category, relation.since) == (
        cast.outlet_id,
        "OWNER",
        datetime.date(2024, 5, 6),
    )
    car = Vehicle.objects.get()
    assert (car.vin, car.plate, car.colour, car.run_id, car.touched_at) == (
        vin(1),
        "沪A12345",
        "白",
        run.pk,
        run.merged_at,
    )
    assert Sale.objects.get(vehicle=car).price == 99800
    assert Plate.objects.get(vehicle=car).number == "沪A12345"


def test_words_and_quality_are_those_that_one_by_one_would_be(bring):
    bring(
        WANG,
        ("C2", "欧阳·娜娜", "021-62345678、13900000002", vin(2)),
        ("C3", "上海天天物流有限公司", "13800000003", vin(3), "沪B11111"),
    )
    ids = list(Customer.objects.values_list("pk", flat=True))
    before = arriving.checksums()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT customers_retoken(%s), vehicles_retoken(%s), customers_grade(%s, %s)",
                       [ids, ids, ids, Run.objects.get().merged_at])  # fmt: skip
    assert {table: arriving.checksums()[table] for table in arriving.DERIVED} == {
        table: before[table] for table in arriving.DERIVED
    }
    assert Quality.objects.count() == 3


def test_one_person_with_two_cars_is_one_customer(bring):
    bring(WANG, but(WANG, no="", vin=vin(2), plate="沪A22222"))
    assert Customer.objects.count() == 1
    assert Participant.objects.filter(customer=Customer.objects.get()).count() == 2


def test_a_chain_of_numbers_makes_one_person(bring):
    bring(
        ("", "王小明", "13800000001", vin(1)), ("", "王小明", "13800000002/13800000001", vin(2)),
        ("K9", "王小明", "13800000002", vin(3)), ("K9", "王小明", "", vin(4)),
    )  # fmt: skip
    assert Customer.objects.count() == 1
    assert set(ContactPoint.objects.values_list("value", flat=True)) == {"13800000001", "13800000002"}


def test_the_same_name_with_another_number_is_somebody_else(bring):
    bring(("", "王小明", "13800000001", vin(1)), ("", "王小明", "13800000002", vin(2)))
    assert Customer.objects.count() == 2


@pytest.mark.covers("CC-22")
def test_who_is_known_by_name_and_number_is_not_doubled(bring, cast):
    db.set_scope(cast.stranger)
    newcomer = recording.Newcomer({"name": "王小明"}, mobile="13800000001", category="OWNER")
    known = recording.add_customer(
        actor=cast.stranger, outlet_id=cast.other_outlet_id, newcomer=newcomer, at=clock.now(), day=arriving.DAY
    )
    bring(WANG)
    assert Customer.objects.get().pk == known.pk
    assert set(Relation.objects.values_list("outlet_id", flat=True)) == {cast.outlet_id, cast.other_outlet_id}


def test_a_merged_record_stands_for_the_one_that_stayed(bring, cast):
    bring(WANG, ("C2", "王晓明", "13800000009", vin(2)))
    gone, kept = Customer.objects.get(name="王小明"), Customer.objects.get(name="王晓明")
    merging.merge_customers(actor=SYSTEM, kept_id=kept.pk, gone_id=gone.pk, choices={}, at=clock.now())
    before = Customer.objects.count()
    bring(but(WANG, vin=vin(3), plate=""))
    assert Customer.objects.count() == before
    assert Participant.objects.get(vehicle__vin=vin(3)).customer_id == kept.pk


def test_what_is_empty_is_filled_and_what_it_brought_is_replaced(bring):
    bring(but(WANG, gender="", line=""))
    run = bring(but(WANG, price="88000", colour="黑", plate="沪A99999"))
    car, customer = Vehicle.objects.get(), Customer.objects.get()
    assert (car.colour, car.plate, Sale.objects.get().price) == ("黑", "沪A99999", 88000)
    assert (customer.gender, customer.addresses.get().line) == ("M", "长寿路1号")
    assert [plate.number for plate in Plate.objects.filter(until__isnull=True)] == ["沪A99999"]
    assert found(run) == set()


def test_what_a_person_changed_since_stays_and_is_said(bring):
    bring(WANG)
    customer = Customer.objects.get()
    recording.change_customer(actor=SYSTEM, customer_id=customer.pk, fields={"born_on": "1981-01-01"}, at=clock.now())
    run = bring(but(WANG, born_on="1990-09-09"))
    customer.refresh_from_db()
    assert customer.born_on == datetime.date(1981, 1, 1)
    assert found(run) == {(2, "birth_date", "kept")}
    assert run.count("warned") == 1


def test_another_system_fills_but_does_not_replace(bring):
    bring(but(WANG, colour=""))
    run = bring(but(WANG, no="X1", colour="黑", price="1"), source="ERP")
    assert (Vehicle.objects.get().colour, Sale.objects.get().price) == ("黑", 99800)
    assert ("price", "kept") in {(field, code) for _row, field, code in found(run)}
    assert set(ExternalId.objects.values_list("source", "value")) == {("DMS", "C1"), ("ERP", "X1")}


def test_a_new_number_of_the_same_system_becomes_the_main_one(bring):
    bring(WANG)
    bring(but(WANG, mobile="13800000099"))
    points = dict(ContactPoint.objects.values_list("value", "is_primary"))
    assert points == {"13800000001": False, "13800000099": True}


@pytest.mark.covers("INFO-23")
def test_a_car_of_somebody_else_is_not_taken_over(bring):
    bring(WANG)
    run = bring(("C7", "赵七", "13700000007", vin(1), "", "2025-01-01"))
    assert Participant.objects.get(role="OWNER", until__isnull=True).customer.name == "王小明"
    assert found(run) == {(2, "vin", "owner_differs")}
    assert (OwnerDoubt.objects.get().name, OwnerDoubt.objects.get().phone) == ("赵七", "13700000007")
    assert Relation.objects.filter(customer__name="赵七").exists()


def test_of_two_owners_in_one_file_the_latest_sale_counts(bring):
    run = bring(WANG, ("C7", "赵七", "13700000007", vin(1), "", "2025-01-01"))
    assert Participant.objects.get().customer.name == "赵七"
    assert (2, "vin", "owner_differs") in found(run)


def test_whom_nothing_would_find_again_is_left_out(bring):
    bring(WANG)
    run = bring(("", "路人", "", vin(1)))
    assert not Customer.objects.filter(name="路人").exists()
    assert (2, "mobile", "not_found_again") in found(run)
    bring(("", "路人", "", vin(1)))
    assert Customer.objects.count() == 1


def test_a_customer_number_of_somebody_else_is_left_out(bring):
    bring(WANG)
    run = bring(("C1", "赵七", "13700000007", vin(7)))
    assert not ExternalId.objects.filter(customer__name="赵七").exists()
    assert (2, "customer_no", "number_taken") in found(run)


def test_a_base_customer_who_bought_is_an_owner(bring, cast):
    db.set_scope(cast.admin)
    newcomer = recording.Newcomer({"name": "王小明"}, mobile="13800000001", category="POTENTIAL")
    recording.add_customer(
        actor=cast.admin, outlet_id=cast.outlet_id, newcomer=newcomer, at=clock.now(), day=arriving.DAY
    )
    bring(WANG)
    assert Relation.objects.get().category == "OWNER"


def test_a_consultant_of_the_outlet_is_known_by_name(cast):
    content = arriving.csv_of(("客户姓名", "移动电话", "VIN码", "销售顾问", "购车日期"),
                              ("王小明", "13800000001", vin(1), cast.sales.name, "2024-01-01"),
                              ("李四海", "13800000002", vin(2), "没有此人", "2024-01-01"))  # fmt: skip
    written(cast.admin, cast.outlet_id, content)
    db.set_scope(SYSTEM)
    held = {relation.customer.name: relation for relation in Relation.objects.select_related("customer")}
    assert (held["王小明"].consultant_id, held["王小明"].consultant_name) == (cast.sales.user_id, "")
    assert (held["李四海"].consultant_id, held["李四海"].consultant_name) == (None, "没有此人")


def test_a_file_of_headquarters_names_its_outlets(cast):
    content = arriving.csv_of(("客户姓名", "移动电话", "VIN码", "网点代码"), ("王小明", "13800000001", vin(1), "YLHD001"),
                              ("李四海", "13800000002", vin(2), "ylhn001"), ("赵七", "13700000007", vin(3), "XXXX"))  # fmt: skip
    run = written(cast.hq, cast.group_id, content)
    db.set_scope(SYSTEM)
    assert dict(Relation.objects.values_list("customer__name", "outlet_id")) == {
        "王小明": cast.outlet_id, "李四海": cast.other_outlet_id,
    }  # fmt: skip
    assert run.count("rejected") == 1
    assert Finding.objects.get(run=run, level="reject").code == "no_outlet"


def test_an_undo_gives_back_what_was_changed(bring, cast):
    bring(but(WANG, gender="", colour="白"))
    before = arriving.checksums()
    run = bring(
        but(WANG, colour="黑", plate="沪A99999", mobile="13800000099", price="5"),
        ("C2", "李四海", "13800000002", vin(2)),
    )
    assert Before.objects.filter(run=run).exists()
    assert arriving.undone(cast.admin, run).state == "UNDONE"
    after = arriving.checksums()
    assert {table: after[table] for table in arriving.TABLES} == {table: before[table] for table in arriving.TABLES}
    assert after["customers_token"] == before["customers_token"]


def test_a_row_that_a_person_touched_hinders_the_undo(bring, cast):
    run = bring(WANG)
    customer = Customer.objects.get()
    recording.change_customer(actor=SYSTEM, customer_id=customer.pk, fields={"hobbies": "钓鱼"}, at=clock.now())
    run = arriving.undone(cast.admin, run)
    assert run.state == "DONE"
    assert "1" in run.problem
    assert run.counts["hindrances"] == [f"/customers/{customer.pk}/"]


def test_a_row_of_others_that_hangs_on_it_hinders_the_undo(bring, cast):
    run = bring(WANG)
    from guanxi.customers.services import noting

    noting.write_note(actor=cast.admin, customer_id=Customer.objects.get().pk, body="来过", at=clock.now())
    run = arriving.undone(cast.admin, run)
    assert run.state == "DONE"
    assert Customer.objects.exists()
    assert run.counts["hindrances"]


def test_words_of_a_large_file_follow_in_jobs_and_are_the_same(bring, monkeypatch):
    from guanxi.intake.services import deriving as later
    from guanxi.vehicles.services.importing import deriving

    rows = [(f"C{at}", f"王{chr(0x4E10 + at)}", f"1380000{at:04d}", vin(at), f"沪A{at:05d}") for at in range(7)]
    run = bring(*rows)
    whole = arriving.checksums()["customers_token"][0]
    arriving.undone(SYSTEM, run)
    assert arriving.checksums()["customers_token"][0] == 0 or Customer.objects.exists()
    monkeypatch.setattr(deriving, "AT_ONCE", 3)
    before = arriving.checksums()["customers_token"][0]
    run = bring(*rows)
    assert len(run.counts["later"]) == 3
    assert arriving.checksums()["customers_token"][0] == before
    for first, last in run.counts["later"]:
        for _twice in range(2):
            later.derive_part(actor=SYSTEM, run_id=run.pk, first=first, last=last, at=run.merged_at)
    run.refresh_from_db()
    assert run.counts["later"] == []
    assert arriving.checksums()["customers_token"][0] == whole
    assert Quality.objects.filter(customer__run_id=run.pk).count() == 7
