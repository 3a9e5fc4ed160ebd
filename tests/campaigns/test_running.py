"""From the start to the last wave: the frozen audience, its arms and waves, messages and calls, a job that dies."""

from decimal import Decimal

import pytest
from tests.campaigns.conftest import AT, CALL, DAY, days, seen

from guanxi.campaigns.models import Campaign, Member, Wave
from guanxi.campaigns.services import sending, starting
from guanxi.care.policy import sampling
from guanxi.customers.models import ContactPoint, Relation
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, NotAllowed
from guanxi.messaging.models import Message, Template
from guanxi.messaging.services import queueing
from guanxi.privacy.models import Consent
from guanxi.records.models import AuditEntry
from guanxi.worklist.models import Task
from guanxi.worklist.services import adding


@pytest.fixture
def running(approved, world, acting):
    """Return a function that starts an approved campaign."""

    def make(by="gm", **more):
        row = approved(**more)
        return starting.start(actor=acting(getattr(world, by)), campaign_id=row.pk, at=more.get("at", AT))

    return make


def go_out(at=AT):
    """Let the waves go out as the job does."""
    return sending.send_due(actor=SYSTEM, now=lambda: at)


def members(row, **of):
    seen()
    return list(Member.objects.filter(campaign=row, **of).order_by("customer_id"))


@pytest.mark.covers("DBM-07")
def test_the_start_freezes_the_audience_and_draws_it_again_as_anybody_can(running, person):
    people = [person() for _number in range(60)]
    person(agreed=False)
    row = running(control=30, waves=((DAY, 50), (DAY + days(7), 50)))
    found = members(row)
    assert [item.customer_id for item in found] == [one.pk for one in people]
    assert row.excluded == {"NO_CONSENT": 1}
    for item in found:
        key = str(item.customer_id)
        is_control = sampling.is_drawn(row.seed, "control", key, 30)
        assert item.arm == ("CONTROL" if is_control else "TREATED")
        assert item.wave == (1 if sampling.mark(row.seed, "wave", key) * 100 < 50 * sampling.WHOLE else 2)
        assert item.vehicle_id is not None
    assert {(item.arm, item.wave) for item in found} == {
        ("CONTROL", 1), ("CONTROL", 2), ("TREATED", 1), ("TREATED", 2),
    }  # fmt: skip


def test_a_second_start_changes_nothing(running, person, world, acting):
    person()
    row = running()
    person()
    again = starting.start(actor=acting(world.gm), campaign_id=row.pk, at=AT + days(1))
    assert again.started_at == AT
    assert len(members(row)) == 1
    assert AuditEntry.objects.filter(verb="campaigns.run", subject_id=row.pk).count() == 1


def test_the_money_leaves_out_at_random(running, person):
    for _number in range(9):
        person()
    row = running(unit_cost=Decimal(2), budget=Decimal(8))
    found = members(row)
    assert (len(found), row.excluded) == (4, {"OVER_BUDGET": 5})
    order = sorted(
        Relation.objects.values_list("customer_id", flat=True),
        key=lambda pk: sampling.mark(row.seed, "wave", str(pk)),
    )
    assert {item.customer_id for item in found} == set(order[:4])


def test_only_what_is_approved_starts_and_only_by_who_may(plan, approved, world, acting):
    with pytest.raises(Conflict):
        starting.start(actor=acting(world.gm), campaign_id=plan().pk, at=AT)
    row = approved()
    with pytest.raises(NotAllowed):
        starting.start(actor=acting(world.sales), campaign_id=row.pk, at=AT)


@pytest.mark.covers("DBM-03")
def test_each_wave_goes_out_on_its_day_and_writes_to_the_addressed_alone(running, person):
    for _number in range(12):
        person()
    row = running(control=30, waves=((DAY, 50), (DAY + days(7), 50)))
    first = [item.customer_id for item in members(row, arm="TREATED", wave=1)]
    second = [item.customer_id for item in members(row, arm="TREATED", wave=2)]
    go_out()
    written = Message.objects.order_by("customer_id").values_list("customer_id", "state", "key")
    assert list(written) == [(pk, "QUEUED", row.key) for pk in first]
    assert [wave.done_at for wave in Wave.objects.order_by("number")] == [AT, None]
    assert all(item.contacted_at is None for item in members(row, wave=2))
    assert go_out(AT + days(1)) == {}
    assert go_out(AT + days(7))["addressed"] == len(second)
    assert Message.objects.count() == len(first) + len(second)
    assert all(item.contacted_at is None and not item.skipped for item in members(row, arm="CONTROL"))


def test_whoever_may_not_be_addressed_on_the_day_is_skipped_with_the_reason(running, person):
    fine, withdrew, left, wrong, complained = (person(name) for name in "甲乙丙丁戊")
    row = running()
    seen()
    Consent.objects.filter(customer=withdrew).delete()
    Relation.objects.filter(customer=left).update(ended_on=DAY)
    ContactPoint.objects.filter(customer=wrong).update(state="WRONG")
    Relation.objects.filter(customer=complained).update(has_no_grudge=False)
    assert go_out() == {"addressed": 1, "skipped": 4, "waves": 1}
    found = {item.customer_id: item.skipped for item in members(row)}
    assert found == {
        fine.pk: "", withdrew.pk: "NO_CONSENT", left.pk: "GONE", wrong.pk: "NO_NUMBER", complained.pk: "COMPLAINT",
    }  # fmt: skip


def test_what_messaging_skips_keeps_its_reason(running, person):
    person(car=False)  # the template names a car
    row = running(template="first_service")
    assert go_out() == {"skipped": 1, "waves": 1}
    assert [item.skipped for item in members(row)] == ["NO_VALUE"]


def test_calls_become_tasks_of_the_role_with_words_and_offer(running, person, world):
    who = person("赵敏")
    row = running(**CALL, offer="免费检测", offer_code="CALL-1")
    go_out()
    task = Task.objects.get(kind="campaigns.call")
    assert (task.key, task.node_id, task.role_id, task.subject_id) == (
        f"{row.key}:{who.pk}", world.outlet_id, "follow_up_agent", who.pk,
    )  # fmt: skip
    assert task.words.splitlines() == ["问候并邀请", "免费检测", "CALL-1"]
    assert task.values["cars"] == [who.car.pk]
    assert [item.contacted_at for item in members(row)] == [AT]


@pytest.mark.parametrize("channel", ["SMS", "PHONE"])
def test_a_job_that_dies_goes_on_where_it_stood_and_doubles_nobody(running, person, world, monkeypatch, channel):
    """The second batch dies after it has written, before it is marked: it is undone as a whole and comes again."""
    for _number in range(5):
        person()
    row = running(**(CALL if channel == "PHONE" else {}))
    monkeypatch.setattr(sending, "BATCH", 2)
    module, name = (adding, "add_tasks") if channel == "PHONE" else (queueing, "queue_messages")
    real, calls = getattr(module, name), []

    def dies(**values):
        made = real(**values)
        calls.append(made)
        if len(calls) == 2:
            raise RuntimeError("killed")
        return made

    monkeypatch.setattr(module, name, dies)
    with pytest.raises(RuntimeError):
        go_out()
    assert sum(item.contacted_at is not None for item in members(row)) == 2
    go_out()
    assert all(item.contacted_at is not None for item in members(row))
    written = (Task.objects.filter(kind="campaigns.call") if channel == "PHONE" else Message.objects).values_list(
        "subject_id" if channel == "PHONE" else "customer_id", flat=True
    )
    assert sorted(written) == sorted(item.customer_id for item in members(row))
    assert len(calls) == 4


def test_a_campaign_that_cannot_go_out_does_not_hold_up_others(running, person):
    person()
    stuck = running()
    fine = running(**CALL)
    seen()
    Template.objects.filter(code="check_up").update(state="RETIRED")
    go_out()
    assert [item.contacted_at for item in members(stuck)] == [None]
    assert [item.contacted_at for item in members(fine)] == [AT]


def test_an_end_leaves_out_later_waves_and_withdraws_calls(running, person, world, acting):
    for _number in range(14):
        person()
    row = running(**CALL, waves=((DAY, 50), (DAY + days(7), 50)))
    go_out()
    ended = starting.end(actor=acting(world.gm), campaign_id=row.pk, at=AT + days(1))
    assert (ended.state, ended.ended_at) == ("ENDED", AT + days(1))
    assert {item.skipped for item in members(row, wave=2)} == {"CALLED_OFF"}
    assert set(Task.objects.filter(kind="campaigns.call").values_list("state", flat=True)) == {"SKIPPED"}
    assert go_out(AT + days(7)) == {}
    with pytest.raises(Conflict):
        starting.end(actor=acting(world.gm), campaign_id=row.pk, at=AT)


def test_an_outlet_sees_its_own_members_alone(running, approved, person, world, acting, signed_in):
    from guanxi.campaigns.queries import members as people

    mine, other = person("本店", outlet=world.outlet_id), person("外店", outlet=world.other_outlet_id)
    row = approved("planner", "hq", node=world.brand_id)
    starting.start(actor=acting(world.hq), campaign_id=row.pk, at=AT)
    go_out()
    assert Member.objects.count() == 2
    gm = acting(world.gm)
    assert [item.customer_id for item in people.of_campaign(gm, Campaign.objects.get(pk=row.pk))] == [mine.pk]
    assert not Member.objects.filter(customer=other).exists()  # the second wall
    page = signed_in("gm").get(f"/campaigns/{row.pk}/members/").content.decode()
    assert "本店" in page
    assert "外店" not in page
    seen()
    shown = signed_in("hq").get(f"/campaigns/{row.pk}/").content.decode()
    assert "Gone out" in shown
    exported = signed_in("gm").get(f"/campaigns/{row.pk}/members/?export=csv&standing=addressed")
    assert "本店" in exported.content.decode("utf-8-sig")


def test_the_list_of_members_costs_the_same_for_one_and_for_three(running, person, signed_in):
    from tests.counting import queries_of

    person()
    row = running()
    client = signed_in("gm")
    address = f"/campaigns/{row.pk}/members/"
    one = queries_of(lambda: client.get(address))
    for name in "甲乙":
        seen()
        other = person(name)
        seen()
        Member.objects.create(campaign=row, customer=other, vehicle=other.car, outlet=row.node, wave=1, arm="TREATED")
    client = signed_in("gm")
    assert queries_of(lambda: client.get(address)) == one
    assert client.get(address).content.decode().count("data-row") == 3
    assert client.get(f"{address}?standing=control").content.decode().count("data-row") == 0
