"""Inspections by field staff and checks by day, week and month; photos of a round."""

import dataclasses
import datetime

import pytest
from tests.care.checking import DAY, at, days, fine, go, morning, settled, tasks

from guanxi.care.models import CheckList, Round, Shortcoming
from guanxi.care.presets import checklists as presets
from guanxi.foundation import clock, db
from guanxi.foundation import presets as files
from guanxi.foundation.errors import NotAllowed, NotFound
from guanxi.records.services import attaching
from guanxi.records.services.attaching import File

INSPECTION, MONTHS = "store_inspection", 60
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture
def here(cast):
    return settled(cast)


@pytest.fixture
def officer(here):
    """Somebody of the branch with the rights of field staff."""
    part = next(part for part in files.read("base") if part.loader.key == "access")
    verbs = frozenset(next(role for role in part.data.roles if role.code == "field_staff").verbs)
    grants = tuple(dataclasses.replace(grant, role="field_staff", verbs=verbs) for grant in here.branch.grants)
    return dataclasses.replace(here.branch, grants=grants)


def items(code):
    return [item.code for item in CheckList.objects.get(code=code, until=None).items.order_by("position")]


@pytest.mark.covers("MGT-08", "MGT-10")
def test_field_staff_inspect_unannounced_and_what_is_wanting_is_put_right(here, officer):
    for back in range(MONTHS):
        morning(DAY - days(MONTHS - back))
    assert not Round.objects.filter(code=INSPECTION).exists()  # nobody is told of it beforehand
    row = go(officer, here.outlet_id, fine(items(INSPECTION), files="档案缺电话"), code=INSPECTION)
    assert (row.due_at, row.person_name, row.fulfilled, row.missing) == (None, officer.name, 6, 1)
    task = tasks(here.outlet_id)[-1]
    assert (task.role_id, task.opens_at) == ("general_manager", at())
    assert Shortcoming.objects.get(round=row).remark == "档案缺电话"


@pytest.mark.covers("MGT-10")
def test_an_outlet_does_not_inspect_itself_and_no_officer_elsewhere(here, officer):
    with pytest.raises(NotAllowed):
        go(here.gm, here.outlet_id, fine(items(INSPECTION)), code=INSPECTION)
    stranger = dataclasses.replace(officer, grants=here.stranger.grants, scope=here.stranger.scope)
    with pytest.raises(NotAllowed):
        go(stranger, here.outlet_id, fine(items(INSPECTION)), code=INSPECTION)
    assert not Round.objects.filter(code=INSPECTION).exists()


def test_the_page_offers_an_inspection_to_those_whose_it_is_alone(here, signed_in):
    page = signed_in("gm").get(f"/care/rounds/?outlet={here.outlet_id}").content.decode()
    assert "Unannounced, whenever somebody comes by" in page
    assert f"/care/rounds/file/{here.outlet_id}/{INSPECTION}/" not in page
    assert signed_in("gm").get(f"/care/rounds/file/{here.outlet_id}/{INSPECTION}/").status_code == 403


@pytest.mark.covers("MGT-07")
def test_order_in_the_house_is_checked_by_day_week_and_month(here):
    part = next(part for part in files.read("base") if part.loader.key == presets.LOADER.key)
    lists = {entry.code: entry for entry in part.data.lists}
    assert [(lists[code].weekdays, lists[code].every) for code in ("six_s_day", "six_s_week", "six_s_month")] == [
        ([], 1), ([5], 1), ([], 20),
    ]  # fmt: skip
    assert [code for code, _zh, _en in lists["six_s_day"].items()] == [
        "seiri", "seiton", "seiso", "seiketsu", "shitsuke", "safety",
    ]  # fmt: skip
    assert len({lists[code].role for code in ("six_s_day", "six_s_week", "six_s_month")}) == 3  # each has its own
    friday = datetime.date(2026, 6, 12)
    for day in (DAY, DAY + days(1), friday):
        morning(day)
    asked = [
        (row.code, row.day)
        for row in Round.objects.filter(outlet_id=here.outlet_id, code__startswith="six_s", day__lte=friday).exclude(
            code="six_s_month"
        )
    ]
    assert sorted(asked) == sorted(
        [("six_s_day", DAY), ("six_s_day", DAY + days(1)), ("six_s_day", friday), ("six_s_week", friday)]
    )


def test_photos_belong_to_who_went_round_on_the_day(here, officer, monkeypatch):
    today = clock.today()
    db.set_scope(officer)
    row = go(officer, here.outlet_id, fine(items(INSPECTION)), code=INSPECTION, day=today)
    said = {
        "subject_type": "care.round",
        "subject_id": row.pk,
        "file": File("展厅.png", PNG, "展厅"),
        "at": clock.now(),
    }
    made = attaching.attach(actor=officer, **said)
    assert (made.place_id, made.media_type, made.note) == (here.outlet_id, "image/png", "展厅")
    for other, refused in ((here.gm, NotAllowed), (here.stranger, NotFound)):
        db.set_scope(other)
        with pytest.raises(refused):
            attaching.attach(actor=other, **said)
    db.set_scope(officer)
    monkeypatch.setattr(clock, "today", lambda: today + days(1))
    with pytest.raises(NotAllowed):
        attaching.attach(actor=officer, **said)


def test_a_round_shows_its_photos_and_asks_its_author_for_them(here, signed_in):
    row = go(here.crm, here.outlet_id, day=clock.today())
    page = signed_in("crm").get(f"/care/rounds/{row.pk}/").content.decode()
    assert 'id="evidence"' in page
    assert f"/records/attach/care.round/{row.pk}/" in page or 'enctype="multipart/form-data"' in page
    other = signed_in("gm").get(f"/care/rounds/{row.pk}/").content.decode()
    assert 'id="evidence"' in other
    assert 'enctype="multipart/form-data"' not in other
