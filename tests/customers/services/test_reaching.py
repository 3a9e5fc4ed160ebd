"""Numbers and addresses: adding, their state, seeing one whole."""

import pytest
from tests.customers.conftest import AT

from guanxi.customers.models import ContactPoint, Quality
from guanxi.customers.services import noting, reaching
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(add):
    return add(mobile="13712340981", identity_number="11010519491231002X")


@pytest.fixture
def point(row):
    return ContactPoint.objects.get(customer=row)


def test_a_second_number_is_not_the_main_one_until_it_is_made_so(row, point, cast):
    made = reaching.add_point(actor=cast.admin, customer_id=row.pk, channel="MOBILE", value="13700000001", at=AT)
    assert not made.is_primary
    reaching.make_main(actor=cast.admin, customer_id=row.pk, point_id=made.pk, at=AT)
    assert list(ContactPoint.objects.filter(customer=row, is_primary=True).values_list("pk", flat=True)) == [made.pk]
    with pytest.raises(Conflict):
        reaching.add_point(actor=cast.admin, customer_id=row.pk, channel="MOBILE", value="13700000001", at=AT)


@pytest.mark.covers("INFO-30")
def test_a_number_that_is_dead_or_proven_changes_the_quality(row, point, cast):
    set_state = {"actor": cast.admin, "customer_id": row.pk, "point_id": point.pk, "at": AT}
    reaching.set_point_state(**set_state, state="WRONG")
    quality = Quality.objects.get(customer=row)
    assert "PHONE_DEAD" in quality.doubts
    assert (quality.valid, quality.proven) == (20, 0)
    reaching.set_point_state(**set_state, state="VALID", reached=True)
    quality = Quality.objects.get(customer=row)
    assert (quality.valid, quality.proven) == (100, 100)
    assert {"PHONE_DEAD", "UNPROVEN"} & set(quality.doubts) == set()


@pytest.mark.covers("NFR-01", "INFO-35")
def test_who_sees_a_number_whole_stands_on_the_trail(row, point, cast):
    assert reaching.reveal_point(actor=cast.admin, customer_id=row.pk, point_id=point.pk) == "13712340981"
    entry = AuditEntry.objects.get(verb="customers.reveal_phone")
    assert (entry.subject_id, entry.node_id, entry.after) == (
        str(row.pk), cast.outlet_id, {"point": "137 **** 0981"},
    )  # fmt: skip


@pytest.mark.covers("NFR-01")
def test_who_sees_an_identity_number_whole_stands_on_the_trail(row, cast):
    assert reaching.reveal_identity(actor=cast.admin, customer_id=row.pk) == "11010519491231002X"
    assert AuditEntry.objects.get(verb="customers.reveal_identity").after == {"identity_tail": "002X"}


def test_masked_stays_masked_for_those_who_may_not_see_it(row, point, cast, acting):
    acting(cast.auditor)
    with pytest.raises(NotAllowed):
        reaching.reveal_point(actor=cast.auditor, customer_id=row.pk, point_id=point.pk)
    acting(cast.sales)
    with pytest.raises(NotAllowed):
        reaching.reveal_identity(actor=cast.sales, customer_id=row.pk)
    acting(cast.stranger)
    with pytest.raises(NotFound):
        reaching.reveal_point(actor=cast.stranger, customer_id=row.pk, point_id=point.pk)


def test_a_point_of_another_customer_is_not_there(row, point, add, cast):
    other = add("别人", "13700000002")
    with pytest.raises(NotFound):
        reaching.reveal_point(actor=cast.admin, customer_id=other.pk, point_id=point.pk)


def test_one_address_of_a_kind(row, cast):
    values = {"province": "31", "city": "3101", "district": "310115", "line": "世纪大道1号"}
    first = reaching.set_address(actor=cast.admin, customer_id=row.pk, kind="HOME", values=values, at=AT)
    again = reaching.set_address(
        actor=cast.admin, customer_id=row.pk, kind="HOME", values={"line": "世纪大道2号"}, at=AT
    )
    assert (again.pk, again.line, again.city) == (first.pk, "世纪大道2号", "3101")


def test_a_note_is_read_by_its_outlet_and_those_above(row, cast, acting):
    noting.write_note(actor=cast.admin, customer_id=row.pk, body=" 喜欢周末来 ", at=AT)
    for who, seen in (("admin", 1), ("branch", 1), ("hq", 1), ("stranger", 0)):
        acting(getattr(cast, who))
        assert row.notes.count() == seen, who
    acting(cast.admin)
    with pytest.raises(Invalid):
        noting.write_note(actor=cast.admin, customer_id=row.pk, body="  ", at=AT)


@pytest.mark.covers("INFO-31")
def test_what_the_call_centre_found_decides_whether_a_record_is_valid(row, cast, acting):
    acting(cast.agent)
    noting.verify(actor=cast.agent, customer_id=row.pk, verification="INVALID", at=AT)
    quality = Quality.objects.get(customer=row)
    assert (quality.valid, "FOUND_WRONG" in quality.doubts) == (0, True)
    noting.verify(actor=cast.agent, customer_id=row.pk, verification="VALID", at=AT)
    assert Quality.objects.get(customer=row).valid == 100
    acting(cast.admin)
    with pytest.raises(NotAllowed):
        noting.verify(actor=cast.admin, customer_id=row.pk, verification="VALID", at=AT)
