"""Adding and changing customers."""

import pytest
from tests.customers.conftest import AT, DAY

from guanxi.customers import queries
from guanxi.customers.models import Address, ContactPoint, Customer, Relation
from guanxi.customers.services import recording
from guanxi.foundation import sealing
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db
NUMBER = "11010519491231002X"


@pytest.mark.covers("INFO-11", "CLASS-03")
def test_a_new_customer_has_one_record_and_a_relation_to_the_outlet(add, cast):
    row = add("  王 小明 ", category="BASE", source="WALK_IN", address={"province": "31", "city": "3101"})
    assert (row.name, row.kind, row.reading, row.initials) == ("王小明", "PERSON", "wangxiaoming", "wxm")
    relation = Relation.objects.get(customer=row)
    assert (relation.outlet_id, relation.category, relation.source, relation.since) == (
        cast.outlet_id, "BASE", "WALK_IN", DAY,
    )  # fmt: skip
    assert ContactPoint.objects.get(customer=row).is_primary
    assert Address.objects.get(customer=row).city == "3101"


def test_a_company_is_known_by_its_name(add):
    assert add("上海云顶物流有限公司").kind == "COMPANY"


@pytest.mark.covers("NFR-01", "INFO-35")
def test_an_identity_number_is_sealed(add):
    row = add(identity_number="11010519491231002x")
    kept = Customer.objects.get(pk=row.pk)
    assert NUMBER.encode() not in bytes(kept.identity_sealed)
    assert sealing.open_sealed(bytes(kept.identity_sealed)) == NUMBER
    assert kept.identity_tail == "002X"
    assert bytes(kept.identity_digest) == sealing.digest(NUMBER)


@pytest.mark.parametrize(
    ("fields", "number", "field"),
    [({"name": "12345"}, "", "name"), ({"name": ""}, "", "name"), ({"name": "王", "shoe": 1}, "", "shoe"),
     ({"name": "王小"}, "110105194912310021", "identity_number")],
)  # fmt: skip
def test_nonsense_is_refused_at_its_field_and_nothing_is_written(add, acting, fields, number, field):
    acting(SYSTEM)
    before = (Customer.objects.count(), Relation.objects.count())
    with pytest.raises(Invalid) as refused:
        add(fields=fields, identity_number=number)
    assert refused.value.problems[0].field == field
    acting(SYSTEM)
    assert (Customer.objects.count(), Relation.objects.count()) == before


@pytest.mark.covers("INFO-23")
def test_whom_the_outlet_has_already_is_not_doubled(add):
    first = add()
    with pytest.raises(recording.Known) as known:
        add()
    assert known.value.customer_id == first.pk
    assert add("王小明", "13899998888").pk != first.pk  # a namesake
    assert add("赵四", "13812345678").pk != first.pk  # who shares the number


@pytest.mark.covers("INFO-22", "ORG-35")
def test_whom_the_network_knows_gets_a_relation_and_no_second_record(add, elsewhere, cast, acting):
    there = elsewhere()
    acting(cast.admin)
    assert not queries.visible_to(cast.admin).filter(pk=there.pk).exists()
    here = add("李四海", "13900001111")
    assert here.pk == there.pk
    assert [row.outlet_id for row in queries.relations(cast.admin, [here.pk])] == [cast.outlet_id]
    acting(SYSTEM)
    assert Relation.objects.filter(customer=there).count() == 2


@pytest.mark.parametrize("who", ["technician", "auditor", "parts"])
def test_who_may_not_add_is_refused(add, cast, who):
    with pytest.raises(NotAllowed):
        add(actor=getattr(cast, who))


def test_nobody_adds_at_an_outlet_that_is_not_his(add, cast):
    with pytest.raises(NotAllowed):
        add(actor=cast.admin, outlet=cast.other_outlet_id)


@pytest.mark.covers("INFO-08")
def test_hobbies_and_the_preferred_way_are_recorded_and_shown(add, cast, signed_in):
    row = add(fields={"hobbies": "打球", "preferred_channel": "WECHAT"})
    recording.change_customer(actor=cast.admin, customer_id=row.pk, fields={"hobbies": "打球、钓鱼"}, at=AT)
    kept = Customer.objects.get(pk=row.pk)
    assert (kept.hobbies, kept.preferred_channel) == ("打球、钓鱼", "WECHAT")
    assert "打球、钓鱼" in signed_in("admin").get(f"/customers/{row.pk}/").content.decode()


def test_a_change_is_found_again_and_stands_on_the_trail(add, cast):
    row = add()
    recording.change_customer(
        actor=cast.admin, customer_id=row.pk, fields={"name": "王大明", "hobbies": "钓鱼"},
        identity_number=NUMBER, at=AT,
    )  # fmt: skip
    assert [hit.customer.pk for hit in queries.find(cast.admin, "wdm", 5)] == [row.pk]
    assert queries.find(cast.admin, "王小明", 5) == []
    entry = AuditEntry.objects.get(verb="customers.change_customer")
    assert (entry.before, entry.after["name"]) == (
        {"name": "王小明", "hobbies": "", "identity_tail": ""}, "王大明",
    )  # fmt: skip
    assert NUMBER not in str(entry.after)


def test_an_empty_identity_number_takes_it_away_and_none_leaves_it(add, cast):
    row = add(identity_number=NUMBER)
    change = {"actor": cast.admin, "customer_id": row.pk, "fields": {}, "at": AT}
    assert recording.change_customer(**change).identity_tail == "002X"
    assert recording.change_customer(**change, identity_number="").identity_digest is None


def test_another_outlet_cannot_change_what_it_does_not_see(add, cast, acting):
    row = add()
    acting(cast.stranger)
    with pytest.raises(NotFound):
        recording.change_customer(actor=cast.stranger, customer_id=row.pk, fields={"name": "别人"}, at=AT)


@pytest.mark.covers("INFO-10")
@pytest.mark.parametrize(
    ("said", "kept"),
    [("制造业", "MANUFACTURING"), ("Mining", "MINING"), ("TRADE", "TRADE"), ("养鸽子", "养鸽子"), ("", "")],
)
def test_an_industry_is_kept_by_its_code(add, said, kept):
    assert add(fields={"industry": said}).industry == kept
