"""Two records made one, and two again."""

import pytest
from django.apps import apps
from django.forms.models import model_to_dict
from tests.customers.conftest import AT

from guanxi.customers import queries
from guanxi.customers.models import Association, ContactPoint, Customer, Note, Relation
from guanxi.customers.services import merging, noting, pointers, reaching, relating
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db
VOLATILE = {"touched_at"}


def picture(*ids):
    """Everything that says something of these customers, without the moments of change."""
    rows = {}
    for model, field in [(Customer, "pk"), *((model, field.name) for model, field in pointers._pointers())]:
        for row in model.objects.filter(**{f"{field}__in": ids}).order_by("pk"):
            values = {name: value for name, value in model_to_dict(row).items() if name not in VOLATILE}
            rows[model.__name__, row.pk] = {
                key: bytes(v) if isinstance(v, memoryview) else v for key, v in values.items()
            }
    return rows


@pytest.fixture
def two(add, cast):
    kept = add("王小明", "13812345678", fields={"gender": "M"})
    gone = add("王晓明", "13912345678", fields={"occupation": "司机"}, identity_number="11010519491231002X")
    friend = add("李雷", "13712345678")
    reaching.add_point(actor=cast.admin, customer_id=gone.pk, channel="LANDLINE", value="02112345678", at=AT)
    reaching.add_point(actor=cast.admin, customer_id=gone.pk, channel="MOBILE", value="13812345678", at=AT)
    noting.write_note(actor=cast.admin, customer_id=gone.pk, body="说话快", at=AT)
    relating.associate(actor=cast.admin, customer_id=gone.pk, other_id=friend.pk, tie="HOUSEHOLD", at=AT)
    relating.associate(actor=cast.admin, customer_id=gone.pk, other_id=kept.pk, tie="REFERRER", at=AT)
    return kept, gone


def merge(actor, kept, gone, **choices):
    return merging.merge_customers(actor=actor, kept_id=kept.pk, gone_id=gone.pk, choices=choices, at=AT)


@pytest.mark.covers("INFO-23", "CC-22")
def test_the_one_that_stays_has_everything_of_both(two, cast):
    kept, gone = two
    merge(cast.admin, kept, gone)
    row = queries.customer(cast.admin, kept.pk)
    assert (row.name, row.gender, row.occupation, row.identity_tail) == ("王小明", "M", "司机", "002X")
    numbers = set(ContactPoint.objects.filter(customer=row).values_list("value", "is_primary"))
    assert numbers == {("13812345678", True), ("13912345678", False), ("02112345678", True)}
    assert Note.objects.get(customer=row).body == "说话快"
    assert Association.objects.get(customer=row).tie == "HOUSEHOLD"
    with pytest.raises(NotFound):
        queries.customer(cast.admin, gone.pk)


def test_the_chosen_value_stays(two, cast):
    kept, gone = two
    merge(cast.admin, kept, gone, name="gone", gender="gone", identity_tail="kept")
    row = queries.customer(cast.admin, kept.pk)
    assert (row.name, row.reading, row.gender, row.identity_tail) == ("王晓明", "wangxiaoming", "", "")


def test_the_merged_one_is_found_by_what_led_to_either(two, cast):
    kept, gone = two
    merge(cast.admin, kept, gone)
    for text in ("13912345678", "5678", "王小明", "wxm"):
        assert [hit.customer.pk for hit in queries.find(cast.admin, text, 10)].count(kept.pk) == 1, text
        assert gone.pk not in [hit.customer.pk for hit in queries.find(cast.admin, text, 10)]


@pytest.mark.covers("INFO-23")
@pytest.mark.parametrize("choices", [{}, {"name": "gone", "identity_tail": "gone"}, {"identity_tail": "kept"}])
def test_undo_restores_both_exactly(two, cast, choices):
    kept, gone = two
    before = picture(kept.pk, gone.pk)
    made = merge(cast.admin, kept, gone, **choices)
    assert picture(kept.pk, gone.pk) != before
    merging.undo_merge(actor=cast.admin, merge_id=made.pk, at=AT)
    assert picture(kept.pk, gone.pk) == before
    assert [hit.customer.pk for hit in queries.find(cast.admin, "13912345678", 5)] == [gone.pk]
    with pytest.raises(Conflict):
        merging.undo_merge(actor=cast.admin, merge_id=made.pk, at=AT)


def test_what_changed_since_is_not_overwritten(two, cast):
    kept, gone = two
    made = merge(cast.admin, kept, gone)
    Customer.objects.filter(pk=kept.pk).update(name="王大明")
    with pytest.raises(Conflict, match="name"):
        merging.undo_merge(actor=cast.admin, merge_id=made.pk, at=AT)
    assert Customer.objects.get(pk=kept.pk).name == "王大明"


def test_an_outlet_does_not_merge_what_another_knows_too(two, cast, acting):
    kept, gone = two
    acting(SYSTEM)
    Relation.objects.create(
        customer=gone, outlet_id=cast.other_outlet_id, category="OWNER", since=AT.date(), touched_at=AT
    )
    acting(cast.admin)
    with pytest.raises(NotAllowed):
        merge(cast.admin, kept, gone)
    acting(cast.hq)
    merge(cast.hq, kept, gone)
    assert set(Relation.objects.filter(customer=kept).values_list("outlet_id", flat=True)) == {
        cast.outlet_id, cast.other_outlet_id,
    }  # fmt: skip


def test_a_record_of_another_outlet_is_not_there(add, elsewhere, cast, acting):
    other = elsewhere()
    kept = add()
    with pytest.raises(NotFound):
        merge(cast.admin, kept, other)


def test_one_record_is_not_merged_with_itself(add, cast):
    kept = add()
    with pytest.raises(Invalid):
        merge(cast.admin, kept, kept)


def test_who_may_not_merge_is_refused(two, cast, acting):
    acting(cast.sales)
    with pytest.raises(NotAllowed):
        merge(cast.sales, *two)


def test_both_stand_on_the_trail(two, cast):
    kept, gone = two
    merge(cast.admin, kept, gone)
    rows = AuditEntry.objects.filter(verb="customers.merge_customers").values_list("subject_id", flat=True)
    assert set(rows) == {str(kept.pk), str(gone.pk)}


def test_every_pointer_of_every_capability_is_known():
    found = {(model._meta.label, field.name) for model, field in pointers._pointers()}
    expected = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in model._meta.fields
        if field.related_model is Customer
        and model._meta.label not in {"customers.Customer", "customers.Merge", "customers.Quality"}
    }
    assert found == expected
    assert len(found) > 10
