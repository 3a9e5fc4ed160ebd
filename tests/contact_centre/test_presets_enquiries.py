"""Categories of enquiries come with presets."""

import pytest

from guanxi.contact_centre.models import EnquiryCategory
from guanxi.contact_centre.presets.enquiries import EnquiriesPreset, apply, compare
from guanxi.foundation import db, presets
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import NotAllowed

pytestmark = pytest.mark.django_db
ENTRY = {
    "code": "CLUB", "name_zh": "俱乐部", "name_en": "Club", "angle": "SALES", "department": "RELATIONS", "answer_days": 2,
}  # fmt: skip


def data(*entries):
    return EnquiriesPreset.model_validate({"category": entries})


def test_the_base_is_applied_with_every_angle(cast):
    part = next(part for part in presets.read("base") if part.loader.key == "enquiries")
    assert compare(part.data) == []
    assert set(EnquiryCategory.objects.values_list("angle", flat=True)) == {"SALES", "SERVICE", "PRODUCT"}


def test_a_category_is_added_then_changed_then_the_same(cast):
    assert [change.kind for change in apply(actor=SYSTEM, data=data(ENTRY), source="x/enquiries")] == ["add"]
    changed = ENTRY | {"answer_days": 5}
    assert [change.kind for change in apply(actor=SYSTEM, data=data(changed), source="x/enquiries")] == ["change"]
    assert compare(data(changed)) == []
    row = EnquiryCategory.objects.get(pk="CLUB")
    assert (row.answer_days, row.source) == (5, "x")


def test_a_category_of_a_department_that_is_not_there_waits(cast):
    waiting = ENTRY | {"department": "NOBODY"}
    assert len(apply(actor=SYSTEM, data=data(waiting), source="x")) == 1
    assert not EnquiryCategory.objects.filter(pk="CLUB").exists()
    assert len(compare(data(waiting))) == 1


@pytest.mark.parametrize("wrong", [{"angle": "OTHER"}, {"answer_days": 0}, {"code": "club"}, {"else": 1}])
def test_nonsense_is_refused(wrong):
    with pytest.raises(ValueError, match="validation error"):
        data(ENTRY | wrong)
    with pytest.raises(ValueError, match="validation error"):
        data(ENTRY, ENTRY)


def test_applying_needs_the_verb(cast, acting):
    with pytest.raises(NotAllowed):
        apply(actor=acting(cast.gm), data=data(ENTRY), source="x")
    db.set_scope(SYSTEM)
    assert not EnquiryCategory.objects.filter(pk="CLUB").exists()
