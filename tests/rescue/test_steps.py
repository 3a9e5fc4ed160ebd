"""Every step of a rescue: taken, sent, accepted or not, arrived, ended, called back."""

import datetime
from decimal import Decimal

import pytest
from tests.rescue.conftest import AT, HERE, NEAR, minutes

from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.rescue.models import Dispatch, Rescue, Terms
from guanxi.rescue.queries import providers, rescues
from guanxi.rescue.services import answering, closing, providing, sending
from guanxi.rescue.services.answering import Crew, Report
from guanxi.rescue.services.providing import Facts
from guanxi.rescue.states import Inability
from guanxi.worklist.models import Task


def tasks(row):
    db.set_scope(SYSTEM)
    rows = Task.objects.filter(subject_type="rescue.rescue", subject_id=row.pk).order_by("pk")
    return list(rows.values_list("kind", "state", "role_id", "outcome"))


@pytest.mark.covers("RESC-02", "RESC-08")
def test_a_call_finds_the_car_by_its_plate_and_says_who_pays(cast, take, car):
    row = take(plate="沪a·77777")
    assert (row.vehicle_id, row.plate, row.claim, row.share) == (car.pk, "沪A77777", "ENTITLED", 100)
    assert row.customer_id is not None
    assert row.due_at == AT + minutes(5)
    assert tasks(row) == [("rescue.send", "OPEN", "call_centre_agent", "")]
    other = take(plate="沪B00000", at=AT + minutes(1))
    assert (other.vehicle_id, other.plate, other.claim, other.share) == (None, "沪B00000", "NO_CAR", 0)


def test_the_third_rescue_of_a_year_is_not_covered(take, car):
    claims = [take(plate="沪A77777", at=AT + minutes(number)).claim for number in range(3)]
    assert claims == ["ENTITLED", "ENTITLED", "USED_UP"]


def test_a_form_that_is_sent_twice_is_one_rescue(take):
    assert take().pk == take().pk
    assert Rescue.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [({"phone": "12"}, "phone"), ({"where": " "}, "where"), ({"help": "MAGIC"}, "help"), ({"people": 0}, "people"),
     ({"caller": ""}, "caller"), ({"words": ""}, "words")],
)  # fmt: skip
def test_what_is_not_said_is_refused_at_its_field(take, values, field):
    with pytest.raises(Invalid) as refusal:
        take(**values)
    (problem,) = refusal.value.problems
    assert problem.field == field
    assert not Rescue.objects.exists()


@pytest.mark.covers("RESC-01", "RESC-06")
def test_a_rescue_goes_all_the_way(cast, acting, on_the_way):
    row = on_the_way("DONE")
    assert (row.state, row.result, row.eta_at) == ("DONE", "TOWED", AT + minutes(34))
    closed = closing.call_back(
        actor=acting(cast.agent), rescue_id=row.pk, score=5, words="来得很快", at=AT + datetime.timedelta(days=1)
    )
    assert (closed.state, closed.score) == ("CLOSED", 5)
    assert tasks(row) == [
        ("rescue.send", "DONE", "call_centre_agent", "SENT"), ("rescue.answer", "DONE", "service_manager", "ANSWERED"),
        ("rescue.receive", "OPEN", "service_advisor", ""), ("rescue.call_back", "DONE", "call_centre_agent", "CALLED"),
    ]  # fmt: skip


@pytest.mark.covers("RESC-03")
def test_the_quote_follows_the_tariff_over_the_way_there_and_back(cast, acting, take, helper, car):
    helper(cast.outlet_id)
    row = take(plate="沪A77777")
    sent = sending.send(actor=acting(cast.agent), rescue_id=row.pk, provider_id=cast.outlet_id, at=AT)
    row.refresh_from_db()
    assert sent.road_km == 4
    assert (row.quoted, row.quoted_customer) == (Decimal("300.00"), Decimal("0.00"))


def test_without_a_position_nothing_is_quoted(cast, acting, take, helper):
    helper(cast.outlet_id)
    row = take(position=None)
    sent = sending.send(actor=acting(cast.agent), rescue_id=row.pk, provider_id=cast.outlet_id, at=AT)
    row.refresh_from_db()
    assert (sent.road_km, row.quoted) == (None, None)


def test_who_refuses_loses_it_and_another_is_sent(cast, acting, take, helper, partner_id):
    helper(cast.outlet_id)
    helper(partner_id, position=(Decimal("31.5"), Decimal("121.9")))
    row = take()
    sending.send(actor=acting(cast.agent), rescue_id=row.pk, provider_id=cast.outlet_id, at=AT)
    with pytest.raises(Invalid):
        answering.refuse(actor=acting(cast.service), rescue_id=row.pk, reason=" ", at=AT)
    answering.refuse(actor=cast.service, rescue_id=row.pk, reason="拖车在外", at=AT + minutes(1))
    with pytest.raises(NotFound):
        rescues.rescue(acting(cast.service), row.pk)
    assert tasks(row)[-1] == ("rescue.send", "OPEN", "call_centre_agent", "")
    acting(cast.agent)
    fresh = rescues.rescue(cast.agent, row.pk)
    offered = providers.candidates(fresh, rescues.terms_on(AT.date()), AT)
    assert [(one.row.pk, one.inability) for one in offered] == [(partner_id, None), (cast.outlet_id, Inability.TRIED)]
    with pytest.raises(Invalid, match=r"sent already|已派过"):
        sending.send(actor=cast.agent, rescue_id=row.pk, provider_id=cast.outlet_id, at=AT)
    sending.send(actor=cast.agent, rescue_id=row.pk, provider_id=partner_id, at=AT + minutes(2))
    answering.accept(actor=acting(cast.rescue), rescue_id=row.pk, crew=Crew(40), at=AT + minutes(3))
    assert rescues.rescue(cast.rescue, row.pk).state == "ACCEPTED"


def test_who_stays_silent_loses_it(cast, acting, on_the_way):
    row = on_the_way("SENT")
    acting(SYSTEM)
    assert sending.sweep(actor=SYSTEM, at=AT + minutes(6)) == 0
    assert sending.sweep(actor=SYSTEM, at=AT + minutes(7)) == 1
    row.refresh_from_db()
    assert (row.state, row.provider_id, row.due_at) == ("TAKEN", None, AT + minutes(12))
    assert list(row.dispatches.values_list("state", flat=True)) == ["LAPSED"]
    assert [item[:2] for item in tasks(row)] == [
        ("rescue.send", "DONE"), ("rescue.answer", "SKIPPED"), ("rescue.send", "OPEN"),
    ]  # fmt: skip
    assert sending.sweep(actor=SYSTEM, at=AT + minutes(8)) == 0
    with pytest.raises(NotFound):
        answering.accept(actor=acting(cast.service), rescue_id=row.pk, crew=Crew(30), at=AT + minutes(8))


def test_who_is_late_is_chased_once_a_quarter_of_an_hour(cast, acting, on_the_way):
    row = on_the_way()
    acting(SYSTEM)
    assert [sending.sweep(actor=SYSTEM, at=AT + minutes(number)) for number in (33, 34, 40, 49)] == [0, 1, 0, 1]
    assert [item for item in tasks(row) if item[0] == "rescue.chase"] == [
        ("rescue.chase", "OPEN", "call_centre_agent", "")
    ]
    answering.arrive(actor=acting(cast.service), rescue_id=row.pk, at=AT + minutes(55))
    assert ("rescue.chase", "DONE", "call_centre_agent", "ARRIVED") in tasks(row)


def test_who_cannot_help_at_the_place_gives_it_back(cast, acting, on_the_way):
    row = on_the_way("ARRIVED")
    with pytest.raises(Conflict):
        answering.refuse(actor=acting(cast.service), rescue_id=row.pk, reason="太重", at=AT + minutes(30))
    answering.fail(actor=cast.service, rescue_id=row.pk, reason="需要吊车", at=AT + minutes(30))
    db.set_scope(SYSTEM)
    row.refresh_from_db()
    assert (row.state, row.dispatches.get().state) == ("TAKEN", "FAILED")


def test_a_recalled_provider_may_be_sent_again(cast, acting, on_the_way):
    row = on_the_way()
    sending.recall(actor=acting(cast.agent), rescue_id=row.pk, reason="客户自行离开", at=AT + minutes(10))
    sending.send(actor=cast.agent, rescue_id=row.pk, provider_id=cast.outlet_id, at=AT + minutes(11))
    assert list(row.dispatches.order_by("number").values_list("state", flat=True)) == ["RECALLED", "SENT"]


def test_a_cancelled_rescue_leaves_no_task(cast, acting, on_the_way):
    row = on_the_way()
    with pytest.raises(Invalid):
        sending.cancel(actor=acting(cast.agent), rescue_id=row.pk, reason="", at=AT)
    ended = sending.cancel(actor=cast.agent, rescue_id=row.pk, reason="车又能走了", at=AT + minutes(5))
    assert (ended.state, ended.ended_at) == ("CANCELLED", AT + minutes(5))
    assert not [item for item in tasks(row) if item[1] == "OPEN"]
    with pytest.raises(Conflict):
        sending.cancel(actor=acting(cast.agent), rescue_id=row.pk, reason="再次", at=AT)


@pytest.mark.parametrize(
    ("report", "field"),
    [
        (Report("MAGIC"), "result"), (Report("TOWED"), "destination"), (Report("ON_SITE", 1), "destination"),
        (Report("ON_SITE", None, Decimal(-1)), "settled"), (Report("ON_SITE", None, Decimal(10), Decimal(11)), "settled_customer"),
    ],
)  # fmt: skip
def test_an_end_that_cannot_be_is_refused_at_its_field(cast, acting, on_the_way, report, field):
    row = on_the_way("ARRIVED")
    with pytest.raises(Invalid) as refusal:
        answering.finish(actor=acting(cast.service), rescue_id=row.pk, report=report, at=AT + minutes(50))
    assert refusal.value.problems[0].field == field


def test_the_visit_that_follows_a_tow_is_noted(cast, acting, on_the_way, car):
    row = on_the_way("DONE", plate="沪A77777")
    acting(SYSTEM)
    facts = {"vehicle_id": car.pk, "outlet_id": cast.outlet_id}
    closing.link_visit(actor=SYSTEM, visit_id=5, entered_on=AT.date() + datetime.timedelta(days=9), **facts)
    row.refresh_from_db()
    assert row.visit_id is None
    closing.link_visit(actor=SYSTEM, visit_id=6, entered_on=AT.date(), **facts)
    closing.link_visit(actor=SYSTEM, visit_id=7, entered_on=AT.date(), **facts)
    row.refresh_from_db()
    assert row.visit_id == 6
    assert ("rescue.receive", "DONE", "service_advisor", "RECEIVED") in tasks(row)


@pytest.mark.covers("RESC-05")
def test_the_four_measures_count_what_was_answered(cast, acting, on_the_way, take):
    row = on_the_way("DONE")
    closing.call_back(actor=acting(cast.agent), rescue_id=row.pk, score=2, words="等太久", at=AT + minutes(90))
    other = take(at=AT + minutes(3))
    sending.send(actor=cast.agent, rescue_id=other.pk, provider_id=cast.outlet_id, at=AT + minutes(4))
    span = (AT - minutes(60), AT + minutes(600))
    before = providers.measures(cast.agent, *span)
    answering.refuse(actor=acting(cast.service), rescue_id=other.pk, reason="忙", at=AT + minutes(5))
    (one,) = providers.measures(acting(cast.agent), *span)
    assert [item.sent for item in before] == [1]  # what waits for an answer does not count
    assert (one.sent, one.accepted, one.arrived, one.in_time, one.minutes, one.complaints) == (2, 1, 1, 1, 26.0, 1)
    assert (one.acceptance, one.punctuality) == (50, 100)
    assert providers.measures(cast.agent, AT + minutes(700), AT + minutes(800)) == []


def test_who_cannot_be_sent_is_refused_with_the_reason(cast, acting, take, helper, partner_id):
    helper(cast.outlet_id, helps=("FUEL",))
    helper(partner_id, radius_km=1)
    row = take()
    for provider_id in (cast.outlet_id, partner_id, 0):
        with pytest.raises(Invalid):
            sending.send(actor=acting(cast.agent), rescue_id=row.pk, provider_id=provider_id, at=AT)
    assert not Dispatch.objects.exists()


def test_a_service_desk_that_is_closed_cannot_be_sent(cast, acting, take, helper):
    helper(cast.outlet_id, is_day_and_night=False)
    row = take()
    terms = Terms.objects.get()
    at_night = AT + datetime.timedelta(hours=17)
    assert [one.inability for one in providers.candidates(row, terms, at_night)] == [Inability.CLOSED]


def test_rights(cast, acting, take, helper, on_the_way):
    row = on_the_way("SENT")
    for who in ("sales", "auditor"):
        with pytest.raises(NotAllowed):
            take(who, place=cast.outlet_id)
    with pytest.raises((NotAllowed, NotFound)):
        sending.send(actor=acting(cast.service), rescue_id=row.pk, provider_id=cast.outlet_id, at=AT)
    with pytest.raises(NotAllowed):
        answering.accept(actor=acting(cast.agent), rescue_id=row.pk, crew=Crew(30), at=AT)
    with pytest.raises(NotFound):
        answering.accept(actor=acting(cast.rescue), rescue_id=row.pk, crew=Crew(30), at=AT)
    acting(cast.stranger)
    assert not Rescue.objects.exists()  # row-level security


def test_a_provider_is_kept_by_those_who_lead_it(cast, acting):
    facts = Facts("021-1", ["TOW", "FUEL", "TOW"], HERE, 60)
    row = providing.keep_provider(actor=acting(cast.service), node_id=cast.outlet_id, facts=facts, at=AT)
    assert (row.helps, row.radius_km) == (["FUEL", "TOW"], 60)
    again = providing.keep_provider(
        actor=cast.service, node_id=cast.outlet_id, facts=Facts("021-2", ["TOW"], NEAR, None), at=AT
    )
    assert (again.phone, again.radius_km) == ("021-2", None)
    with pytest.raises(NotAllowed):
        providing.keep_provider(actor=cast.service, node_id=cast.other_outlet_id, facts=facts, at=AT)
    for wrong, field in ((Facts("", ["TOW"]), "phone"), (Facts("1", []), "helps"), (Facts("1", ["X"]), "helps"),
                         (Facts("1", ["TOW"], None, 0), "radius_km")):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            providing.keep_provider(actor=cast.service, node_id=cast.outlet_id, facts=wrong, at=AT)
        assert refusal.value.problems[0].field == field
