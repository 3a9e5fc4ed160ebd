"""What came of a campaign: answers, visits and sales of both arms, the difference, its interval and what one more costs."""

from decimal import Decimal

import pytest
from tests import garage
from tests.campaigns.conftest import AT, CALL, DAY, days, seen

from guanxi.campaigns import policy, tasks
from guanxi.campaigns.models import Campaign, Member
from guanxi.campaigns.queries import campaigns as queries
from guanxi.campaigns.queries import effects
from guanxi.campaigns.services import answering, results, sending, starting
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.foundation.values.proportions import Stratum, difference, summed
from guanxi.records.models import AuditEntry
from guanxi.vehicles.models import Sale
from guanxi.worklist.models import Task
from guanxi.worklist.services import working
from guanxi.workshop.models import Visit


@pytest.fixture
def running(approved, world, acting):
    """Return a function that starts an approved campaign whose first wave has gone out."""

    def make(**more):
        row = approved(**more)
        row = starting.start(actor=acting(world.gm), campaign_id=row.pk, at=AT)
        sending.send_due(actor=SYSTEM, now=lambda: AT)
        seen()
        return row

    return make


def comes(row, on, *, outlet, counts=True, customer=True):
    number = Visit.objects.count()
    return Visit.objects.create(
        outlet_id=outlet, vehicle=row.car, customer=row if customer else None, order_no=f"T{number}", category="X",
        counts=counts, entered_on=on, touched_at=AT,
    )  # fmt: skip


LATER = DAY + days(60)


def count(day=LATER):
    seen()
    return results.count_results(actor=SYSTEM, day=day, at=AT + days(60))


def member(row, customer):
    seen()
    return Member.objects.get(campaign=row, customer=customer)


def test_an_answer_is_recorded_once_by_who_may(running, person, world, acting):
    who = person()
    row = running()
    pk = member(row, who).pk
    with pytest.raises(NotAllowed):
        answering.record_response(actor=acting(world.gm), member_id=pk, note="", at=AT)
    made = answering.record_response(actor=acting(world.callback), member_id=pk, note=" 周六  来 ", at=AT)
    assert (made.response, made.response_note, made.response_by) == ("HAND", "周六 来", world.callback.name)
    with pytest.raises(Conflict):
        answering.record_response(actor=acting(world.callback), member_id=pk, note="", at=AT)
    with pytest.raises(NotFound):
        answering.record_response(actor=acting(world.stranger), member_id=pk, note="", at=AT)
    seen()
    assert AuditEntry.objects.filter(verb="campaigns.respond", subject_id=who.pk).count() == 1


def test_a_code_is_redeemed_for_the_audience_of_its_campaign(running, person, world, acting):
    who = person()
    row = running(offer_code="SUMMER")
    later = garage.customer("后来", "13600001111", world.outlet_id)
    advisor = acting(world.advisor)
    with pytest.raises(Invalid):
        answering.redeem(actor=advisor, code="WINTER", customer_id=who.pk, at=AT)
    with pytest.raises(Invalid):
        answering.redeem(actor=advisor, code="", customer_id=who.pk, at=AT)
    with pytest.raises(NotFound):
        answering.redeem(actor=advisor, code="SUMMER", customer_id=later.pk, at=AT)
    assert answering.redeem(actor=advisor, code=" summer ", customer_id=who.pk, at=AT).response == "CODE"
    with pytest.raises(Conflict):
        answering.redeem(actor=advisor, code="SUMMER", customer_id=who.pk, at=AT)
    assert member(row, who).responded_at == AT


def test_an_appointment_made_in_the_call_is_an_answer(running, person, world, acting):
    who, other = person(), person()
    row = running(**CALL)
    seen()
    for customer, outcome in ((who, "APPOINTMENT"), (other, "REFUSED")):
        task = Task.objects.get(kind="campaigns.call", subject_id=customer.pk)
        working.finish(
            actor=acting(world.callback), task_id=task.pk, ending=working.Ending(outcome), at=AT + days(1)
        )  # fmt: skip
        seen()
        tasks.follow_task(
            kind=task.kind, key=task.key, state="DONE", outcome=outcome, subject_id=customer.pk, person_id=1
        )
    assert [member(row, one).response for one in (who, other)] == ["CALL", ""]
    assert [member(row, one).ending for one in (who, other)] == ["APPOINTMENT", "REFUSED"]


@pytest.mark.covers("SUP-04", "DBM-07")
def test_visits_and_sales_count_for_both_arms_at_the_outlet_within_the_days(running, person, world):
    people = [person() for _number in range(12)]
    row = running(control=30, visit_days=30, sale_days=60)
    early, inside, brought, late, elsewhere, invalid, buyer, *_rest = people
    comes(early, DAY - days(1), outlet=world.outlet_id)
    comes(inside, DAY + days(30), outlet=world.outlet_id)
    comes(inside, DAY + days(3), outlet=world.outlet_id)
    comes(brought, DAY, outlet=world.outlet_id, customer=False)
    comes(late, DAY + days(31), outlet=world.outlet_id)
    comes(elsewhere, DAY + days(5), outlet=world.other_outlet_id)
    comes(invalid, DAY + days(5), outlet=world.outlet_id, counts=False)
    car = garage.car(buyer, 99, plate="沪A99999")
    Sale.objects.create(vehicle=car, customer=buyer, outlet_id=world.outlet_id, sold_on=DAY + days(60), touched_at=AT)
    assert count() == 3
    found = {item.customer_id: (item.visited_on, item.bought_on) for item in Member.objects.filter(campaign=row)}
    assert {pk: what for pk, what in found.items() if any(what)} == {
        inside.pk: (DAY + days(3), None), brought.pk: (DAY, None), buyer.pk: (None, DAY + days(60)),
    }  # fmt: skip
    assert count() == 0


def test_what_is_taken_back_is_no_longer_counted_and_nothing_before_its_day(running, person, world):
    who = person()
    row = running()
    visit = comes(who, DAY + days(10), outlet=world.outlet_id)
    assert count(DAY + days(9)) == 0
    assert count(DAY + days(10)) == 1
    visit.delete()
    assert count(DAY + days(11)) == 1
    assert member(row, who).visited_on is None
    assert Campaign.objects.get(pk=row.pk).counted_on == DAY + days(11)


def test_a_campaign_ends_when_the_days_of_its_last_wave_are_over(running, person):
    person()
    row = running(visit_days=30, sale_days=40)
    count(DAY + days(39))
    row.refresh_from_db()
    assert row.state == "RUNNING"
    count(DAY + days(40))
    row.refresh_from_db()
    assert (row.state, row.ended_at) == ("ENDED", AT + days(60))


@pytest.fixture
def compared(running, person, world):
    """A campaign of two waves with enough in both arms; every second of the addressed came, one of the others."""
    people = {row.pk: row for row in (person() for _number in range(140))}
    row = running(
        control=40, waves=((DAY, 60), (DAY + days(10), 40)), unit_cost=Decimal(2), fixed_cost=Decimal(100), sale_days=40
    )
    sending.send_due(actor=SYSTEM, now=lambda: AT + days(10))
    seen()
    treated = list(Member.objects.filter(campaign=row, arm="TREATED").order_by("pk"))
    for item in treated[::2]:
        comes(people[item.customer_id], DAY + days(12), outlet=world.outlet_id)
    first = Member.objects.filter(campaign=row, arm="CONTROL").order_by("pk").first()
    comes(people[first.customer_id], DAY + days(12), outlet=world.outlet_id)
    return row


@pytest.mark.covers("SUP-04")
def test_the_effect_is_the_difference_within_the_waves_with_its_interval(compared, world, acting):
    count()
    row = Campaign.objects.get(pk=compared.pk)
    found = effects.of(acting(world.gm), row, queries.waves(row))
    seen()
    strata = []
    for wave in (1, 2):
        arms = {arm: list(Member.objects.filter(campaign=row, wave=wave, arm=arm)) for arm in ("TREATED", "CONTROL")}
        treated, control = ((len(arm), sum(item.visited_on is not None for item in arm)) for arm in arms.values())
        strata.append(Stratum(*treated, *control))
    wanted = difference(summed(strata))
    assert found.visits.difference == wanted
    assert wanted.low > 0
    assert found.visits.extra == pytest.approx(wanted.value * found.visits.sums.like_contact)
    assert found.cost == 100 + 2 * found.addressed
    assert found.per_visit == policy.price(
        found.cost, found.visits.extra, wanted.low * found.treated, wanted.high * found.treated
    )
    assert found.per_visit.least < found.per_visit.value < found.per_visit.most
    assert found.sales.difference.value == 0
    assert found.per_sale is None


def test_while_days_run_nothing_is_said_of_them(compared, world, acting):
    count(DAY + days(35))  # the second wave's days are not over
    row = Campaign.objects.get(pk=compared.pk)
    found = effects.of(acting(world.gm), row, queries.waves(row))
    assert found.visits.open == Member.objects.filter(campaign=row, wave=2).count()
    assert found.visits.sums.contact == Member.objects.filter(campaign=row, wave=1, arm="TREATED").count()
    assert found.per_visit is None
    assert found.sales.difference is None


def test_a_wave_that_never_went_out_counts_in_neither_arm(running, person, world, acting):
    for _number in range(10):
        person()
    row = running(control=30, waves=((DAY, 50), (DAY + days(10), 50)))
    starting.end(actor=acting(world.gm), campaign_id=row.pk, at=AT + days(1))
    count()
    row.refresh_from_db()
    found = effects.of(SYSTEM, row, queries.waves(row))
    assert found.treated + found.control == Member.objects.filter(campaign=row, wave=1).count()


@pytest.mark.parametrize(
    ("more", "low", "high", "wanted"),
    [
        (10, 5, 20, policy.Price(Decimal("10.00"), Decimal("5.00"), Decimal("20.00"))),
        (10, -1, 20, policy.Price(Decimal("10.00"), Decimal("5.00"), None)),
        (0, -1, 1, None),
        (-3, -5, -1, None),
    ],
)
def test_what_one_more_costs(more, low, high, wanted):
    assert policy.price(Decimal(100), more, low, high) == wanted


def test_the_pages_of_answers_and_effect(compared, signed_in, world):
    count()
    row = Campaign.objects.get(pk=compared.pk)
    page = signed_in("crm").get(f"/campaigns/{row.pk}/effect/").content.decode()
    assert "More than by chance" in page
    assert "Yuan for one more" in page
    assert "Yuan for one more" not in signed_in("advisor").get(f"/campaigns/{row.pk}/effect/").content.decode()
    seen()
    who = Member.objects.filter(campaign=row, arm="TREATED").first()
    advisor = signed_in("advisor")
    panel = advisor.get(f"/campaigns/customer-panel/{who.customer_id}/").content.decode()
    assert f"/campaigns/members/{who.pk}/respond/" in panel
    assert advisor.post(f"/campaigns/members/{who.pk}/respond/", {"note": "好"}).status_code == 302
    panel = advisor.get(f"/campaigns/customer-panel/{who.customer_id}/").content.decode()
    assert "Told us" in panel
    assert "/respond/" not in panel


def test_a_code_is_redeemed_on_its_page(running, person, signed_in):
    who = person("独一无二")
    row = running(offer_code="PAGE-1")
    advisor = signed_in("advisor")
    wrong = advisor.post("/campaigns/redeem/", {"code": "PAGE-1", "who": "没有这个人"})
    assert wrong.status_code == 422
    assert "Nobody is found" in wrong.content.decode()
    assert advisor.post("/campaigns/redeem/", {"code": "NONE", "who": "13800130001"}).status_code == 422
    done = advisor.post("/campaigns/redeem/", {"code": "page-1", "who": "13800130001"})
    assert done.status_code == 302
    assert member(row, who).response == "CODE"
