"""A campaign comes again: by hand or by itself, with a fresh audience, without whom the last one addressed perhaps."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from tests.apicalls import caller
from tests.campaigns.conftest import AT, DAY, days, seen

from guanxi.campaigns import policy
from guanxi.campaigns.models import Campaign, Member
from guanxi.campaigns.queries import campaigns as queries
from guanxi.campaigns.queries import counting
from guanxi.campaigns.services import deciding, repeating, sending, starting
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.messaging.models import Message, Template
from guanxi.records.models import AuditEntry
from guanxi.worklist.models import Task

QUARTER = DAY.replace(month=9)
LATER = clock.start_of(QUARTER) + datetime.timedelta(hours=10)
BEFORE = LATER - days(20)
SOON = clock.start_of(QUARTER - policy.LEAD)


@pytest.fixture
def gone(approved, world, acting):
    """Return a function that makes a campaign whose waves have gone out."""

    def make(waves=((DAY, 100),), **more):
        row = approved(waves=waves, **more)
        row = starting.start(actor=acting(world.gm), campaign_id=row.pk, at=AT)
        sending.send_due(actor=SYSTEM, now=lambda: AT + days(30))
        seen()
        row.refresh_from_db()
        return row

    return make


@pytest.fixture
def again(world, acting):
    """Return a function that repeats a campaign as one of the cast."""

    def make(row, who="crm", first_on=QUARTER, *, skips=False, at=BEFORE):
        return repeating.repeat(
            actor=acting(getattr(world, who)), campaign_id=row.pk, first_on=first_on, skips_previous=skips, at=at
        )

    return make


def starts(row, world, acting, at=LATER):
    deciding.submit(actor=acting(world.crm), campaign_id=row.pk, at=at)
    deciding.approve(actor=acting(world.gm), campaign_id=row.pk, at=at)
    row = starting.start(actor=acting(world.gm), campaign_id=row.pk, at=at)
    seen()
    return row


def customers(row):
    return set(Member.objects.filter(campaign=row).values_list("customer_id", flat=True))


def next_tasks():
    seen()
    return list(Task.objects.filter(kind="campaigns.next"))


@pytest.mark.covers("DBM-09")
def test_the_next_one_says_the_same_on_later_days_and_asks_who_is_there_then(gone, again, person, world, acting):
    old = person()
    row = gone(waves=((DAY, 40), (DAY + days(7), 60)), offer_code="SUMMER", offer_until=DAY + days(20), control=0)
    made = again(row)
    assert (made.state, made.previous_id, made.offer_code) == ("DRAFT", row.pk, "SUMMER-2")
    assert (made.name, made.aim, made.audience, made.template) == (row.name, row.aim, row.audience, row.template)
    moved = QUARTER - DAY
    assert [wave.on for wave in queries.waves(made)] == [QUARTER, QUARTER + days(7)]
    assert made.offer_until == row.offer_until + moved
    new = person()
    made = starts(made, world, acting)
    assert customers(row) == {old.pk}
    assert customers(made) == {old.pk, new.pk}
    assert AuditEntry.objects.filter(verb="campaigns.repeat", subject_id=made.pk).count() == 1


@pytest.mark.covers("DBM-09")
def test_whom_the_last_one_addressed_may_be_left_out(gone, again, person, world, acting):
    people = [person() for _number in range(40)]
    row = gone(control=50)
    addressed = customers(row) - set(
        Member.objects.filter(campaign=row, contacted_at=None).values_list("customer_id", flat=True)
    )
    assert 0 < len(addressed) < 40
    made = starts(again(row, skips=True), world, acting)
    assert customers(made) == {one.pk for one in people} - addressed
    assert made.excluded == {"BEFORE": len(addressed)}


def test_the_count_leaves_them_out_too(gone, again, person, acting, world):
    person()
    row = gone(control=0)
    made = again(row, skips=True)
    assert counting.count(acting(world.crm), made, LATER).excluded == {"BEFORE": 1}


def test_it_is_repeated_once_and_again_only_if_that_was_called_off(gone, again, plan, person, world, acting):
    person()
    row = gone()
    made = again(row)
    with pytest.raises(Conflict) as refused:
        again(row)
    assert made.number in str(refused.value.message)
    seen()
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.filter(pk=plan().pk).update(previous_id=row.pk)
    deciding.cancel(actor=acting(world.crm), campaign_id=made.pk, reason="改期", at=LATER)
    assert again(row).previous_id == row.pk


def test_only_what_has_gone_out_is_repeated_by_who_plans_there(approved, gone, again, person, world):
    person()
    waiting = approved()
    with pytest.raises(Conflict):
        again(waiting)
    row = gone()
    with pytest.raises(NotAllowed):
        again(row, "sales")
    with pytest.raises(NotFound):
        again(row, "stranger")
    with pytest.raises(Invalid):
        again(row, first_on=DAY)  # a day that is past
    seen()
    assert not Campaign.objects.filter(previous=row).exists()


@pytest.mark.covers("DBM-09")
def test_each_quarter_it_comes_again_by_itself_with_a_task_of_who_plans(gone, person, world, acting):
    person()
    row = gone(every_months=3)
    assert repeating.repeat_due(actor=SYSTEM, at=SOON - days(1)) == 0
    assert repeating.repeat_due(actor=SYSTEM, at=SOON) == 1
    assert repeating.repeat_due(actor=SYSTEM, at=SOON + days(1)) == 0
    seen()
    made = Campaign.objects.get(previous=row)
    assert (made.state, made.every_months, queries.waves(made)[0].on) == ("DRAFT", 3, QUARTER)
    (task,) = next_tasks()
    assert (task.node_id, task.subject_id, task.state) == (world.outlet_id, made.pk, "OPEN")
    made = starts(made, world, acting)
    assert next_tasks()[0].state == "DONE"
    sending.send_due(actor=SYSTEM, now=lambda: LATER)
    seen()
    assert Message.objects.filter(key=made.key).count() == 1
    assert repeating.repeat_due(actor=SYSTEM, at=LATER + days(80)) == 1
    assert Campaign.objects.get(previous=made).offer_code == ""


def test_what_was_late_comes_again_when_it_can_still_be_approved(gone, person):
    person()
    row = gone(every_months=3)
    repeating.repeat_due(actor=SYSTEM, at=LATER + days(30))
    seen()
    made = Campaign.objects.get(previous=row)
    assert queries.waves(made)[0].on == QUARTER + days(30) + policy.LEAD


def test_what_cannot_come_again_is_said_once_and_by_hand_it_can(gone, again, person, world, acting):
    person()
    row = gone(every_months=3)
    Template.objects.filter(code="check_up").update(state="RETIRED")
    for day in range(3):
        assert repeating.repeat_due(actor=SYSTEM, at=SOON + days(day)) == 0
    (task,) = next_tasks()
    assert task.subject_id == row.pk
    assert "模板" in task.values["what"]
    Template.objects.filter(code="check_up").update(state="APPROVED")
    again(row)
    assert next_tasks()[0].state == "DONE"


def test_who_calls_the_next_one_off_ends_the_series(gone, person, world, acting):
    person()
    row = gone(every_months=3)
    repeating.repeat_due(actor=SYSTEM, at=SOON)
    seen()
    made = Campaign.objects.get(previous=row)
    deciding.cancel(actor=acting(world.crm), campaign_id=made.pk, reason="不办了", at=LATER)
    seen()
    assert next_tasks()[0].state == "DONE"
    assert repeating.repeat_due(actor=SYSTEM, at=LATER) == 0


def test_who_may_plan_everywhere_alone_lets_campaigns_come_again(world, acting):
    with pytest.raises(NotAllowed):
        repeating.repeat_due(actor=acting(world.crm), at=AT)


@pytest.mark.parametrize(
    ("code", "after"),
    [("", ""), ("SUMMER", "SUMMER-2"), ("SUMMER-2", "SUMMER-3"), ("A-B", "A-B-2"), ("X" * 24, "X" * 22 + "-2"),
     ("X" * 22 + "-9", "X" * 21 + "-10")],
)  # fmt: skip
def test_the_next_offer_code(code, after):
    assert policy.next_code(code) == after
    assert len(after) <= policy.LONGEST_CODE


def test_the_page_and_the_api_repeat(gone, person, signed_in, world):
    person()
    row = gone()
    crm, address = signed_in("crm"), f"/campaigns/{row.pk}/"
    assert f"{address}repeat/" in crm.get(address).content.decode()
    assert f"{address}repeat/" not in signed_in("sales").get(address).content.decode()
    first_on = clock.today() + days(40)
    wrong = crm.post(f"{address}repeat/", {"first_on": (clock.today() - days(1)).isoformat()})
    assert wrong.status_code == 422
    done = crm.post(f"{address}repeat/", {"first_on": first_on.isoformat(), "skips_previous": "on"})
    assert done.status_code == 302
    page = crm.get(done.url).content.decode()
    assert row.number in page
    assert "Leaves out whom the last one addressed" in page
    seen()
    made = Campaign.objects.get(previous=row)
    assert made.number in crm.get(address).content.decode()
    assert f"{address}repeat/" not in crm.get(address).content.decode()
    again = caller(world.crm).post(
        f"/api/v1/campaigns/campaigns/{row.pk}/repeat", {"first_on": first_on.isoformat()},
        content_type="application/json",
    )  # fmt: skip
    assert again.status_code == 409
