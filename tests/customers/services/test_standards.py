"""The standard of customer information: versions by date, what is refused at entry, what is graded by it."""

import datetime
from dataclasses import replace
from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.customers.conftest import AT, DAY
from tests.intake.arriving import csv_of, vin, written

from guanxi.config.demo import load
from guanxi.customers import policy, queries
from guanxi.customers.models import Address, Customer, Quality, Relation, Standard, StandardField
from guanxi.customers.policy import Ask, Rules
from guanxi.customers.services import deriving, grading, reaching, recording, relating, standards
from guanxi.foundation import clock, presets
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db
LATER = DAY + datetime.timedelta(days=10)
NUMBERS = {
    "complete": 100, "valid": 0, "fresh": 0, "unique": 0, "proven": 0, "fresh_days": 100, "stale_days": 200,
}  # fmt: skip
HOBBY = Ask("PERSON", "HOBBIES", "EXPECTED", 30)
PHONE = Ask("PERSON", "PHONE", "REQUIRED", 10)
JOB = Ask("PERSON", "OCCUPATION", "REQUIRED", 20, "OWNER")


@pytest.fixture
def publish(cast, acting):
    """Return a function that publishes a version, as headquarters unless said otherwise."""

    def new(*asks, on=LATER, actor=None, **numbers):
        rules = Rules({**NUMBERS, **numbers}, asks)
        return standards.publish_standard(
            actor=acting(actor or cast.hq), rules=rules, valid_from=on, note="新", at=AT
        )  # fmt: skip

    return new


@pytest.mark.covers("INFO-15")
def test_a_version_holds_from_its_day_and_the_older_stay_readable(publish, cast, acting):
    made = publish(PHONE, HOBBY)
    acting(cast.sales)
    before, after = queries.standard_on(cast.sales, DAY), queries.standard_on(cast.sales, LATER)
    assert (after, before.source) == (made, "base")
    assert queries.standard_on(cast.sales, LATER - datetime.timedelta(days=1)) == before
    assert {(ask.kind, ask.field) for ask in queries.asks(LATER)} == {
        (kind, field) for kind in ("PERSON", "COMPANY") for field in policy.fields_of(kind)
    }
    assert HOBBY in queries.asks(LATER)
    assert HOBBY not in queries.asks(DAY)
    said = policy.differences(queries.rules(after), queries.rules(before))
    assert ("HOBBIES", "PERSON", Ask("PERSON", "HOBBIES"), HOBBY) in [
        (item.name, item.kind, item.before, item.after) for item in said
    ]
    acting(SYSTEM)
    line = AuditEntry.objects.get(verb="customers.publish_standard", subject_id=str(LATER))
    assert line.after["PERSON.HOBBIES"] == "EXPECTED 30 POTENTIAL"


def test_one_that_has_not_begun_is_replaced_and_one_that_holds_is_not(publish):
    publish(PHONE, HOBBY)
    second = publish(PHONE)
    assert Standard.objects.get(valid_from=LATER) == second
    assert not StandardField.objects.filter(standard=second, field="HOBBIES").exclude(binding="OPTIONAL").exists()
    publish(PHONE, on=DAY)
    with pytest.raises(Conflict):
        publish(PHONE, HOBBY, on=DAY)
    with pytest.raises(Invalid):
        publish(PHONE, on=DAY - datetime.timedelta(days=1))


@pytest.mark.parametrize(
    ("asks", "numbers", "field"),
    [
        ((), {"complete": 99}, "complete"),
        ((), {"complete": 101, "valid": -1}, "complete"),
        ((), {"fresh_days": 300}, "stale_days"),
        ((), {"stale_days": 4000}, "stale_days"),
        ((Ask("COMPANY", "GENDER", "EXPECTED", 1),), {}, "COMPANY_GENDER"),
        ((Ask("PERSON", "NAME", "OPTIONAL"),), {}, "PERSON_NAME"),
        ((Ask("PERSON", "CONSULTANT", "REQUIRED", 1),), {}, "PERSON_CONSULTANT"),
        ((replace(HOBBY, weight=101),), {}, "PERSON_HOBBIES"),
        ((replace(HOBBY, binding="OPTIONAL"),), {}, "PERSON_HOBBIES"),
        ((replace(HOBBY, applies_from="LOST"),), {}, "PERSON_HOBBIES"),
    ],
)
def test_a_version_that_contradicts_itself_is_refused(publish, asks, numbers, field):
    with pytest.raises(Invalid) as refused:
        publish(*asks, **numbers)
    assert [problem.field for problem in refused.value.problems] == [field]
    assert not Standard.objects.filter(valid_from=LATER).exists()


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize("name", ["sales", "admin", "auditor", "branch"])
def test_who_may_not_publish_is_refused_and_reads_all_the_same(publish, cast, acting, name):
    actor = getattr(cast, name)
    with pytest.raises(NotAllowed):
        publish(PHONE, actor=actor)
    assert queries.standards(acting(actor)).count() == 1


def test_the_database_lets_nobody_but_headquarters_write_and_no_stranger_read(cast, acting):
    acting(cast.admin)
    assert Standard.objects.update(note="mine") == 0
    with pytest.raises(DatabaseError), transaction.atomic():
        Standard.objects.create(
            valid_from=LATER, starts_at=AT, published_at=AT, person_name="x", **NUMBERS
        )  # fmt: skip
    with connection.cursor() as cursor:
        for name in ("everything", "nodes", "above", "person"):
            cursor.execute(
                "SELECT set_config(%s, %s, true)", [f"guanxi.{name}", "{}" if name in {"nodes", "above"} else ""]
            )
    assert not Standard.objects.exists()
    assert not StandardField.objects.exists()
    with pytest.raises(NotAllowed):
        queries.standard_on(cast.technician, DAY)


@pytest.mark.covers("INFO-15")
def test_entry_by_hand_lacks_nothing_that_is_required(publish, add):
    publish(PHONE, JOB, Ask("PERSON", "ADDRESS", "REQUIRED", 1), on=DAY)
    city = {"province": "31", "city": "3101", "district": "", "line": ""}
    with pytest.raises(Invalid) as refused:
        add("赵敏", "")
    assert [problem.field for problem in refused.value.problems] == ["mobile", "address", "occupation"]
    assert not Customer.objects.filter(name="赵敏").exists()
    with pytest.raises(Invalid) as refused:
        add("赵敏", "13712340987", category="OWNER", address=city)
    assert [problem.field for problem in refused.value.problems] == ["occupation"]
    assert add("赵敏", "13712340987", category="BASE", address=city)
    assert add("钱多多", "13712340986", address=city, fields={"occupation": "教师"})
    assert add("云顶物流有限公司", "")  # of companies this version asks for nothing


def test_what_is_required_cannot_be_emptied_and_what_was_missing_may_stay_so(publish, add, cast, acting):
    row = add("赵敏", "13712340987", fields={"occupation": "教师", "hobbies": "钓鱼"})
    bare = add("钱多多", "13712340986")
    publish(PHONE, JOB, on=DAY)
    acting(cast.admin)

    def change(who, **fields):
        recording.change_customer(actor=cast.admin, customer_id=who.pk, fields=fields, at=AT)

    with pytest.raises(Invalid) as refused:
        change(row, occupation="")
    assert [problem.field for problem in refused.value.problems] == ["occupation"]
    change(row, hobbies="", occupation="医生")
    change(bare, hobbies="钓鱼")
    Relation.objects.filter(customer=row).update(category="BASE")
    change(row, occupation="")  # required of owners alone


def test_an_address_and_a_source_that_are_required_cannot_be_emptied(publish, add, cast, acting):
    city = {"province": "31", "city": "3101", "district": "", "line": "", "postcode": ""}
    empty = dict.fromkeys(city, "")
    row = add("赵敏", "13712340987", address=city, source="WALK_IN")
    publish(PHONE, Ask("PERSON", "ADDRESS", "REQUIRED", 1), Ask("PERSON", "SOURCE", "REQUIRED", 1), on=DAY)
    acting(cast.admin)

    def write(kind, values):
        reaching.set_address(actor=cast.admin, customer_id=row.pk, kind=kind, values=values, at=AT)

    with pytest.raises(Invalid) as refused:
        write("HOME", empty)
    assert [problem.field for problem in refused.value.problems] == ["address"]
    assert Address.objects.get(customer=row).city == "3101"
    write("WORK", city)
    write("HOME", empty)
    held = Relation.objects.get(customer=row)
    with pytest.raises(Invalid) as refused:
        relating.change_relation(actor=cast.admin, relation_id=held.pk, values={"source": ""}, at=AT)
    assert [problem.field for problem in refused.value.problems] == ["source"]
    relating.change_relation(actor=cast.admin, relation_id=held.pk, values={"source": "REFERRAL"}, at=AT)


def marks(row):
    found = Quality.objects.get(customer=row)
    return found.complete, found.score, set(found.doubts) & {"NO_HOBBIES", "NO_OCCUPATION", "NO_EMAIL", "NO_BIRTHDAY"}


@pytest.mark.covers("INFO-30")
def test_records_are_graded_by_the_version_of_the_day_and_the_reason_names_the_field(publish, add, acting):
    owner = add("赵敏", "13712340987", category="OWNER")
    guest = add("钱多多", "13712340986", category="POTENTIAL", fields={"hobbies": "钓鱼"})
    publish(PHONE, HOBBY, JOB, Ask("PERSON", "EMAIL", "EXPECTED", 40))
    acting(SYSTEM)
    rows = [owner.pk, guest.pk]
    deriving.grade(rows, AT)
    assert (marks(owner)[0], marks(owner)[2]) == (40, {"NO_BIRTHDAY"})
    assert marks(guest)[0] == round(100 * 40 / 90)  # the identity number is asked of owners alone
    deriving.grade(rows, clock.start_of(LATER) - datetime.timedelta(seconds=1))
    assert marks(owner)[0] == 40
    deriving.grade(rows, clock.start_of(LATER))
    assert marks(owner) == (10, 10, {"NO_HOBBIES", "NO_OCCUPATION", "NO_EMAIL"})
    assert marks(guest) == (50, 50, {"NO_EMAIL"})


def test_a_new_version_grades_every_record_in_its_first_night(publish, add, acting):
    row = add("赵敏", "13712340987")
    made = publish(PHONE, HOBBY)
    acting(SYSTEM)
    eve = clock.start_of(LATER) - datetime.timedelta(hours=1)
    grading.grade_stale(at=eve, day=LATER - datetime.timedelta(days=1))
    assert Quality.objects.get(customer=row).standard.source == "base"
    count = Customer.objects.filter(merged_into=None).count()
    assert grading.grade_stale(at=clock.start_of(LATER), day=LATER) == count
    assert Quality.objects.get(customer=row).standard == made
    assert grading.grade_stale(at=clock.start_of(LATER), day=LATER) == 0


def test_grading_costs_the_same_number_of_queries_for_one_and_for_many(publish, add, acting):
    rows = [add(f"周{name}", f"1370001000{n}").pk for n, name in enumerate("甲乙丙丁戊")]
    publish(PHONE, HOBBY)
    acting(SYSTEM)
    costs = []
    for ids in (rows[:1], rows):
        with CaptureQueriesContext(connection) as found:
            deriving.grade(ids, clock.start_of(LATER))
        costs.append(len(found))
    assert costs == [1, 1]
    assert set(Quality.objects.filter(customer__in=rows).values_list("complete", flat=True)) == {25}


@pytest.mark.covers("INFO-15")
def test_an_imported_file_is_never_refused_by_it(publish, cast, acting):
    publish(PHONE, JOB, Ask("PERSON", "ADDRESS", "REQUIRED", 70), on=clock.today())
    content = csv_of(("客户姓名", "移动电话", "VIN码"), ("赵敏", "13712340987", vin(1)))
    run = written(cast.admin, cast.outlet_id, content)
    acting(SYSTEM)
    assert run.count("rejected") == 0
    found = Quality.objects.get(customer__name="赵敏")
    assert found.complete == 10
    assert {"NO_OCCUPATION", "NO_ADDRESS"} <= set(found.doubts)


def test_before_a_first_version_nothing_is_required_and_nothing_graded(add, acting):
    acting(SYSTEM)
    Standard.objects.all().delete()
    Quality.objects.all().delete()
    row = add("赵敏", "")
    acting(SYSTEM)
    assert not Quality.objects.filter(customer=row).exists()
    assert grading.grade_stale(at=AT, day=DAY) == 0


@pytest.mark.covers("INFO-15")
def test_the_preset_brings_the_first_version_once(acting):
    acting(SYSTEM)
    part = next(part for part in presets.read("base") if part.loader.key == "customers")
    first = Standard.objects.get()
    assert (first.source, str(first.valid_from)) == ("base", "2000-01-01")
    assert list(presets.compare(part)) == []
    assert list(presets.apply(load.ACTOR, part)) == []
    StandardField.objects.filter(standard=first, kind="PERSON", field="BIRTHDAY").update(weight=5)
    assert [(change.kind, change.subject) for change in presets.compare(part)] == [("change", "PERSON BIRTHDAY")]
    presets.apply(load.ACTOR, part)
    second = Standard.objects.order_by("-valid_from").first()
    assert second.valid_from == clock.today() + datetime.timedelta(days=1)
    assert second.fields.get(kind="PERSON", field="BIRTHDAY").weight == 10


@pytest.mark.parametrize(("complete", "source"), [(30, "base"), (35, "")])
def test_an_installation_keeps_the_weights_that_it_had(acting, complete, source):
    acting(SYSTEM)
    Standard.objects.all().delete()
    before = import_module("guanxi.customers.migrations.0004_quality").RULE
    now = import_module("guanxi.customers.migrations.0008_graded_by_standard").CARRY
    with connection.cursor() as cursor:
        cursor.execute(before.replace("CREATE TABLE", "CREATE TEMP TABLE"))
        cursor.execute("UPDATE customers_qualityrule SET complete = %s, valid = %s", [complete, 55 - complete])
        cursor.execute(now)
    made = Standard.objects.get()
    part = next(part for part in presets.read("base") if part.loader.key == "customers")
    assert (made.source, made.complete, made.starts_at) == (source, complete, clock.start_of(made.valid_from))
    assert queries.rules(made).asks == policy.whole(part.data.rules().asks)
    assert list(presets.compare(part)) == []


def test_a_preset_leaves_what_headquarters_published_since(publish, acting):
    publish(PHONE)
    acting(SYSTEM)
    part = next(part for part in presets.read("base") if part.loader.key == "customers")
    assert list(presets.apply(load.ACTOR, part)) == []
    assert Standard.objects.count() == 2
    with pytest.raises(Invalid):
        part.loader.apply(actor=load.ACTOR, data=part.data, source="other/customers")
