"""The quality of records, one by one and by outlet."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from tests.customers.conftest import AT, DAY

from guanxi.customers.models import ContactPoint, Customer, OutletQuality, Quality, Standard
from guanxi.customers.services import deriving, grading
from guanxi.foundation.actor import SYSTEM

pytestmark = pytest.mark.django_db


def marks(row):
    found = Quality.objects.get(customer=row)
    return (found.complete, found.valid, found.fresh, found.unique, found.proven, found.score)


@pytest.mark.covers("INFO-30")
def test_marks_are_those_of_the_rule(add):
    bare = add("赵敏", "13712340987")
    assert marks(bare) == (40, 100, 100, 100, 0, round((40 * 30 + 100 * 55) / 100))
    full = add(
        "钱多多", "13712340986", fields={"born_on": datetime.date(1990, 1, 1)}, identity_number="11010519491231002X",
        address={"province": "31", "city": "3101"},
    )  # fmt: skip
    assert marks(full)[0] == 80  # all but the consultant


@pytest.mark.covers("INFO-32")
@pytest.mark.parametrize(
    ("name", "mobile", "doubt", "valid"),
    [("孙悟空", "13888888888", "JUNK_PHONE", 20), ("测试", "13712340985", "JUNK_NAME", 0), ("王", "13712340984", "JUNK_NAME", 0),
     ("孙悟空", "13812345678", "JUNK_PHONE", 20), ("孙悟空", "", "NO_PHONE", 0)],
)  # fmt: skip
def test_junk_is_named(add, name, mobile, doubt, valid):
    row = add(name, mobile or "13712340981")
    if not mobile:
        ContactPoint.objects.filter(customer=row).delete()  # by hand nobody comes in without one, in a file some do
        deriving.grade([row.pk], AT)
    found = Quality.objects.get(customer=row)
    assert doubt in found.doubts
    assert found.valid == valid


def test_a_shared_number_lowers_uniqueness_even_across_outlets(add, elsewhere):
    elsewhere("李四海", "13700001234")
    row = add("李四河", "13700001234")
    found = Quality.objects.get(customer=row)
    assert (found.unique, "SHARED_PHONE" in found.doubts) == (40, True)


@pytest.mark.covers("INFO-24")
def test_a_record_nobody_touches_grows_stale(add, acting):
    row = add("周正", "13712340983")
    acting(SYSTEM)
    Customer.objects.filter(pk=row.pk).update(touched_at=AT - datetime.timedelta(days=400))
    later = AT + datetime.timedelta(days=8)
    grading.grade_stale(at=later, day=later.date())
    found = Quality.objects.get(customer=row)
    assert (found.fresh, "STALE" in found.doubts, found.as_of) == (30, True, later.date())


def test_a_record_touched_after_the_night_began_is_graded_once(add, acting):
    """Whoever works past midnight does not keep the night busy for ever."""
    row = add("周正", "13712340983")
    acting(SYSTEM)
    Customer.objects.filter(pk=row.pk).update(touched_at=AT + datetime.timedelta(days=2))
    Quality.objects.exclude(customer=row).update(as_of=DAY + datetime.timedelta(days=400))
    assert grading.grade_stale(at=AT, day=DAY) == 1
    assert grading.grade_stale(at=AT + datetime.timedelta(days=3), day=DAY + datetime.timedelta(days=3)) == 1
    assert grading.grade_stale(at=AT + datetime.timedelta(days=3), day=DAY + datetime.timedelta(days=3)) == 0


@pytest.mark.covers("INFO-34")
def test_an_outlet_has_the_mean_of_its_records(add, cast, acting):
    acting(SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_relation SET ended_on = %s WHERE outlet_id = %s", [DAY, cast.outlet_id])
    rows = [add("赵敏", "13712340987"), add("测试", "13712340986")]
    acting(SYSTEM)
    grading.grade_stale(at=AT, day=DAY)
    found = OutletQuality.objects.get(outlet_id=cast.outlet_id, day=DAY)
    scores = [Quality.objects.get(customer=row).score for row in rows]
    assert (found.customers, found.usable, float(found.score)) == (2, 1, sum(scores) / 2)
    again = grading.grade_stale(at=AT, day=DAY)
    assert again == 0
    assert OutletQuality.objects.filter(outlet_id=cast.outlet_id, day=DAY).count() == 1


def test_weights_that_do_not_sum_up_are_refused(cast, acting):
    acting(SYSTEM)
    with pytest.raises(IntegrityError), transaction.atomic():
        Standard.objects.update(complete=99)
