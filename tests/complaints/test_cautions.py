"""A caution about a dangerous customer: proposed, reviewed by a second person, kept, lifted; who is warned (CC-09)."""

import datetime

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from tests import garage
from tests.complaints.conftest import AT, LATER

from guanxi.complaints.models import Caution, CautionStep
from guanxi.complaints.queries import cautions
from guanxi.complaints.services import cautioning
from guanxi.complaints.services.cautioning import NewCaution, Plan
from guanxi.foundation import clock, db, slots
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry
from guanxi.worklist.models import Task

SAID, PLAN = "在大厅威胁接待员，扬言要砸车", "由客户关系经理在会客室接待，不单独会面"
AHEAD = datetime.timedelta(days=30)


def day_after(at=LATER):
    return clock.day_of(at) + AHEAD


@pytest.fixture
def propose(cast, acting, customer):
    """A function that proposes a caution as one of the cast."""

    def make(who="callback", *, about=None, place=None, at=AT, **more):
        values = {"reason": "THREAT", "words": SAID} | more
        new = NewCaution((about or customer).pk, place or cast.outlet_id, **values)
        return cautioning.propose_caution(actor=acting(getattr(cast, who)), new=new, at=at)

    return make


@pytest.fixture
def review(cast, acting):
    """A function that reviews a caution as one of the cast."""

    def go(row, who="crm", *, is_needed=True, words="属实", at=LATER, **more):
        values = {"words": PLAN, "owner_id": cast.gm.user_id, "review_on": day_after(at)} | more
        return cautioning.review_caution(
            actor=acting(getattr(cast, who)), caution_id=row.pk, is_needed=is_needed, words=words, plan=Plan(**values),
            at=at,
        )  # fmt: skip

    return go


def now(row):
    db.set_scope(SYSTEM)
    return Caution.objects.get(pk=row.pk)


def task_of(kind, row):
    db.set_scope(SYSTEM)
    return Task.objects.filter(key=f"complaints.{kind}_caution:{row.pk}").order_by("-pk").first()


@pytest.mark.covers("CC-09", "CMP-36")
def test_a_caution_goes_from_the_proposal_to_the_day_it_is_lifted(cast, acting, propose, review, customer):
    row = propose()
    asked = task_of("review", row)
    assert (now(row).state, asked.node_id, asked.owner_id in {cast.gm.user_id, cast.crm.user_id}) == (
        "PROPOSED", cast.outlet_id, True,
    )  # fmt: skip
    assert SAID not in f"{asked.why} {asked.words} {asked.note}"
    review(row)
    held = now(row)
    assert (held.state, held.plan, held.owner_id, held.owner_name, held.review_on, held.reviewed_by) == (
        "IN_FORCE", PLAN, cast.gm.user_id, cast.gm.name, day_after(), cast.crm.name,
    )  # fmt: skip
    assert task_of("review", row).state == "DONE"
    again = task_of("keep", row)
    assert (again.owner_id, again.due_at) == (cast.gm.user_id, clock.start_of(day_after() + datetime.timedelta(days=1)))
    assert again.opens_at == again.due_at - datetime.timedelta(days=2)
    later = LATER + AHEAD
    plan = Plan("只由总经理接待", cast.crm.user_id, day_after(later))
    cautioning.keep_caution(actor=acting(cast.gm), caution_id=row.pk, words="仍有威胁", plan=plan, at=later)
    assert (now(row).plan, now(row).owner_id, task_of("keep", row).owner_id) == (
        "只由总经理接待", cast.crm.user_id, cast.crm.user_id,
    )  # fmt: skip
    cautioning.lift_caution(actor=acting(cast.crm), caution_id=row.pk, reason="已和解", at=later + AHEAD)
    assert (now(row).state, now(row).review_on, task_of("keep", row).state) == ("LIFTED", None, "DONE")
    assert [(step.act, step.words) for step in row.steps.order_by("pk")] == [
        ("PROPOSED", SAID), ("IN_FORCE", "属实"), ("KEPT", "仍有威胁"), ("LIFTED", "已和解"),
    ]  # fmt: skip
    lines = AuditEntry.objects.filter(subject_type="complaints.caution", subject_id=str(row.pk)).order_by("pk")
    assert [line.verb.partition(".")[2] for line in lines] == [
        "propose_caution", "review_caution", "keep_caution", "lift_caution",
    ]  # fmt: skip
    assert propose(at=later + 2 * AHEAD).pk != row.pk  # what ended is no hindrance


def test_whoever_proposed_it_does_not_review_it_and_is_not_asked(cast, acting, propose, review):
    row = propose("crm")
    assert task_of("review", row).owner_id != cast.crm.user_id
    with pytest.raises(Conflict, match="somebody else"):
        review(row, "crm")
    assert now(row).state == "PROPOSED"
    review(row, "gm", is_needed=False)
    assert (now(row).state, now(row).plan, now(row).owner) == ("DISMISSED", "", None)
    assert cautions.in_force(acting(cast.gm), row.customer_id) == []


def test_the_database_holds_the_second_person_and_whole_states(propose, review):
    row = review(propose())
    for change in (
        {"reviewed_by_id": row.proposed_by_id}, {"plan": ""}, {"owner": None}, {"review_on": None}, {"state": "LIFTED"},
        {"state": "PROPOSED"}, {"reason": "NONE"},
    ):  # fmt: skip
        db.set_scope(SYSTEM)
        with pytest.raises(IntegrityError), transaction.atomic():
            Caution.objects.filter(pk=row.pk).update(**change)


def test_what_ended_and_what_was_said_stays(acting, cast, propose, review):
    row = review(propose())
    cautioning.lift_caution(actor=acting(cast.gm), caution_id=row.pk, reason="已和解", at=LATER + AHEAD)
    db.set_scope(SYSTEM)
    with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
        Caution.objects.filter(pk=row.pk).update(plan="别的")
    assert CautionStep.objects.filter(caution=row).update(words="别的") == 0


def test_there_is_one_at_a_time_for_a_customer_and_a_place(cast, propose, review, customer):
    row = propose()
    with pytest.raises(Conflict, match=row.number):
        propose("gm")
    review(row)
    with pytest.raises(Conflict, match=row.number):
        propose("gm")
    db.set_scope(SYSTEM)
    assert Caution.objects.count() == 1
    centre = propose("agent", place=cast.agent.home_id)
    assert centre.place_id != row.place_id


@pytest.mark.parametrize(
    ("change", "field"), [({"words": "  "}, "words"), ({"reason": "NONE"}, "reason"), ({"place": "branch"}, "place")]
)
def test_a_proposal_that_cannot_be_says_why_and_writes_nothing(cast, propose, change, field):
    if "place" in change:
        change = {"place": cast.branch_id}
    with pytest.raises(Invalid) as refused:
        propose("hq", **change)
    assert [problem.field for problem in refused.value.problems] == [field]
    db.set_scope(SYSTEM)
    assert Caution.objects.count() == 0


def test_a_complaint_of_another_customer_is_no_occasion(cast, propose, take_in):
    about = take_in(customer_id=garage.customer("他人", "13600007733", cast.outlet_id).pk)
    with pytest.raises(Invalid, match="another customer"):
        propose(complaint_id=about.pk)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"words": " "}, "plan"), ({"owner_id": None}, "owner"), ({"owner_id": "callback"}, "owner"),
        ({"review_on": None}, "review_on"), ({"review_on": "today"}, "review_on"), ({"review_on": "far"}, "review_on"),
    ],
)  # fmt: skip
def test_a_plan_that_is_not_whole_is_refused_and_changes_nothing(cast, propose, review, change, field):
    row, day = propose(), clock.day_of(LATER)
    said = {"callback": cast.callback.user_id, "today": day, "far": day + datetime.timedelta(days=367)}
    values = {name: said.get(value, value) for name, value in change.items()}
    plan = {"words": PLAN, "owner_id": cast.gm.user_id, "review_on": day_after()} | values
    with pytest.raises(Invalid) as refused:
        cautioning.review_caution(
            actor=cast.crm, caution_id=row.pk, is_needed=True, words="属实", plan=Plan(**plan), at=LATER
        )
    assert [problem.field for problem in refused.value.problems] == [field]
    assert (now(row).state, task_of("review", row).state) == ("PROPOSED", "OPEN")


def test_what_cannot_follow_is_refused(cast, acting, propose, review):
    row = propose()
    plan = Plan(PLAN, cast.gm.user_id, day_after())
    gm = acting(cast.gm)
    for act, values in (
        (cautioning.keep_caution, {"words": "x", "plan": plan}), (cautioning.lift_caution, {"reason": "x"}),
    ):  # fmt: skip
        with pytest.raises(Conflict, match="cannot follow"):
            act(actor=gm, caution_id=row.pk, at=LATER, **values)
        with pytest.raises(Invalid):
            act(
                actor=gm,
                caution_id=row.pk,
                at=LATER,
                **{name: said if name == "plan" else " " for name, said in values.items()},
            )
    review(row)
    with pytest.raises(Conflict, match="cannot follow"):
        review(row)
    assert now(row).state == "IN_FORCE"


def test_rights_in_both_directions(cast, acting, propose, review, saleslead):
    with pytest.raises(NotAllowed):
        propose("auditor")
    with pytest.raises((NotAllowed, NotFound)):
        propose("technician")
    row = propose()
    for who, refusal in (
        ("callback", NotFound),
        ("stranger", NotFound),
        ("service", NotAllowed),
        ("auditor", NotAllowed),
    ):
        with pytest.raises(refusal):
            review(row, who)
    review(row, owner_id=cast.service.user_id)
    with pytest.raises(NotAllowed):
        cautioning.lift_caution(actor=acting(saleslead), caution_id=row.pk, reason="x", at=LATER)
    service = acting(cast.service)  # the owner reviews no cautions, but this one is his
    assert cautioning.lift_caution(actor=service, caution_id=row.pk, reason="已和解", at=LATER).state == "LIFTED"


def test_in_force_everybody_who_sees_the_customer_reads_plan_and_owner_and_not_what_was_said(
    cast, acting, propose, review, customer
):
    row = propose()
    assert slots.caveats(acting(cast.sales), customer.pk) == []
    review(row)
    for who in ("sales", "advisor", "callback", "agent", "gm", "auditor"):
        (one,) = slots.caveats(acting(getattr(cast, who)), customer.pk)
        assert (one.detail, cast.gm.name in one.who, SAID in repr(one)) == (PLAN, True, False)
        assert bool(one.url) == (who in {"gm", "auditor"})
    assert slots.caveats(acting(cast.stranger), customer.pk) == []
    assert list(cautions.visible_to(acting(cast.callback))) == []
    with pytest.raises(NotFound):
        cautions.caution(acting(cast.callback), row.pk)


def test_the_database_hides_what_was_said_elsewhere_and_what_is_only_proposed(cast, acting, propose, review):
    shared = garage.customer("两店客户", "13600007744", cast.outlet_id, cast.other_outlet_id)
    row = propose(about=shared)
    acting(cast.stranger)
    assert Caution.objects.count() == 0
    review(row)
    acting(cast.stranger)
    assert list(Caution.objects.values_list("plan", flat=True)) == [PLAN]
    assert CautionStep.objects.count() == 0
    assert Caution.objects.update(plan="别的") == 0
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO complaints_caution (customer_id, place_id, reason, is_by_rule, state, proposed_at, proposed_by,"
            " reviewed_by, plan, owner_name) VALUES (%s, %s, 'THREAT', false, 'PROPOSED', now(), '', '', '', '')",
            [shared.pk, cast.outlet_id],
        )
    acting(cast.gm)
    assert CautionStep.objects.count() == 2
