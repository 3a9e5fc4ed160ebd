"""The customer's word: it closes a complaint or begins the next round; nothing else closes it."""

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.complaints.conftest import AT, find_and_resolve, fresh, hours
from tests.complaints.test_handling import process, tasks

from guanxi.complaints import policy
from guanxi.complaints.events import ComplaintClosed, RevisitRecorded
from guanxi.complaints.models import Complaint, Round
from guanxi.complaints.services import handling, revisit, steering
from guanxi.complaints.states import MOVES, State
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, DomainError, Invalid, NotAllowed
from guanxi.worklist.models import Task

NEXT_DAY = AT + hours(24)


def ask(actor, row, *, satisfied=True, at=NEXT_DAY, words="很满意", **more):
    return revisit.record_revisit(
        actor=actor, complaint_id=row.pk, is_satisfied=satisfied, words=words, at=at, **more
    )  # fmt: skip


@pytest.mark.covers("CMP-14", "FUP-33")
def test_somebody_else_asks_the_customer_within_three_working_days(cast, acting, take_in, bring, published):
    row = bring(take_in(), "TO_REVISIT")
    held = Task.objects.get(kind="complaints.revisit", subject_id=row.pk)
    assert held.owner_id == cast.callback.user_id
    assert held.term_days == 3
    ask(acting(cast.callback), row, summary="加强路试")
    row = fresh(row)
    assert (row.state, row.ending, row.summary, row.due_at) == ("CLOSED", "CONFIRMED", "加强路试", None)
    assert tasks(row)[-1] == ("revisit", "DONE", "SATISFIED")
    told = [event for event in published if isinstance(event, RevisitRecorded | ComplaintClosed)]
    assert told == [
        RevisitRecorded(row.pk, row.outlet_id, row.customer_id, True, 1),
        ComplaintClosed(row.pk, row.outlet_id, row.customer_id, "CONFIRMED", 1),
    ]


@pytest.mark.covers("CMP-15")
def test_who_is_not_satisfied_begins_a_round_in_which_the_cause_is_named_again(cast, acting, take_in, bring):
    row = bring(take_in(), "TO_REVISIT")
    first_due = row.solve_due_at
    ask(acting(cast.callback), row, satisfied=False, words="还是不凉")
    row = fresh(row)
    assert (row.state, row.rounds, row.solve_due_at) == ("ANALYSING", 2, first_due)
    assert row.due_at > AT + hours(24)
    assert tasks(row)[2:] == [("revisit", "DONE", "REJECTED"), ("solve", "OPEN", "")]
    with pytest.raises(Conflict):
        handling.resolve(actor=acting(cast.service), complaint_id=row.pk, words="已换", at=AT + hours(25))
    with pytest.raises(Conflict):
        handling.decide_validity(
            actor=acting(cast.service), complaint_id=row.pk, is_valid=False, words="x", at=AT + hours(25)
        )
    find_and_resolve(acting(cast.service), row.pk, AT + hours(26), cause="MATERIAL")
    ask(acting(cast.callback), row, at=AT + hours(48))
    kept = [(item.number, item.cause_id, item.is_satisfied, item.verdict) for item in row.passes.order_by("number")]
    assert kept == [(1, "BADLY_DONE", False, "还是不凉"), (2, "MATERIAL", True, "很满意")]
    assert (fresh(row).state, fresh(row).rounds) == ("CLOSED", 2)


def test_whoever_handled_it_does_not_ask_by_the_base_process(cast, acting, take_in, bring):
    row = bring(take_in(), "TO_REVISIT")
    steering.escalate(actor=acting(cast.service), complaint_id=row.pk, reason="x", at=AT)
    with pytest.raises(NotAllowed):
        ask(acting(cast.service), row)
    db.set_scope(SYSTEM)
    Complaint.objects.filter(pk=row.pk).update(owner_id=cast.gm.user_id)
    with pytest.raises(Conflict, match="somebody else"):
        ask(acting(cast.gm), row)
    Round.objects.filter(complaint=row).update(resolved_by_id=cast.crm.user_id)
    with pytest.raises(Conflict, match="somebody else"):
        ask(acting(cast.crm), row)
    with pytest.raises(Invalid):
        ask(acting(cast.callback), row, words=" ")
    assert fresh(row).state == "TO_REVISIT"


@pytest.mark.covers("CMP-19")
def test_one_person_handles_and_asks_where_the_process_says_so(cast, acting, take_in, bring):
    process(revisit_by="OWNER")
    row = bring(take_in(), "TO_REVISIT")
    assert Task.objects.get(kind="complaints.revisit", subject_id=row.pk).owner_id == cast.service.user_id
    with pytest.raises(NotAllowed):
        ask(acting(cast.callback), row)
    with pytest.raises(Conflict, match=cast.service.name):
        ask(acting(cast.gm), row)
    steering.hand_over(
        actor=acting(cast.gm), complaint_id=row.pk, person_id=cast.advisor.user_id, reason="离职", at=NEXT_DAY
    )
    assert Task.objects.get(kind="complaints.revisit", subject_id=row.pk).owner_id == cast.advisor.user_id
    with pytest.raises(Conflict, match=cast.advisor.name):
        ask(acting(cast.service), row)
    ask(acting(cast.advisor), row)
    assert fresh(row).state == "CLOSED"


def test_a_round_stays_as_the_customer_judged_it(cast, acting, take_in, bring):
    row = bring(take_in(), "CLOSED")
    for values in ({"measure": "别的"}, {"is_satisfied": False}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Round.objects.filter(complaint=row).update(**values)
    for values in ({"words": "别的"}, {"state": "RECEIVED"}, {"kind": "ENQUIRY"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Complaint.objects.filter(pk=row.pk).update(**values)


@pytest.mark.parametrize("before", list(State))
@pytest.mark.parametrize("after", list(State))
def test_the_moves_are_those_of_the_table(before, after):
    assert policy.may_move(before, after) == (after in MOVES[before])
    if before == State.CLOSED:
        assert not MOVES[before]


NEXT = {"RECEIVED": "contact", "RESOLVING": "plan", "TO_REVISIT": "yes", "CLOSED": "answer"}
STEPS = (
    "next",
    "next",
    "next",
    "next",
    "next",
    "next",
    "contact",
    "valid",
    "invalid",
    "cause",
    "inside",
    "plan",
    "resolve",
    "yes",
    "no",
    "answer",
    "raise",
)


def _next(row):
    """Return the step that leads on from where a complaint stands."""
    row = fresh(row)
    if row.state == "ANALYSING":
        return "valid" if row.is_valid is None else "cause"
    if row.state == "RESOLVING" and row.passes.get(number=row.rounds).plan:
        return "resolve"
    return NEXT[row.state]


def _take(step, actor_of, row, at):
    """Take a step as whoever usually does; what cannot follow is refused."""
    pk, service = row.pk, actor_of("service")
    if step == "next":
        step = _next(row)
    common = {"actor": service, "complaint_id": pk, "at": at}
    if step in ("yes", "no"):
        return ask(actor_of("callback"), row, satisfied=step == "yes", at=at)
    if step == "cause":
        return handling.name_cause(cause="BADLY_DONE", words="检查", **common)
    if step in ("valid", "invalid"):
        return handling.decide_validity(is_valid=step == "valid", words="如此", **common)
    if step == "inside":
        return steering.decide_inside(is_inside=True, words="可以", **common)
    if step == "raise":
        return steering.raise_complaint(reason="不满", **common)
    verb = {"contact": handling.record_contact, "plan": handling.agree_plan, "resolve": handling.resolve}
    return verb.get(step, handling.answer)(words="如此", **common)


@settings(
    max_examples=40, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    moves=st.lists(st.sampled_from(STEPS), min_size=4, max_size=24),
    kind=st.sampled_from(["COMPLAINT", "COMPLAINT", "REQUEST"]),
)
def test_no_path_closes_a_complaint_that_the_customer_has_not_confirmed(cast, acting, take_in, moves, kind):
    with transaction.atomic():
        row = take_in(kind=kind)
        for number, step in enumerate(moves, 1):
            before = Complaint.objects.values().get(pk=row.pk)
            try:
                with transaction.atomic():
                    _take(step, lambda who: acting(getattr(cast, who)), row, AT + hours(number))
            except DomainError as refusal:
                assert str(refusal)
                assert Complaint.objects.values().get(pk=row.pk) == before
            else:
                assert before["state"] != "CLOSED"
        row = fresh(row)
        if row.state == "CLOSED" and row.kind == "COMPLAINT":
            said = [item.is_satisfied for item in row.passes.order_by("number")]
            explained = row.ending == "EXPLAINED" and row.is_valid is False and row.summary
            assert explained or (row.ending == "CONFIRMED" and said == [False] * (row.rounds - 1) + [True])
            assert all(item.cause_id for item in row.passes.all()) or explained
        transaction.set_rollback(True)
