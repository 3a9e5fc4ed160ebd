"""Taking a complaint in: one responsible person, clocks, the same matter offered, what is refused."""

import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from tests import garage
from tests.complaints.conftest import AT, WORDS, fresh, hours

from guanxi.complaints.events import ComplaintEscalated, ComplaintOpened
from guanxi.complaints.models import Complaint, Deed
from guanxi.complaints.queries import cases
from guanxi.complaints.services import intake
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry
from guanxi.worklist.models import Absence, Task


def tasks(row):
    db.set_scope(SYSTEM)
    found = Task.objects.filter(subject_type="complaints.complaint", subject_id=row.pk).order_by("pk")
    return [(task.kind.partition(".")[2], task.state, task.owner_id) for task in found]


def only(published):
    return [event for event in published if "complaints" in type(event).__module__]


@pytest.mark.covers("CMP-10")
def test_one_person_is_responsible_and_his_clocks_run(cast, take_in, published):
    row = take_in("callback")
    assert (row.state, row.owner_id, row.owner_name) == ("RECEIVED", cast.service.user_id, cast.service.name)
    assert (row.place_id, row.process_id, row.rounds) == (cast.outlet_id, "BASE", 1)
    assert row.contact_due_at == row.due_at == AT + hours(1)
    assert clock.day_of(row.solve_due_at) == clock.day_of(AT) + datetime.timedelta(days=1)
    owner = cast.service.user_id
    assert tasks(row) == [("contact", "OPEN", owner), ("solve", "OPEN", owner)]
    assert only(published) == [ComplaintOpened(row.pk, cast.outlet_id, row.customer_id, "COMPLAINT")]
    assert AuditEntry.objects.filter(verb="complaints.open", subject_id=row.pk).count() == 1
    assert [(deed.act, deed.words) for deed in row.deeds.all()] == [("OPENED", WORDS)]


@pytest.mark.parametrize(("angle", "who"), [("SALES", "saleslead"), ("SERVICE", "service"), ("PRODUCT", "service")])
def test_who_is_responsible_follows_from_the_angle(cast, saleslead, take_in, angle, who):
    expected = saleslead if who == "saleslead" else getattr(cast, who)
    assert take_in("agent", angle=angle).owner_id == expected.user_id


def test_whoever_is_away_is_passed_over(cast, acting, take_in):
    day = clock.day_of(AT)
    Absence.objects.create(person_id=cast.service.user_id, first_day=day, last_day=day, made_at=AT)
    assert take_in("callback").owner_id == cast.crm.user_id


def test_the_call_centre_takes_in_what_the_outlet_handles(cast, take_in):
    row = take_in("agent")
    assert row.place_id == cast.agent.home_id != cast.outlet_id
    assert row.owner_id == cast.service.user_id


def test_a_form_sent_twice_is_one_complaint_but_not_somebody_elses(cast, take_in):
    first = take_in(token="same-form")
    assert take_in(token="same-form", angle="SALES").pk == first.pk
    assert take_in("gm", token="same-form").pk != first.pk
    assert [kind for kind, _state, _owner in tasks(first)] == ["contact", "solve"]


def test_the_same_matter_is_offered_before_another_one_is_written(cast, acting, take_in, customer):
    first = take_in()
    with pytest.raises(Invalid) as error:
        take_in(is_another=False)
    assert first.number in str(error.value)
    assert [problem.field for problem in error.value.problems] == ["is_another"]
    intake.join(actor=acting(cast.agent), complaint_id=first.pk, words="怎么还没人联系我", at=AT + hours(2))
    row = fresh(first)
    assert [(deed.act, deed.person_name) for deed in row.deeds.order_by("at")][1] == ("JOINED", cast.agent.name)
    assert Complaint.objects.count() == 1
    assert take_in(is_another=True).pk != first.pk


def test_the_same_car_or_number_is_the_same_matter_too(cast, acting, take_in, customer):
    car = garage.car(customer)
    other = garage.customer("王家明", "13600007799", cast.outlet_id)
    garage.drives(car, other)
    take_in(vehicle_id=car.pk)
    with pytest.raises(Invalid):
        take_in(customer_id=other.pk, vehicle_id=car.pk, is_another=False)
    stranger = {"customer_id": None, "caller_name": "路人", "caller_phone": "13912345678", "is_another": False}
    assert take_in(**stranger).customer_id is None
    with pytest.raises(Invalid):
        take_in(**stranger)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "GOSSIP"}, "kind"), ({"angle": "LEGAL"}, "angle"), ({"channel": "PIGEON"}, "channel"),
        ({"category": "NOTHING"}, "category"), ({"words": "  "}, "words"), ({"parties": ["MOON"]}, "parties"),
        ({"amount": Decimal(-1)}, "amount"), ({"customer_id": None}, "caller_name"), ({"level": "MILD"}, "level"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(take_in, more, field):
    with pytest.raises(Invalid) as error:
        take_in(**more)
    assert [problem.field for problem in error.value.problems] == [field]
    assert not Complaint.objects.exists()


def test_only_for_outlets_and_customers_in_sight(cast, acting, take_in):
    with pytest.raises(NotAllowed):
        take_in("technician")
    with pytest.raises(NotAllowed):
        take_in("advisor", outlet=cast.other_outlet_id)
    unseen = garage.customer("外地人", "13600007711", cast.other_outlet_id)
    with pytest.raises(NotFound):
        take_in("advisor", customer_id=unseen.pk)
    assert not Complaint.objects.exists()


@pytest.mark.covers("CLASS-44")
@pytest.mark.parametrize(
    ("more", "signs"),
    [
        ({"words": "高速上刹车失灵"}, ["SAFETY"]),
        ({"amount": Decimal(80000)}, ["DAMAGE"]),
        ({"parties": ["POLICE"]}, ["AUTHORITY"]),
        ({"words": "再不解决就找电视台曝光，去法院起诉"}, ["EXPOSURE", "JUDICIAL"]),
        ({"words": "明天来拉横幅"}, ["EXTREME"]),
        ({"words": "高速上刹车失灵怎么办", "kind": "ENQUIRY"}, []),
        ({"amount": Decimal(100)}, []),
    ],
)
def test_a_crisis_is_known_by_words_amount_and_parties(take_in, published, more, signs):
    row = take_in(**more)
    assert (row.signs, row.level) == (signs, "CRISIS" if signs else "NORMAL")
    told = [ComplaintEscalated(row.pk, is_outside=False)] if signs else []
    assert only(published)[1:] == told


def test_words_that_are_added_can_make_it_a_crisis(cast, acting, take_in, published):
    row = take_in()
    published.clear()
    intake.join(actor=acting(cast.agent), complaint_id=row.pk, words="我要找记者", at=AT + hours(1))
    assert (fresh(row).level, fresh(row).signs) == ("CRISIS", ["AUTHORITY"])
    assert only(published) == [ComplaintEscalated(row.pk, is_outside=False)]
    published.clear()
    intake.join(actor=acting(cast.agent), complaint_id=row.pk, words="记者明天来", at=AT + hours(2))
    assert only(published) == []


def test_who_sees_what(cast, acting, take_in):
    mine = take_in("agent")
    other = take_in("agent", outlet=cast.other_outlet_id)
    for who, seen in (("gm", [mine]), ("stranger", [other]), ("agent", [mine, other]), ("hq", [mine, other])):
        actor = acting(getattr(cast, who))
        assert list(Complaint.objects.order_by("pk")) == seen, who  # row-level security alone
        assert list(cases.visible_to(actor).order_by("pk")) == (seen if who != "stranger" else [])


def test_what_was_said_is_never_changed_or_removed(cast, acting, take_in):
    row = take_in()
    acting(cast.gm)
    assert Deed.objects.filter(complaint=row).update(words="x") == 0
    assert Deed.objects.filter(complaint=row).delete()[0] == 0
    assert Complaint.objects.filter(pk=row.pk).delete()[0] == 0


def test_a_closed_one_takes_no_more_words(cast, acting, take_in, bring):
    row = bring(take_in(), "CLOSED")
    with pytest.raises(Conflict):
        intake.join(actor=acting(cast.crm), complaint_id=row.pk, words="还有", at=AT)


def test_the_database_closes_no_complaint_without_the_customer(take_in):
    row = take_in()
    for values in ({"ending": "ANSWERED"}, {"ending": "EXPLAINED"}, {"ending": "CONFIRMED"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Complaint.objects.filter(pk=row.pk).update(state="CLOSED", ended_at=AT, due_at=None, **values)
