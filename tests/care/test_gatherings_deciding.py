"""Deciding about proposals of lectures and about those on their lists; pauses, merges, undone imports."""

import pytest
from django.db import IntegrityError, transaction
from tests.care.conftest import DAY, at, days
from tests.care.test_gatherings import proposal, standing, tally

from guanxi.care.models import Member, Proposal, Tally
from guanxi.care.queries import gatherings as queries
from guanxi.care.services import proposals
from guanxi.customers.models import Relation
from guanxi.customers.services import merging
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry
from guanxi.worklist.models import Task
from guanxi.worklist.services import working

LATER = DAY + days(14)


@pytest.fixture
def listed(owner, gather):
    """Three invited owners on an open list, by their order."""
    made = [owner(), owner(), owner()]
    gather()
    return made


def member(customer):
    return Member.objects.get(customer=customer, proposal=proposal(state="OPEN"))


def accept(actor=SYSTEM, planned_on=LATER, moment=None):
    row = proposal(state="OPEN")
    return proposals.accept_proposal(actor=actor, proposal_id=row.pk, planned_on=planned_on, at=moment or at())


def decline(actor=SYSTEM, reason="人手不够", moment=None):
    row = proposal(state="OPEN")
    return proposals.decline_proposal(actor=actor, proposal_id=row.pk, reason=reason, at=moment or at())


def test_taking_on_finishes_the_task_and_keeps_who_and_when(quiet, listed, acting):
    actor = acting(quiet.crm)
    row = accept(actor)
    assert (row.state, row.planned_on, row.decided_on, row.decided_by) == ("ACCEPTED", LATER, DAY, actor.name)
    db.set_scope(SYSTEM)
    task = Task.objects.get(kind="care.gathering")
    assert (task.state, task.outcome, task.finished_by_id) == ("DONE", "ACCEPTED", actor.user_id)
    assert AuditEntry.objects.filter(verb="care.accept_proposal", subject_id=str(row.pk)).count() == 1


def test_deciding_finishes_the_task_that_a_colleague_has_taken(quiet, listed, acting):
    task = Task.objects.get(kind="care.gathering")
    working.claim(actor=acting(quiet.crm), task_id=task.pk)
    row = decline(acting(quiet.gm))
    db.set_scope(SYSTEM)
    task.refresh_from_db()
    assert (task.state, task.outcome, task.owner_id) == ("DONE", "DECLINED", quiet.crm.user_id)
    assert row.reason == "人手不够"


def test_the_task_is_not_done_when_the_decision_fails(quiet, listed, acting):
    with pytest.raises(Invalid):
        accept(acting(quiet.crm), DAY - days(1))
    db.set_scope(SYSTEM)
    assert Task.objects.get(kind="care.gathering").state == "OPEN"


def test_who_was_invited_to_an_accepted_lecture_counts_never_again_for_its_kind(quiet, listed, owner, gather):
    proposals.exclude_member(actor=SYSTEM, member_id=member(listed[0]).pk, reason="WISH", at=at())
    accept()
    gather(LATER + days(1))
    assert tally(quiet.outlet_id).reasons == {"ALREADY": 2}
    assert tally(quiet.outlet_id).counted == 1
    fresh = owner(months=0)
    gather(LATER + days(2))
    found = standing(proposal(state="OPEN"))
    assert found == {listed[0].pk: "", listed[1].pk: "ALREADY", listed[2].pk: "ALREADY", fresh.pk: ""}


def test_a_declined_kind_comes_back_only_after_its_pause(quiet, listed, gather):
    decline()
    assert gather(DAY + days(29))["new_owners"]["proposals"] == 0
    assert tally(quiet.outlet_id).counted == 3
    assert gather(DAY + days(30))["new_owners"]["proposals"] == 1
    assert len(standing(proposal(state="OPEN"))) == 3


def test_an_accepted_list_lives_until_its_day_is_over_but_nobody_joins(listed, owner, gather, quiet):
    accept()
    owner()
    Relation.objects.filter(customer=listed[0]).update(has_no_grudge=False)
    gather(LATER)
    row = proposal()
    assert standing(row) == {listed[0].pk: "GRUDGE", listed[1].pk: "", listed[2].pk: ""}
    Relation.objects.filter(customer=listed[1]).update(has_no_grudge=False)
    gather(LATER + days(1))
    assert standing(row)[listed[1].pk] == ""
    with pytest.raises(Conflict):
        proposals.exclude_member(
            actor=SYSTEM, member_id=Member.objects.get(customer=listed[1]).pk, reason="WISH", at=at(LATER + days(1))
        )


@pytest.mark.parametrize("day", [DAY - days(1), DAY + days(181)])
def test_a_planned_day_that_cannot_be_is_refused_at_its_field(listed, day):
    with pytest.raises(Invalid) as refused:
        accept(planned_on=day)
    assert refused.value.field == "planned_on"
    assert proposal().state == "OPEN"


def test_what_is_decided_stays_decided(listed):
    accept()
    row = proposal()
    with pytest.raises(Conflict):
        proposals.accept_proposal(actor=SYSTEM, proposal_id=row.pk, planned_on=LATER, at=at())
    with pytest.raises(Conflict):
        proposals.decline_proposal(actor=SYSTEM, proposal_id=row.pk, reason="x", at=at())


def test_declining_needs_a_reason_and_taking_on_somebody_to_invite(listed):
    with pytest.raises(Invalid) as refused:
        decline(reason=" \n ")
    assert refused.value.field == "reason"
    for customer in listed:
        proposals.exclude_member(actor=SYSTEM, member_id=member(customer).pk, reason="WISH", at=at())
    with pytest.raises(Conflict):
        accept()


def test_excluding_by_hand_and_putting_back(quiet, listed, acting):
    actor, row = acting(quiet.crm), member(listed[0])
    out = proposals.exclude_member(
        actor=actor, member_id=row.pk, reason="ANOTHER", note="  已搬家  外地 ", at=at()
    )  # fmt: skip
    assert (out.hand, out.hand_note, out.hand_by, out.is_invited) == ("ANOTHER", "已搬家 外地", actor.name, False)
    assert queries.standing(row.proposal).invited == 2
    with pytest.raises(Conflict):
        proposals.exclude_member(actor=actor, member_id=row.pk, reason="WISH", at=at())
    back = proposals.include_member(actor=actor, member_id=row.pk, at=at())
    assert (back.hand, back.hand_note, back.hand_by, back.is_invited) == ("", "", "", True)
    with pytest.raises(Conflict):
        proposals.include_member(actor=actor, member_id=row.pk, at=at())
    db.set_scope(SYSTEM)
    lines = AuditEntry.objects.filter(subject_type="care.member", subject_id=str(row.pk))
    assert list(lines.order_by("pk").values_list("verb", flat=True)) == ["care.exclude_member", "care.include_member"]


@pytest.mark.parametrize(
    ("reason", "note", "field"), [("NO", "", "reason"), ("", "x", "reason"), ("ANOTHER", " ", "note")]
)
def test_a_reason_that_says_nothing_is_refused_at_its_field(listed, reason, note, field):
    with pytest.raises(Invalid) as refused:
        proposals.exclude_member(actor=SYSTEM, member_id=member(listed[0]).pk, reason=reason, note=note, at=at())
    assert refused.value.field == field


@pytest.mark.covers("LECT-16")
def test_advice_can_be_overruled_but_consent_cannot(listed, owner, gather):
    silent = owner(agreed=False)
    Relation.objects.filter(customer=listed[0]).update(has_no_grudge=False)
    gather()
    with pytest.raises(Conflict):
        proposals.include_member(actor=SYSTEM, member_id=member(silent).pk, at=at())
    row = proposals.include_member(actor=SYSTEM, member_id=member(listed[0]).pk, at=at())
    assert (row.is_invited, row.insisted) == (True, True)
    gather(DAY + days(1))
    assert member(listed[0]).is_invited
    proposals.exclude_member(actor=SYSTEM, member_id=row.pk, reason="COMPLAINT", at=at())
    assert not member(listed[0]).insisted


@pytest.mark.covers("LECT-16")
def test_a_complaint_said_once_keeps_somebody_off_later_lists(quiet, listed, owner, gather):
    proposals.exclude_member(actor=SYSTEM, member_id=member(listed[0]).pk, reason="COMPLAINT", at=at())
    decline()
    owner(months=0), owner(months=0)
    gather(DAY + days(30))
    assert standing(proposal(state="OPEN"))[listed[0].pk] == "EARLIER"
    assert tally(quiet.outlet_id).reasons == {"EARLIER": 1}
    row = proposals.include_member(actor=SYSTEM, member_id=member(listed[0]).pk, at=at(DAY + days(30)))
    assert (row.is_invited, row.insisted) == (True, True)


def test_putting_back_looks_at_the_lists_of_other_kinds(listed, owner, gather):
    from tests import garage

    taken = listed[0]
    proposals.exclude_member(actor=SYSTEM, member_id=member(taken).pk, reason="WISH", at=at())
    garage.car(taken, 904, plate="沪A90401", since=DAY, sold_on=DAY - days(560))
    owner(months=18)
    gather(DAY + days(1))
    assert standing(proposal("warranty_ending"))[taken.pk] == ""
    row = Member.objects.get(customer=taken, proposal=proposal("new_owners"))
    back = proposals.include_member(actor=SYSTEM, member_id=row.pk, at=at(DAY + days(1)))
    assert (back.is_invited, back.excluded) == (False, "OTHER")


@pytest.mark.covers("INFO-23")
def test_two_members_who_are_one_person_stand_on_the_list_once(quiet, listed, gather, acting):
    kept, gone, _other = listed
    proposals.exclude_member(actor=SYSTEM, member_id=member(gone).pk, reason="COMPLAINT", at=at())
    made = merging.merge_customers(actor=acting(SYSTEM), kept_id=kept.pk, gone_id=gone.pk, choices={}, at=at())
    row = proposal()
    assert set(queries.members(row).values_list("customer_id", flat=True)) == {kept.pk, listed[2].pk}
    with pytest.raises(NotFound):
        queries.member(SYSTEM, Member.objects.get(customer=gone).pk)
    gather(DAY + days(1))
    assert standing(row)[kept.pk] == "EARLIER"
    assert tally(quiet.outlet_id).met == 2
    merging.undo_merge(actor=SYSTEM, merge_id=made.pk, at=at(DAY + days(1)))
    assert queries.members(row).count() == 3


@pytest.mark.covers("INFO-23")
def test_a_member_follows_a_merge(quiet, listed, buyer, acting):
    kept = buyer(DAY - days(900))
    merging.merge_customers(actor=acting(SYSTEM), kept_id=kept.pk, gone_id=listed[0].pk, choices={}, at=at())
    assert kept.pk in set(queries.members(proposal()).values_list("customer_id", flat=True))


@pytest.mark.covers("INFO-23")
def test_who_was_invited_twice_before_a_merge_stays_with_the_first_list(listed, owner, gather, acting):
    accept(planned_on=LATER)
    later = [owner(months=0), owner(months=0)]
    gather(DAY + days(1))
    accept(planned_on=LATER, moment=at(DAY + days(1)))
    merging.merge_customers(actor=acting(SYSTEM), kept_id=listed[0].pk, gone_id=later[0].pk, choices={}, at=at())
    for day in (2, 3):
        gather(DAY + days(day))
        held = Member.objects.filter(customer=listed[0]).order_by("pk")
        assert [row.excluded for row in held] == ["", "ALREADY"]


def test_an_import_with_members_can_be_undone(listed):
    from guanxi.intake.services.staging import mergers

    assert mergers.is_derived(Member)
    assert not mergers.is_derived(Proposal)


@pytest.mark.parametrize(("who", "refusal"), [("neighbour", NotFound), ("callback", NotAllowed)])
def test_nobody_decides_what_is_another_outlets_or_beyond_his_rights(quiet, listed, neighbour, acting, who, refusal):
    row, person = proposal(), member(listed[0])
    actor = acting(neighbour if who == "neighbour" else quiet.callback)
    acts = (
        lambda: proposals.accept_proposal(actor=actor, proposal_id=row.pk, planned_on=LATER, at=at()),
        lambda: proposals.decline_proposal(actor=actor, proposal_id=row.pk, reason="x", at=at()),
        lambda: proposals.exclude_member(actor=actor, member_id=person.pk, reason="WISH", at=at()),
        lambda: proposals.include_member(actor=actor, member_id=person.pk, at=at()),
    )
    for act in acts:
        with pytest.raises(refusal):
            act()


@pytest.mark.covers("NFR-06", "ORG-35")
def test_the_database_hides_the_lectures_of_other_outlets(quiet, listed, neighbour, acting):
    for actor, lists, people in ((neighbour, 0, 0), (quiet.crm, 1, 3), (quiet.branch, 1, 3), (quiet.hq, 1, 3)):
        acting(actor)
        assert (Proposal.objects.count(), Member.objects.count()) == (lists, people)
        assert (queries.visible_to(actor).count(), set(Tally.objects.values_list("outlet_id", flat=True))) == (
            lists, set(queries.tallies(actor).values_list("outlet_id", flat=True)),
        )  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [{"state": "ACCEPTED"}, {"state": "ACCEPTED", "decided_on": DAY}, {"state": "DECLINED", "decided_on": DAY},
     {"decided_on": DAY}, {"planned_on": DAY}, {"state": "LOST"}],
)  # fmt: skip
def test_the_database_refuses_half_a_decision(listed, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.update(**wrong)
