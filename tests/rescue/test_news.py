"""What follows a rescue elsewhere: the address of its page by text message, a complaint when he is not satisfied."""

import datetime
from urllib.parse import urlsplit

import pytest
from tests.messaging.conftest import consent
from tests.rescue.conftest import AT, minutes

from guanxi.access.models import Membership
from guanxi.complaints.models import Complaint
from guanxi.complaints.services import from_rescues
from guanxi.complaints.tasks import follow_rescue
from guanxi.config.wiring import REACTIONS
from guanxi.customers.models import ContactPoint
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import NotAllowed
from guanxi.messaging.models import Message
from guanxi.rescue import tasks
from guanxi.rescue.events import RescueCalledBack, RescueTaken
from guanxi.rescue.services import answering, closing, sending, telling
from guanxi.rescue.services.answering import Crew, Report
from guanxi.vehicles.models import Participant

NIGHT = datetime.datetime(2026, 6, 3, 18, 0, tzinfo=datetime.UTC)  # two o'clock in the morning in Shanghai
LATER = AT + datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def long_employed(cast):
    """The people of the demonstration have worked since long before the days of these tests."""
    db.set_scope(SYSTEM)
    Membership.objects.update(valid_from=datetime.date(2020, 1, 1))


@pytest.fixture
def reached(settings):
    settings.PUBLIC_URL = "https://crm.example.com"


def owner(car):
    return Participant.objects.get(vehicle=car, role="OWNER").customer


def tell(row, at=AT):
    db.set_scope(SYSTEM)
    return telling.tell_link(actor=SYSTEM, rescue_id=row.pk, at=at)


def messages(row):
    db.set_scope(SYSTEM)
    return list(Message.objects.filter(key=f"rescue:{row.pk}:follow").order_by("pk"))


def take_in(row, *, is_complaint=True, actor=SYSTEM):
    db.set_scope(SYSTEM)
    return from_rescues.take_in(
        actor=actor, rescue_id=row.pk, customer_id=row.customer_id, is_complaint=is_complaint, at=LATER
    )


@pytest.mark.usefixtures("reached")
def test_the_owner_is_written_where_help_is_once_and_even_at_night(take, car, cast, client):
    db.set_scope(SYSTEM)
    consent(owner(car), cast.outlet_id, "SERVICE")
    row = take(at=NIGHT, plate=car.plate)
    assert tell(row, NIGHT).queued == 1
    (message,) = messages(row)
    assert (message.node_id, message.address, message.channel) == (cast.outlet_id, "13600007701", "SMS")
    assert message.not_before == NIGHT  # it waits for no morning
    (link,) = [word for word in message.body.split() if "https://" in word]
    address = urlsplit(link[link.index("https://") :])
    assert address.netloc == "crm.example.com"
    assert client.get(address.path).status_code == 200
    assert tell(row, NIGHT + minutes(1)) is None
    assert len(messages(row)) == 1


@pytest.mark.usefixtures("reached")
def test_messaging_decides_who_may_be_written_to(take, car, cast):
    row = take(plate=car.plate)
    assert tell(row).skipped == {"NO_CONSENT": 1}
    db.set_scope(SYSTEM)
    consent(owner(car), cast.outlet_id, "SERVICE")
    ContactPoint.objects.all().delete()
    other = take(at=AT + minutes(1), plate=car.plate)
    assert tell(other).skipped == {"NO_ADDRESS": 1}
    assert tell(take(at=AT + minutes(2), plate="")) is None  # nobody on file


def test_without_an_address_of_the_house_or_after_the_end_nobody_is_written_to(take, car, cast, acting, settings):
    db.set_scope(SYSTEM)
    consent(owner(car), cast.outlet_id, "SERVICE")
    row = take(plate=car.plate)
    settings.PUBLIC_URL = ""
    assert tell(row) is None
    settings.PUBLIC_URL = "https://crm.example.com"
    sending.cancel(actor=acting(cast.agent), rescue_id=row.pk, reason="已自行离开", at=AT + minutes(1))
    assert tell(row) is None
    assert messages(row) == []


@pytest.mark.usefixtures("reached")
def test_news_of_a_rescue_wakes_the_message(take, car, cast):
    db.set_scope(SYSTEM)
    consent(owner(car), cast.outlet_id, "SERVICE")
    row = take(at=clock.now(), plate=car.plate)
    assert [item.react for item in REACTIONS if item.event is RescueTaken] == [tasks.follow_taken]
    db.set_scope(SYSTEM)
    tasks.follow_taken(rescue_id=row.pk, place_id=row.place_id, customer_id=row.customer_id, vehicle_id=row.vehicle_id)
    assert len(messages(row)) == 1


@pytest.mark.covers("RESC-10")
@pytest.mark.parametrize(("score", "complains"), [(1, True), (2, True), (3, False), (5, False)])
def test_who_is_not_satisfied_complains_of_the_outlet_that_helped(on_the_way, car, cast, acting, score, complains):
    row = on_the_way("DONE", plate=car.plate)
    closing.call_back(actor=acting(cast.agent), rescue_id=row.pk, score=score, words="等了两个小时", at=LATER)
    made = take_in(row, is_complaint=complains)
    if not complains:
        assert made is None
        assert not Complaint.objects.exists()
        return
    assert (made.outlet_id, made.customer_id, made.vehicle_id, made.angle) == (
        cast.outlet_id, row.customer_id, car.pk, "SERVICE",
    )  # fmt: skip
    assert made.words == f"{row.number}: 等了两个小时"
    assert made.owner_id == cast.service.user_id
    assert take_in(row).pk == made.pk  # the same news again
    assert Complaint.objects.count() == 1
    with pytest.raises(NotAllowed):
        take_in(row, actor=cast.gm)


def test_after_the_help_of_a_partner_his_own_outlet_takes_it_up(take, helper, partner_id, car, cast, acting):
    helper(partner_id)
    row = take(plate=car.plate)
    agent = acting(cast.agent)
    sending.send(actor=agent, rescue_id=row.pk, provider_id=partner_id, at=AT + minutes(2))
    answering.accept(actor=acting(SYSTEM), rescue_id=row.pk, crew=Crew(20), at=AT + minutes(3))
    answering.arrive(actor=acting(SYSTEM), rescue_id=row.pk, at=AT + minutes(20))
    answering.finish(actor=acting(SYSTEM), rescue_id=row.pk, report=Report("ON_SITE"), at=AT + minutes(40))
    closing.call_back(actor=acting(cast.agent), rescue_id=row.pk, score=1, words="态度很差", at=LATER)
    row.refresh_from_db()
    assert take_in(row).outlet_id == cast.outlet_id


def test_news_of_a_call_back_wakes_the_complaint(on_the_way, cast, acting):
    row = on_the_way("DONE", plate="")
    closing.call_back(actor=acting(cast.agent), rescue_id=row.pk, score=1, words="太慢", at=LATER)
    assert [item.react for item in REACTIONS if item.event is RescueCalledBack] == [follow_rescue]
    db.set_scope(SYSTEM)
    follow_rescue(rescue_id=row.pk, provider_id=row.provider_id, customer_id=None, score=1, is_complaint=True)
    made = Complaint.objects.get()
    assert (made.caller_name, made.caller_phone, made.outlet_id) == ("罗秀英", "13600007701", cast.outlet_id)
