"""The night of the lectures: who gathers, what keeps somebody away, what a second night changes."""

import datetime

import pytest
from django.utils import translation
from tests import garage
from tests.care.conftest import DAY, at, consent, days

from guanxi.care.models import Gathering, Member, Proposal, Tally
from guanxi.care.queries import gatherings as queries
from guanxi.care.services import gathering, proposals
from guanxi.customers.models import ContactPoint, Relation
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import NotAllowed
from guanxi.records.models import AuditEntry
from guanxi.vehicles.models import Participant, Vehicle
from guanxi.worklist.models import Task


def proposal(code="new_owners", **more):
    return Proposal.objects.get(code=code, **more)


def standing(row):
    """Return who stands on a list, each with what the night found."""
    return dict(Member.objects.filter(proposal=row).values_list("customer_id", "excluded"))


def tally(outlet, code="new_owners"):
    return Tally.objects.get(outlet_id=outlet, code=code)


@pytest.mark.covers("LECT-02", "LECT-04")
@pytest.mark.parametrize(
    ("code", "threshold", "months", "whom", "whom_zh"),
    [("new_owners", 50, 1, "new owners", "新车主"),
     ("warranty_ending", 60, 18, "owners near the end of the warranty", "将出质保期的车主")],
)  # fmt: skip
def test_one_too_few_propose_nothing_and_enough_propose_a_lecture(
    quiet, owner, gather, code, threshold, months, whom, whom_zh
):
    Gathering.objects.filter(code=code).update(threshold=threshold)
    for _number in range(threshold - 1):
        owner(months=months)
    assert gather()[code] == {"proposals": 0, "entered": 0, "renewed": 0}
    assert (tally(quiet.outlet_id, code).counted, Proposal.objects.count()) == (threshold - 1, 0)
    owner(months=months)
    assert gather()[code] == {"proposals": 1, "entered": threshold, "renewed": 0}
    row = proposal(code)
    assert (row.outlet_id, row.found, row.state, row.opened_on) == (quiet.outlet_id, threshold, "OPEN", DAY)
    task = Task.objects.get(kind="care.gathering")
    assert (task.node_id, task.role_id, task.subject_id) == (quiet.outlet_id, "cr_manager", row.pk)
    with translation.override("en"):
        assert task.why == f"{threshold} {whom} have gathered: propose a lecture"
        assert task.title == f"Car-care lecture: {whom}"
    assert task.title == f"爱车讲堂：{whom_zh}"


@pytest.mark.covers("LECT-01", "LECT-03")
@pytest.mark.parametrize(
    ("months", "kind"),
    [(0, "new_owners"), (2, "new_owners"), (3, None), (16, None), (17, "warranty_ending"), (23, "warranty_ending"),
     (24, None)],
)  # fmt: skip
def test_the_age_of_the_car_says_for_which_kind_its_owner_counts(quiet, owner, gather, months, kind):
    owner(months=months)
    gather()
    counted = {row.code: row.counted for row in Tally.objects.filter(outlet_id=quiet.outlet_id)}
    assert counted == {code: int(code == kind) for code in ("new_owners", "warranty_ending")}


def _prospect(customer):
    Relation.objects.filter(customer=customer).update(category="POTENTIAL")


def test_prospects_and_strangers_do_not_count(quiet, owner, gather):
    _prospect(owner())
    Relation.objects.filter(customer=owner()).update(ended_on=DAY)
    garage.customer("无车", "13900000001", quiet.outlet_id)
    gather()
    assert (tally(quiet.outlet_id).met, tally(quiet.outlet_id).counted) == (0, 0)


def _scrap(customer):
    Vehicle.objects.filter(pk=customer.car.pk).update(condition="SCRAPPED")


def _silence(customer):
    ContactPoint.objects.filter(customer=customer).update(state="DO_NOT_CONTACT")


def _lose_number(customer):
    ContactPoint.objects.filter(customer=customer).update(state="WRONG")


def _withdraw(customer):
    outlet = customer.relations.get().outlet_id
    consent(customer, outlet, "MARKETING", "SMS", "WITHDRAWN", withdrawn=at() - days(1))


def _grudge(customer):
    Relation.objects.filter(customer=customer).update(has_no_grudge=False)


EXCLUDED = [
    (_scrap, "GONE"), (_silence, "DO_NOT_CONTACT"), (_lose_number, "NO_NUMBER"), (_withdraw, "NO_CONSENT"),
    (_grudge, "GRUDGE"),
]  # fmt: skip


@pytest.mark.covers("LECT-04", "LECT-16")
@pytest.mark.parametrize(("change", "reason"), EXCLUDED, ids=[reason for _change, reason in EXCLUDED])
def test_who_cannot_be_invited_stands_on_the_list_with_the_reason(quiet, owner, gather, change, reason):
    kept_away = owner()
    change(kept_away)
    owner()
    gather()
    assert Proposal.objects.count() == 0
    assert tally(quiet.outlet_id).reasons == {reason: 1}
    third = owner()
    gather()
    found = standing(proposal())
    assert found[kept_away.pk] == reason
    assert (found[third.pk], len(found), proposal().found) == ("", 3, 2)


def test_a_consent_to_another_purpose_or_channel_is_none(owner, gather, quiet):
    other = owner(agreed=False)
    consent(other, quiet.outlet_id, "SERVICE", "SMS")
    consent(other, quiet.outlet_id, "MARKETING", "PHONE")
    gather()
    assert tally(quiet.outlet_id).reasons == {"NO_CONSENT": 1}


def test_a_list_is_looked_at_anew_every_night_while_it_lives(owner, gather):
    sold, stays, moves = owner(), owner(), owner(months=2)
    gather()
    Participant.objects.filter(customer=sold).update(until=DAY)
    gather(DAY + days(40))
    row = proposal()
    found = standing(row)
    assert (found[sold.pk], found[stays.pk], found[moves.pk]) == ("GONE", "", "")
    lapsed = set(Member.objects.filter(proposal=row, lapsed_on=DAY + days(40)).values_list("customer_id", flat=True))
    assert moves.pk in lapsed
    assert stays.pk not in lapsed
    assert queries.standing(row).invited == 2


def test_a_reason_that_falls_away_is_taken_back(quiet, owner, gather):
    late = owner(agreed=False)
    owner(), owner()
    gather()
    assert standing(proposal())[late.pk] == "NO_CONSENT"
    consent(late, quiet.outlet_id, "MARKETING", "SMS", given=at())
    gather(DAY + days(1))
    assert standing(proposal())[late.pk] == ""


def test_who_gathers_later_joins_the_open_list(owner, gather):
    owner(), owner()
    gather()
    later = owner()
    assert gather(DAY + days(1))["new_owners"]["entered"] == 1
    assert Member.objects.get(customer=later).joined_on == DAY + days(1)
    assert Proposal.objects.count() == 1


def test_an_owner_counts_at_one_outlet_and_leaves_the_list_of_another(quiet, owner, gather):
    goes = owner()
    owner()
    gather()
    Relation.objects.create(
        customer=goes, outlet_id=quiet.other_outlet_id, category="OWNER", since=DAY, touched_at=at()
    )
    gather(DAY + days(1))
    assert standing(proposal())[goes.pk] == "MOVED"
    assert tally(quiet.other_outlet_id).met == 1
    assert tally(quiet.outlet_id).met == 1


def test_another_car_of_the_kind_keeps_its_owner_on_the_list(owner, gather):
    customer = owner()
    owner()
    gather()
    second = garage.car(customer, 901, plate="沪A90101", since=DAY, sold_on=DAY)
    _scrap(customer)
    gather(DAY + days(1))
    held = Member.objects.get(customer=customer)
    assert (held.vehicle_id, held.excluded) == (second.pk, "")


@pytest.mark.covers("LECT-17")
def test_kinds_are_never_mixed(quiet, owner, gather):
    both, new, ending = owner(), owner(), owner(months=18)
    garage.car(both, 902, plate="沪A90201", since=DAY, sold_on=DAY - days(560))
    gather()
    assert {row.code for row in Proposal.objects.all()} == {"new_owners"}
    assert tally(quiet.outlet_id, "warranty_ending").reasons == {"OTHER": 1}
    third = owner(months=18)
    gather(DAY + days(1))
    found = standing(proposal("warranty_ending"))
    assert found == {both.pk: "OTHER", ending.pk: "", third.pk: ""}
    assert standing(proposal("new_owners")) == {both.pk: "", new.pk: ""}


@pytest.mark.covers("LECT-17")
def test_after_the_pause_an_invited_owner_counts_for_another_kind(quiet, owner, gather):
    both = owner()
    owner(), owner(months=18)
    garage.car(both, 903, plate="沪A90301", since=DAY, sold_on=DAY - days(560))
    gather()
    planned = DAY + days(10)
    proposals.accept_proposal(actor=SYSTEM, proposal_id=proposal().pk, planned_on=planned, at=at())
    gather(planned + days(30))
    assert tally(quiet.outlet_id, "warranty_ending").reasons == {"OTHER": 1}
    gather(planned + days(31))
    assert tally(quiet.outlet_id, "warranty_ending").reasons == {}


def test_a_second_call_changes_nothing(owner, gather):
    owner(), owner(agreed=False), owner()
    gather()
    before = [list(model.objects.order_by("pk").values()) for model in (Proposal, Member, Tally, Task)]
    lines = AuditEntry.objects.filter(verb="care.gather").count()
    assert lines == 1
    assert all(not any(counts.values()) for counts in gather().values())
    assert [list(model.objects.order_by("pk").values()) for model in (Proposal, Member, Tally, Task)] == before
    assert AuditEntry.objects.filter(verb="care.gather").count() == lines


def test_the_night_costs_the_same_whatever_the_number_of_outlets(quiet, owner, gather):
    from tests.counting import queries_of

    owner(), owner()
    gather()
    few = queries_of(gather)
    owner(outlet=quiet.other_outlet_id), owner(outlet=quiet.other_outlet_id)
    gather()
    assert Proposal.objects.count() == 2
    assert queries_of(gather) == few


def test_a_task_that_ended_without_a_decision_comes_again(owner, gather):
    owner(), owner()
    gather()
    Task.objects.update(state="SKIPPED", finished_at=at(), next_rung_at=None, outcome_note="later")
    gather(DAY + days(1))
    assert Task.objects.filter(kind="care.gathering", state="OPEN").count() == 1


def test_a_closed_outlet_proposes_nothing(quiet, owner, gather):
    from guanxi.network.models import Node

    owner(), owner()
    gather(DAY - days(1))
    Proposal.objects.all().delete()
    Node.objects.filter(pk=quiet.outlet_id).update(valid_to=DAY)
    assert gather()["new_owners"]["proposals"] == 0
    assert not Tally.objects.filter(outlet_id=quiet.outlet_id).exists()


def test_a_kind_that_ended_counts_no_longer(kinds, owner, gather):
    owner()
    gather(DAY - days(1))
    Gathering.objects.filter(code="new_owners").update(until=DAY)
    assert set(gather()) == {"warranty_ending"}
    assert set(Tally.objects.values_list("code", flat=True)) == {"warranty_ending"}


def test_the_night_is_not_for_an_outlet(quiet, kinds, acting):
    with pytest.raises(NotAllowed):
        gathering.gather(actor=acting(quiet.crm), day=DAY, at=at())


def test_the_night_has_its_place_in_the_timetable():
    from guanxi.config.jobs import TIMETABLE
    from guanxi.foundation import jobs

    lines = {name: cron.split()[:2] for cron, name in TIMETABLE}
    after = [datetime.time(int(hour), int(minute)) for minute, hour in (lines["care.gather"], lines["care.make_tasks"])]
    assert after[0] > after[1]
    assert "care.gather" in jobs._names
