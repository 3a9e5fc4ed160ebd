"""The care list: owners added by what their cars are, called by their outlets, marked as they are reached."""

import datetime

import pytest
from tests import garage
from tests.crisis.conftest import AT, fresh, log

from guanxi.crisis import tasks
from guanxi.crisis.models import Affected
from guanxi.crisis.queries import concerned, effect
from guanxi.crisis.queries.concerned import Wanted
from guanxi.crisis.services import caring, leaving_alone
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed
from guanxi.network.models import Node
from guanxi.privacy.models import Hold
from guanxi.records.models import AuditEntry
from guanxi.vehicles.models import CarModel
from guanxi.worklist.models import Task
from guanxi.worklist.services import working

SOLD = datetime.date(2025, 3, 1)


@pytest.fixture
def owners(cast):
    """Three owners of the outlet and one of another, with cars of one model and running numbers."""
    trim = garage.trim("CARE")
    made = []
    for number, outlet in enumerate((cast.outlet_id, cast.outlet_id, cast.outlet_id, cast.other_outlet_id)):
        who = garage.customer(f"车主{number}", f"1360000890{number}", outlet)
        who.car = garage.car(who, 9100 + number, plate="", trim=trim, sold_on=SOLD + datetime.timedelta(days=number))
        who.model_id = trim.model_id
        made.append(who)
    return made


def listed(row):
    db.set_scope(SYSTEM)
    return list(Affected.objects.filter(crisis=row).order_by("vehicle_id").values_list("customer_id", flat=True))


def test_owners_are_found_by_model_vin_outlet_and_days_of_sale(cast, acting, room, owners):
    row = room()
    acting(SYSTEM)
    first, second, third, _elsewhere = owners
    model = owners[0].model_id
    for wanted, count in (
        (Wanted(model), 3), (Wanted(model, below_id=cast.outlet_id), 3), (Wanted(model, below_id=cast.other_outlet_id), 0),
        (Wanted(model, first.car.vin, second.car.vin), 2), (Wanted(model, vin_from="LYT8"), 3),
        (Wanted(model, vin_to=first.car.vin[:11]), 3), (Wanted(model, vin_from="M"), 0),
        (Wanted(model, sold_from=SOLD, sold_to=SOLD), 1), (Wanted(model, sold_from=third.car.sold_on), 1),
    ):  # fmt: skip
        assert concerned.count(row, wanted, clock.day_of(AT)) == (count, count), wanted
    wide = room("planner", place_id=cast.group_id, owner_id=None)
    acting(SYSTEM)
    assert concerned.count(wide, Wanted(model), clock.day_of(AT)) == (4, 4)


def test_they_are_added_once_and_left_alone(cast, acting, room, owners):
    row = room()
    model = owners[0].model_id
    with pytest.raises(Invalid, match="which cars"):
        caring.add_owners(actor=acting(cast.gm), crisis_id=row.pk, wanted=Wanted(), at=AT)
    assert caring.add_owners(actor=acting(cast.gm), crisis_id=row.pk, wanted=Wanted(model), at=AT) == 3
    again = Wanted(model, "LYT", "LYTZ", cast.outlet_id, SOLD)
    assert caring.add_owners(actor=acting(cast.gm), crisis_id=row.pk, wanted=again, at=AT) == 0
    assert listed(row) == [who.pk for who in owners[:3]]
    named, outlet = CarModel.objects.get(pk=model).name, Node.objects.get(pk=cast.outlet_id).name
    assert ("LISTED", f"+3: {named}") in log(row)
    assert ("LISTED", f"+0: {named}, LYT–LYTZ, {outlet}, 2025-03-01") in log(row)
    leaving_alone.settle(actor=SYSTEM, crisis_id=row.pk, at=AT)
    held = set(Hold.objects.filter(lifted_at=None).values_list("customer_id", flat=True))
    assert held == {who.pk for who in owners[:3]}


def test_calls_are_asked_for_by_set_and_how_they_end_says_who_was_reached(cast, acting, room, owners):
    row = room()
    caring.add_owners(actor=acting(cast.gm), crisis_id=row.pk, wanted=Wanted(owners[0].model_id), at=AT)
    with pytest.raises(Invalid):
        caring.ask_calls(actor=acting(cast.gm), crisis_id=row.pk, role="auditor", words=" ", at=AT)
    asked = {"crisis_id": row.pk, "role": "service_advisor", "words": "请到店免费检查", "at": AT}
    assert caring.ask_calls(actor=acting(cast.gm), **asked) == 3
    assert caring.ask_calls(actor=acting(cast.gm), **asked) == 0
    acting(SYSTEM)
    rows = list(Affected.objects.filter(crisis=row).order_by("vehicle_id"))
    written = Task.objects.filter(kind="crisis.call")
    assert {(task.role_id, task.node_id, task.note) for task in written} == {
        ("service_advisor", cast.outlet_id, "请到店免费检查")
    }
    for held, outcome in zip(rows, ("REACHED", "REFUSED", "NOT_REACHED"), strict=True):
        working.settle(actor=SYSTEM, key=held.call_key, outcome=outcome, at=AT)
        task = Task.objects.get(key=held.call_key)
        tasks.follow_task(kind=task.kind, key=task.key, state=task.state, outcome=task.outcome)
    states = Affected.objects.filter(crisis=row).order_by("vehicle_id").values_list("state", flat=True)
    assert list(states) == ["CONTACTED", "REFUSED", "UNREACHABLE"]
    assert concerned.counts(fresh(row)) == {"TO_CONTACT": 0, "CONTACTED": 1, "REFUSED": 1, "UNREACHABLE": 1}
    tasks.follow_task(kind="care.call", key="x", state="DONE", outcome="REACHED")  # somebody else's


def test_one_is_marked_by_hand_and_his_task_ends(cast, acting, room, owners):
    row = room()
    caring.add_owners(actor=acting(cast.gm), crisis_id=row.pk, wanted=Wanted(owners[0].model_id), at=AT)
    caring.ask_calls(actor=acting(cast.gm), crisis_id=row.pk, role="service_advisor", words="x", at=AT)
    acting(SYSTEM)
    held = Affected.objects.filter(crisis=row).first()
    with pytest.raises(NotAllowed):
        caring.mark(actor=acting(cast.auditor), affected_id=held.pk, state="CONTACTED", note="", at=AT)
    with pytest.raises(Invalid):
        caring.mark(actor=acting(cast.gm), affected_id=held.pk, state="REFUSED", note=" ", at=AT)
    caring.mark(actor=acting(cast.gm), affected_id=held.pk, state="REFUSED", note="不愿再谈", at=AT)
    acting(SYSTEM)
    assert Task.objects.get(key=held.call_key).state == "DONE"
    assert not caring.follow_call(actor=SYSTEM, key=held.call_key, ending=("DONE", "REACHED"), at=AT)
    assert Affected.objects.get(pk=held.pk).note == "不愿再谈"


def test_the_list_on_pages_first_counts_then_adds(signed_in, cast, room, owners):
    row = room("branch", owner_id=None)
    client = signed_in("branch")
    query = f"model={owners[0].model_id}&vin_from=LYT8"
    page = client.get(f"/crisis/{row.pk}/care-list/add/?{query}").content.decode()
    assert "So many fit" in page
    assert listed(row) == []
    added = client.post(f"/crisis/{row.pk}/care-list/add/", {"model": owners[0].model_id, "vin_from": "LYT8"})
    assert added.status_code == 302
    page = signed_in("branch").get(f"/crisis/{row.pk}/care-list/").content.decode()
    assert (page.count("data-row"), "车主1" in page) == (3, True)
    client = signed_in("branch")
    assert client.get(f"/crisis/{row.pk}/care-list/?q=车主2").content.decode().count("data-row") == 1
    text = client.get(f"/crisis/{row.pk}/care-list/?export=csv").content.decode("utf-8-sig")
    assert "车主0" in text
    assert (
        client.post(f"/crisis/{row.pk}/care-list/calls/", {"role": "service_advisor", "words": "x"}).status_code == 302
    )
    db.set_scope(SYSTEM)
    held = Affected.objects.filter(crisis=row).first()
    client = signed_in("branch")
    told = client.post(f"/crisis/owners/{held.pk}/mark/", {"state": "CONTACTED", "note": ""})
    assert (told.status_code, told["Location"]) == (302, f"/crisis/{held.crisis_id}/care-list/")
    assert "Contacted" in signed_in("branch").get(f"/crisis/{row.pk}/").content.decode()
    db.set_scope(SYSTEM)
    assert AuditEntry.objects.filter(verb="crisis.export").count() == 1


def test_a_closed_crisis_gets_no_more_owners(cast, acting, room, owners):
    from guanxi.crisis.services import leading

    row = room()
    leading.calm(actor=acting(cast.gm), crisis_id=row.pk, words="x", at=AT)
    leading.close(actor=cast.gm, crisis_id=row.pk, words="x", at=AT)
    with pytest.raises(Conflict):
        caring.add_owners(actor=acting(cast.gm), crisis_id=row.pk, wanted=Wanted(1), at=AT)


def test_the_effect_counts_weeks_before_and_since(cast, acting, complain, room):
    week = datetime.timedelta(weeks=1)
    for moment in (AT - 3 * week, AT - week, AT, AT + week):
        complain("车门关不严", at=moment, category="BODY")
    complain("收银太慢", at=AT, category="RECEPTION")
    row = room(matter_id="BODY", complaint_id=complain("刹车失灵", category="OTHER").pk)
    acting(SYSTEM)
    found = effect.weeks(row, clock.day_of(AT + 2 * week))
    assert [item.count for item in found] == [0, 0, 0, 0, 0, 1, 0, 1, 1, 1, 0]
    assert [item.is_since for item in found] == [False] * 8 + [True] * 3
    own = room(complaint_id=complain("刹车失灵", at=AT).pk)
    acting(SYSTEM)
    assert sum(item.count for item in effect.weeks(own, clock.day_of(AT))) == 1
