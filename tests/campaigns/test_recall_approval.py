"""A recall is decided by a second person before anybody is invited, and so is what comes onto its list later."""

import pytest
from django.db import DatabaseError, transaction
from tests.apicalls import caller
from tests.campaigns.conftest import AT, recall_values, seen

from guanxi.campaigns.models import Recall, RecallCar
from guanxi.campaigns.queries import recalls as queries
from guanxi.campaigns.services import carrying_out, inviting
from guanxi.campaigns.services import recall_steps as steps
from guanxi.campaigns.services import recalls as services
from guanxi.campaigns.states import State
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.messaging.models import Message, Template
from guanxi.records.models import AuditEntry
from guanxi.worklist.models import Task


@pytest.fixture
def listed(world, acting):
    """Return a function that writes a recall of the outlet with the cars of some people, as its service manager."""

    def make(*people, who="service", **more):
        actor = acting(getattr(world, who))
        row = services.add_recall(actor=actor, values=recall_values(world.outlet_id, **more), at=AT)
        text = "\n".join(one.car.vin for one in people)
        if people:
            services.add_cars(actor=actor, recall_id=row.pk, text=text, at=AT)
        return row

    return make


@pytest.fixture
def step(world, acting):
    """Return a function that takes a step of a recall as somebody."""

    def take(name, row, who, **more):
        actor = acting(getattr(world, who))
        dated = {} if name in {"send_back_recall", "cancel_recall", "approve_cars", "take_cars_off"} else {"at": AT}
        return getattr(steps, name)(actor=actor, recall_id=row.pk, **dated, **more)

    return take


@pytest.fixture
def running(listed, step):
    def make(*people, **more):
        row = listed(*people, **more)
        step("submit_recall", row, "service")
        step("approve_recall", row, "gm")
        row = step("open_recall", row, "service")
        seen()
        return row

    return make


def invite(at=AT):
    seen()
    return inviting.invite_due(actor=SYSTEM, now=lambda: at)


def touched():
    """How many tasks and messages there are."""
    seen()
    return Task.objects.filter(kind__startswith="campaigns.").count(), Message.objects.count()


@pytest.mark.parametrize("more", [{}, {"channel": "SMS", "template": "check_up"}])
def test_nothing_is_sent_and_no_task_written_before_a_second_person_approves(listed, step, person, more):
    row = listed(person(), person(mobile=""), **more)
    for name, who in (("submit_recall", "service"), ("approve_recall", "gm")):
        assert (invite(), touched()) == ({}, (0, 0))
        with pytest.raises(Conflict):
            step("open_recall", row, "service")
        step(name, row, who)
    assert (invite(), touched()) == ({}, (0, 0))  # approved, not opened
    assert step("open_recall", row, "service").opened_at == AT
    assert sum(invite().values()) == 2
    assert sum(touched()) == 2
    made = Recall.objects.get(pk=row.pk)
    assert (made.submitted_by_id is not None, made.approved_by_id is not None) == (True, True)
    assert made.submitted_by_id != made.approved_by_id


def test_nobody_approves_what_he_submitted_and_the_database_refuses_it_too(listed, step, person, world):
    row = listed(person(), who="hq")
    step("submit_recall", row, "hq")
    with pytest.raises(Conflict):
        step("approve_recall", row, "hq")
    with pytest.raises(NotAllowed):
        step("approve_recall", row, "service")
    seen()
    assert Recall.objects.get(pk=row.pk).state == State.SUBMITTED
    with pytest.raises(DatabaseError), transaction.atomic():
        Recall.objects.filter(pk=row.pk).update(approved_by_id=world.hq.user_id)
    with pytest.raises(DatabaseError), transaction.atomic():
        Recall.objects.filter(pk=row.pk).update(state=State.RUNNING, opened_at=AT)  # never approved
    assert step("approve_recall", row, "gm").state == State.APPROVED


def test_what_is_sent_back_is_changed_and_submitted_again(listed, step, person, world, acting):
    one, two = person(), person()
    row = listed(one)
    step("submit_recall", row, "service")
    changed = recall_values(world.outlet_id, name="改过")
    with pytest.raises(Conflict):
        services.change_recall(actor=acting(world.service), recall_id=row.pk, values=changed, at=AT)
    with pytest.raises(Conflict):
        services.add_cars(actor=acting(world.service), recall_id=row.pk, text=two.car.vin, at=AT)
    with pytest.raises(Invalid):
        step("send_back_recall", row, "gm", reason=" ")
    assert step("send_back_recall", row, "gm", reason="名单不全").reason == "名单不全"
    service = acting(world.service)
    assert services.change_recall(actor=service, recall_id=row.pk, values=changed, at=AT).name == "改过"
    assert services.add_cars(actor=service, recall_id=row.pk, text=two.car.vin, at=AT).added == 1
    assert step("submit_recall", row, "service").state == State.SUBMITTED
    seen()
    assert set(RecallCar.objects.filter(recall=row).values_list("is_approved", flat=True)) == {True}
    verbs = AuditEntry.objects.filter(subject_type="campaigns.recall", subject_id=row.pk).values_list("verb", flat=True)
    assert sorted(set(verbs)) == [
        "campaigns.add_cars", "campaigns.add_recall", "campaigns.change_recall", "campaigns.send_back_recall",
        "campaigns.submit_recall",
    ]  # fmt: skip


def test_a_recall_is_called_off_before_anybody_is_invited(listed, running, step, person):
    row = listed(person())
    assert step("cancel_recall", row, "service", reason="厂家撤回").state == State.CANCELLED
    with pytest.raises(Conflict):
        step("submit_recall", row, "service")
    with pytest.raises(Conflict):
        step("cancel_recall", running(person()), "service", reason="晚了")


def test_an_empty_list_or_a_retired_template_is_not_submitted(listed, step, person):
    with pytest.raises(Conflict):
        step("submit_recall", listed(), "service")
    row = listed(person(), channel="SMS", template="check_up")
    step("submit_recall", row, "service")
    seen()
    Template.objects.filter(code="check_up").update(state="RETIRED")
    with pytest.raises(Invalid):
        step("approve_recall", row, "gm")


def test_cars_added_while_it_runs_wait_for_somebody_else(running, step, person, world, acting):
    first, later = person(), person()
    row = running(first)
    assert invite() == {"invited": 1}
    services.add_cars(actor=acting(world.service), recall_id=row.pk, text=later.car.vin, at=AT)
    assert (invite(), touched()) == ({}, (1, 0))
    seen()
    car = RecallCar.objects.get(recall=row, customer=later)
    with pytest.raises(Conflict):
        carrying_out.mark_refused(actor=acting(world.advisor), car_id=car.pk, note="不来", at=AT)
    assert queries.of_vehicle(acting(world.gm), later.car.pk) == []
    with pytest.raises(NotAllowed):
        step("approve_cars", row, "service")
    assert step("approve_cars", row, "gm") == 1
    assert invite() == {"invited": 1}
    with pytest.raises(Conflict):
        step("approve_cars", row, "gm")


def test_nobody_approves_the_cars_that_he_added_and_they_can_be_taken_off(running, step, person, world, acting):
    first, later = person(), person()
    row = running(first)
    services.add_cars(actor=acting(world.hq), recall_id=row.pk, text=later.car.vin, at=AT)
    with pytest.raises(Conflict):
        step("approve_cars", row, "hq")
    with pytest.raises(Invalid):
        step("take_cars_off", row, "gm", reason="")
    assert step("take_cars_off", row, "gm", reason="不在范围") == 1
    seen()
    assert list(RecallCar.objects.filter(recall=row).values_list("customer_id", flat=True)) == [first.pk]
    assert AuditEntry.objects.get(verb="campaigns.take_cars_off").after["cars"] == 1


def test_below_it_is_seen_when_it_is_approved(world, acting, person):
    who = person()
    row = services.add_recall(actor=acting(world.hq), values=recall_values(world.brand_id), at=AT)
    services.add_cars(actor=world.hq, recall_id=row.pk, text=who.car.vin, at=AT)
    steps.submit_recall(actor=world.hq, recall_id=row.pk, at=AT)
    with pytest.raises(NotFound):
        queries.recall(acting(world.gm), row.pk)
    assert not Recall.objects.exists()  # the second wall
    steps.approve_recall(actor=acting(SYSTEM), recall_id=row.pk, at=AT)
    assert queries.recall(acting(world.gm), row.pk) == row
    with pytest.raises(NotAllowed):
        steps.cancel_recall(actor=acting(world.service), recall_id=row.pk, reason="x")


def test_the_steps_on_pages(listed, person, signed_in):
    row = listed(person())
    address = f"/campaigns/recalls/{row.pk}/"
    service = signed_in("service")
    assert service.post(f"{address}submit/").status_code == 302
    gm = signed_in("gm")
    page = gm.get(address).content.decode()
    assert f"{address}approve/" in page
    assert gm.post(f"{address}send-back/", {"reason": ""}).status_code == 422
    assert gm.post(f"{address}send-back/", {"reason": "补充说明"}).status_code == 302
    service = signed_in("service")
    page = service.get(address).content.decode()
    assert "补充说明" in page
    form = {
        "name": "改过",
        "about": "检查刹车",
        "node": str(row.node_id),
        "channel": "PHONE",
        "role": "follow_up_agent",
    }
    assert 'value="制动软管召回"' in service.get(f"{address}change/").content.decode()
    assert service.post(f"{address}change/", form).status_code == 302
    assert "改过" in service.get(address).content.decode()
    assert service.post(f"{address}cancel/", {"reason": "不做了"}).status_code == 302
    assert "不做了" in service.get(address).content.decode()


def test_the_steps_over_the_api(person, world):
    one, two = person(), person()
    service, gm, kind = caller(world.service), caller(world.gm), {"content_type": "application/json"}
    base = "/api/v1/campaigns/recalls"
    body = {"name": "召回", "about": "更换", "node_id": world.outlet_id, "channel": "PHONE", "role": "follow_up_agent"}
    pk = service.post(base, body, **kind).json()["id"]
    assert service.put(f"{base}/{pk}", body | {"name": "改名"}, **kind).json()["name"] == "改名"
    assert service.post(f"{base}/{pk}/cars", {"vins": [one.car.vin]}, **kind).json()["added"] == 1
    assert service.post(f"{base}/{pk}/open", **kind).status_code == 409
    assert service.post(f"{base}/{pk}/submit", **kind).json()["state"] == "SUBMITTED"
    assert service.post(f"{base}/{pk}/approve", **kind).status_code == 403
    assert gm.post(f"{base}/{pk}/send-back", {"reason": "x"}, **kind).json()["state"] == "RETURNED"
    service.post(f"{base}/{pk}/submit", **kind)
    assert gm.post(f"{base}/{pk}/approve", **kind).json()["approved_by"] == world.gm.name
    assert service.post(f"{base}/{pk}/open", **kind).json()["state"] == "RUNNING"
    service.post(f"{base}/{pk}/cars", {"vins": [two.car.vin]}, **kind)
    assert gm.post(f"{base}/{pk}/cars/approve", **kind).json() == {"cars": 1}
    assert gm.post(f"{base}/{pk}/cars/take-off", {"reason": "x"}, **kind).status_code == 409
    assert service.post(f"{base}/{pk}/cancel", {"reason": "x"}, **kind).status_code == 409
    assert service.post(f"{base}/{pk}/close", **kind).json()["state"] == "ENDED"
