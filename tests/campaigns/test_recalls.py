"""Recalls by VIN list: the findings of a list, inviting, chasing who is not reached, done with a visit, completion."""

import pytest
from django.db import DatabaseError, transaction
from tests import garage
from tests.campaigns.conftest import AT, DAY, days, recall_values, seen

from guanxi.campaigns import policy, tasks
from guanxi.campaigns.models import Recall, RecallCar
from guanxi.campaigns.queries import recalls as queries
from guanxi.campaigns.services import carrying_out, inviting
from guanxi.campaigns.services import recall_steps as steps
from guanxi.campaigns.services import recalls as services
from guanxi.customers.models import ContactPoint
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.messaging.models import Message
from guanxi.records.models import AuditEntry
from guanxi.worklist.models import Task
from guanxi.worklist.services import adding, working
from guanxi.workshop.models import Visit


@pytest.fixture
def recall(world, acting):
    """Return a function that writes a recall with the cars of some people, opened unless said otherwise."""

    def make(*people, who="hq", node=None, is_open=True, **more):
        actor = acting(getattr(world, who))
        row = services.add_recall(actor=actor, values=recall_values(node or world.brand_id, **more), at=AT)
        if people:
            text = "\n".join(one.car.vin for one in people)
            services.add_cars(actor=actor, recall_id=row.pk, text=text, at=AT)
            if is_open:
                steps.submit_recall(actor=actor, recall_id=row.pk, at=AT)
                steps.approve_recall(actor=acting(SYSTEM), recall_id=row.pk, at=AT)
                row = steps.open_recall(actor=acting(getattr(world, who)), recall_id=row.pk, at=AT)
        seen()
        return row

    return make


def invite(at=AT):
    return inviting.invite_due(actor=SYSTEM, now=lambda: at)


def states(row):
    seen()
    return dict(RecallCar.objects.filter(recall=row).values_list("customer_id", "state"))


def visit(row, on, outlet):
    return Visit.objects.create(
        outlet_id=outlet, vehicle=row.car, customer=row, order_no=f"R{on}", category="X", counts=True, entered_on=on,
        left_on=on, touched_at=AT,
    )  # fmt: skip


def ends(row, customer, kind, outcome):
    """End the task about an owner as the agent does, and tell it as the wiring does."""
    seen()
    task = Task.objects.get(kind=f"campaigns.{kind}", subject_id=customer.pk, state__in=["OPEN", "CLAIMED"])
    working.finish(actor=SYSTEM, task_id=task.pk, ending=working.Ending(outcome), at=AT + days(1))
    tasks.follow_recall(kind=task.kind, key=task.key, state="DONE", outcome=outcome)


def test_a_list_is_read_line_by_line_with_its_findings(recall, person, world, acting):
    one, two, foreign = person(), person(), person(outlet=world.other_outlet_id)
    row = recall(who="service", node=world.outlet_id)
    text = f"VIN,model\n{one.car.vin.lower()},x\n\nLYT123\n{one.car.vin}\n{foreign.car.vin}\n{garage.vin(77)}\n{two.car.vin}"
    service = acting(world.service)
    report = services.add_cars(actor=service, recall_id=row.pk, text=text, at=AT)
    assert report.added == 2
    assert [(found.line, found.text, found.finding) for found in report.findings] == [
        (4, "LYT123", "MALFORMED"), (5, one.car.vin, "DOUBLE"), (6, foreign.car.vin, "UNKNOWN"),
        (7, garage.vin(77), "UNKNOWN"),
    ]  # fmt: skip
    again = services.add_cars(actor=service, recall_id=row.pk, text=one.car.vin, at=AT)
    assert (again.added, [found.finding for found in again.findings]) == (0, ["ALREADY"])
    seen()
    found = {car.customer_id: (car.outlet_id, car.state) for car in row.cars.all()}
    assert found == {one.pk: (world.outlet_id, "OPEN"), two.pk: (world.outlet_id, "OPEN")}
    assert AuditEntry.objects.filter(verb="campaigns.add_cars").count() == 1


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("VIN\nA1\nB2", [(2, "A1"), (3, "B2")]),
        ('"A1";x\n  B2 \tx', [(1, "A1"), (2, "B2")]),
        ("\n\n", []),
        ("A1\nB2\nC3", [(1, "A1"), (2, "B2")]),
    ],
)
def test_the_cells_of_a_list(text, cells):
    assert policy.lines_of(text, 2) == cells


def test_owners_are_called_and_who_cannot_be_reached_is_chased(recall, person, world):
    fine, silent, refuses = person("甲"), person("乙", mobile="", agreed=False), person("丙", agreed=False)
    ContactPoint.objects.filter(customer=refuses).update(state="DO_NOT_CONTACT")
    row = recall(fine, silent, refuses)
    assert invite() == {"invited": 1, "unreachable": 2}
    assert states(row) == {fine.pk: "INVITED", silent.pk: "UNREACHABLE", refuses.pk: "UNREACHABLE"}
    task = Task.objects.get(kind="campaigns.recall_call")
    assert (task.subject_id, task.node_id, task.role_id) == (fine.pk, world.outlet_id, "follow_up_agent")
    assert task.words == "更换制动软管"
    chased = Task.objects.filter(kind="campaigns.chase").values_list("subject_id", flat=True)
    assert set(chased) == {silent.pk, refuses.pk}
    assert invite() == {}


def test_only_safety_needs_no_consent(recall, person):
    who = person(agreed=False)
    assert states_after(recall(who, is_safety=False)) == {who.pk: "UNREACHABLE"}
    assert states_after(recall(who)) == {who.pk: "INVITED"}


def states_after(row):
    invite()
    return states(row)


def test_messages_go_through_messaging_and_its_skips_are_chased(recall, person):
    fine, silent = person("甲"), person("乙", agreed=False)
    row = recall(fine, silent, channel="SMS", template="check_up")
    invite()
    assert states(row) == {fine.pk: "INVITED", silent.pk: "UNREACHABLE"}
    assert list(Message.objects.values_list("customer_id", "key", "state")) == [(fine.pk, row.key, "QUEUED")]


def test_what_came_of_a_call_moves_the_car_on(recall, person):
    gone, refuses, comes = person("甲"), person("乙"), person("丙")
    row = recall(gone, refuses, comes)
    invite()
    ends(row, gone, "recall_call", "NOT_REACHED")
    ends(row, refuses, "recall_call", "REFUSED")
    ends(row, comes, "recall_call", "APPOINTMENT")
    assert states(row) == {gone.pk: "UNREACHABLE", refuses.pk: "REFUSED", comes.pk: "INVITED"}
    assert Task.objects.get(kind="campaigns.chase").subject_id == gone.pk
    ends(row, gone, "chase", "REACHED")
    assert states(row)[gone.pk] == "INVITED"


def test_a_car_is_carried_out_with_a_visit_since_the_opening(recall, person, world, acting):
    who = person()
    early = visit(who, DAY - days(3), world.outlet_id)
    row = recall(who)
    invite()
    pk = RecallCar.objects.get(recall=row).pk
    advisor = acting(world.advisor)
    with pytest.raises(Invalid):
        carrying_out.mark_done(actor=advisor, car_id=pk, visit_id=early.pk, at=AT)
    seen()
    done = visit(who, DAY + days(3), world.outlet_id)
    acting(world.advisor)
    made = carrying_out.mark_done(actor=advisor, car_id=pk, visit_id=done.pk, at=AT + days(3))
    assert (made.state, made.done_on, made.visit_id) == ("DONE", DAY + days(3), done.pk)
    seen()
    assert Task.objects.get(kind="campaigns.recall_call").state == "DONE"
    for call in (
        lambda: carrying_out.mark_done(actor=acting(world.advisor), car_id=pk, visit_id=done.pk, at=AT),
        lambda: carrying_out.mark_refused(actor=acting(world.advisor), car_id=pk, note="不来", at=AT),
    ):
        with pytest.raises(Conflict):
            call()
    with pytest.raises(NotAllowed):
        carrying_out.mark_refused(actor=acting(world.gm), car_id=pk, note="不来", at=AT)
    with pytest.raises(NotFound):
        carrying_out.mark_refused(actor=acting(world.stranger), car_id=pk, note="不来", at=AT)
    seen()
    with pytest.raises(DatabaseError), transaction.atomic():
        RecallCar.objects.filter(pk=pk).update(done_on=None)


def test_a_refusal_needs_words_and_ends_the_call(recall, person, world, acting):
    who = person()
    row = recall(who)
    invite()
    pk = RecallCar.objects.get(recall=row).pk
    with pytest.raises(Invalid):
        carrying_out.mark_refused(actor=acting(world.advisor), car_id=pk, note="  ", at=AT)
    made = carrying_out.mark_refused(actor=acting(world.advisor), car_id=pk, note=" 已卖车 ", at=AT)
    assert (made.state, made.note) == ("REFUSED", "已卖车")
    seen()
    assert Task.objects.get(kind="campaigns.recall_call").outcome == "REFUSED"


def test_the_completion_of_outlets_the_least_complete_first(recall, person, world, acting):
    mine = [person(f"本店{number}") for number in range(3)]
    other = person("外店", outlet=world.other_outlet_id)
    nobody = person("没有店")
    nobody.relations.all().delete()
    row = recall(*mine, other, nobody)
    invite()
    seen()
    car = RecallCar.objects.get(recall=row, customer=mine[0])
    done = visit(mine[0], DAY + days(1), world.outlet_id)
    carrying_out.mark_done(actor=SYSTEM, car_id=car.pk, visit_id=done.pk, at=AT)
    lines = {line.outlet_id: line for line in queries.by_outlet(SYSTEM, row)}
    assert round(lines[world.outlet_id].share) == 33
    assert lines[world.outlet_id].counts == {"DONE": 1, "INVITED": 2}
    assert lines[None].counts == {"UNREACHABLE": 1}
    assert [line.outlet_id for line in queries.by_outlet(SYSTEM, row)][-1] == world.outlet_id
    gm = acting(world.gm)
    assert [line.outlet_id for line in queries.by_outlet(gm, row)] == [world.outlet_id]
    assert RecallCar.objects.count() == 3  # the second wall


def test_a_draft_is_not_seen_below_and_does_not_open_empty(recall, person, world, acting):
    row = recall(is_open=False)
    with pytest.raises(NotFound):
        queries.recall(acting(world.gm), row.pk)
    assert not Recall.objects.exists()  # the second wall
    with pytest.raises(Conflict):
        steps.open_recall(actor=acting(world.hq), recall_id=row.pk, at=AT)
    with pytest.raises(NotAllowed):
        services.add_recall(actor=acting(world.service), values=recall_values(world.brand_id), at=AT)


def test_a_closed_recall_invites_nobody_and_takes_no_cars(recall, person, world, acting):
    who = person()
    row = recall(who)
    again = steps.open_recall(actor=acting(world.hq), recall_id=row.pk, at=AT + days(1))
    assert again.opened_at == AT
    steps.close_recall(actor=acting(world.hq), recall_id=row.pk, at=AT)
    assert invite() == {}
    acting(world.hq)
    for call in (
        lambda: services.add_cars(actor=world.hq, recall_id=row.pk, text=who.car.vin, at=AT),
        lambda: steps.open_recall(actor=world.hq, recall_id=row.pk, at=AT),
        lambda: steps.close_recall(actor=world.hq, recall_id=row.pk, at=AT),
    ):
        with pytest.raises(Conflict):
            call()


def test_a_job_that_dies_invites_nobody_twice(recall, person, monkeypatch):
    row = recall(*(person() for _number in range(5)))
    monkeypatch.setattr(inviting, "BATCH", 2)
    real, calls = adding.add_tasks, []

    def dies(**values):
        calls.append(real(**values))
        if len(calls) == 2:
            raise RuntimeError("killed")

    monkeypatch.setattr(adding, "add_tasks", dies)
    with pytest.raises(RuntimeError):
        invite()
    assert sorted(states(row).values()) == ["INVITED"] * 2 + ["OPEN"] * 3
    invite()
    assert set(states(row).values()) == {"INVITED"}
    assert Task.objects.filter(kind="campaigns.recall_call").count() == 5


@pytest.mark.parametrize(
    ("more", "field"),
    [({"name": " "}, "name"), ({"about": ""}, "about"), ({"channel": "SMS"}, "template"), ({"role_id": "0"}, "role")],
)
def test_what_cannot_be_is_refused(recall, more, field):
    with pytest.raises(Invalid) as error:
        recall(**more)
    assert error.value.field == field
    assert not Recall.objects.exists()


def test_a_recall_goes_all_the_way_on_pages(signed_in, person, world):
    from tests.counting import queries_of

    who, other = person("车主甲"), person("车主乙")
    service, advisor = signed_in("service"), signed_in("advisor")
    form = {
        "name": "免费检查刹车", "about": "检查刹车", "node": str(world.outlet_id), "channel": "PHONE", "is_safety": "on",
        "role": "follow_up_agent",
    }  # fmt: skip
    made = service.post("/campaigns/recalls/add/", form)
    assert made.status_code == 302
    assert service.post(made.url, {"vins": " "}).status_code == 422
    listed = service.post(made.url, {"vins": f"{who.car.vin}\nXYZ1"}).content.decode()
    assert "1 car came onto the list" in listed
    assert "Is no VIN" in listed
    address = made.url.removesuffix("cars/")
    assert f"{address}open/" not in service.get(address).content.decode()
    assert service.post(f"{address}submit/").status_code == 302
    assert service.post(f"{address}approve/").status_code == 403
    gm = signed_in("gm")
    assert f"{address}approve/" in gm.get(address).content.decode()
    assert gm.post(f"{address}approve/").status_code == 302
    service = signed_in("service")
    assert service.post(f"{address}open/").status_code == 302
    invite()
    client = signed_in("advisor")
    one = queries_of(lambda: client.get(address))
    service = signed_in("service")
    service.post(made.url, {"vins": other.car.vin})
    assert signed_in("gm").post(f"{address}cars/approve/").status_code == 302
    seen()
    car = RecallCar.objects.get(customer=who)
    client = signed_in("advisor")
    assert queries_of(lambda: client.get(address)) == one
    page = advisor.get(address).content.decode()
    assert f"/campaigns/recalls/cars/{car.pk}/done/" in page
    seen()
    from guanxi.foundation import clock

    done = visit(who, clock.today(), world.outlet_id)
    assert done.order_no in advisor.get(f"/campaigns/recalls/cars/{car.pk}/done/").content.decode()
    assert advisor.post(f"/campaigns/recalls/cars/{car.pk}/done/", {"visit": str(done.pk)}).status_code == 302
    panel = advisor.get(f"/campaigns/vehicle-panel/{who.car.pk}/").content.decode()
    assert "Carried out" in panel
    assert "免费检查刹车" in panel
    assert who.car.vin in signed_in("crm").get(f"{address}?export=csv").content.decode("utf-8-sig")
    assert "data-row" in signed_in("crm").get("/campaigns/recalls/").content.decode()
    assert advisor.post(f"{address}close/").status_code == 403
    assert service.post(f"{address}close/").status_code == 302
