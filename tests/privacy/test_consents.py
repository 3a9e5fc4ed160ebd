"""The ledger: lines are added and withdrawn, never changed; who may, what is refused, how a customer stands."""

import datetime

import pytest
from tests import garage
from tests.privacy.conftest import AT

from guanxi.foundation import clock, events
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.privacy import queries
from guanxi.privacy.events import ConsentRecorded, ConsentWithdrawn
from guanxi.privacy.models import Consent, ConsentText
from guanxi.privacy.services import consents
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db
DAYS = datetime.timedelta(days=1)


def text(actor, version="1", purpose="CARE", day=datetime.date(2026, 1, 1)):
    return consents.add_text(
        actor=actor, purpose=purpose, version=version, text_zh="同意", text_en="I agree", valid_from=day
    )  # fmt: skip


@pytest.mark.covers("NFR-01")
@pytest.mark.parametrize("name", ["advisor", "sales", "agent", "hq"])
def test_a_decision_is_a_line_with_text_proof_and_trail(cast, acting, customer, decide, name):
    words = text(acting(cast.hq), "t1", day=AT.date())
    text(cast.hq, "t2", day=datetime.date(2026, 6, 1))
    made = decide(actor=getattr(cast, name))
    assert (made.text_id, made.standing, made.proof, made.given_at) == (words.pk, "GIVEN", "表单 0001", AT)
    acting(SYSTEM)
    entry = AuditEntry.objects.get(verb="privacy.record_consent", subject_id=str(made.pk))
    assert (entry.node_id in {cast.outlet_id, cast.other_outlet_id}, entry.after["standing"]) == (True, "GIVEN")


@pytest.mark.parametrize("name", ["technician", "gm", "auditor", "branch"])
def test_without_the_right_nothing_is_recorded(cast, decide, name):
    with pytest.raises((NotAllowed, NotFound)):
        decide(actor=getattr(cast, name))


def test_a_customer_of_others_is_not_there(cast, acting):
    foreign = garage.customer("李强", "13900139000", cast.other_outlet_id)
    decision = consents.Decision("CARE", "SMS", cast.outlet_id, "GIVEN", "x", AT)
    with pytest.raises(NotFound):
        consents.record_consent(
            actor=acting(cast.advisor), customer_id=foreign.pk, decision=decision, at=clock.now()
        )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"purpose": "FUN"}, "purpose"), ({"medium": "PIGEON"}, "medium"), ({"standing": "WITHDRAWN"}, "standing"),
        ({"proof": "  "}, "proof"), ({"day": 3650}, "day"), ({"text_id": 999_999}, "text"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(customer, decide, more, field):
    with pytest.raises(Invalid) as refusal:
        decide(**more)
    assert refusal.value.field == field
    assert not Consent.objects.filter(customer=customer).exists()


def test_consent_is_given_to_the_outlet_or_to_brand_and_group_alone(cast, decide):
    for place in (cast.outlet_id, cast.brand_id, cast.group_id):
        decide(to=place)
    for place in (cast.other_outlet_id, cast.branch_id):
        with pytest.raises(Invalid):
            decide(to=place)


@pytest.mark.covers("NFR-01")
def test_a_new_decision_is_a_new_line_and_the_old_one_ends_there(cast, acting, decide):
    old = decide()
    new = decide("REFUSED", day=5, proof="录音 77")
    old.refresh_from_db()
    assert (old.standing, old.withdrawn_at, old.withdrawal_proof) == ("WITHDRAWN", new.given_at, "录音 77")
    assert (old.given_at, old.proof) == (AT, "表单 0001")
    assert decide("GIVEN", day=9).standing == "GIVEN"
    with pytest.raises(Invalid):
        decide("REFUSED", day=7)
    acting(SYSTEM)
    before = [
        entry.before and entry.before.get("standing") for entry in AuditEntry.objects.filter(subject_type="consent")
    ]
    assert sorted(word for word in before if word) == ["GIVEN", "REFUSED"]


@pytest.mark.covers("NFR-01", "INFO-35")
def test_a_consent_is_withdrawn_with_a_proof_once(cast, acting, customer, decide, monkeypatch):
    told = []
    monkeypatch.setattr(events, "publish", told.append)
    made = decide()
    actor = acting(cast.agent)
    with pytest.raises(Invalid):
        consents.withdraw_consent(actor=actor, consent_id=made.pk, proof=" ", at=clock.now())
    consents.withdraw_consent(actor=actor, consent_id=made.pk, proof="来电 5", at=AT + DAYS)
    made.refresh_from_db()
    assert (made.standing, made.withdrawn_at, made.withdrawal_proof) == ("WITHDRAWN", AT + DAYS, "来电 5")
    with pytest.raises(Conflict):
        consents.withdraw_consent(actor=actor, consent_id=made.pk, proof="x", at=clock.now())
    cell = (customer.pk, "CARE", "SMS", cast.outlet_id)
    assert told == [ConsentRecorded(made.pk, *cell, "GIVEN"), ConsentWithdrawn(made.pk, *cell)]


def test_who_may_not_withdraws_nothing(cast, acting, decide):
    made = decide()
    for name, refusal in (("gm", NotAllowed), ("stranger", NotFound)):
        with pytest.raises(refusal):
            consents.withdraw_consent(
                actor=acting(getattr(cast, name)), consent_id=made.pk, proof="x", at=clock.now()
            )  # fmt: skip


@pytest.mark.covers("ORG-35", "NFR-06")
def test_another_outlet_sees_the_lines_of_the_group_but_not_those_of_this_outlet(cast, acting, customer, decide):
    own, all_of_us = decide(), decide(to=cast.group_id, medium="PHONE")
    assert {row.pk for row in queries.ledger(acting(cast.stranger), customer.pk)} == {all_of_us.pk}
    assert {row.pk for row in queries.ledger(acting(cast.advisor), customer.pk)} == {own.pk, all_of_us.pk}
    acting(cast.rescue)
    assert not Consent.objects.filter(customer=customer).exists()


def standing(actor, customer, outlet, medium="SMS"):
    return queries.standing(actor, customer.pk, "CARE", medium, outlet_id=outlet, day=clock.today())


@pytest.mark.covers("NFR-01")
def test_how_a_customer_stands_for_an_outlet(cast, acting, customer, decide):
    here, there = cast.outlet_id, cast.other_outlet_id
    assert standing(acting(cast.advisor), customer, here) is None
    decide(to=cast.group_id)
    assert (standing(cast.advisor, customer, here), standing(cast.advisor, customer, here, "PHONE")) == ("GIVEN", None)
    decide("REFUSED", day=1)
    assert standing(cast.advisor, customer, here) == "REFUSED"
    assert standing(acting(cast.stranger), customer, there) == "GIVEN"
    decide("GIVEN", day=2)
    decide("REFUSED", day=3, to=cast.group_id)
    assert standing(acting(cast.advisor), customer, here) == "REFUSED"
    assert standing(acting(cast.hq), customer, there) == "REFUSED"
    decide("GIVEN", day=4)
    assert standing(acting(cast.advisor), customer, here) == "GIVEN"
    assert standing(acting(cast.stranger), customer, there) == "REFUSED"


def test_texts_are_added_by_headquarters_and_never_changed(cast, acting):
    for name in ("gm", "advisor", "auditor"):
        with pytest.raises(NotAllowed):
            text(acting(getattr(cast, name)))
    actor = acting(cast.planner)
    first = text(actor, "t1", day=datetime.date(2000, 1, 1))
    with pytest.raises(Conflict):
        text(actor, "t1")
    for values in ({"purpose": "FUN"}, {"version": " "}):
        with pytest.raises(Invalid):
            text(actor, **values)
    assert ConsentText.objects.get(version="t1").pk == first.pk
    assert queries.text_of("CARE", datetime.date(1999, 12, 31)) is None
    assert queries.text_of("CARE", datetime.date(2000, 1, 1)) == first
