"""What customers answer: kept once, shown, and a stop word stops the channel for good."""

import datetime
import json

import pytest
from django.test import Client
from django.urls import reverse
from tests import garage
from tests.cast import actor_of
from tests.messaging.conftest import AT, consent, days, states

from guanxi.access.models import Membership, User
from guanxi.access.services import tokens
from guanxi.foundation import clock, db, slots
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Invalid, NotAllowed
from guanxi.messaging.models import Message, Reply
from guanxi.messaging.services import replies
from guanxi.messaging.services.replies import NewReply
from guanxi.privacy import queries as privacy
from guanxi.privacy.models import Consent
from guanxi.records.models import AuditEntry

LATER = AT + datetime.timedelta(hours=1)


def answer(words="TD", *, actor=SYSTEM, address="13800138000", reference="r-1", at=LATER, channel="SMS"):
    reply = NewReply(channel, address, words, at, reference)
    return replies.receive_reply(actor=actor, reply=reply, at=at)


@pytest.fixture
def gateway(quiet):
    """The account of a provider, with the role of the preset."""
    user = User.objects.create(username="gateway", name="网关", kind="INTEGRATION", date_joined=clock.now())
    Membership.objects.create(
        user=user, role_id="message_gateway", node_id=quiet.group_id, valid_from=datetime.date(2020, 1, 1)
    )
    return actor_of("gateway")


@pytest.mark.covers("NFR-12", "NFR-01")
def test_a_stop_word_stops_the_channel_at_once_and_for_good(person, write, quiet, gateway, acting):
    row = person()
    consent(row, quiet.group_id, "MARKETING")
    consent(row, quiet.outlet_id, "CARE", "EMAIL")
    write(row)
    acting(gateway)
    answer("ｔｄ。", actor=gateway, address="+86 138 0013 8000")
    acting(SYSTEM)
    assert states() == [("SKIPPED", "STOPPED")]
    for purpose in ("SERVICE", "CARE", "MARKETING", "SURVEY", "SHARING"):
        stands = privacy.standing(SYSTEM, row.pk, purpose, "SMS", outlet_id=quiet.outlet_id, day=clock.today())
        assert stands in {"REFUSED", "WITHDRAWN"}
    assert privacy.standing(SYSTEM, row.pk, "CARE", "EMAIL", outlet_id=quiet.outlet_id, day=clock.today()) == "GIVEN"
    assert write(row, key="again", at=AT + days(300)).skipped == {"DECLINED": 1}
    assert AuditEntry.objects.filter(verb="privacy.record_consent", person_name="网关").count() == 7


def test_a_later_consent_opens_the_channel_again(person, write, quiet):
    row = person()
    answer()
    consent(row, quiet.outlet_id, given=LATER + days(1))
    assert write(row, at=LATER + days(2)).queued == 1


@pytest.mark.covers("CC-39")
def test_an_answer_is_kept_once_with_everybody_who_has_the_number(person, write, quiet):
    husband, wife = person("李明", "13900139000"), person("赵敏", "13900139000")
    write(husband)
    rows = answer("谢谢", address="13900139000")
    assert {row.customer_id for row in rows} == {husband.pk, wife.pk}
    assert [row.pk for row in answer("谢谢", address="13900139000")] == [row.pk for row in rows]
    assert Reply.objects.count() == 2
    assert states() == [("QUEUED", "")]
    assert Consent.objects.filter(standing="GIVEN").count() == 2


def test_an_answer_of_nobody_known_is_kept(quiet):
    (row,) = answer("你是谁", address="13900000000")
    assert (row.customer_id, row.is_stop) == (None, False)
    assert answer("你是谁", address="13900000000") == [row]


def test_a_stop_by_mail(person, quiet):
    row = person()
    garage.ContactPoint.objects.create(customer=row, channel="EMAIL", value="Wang@Example.com", touched_at=AT)
    consent(row, quiet.outlet_id, "CARE", "EMAIL")
    answer("Unsubscribe", channel="EMAIL", address="wang@example.com")
    assert not Consent.objects.filter(customer=row, medium="EMAIL", standing="GIVEN").exists()
    assert Consent.objects.filter(customer=row, medium="SMS", standing="GIVEN").exists()


def test_two_stops_are_one(person, quiet):
    row = person()
    answer()
    before = Consent.objects.filter(customer=row).count()
    answer(reference="r-2", at=LATER + days(1))
    assert Consent.objects.filter(customer=row).count() == before


def test_rights_and_what_cannot_be(person, quiet, acting):
    person()
    for actor in (quiet.gm, quiet.crm, quiet.planner, quiet.stranger):
        with pytest.raises(NotAllowed):
            answer(actor=acting(actor))
    acting(SYSTEM)
    for wrong in ({"reference": " "}, {"address": ""}, {"channel": "LETTER"}):
        with pytest.raises(Invalid):
            answer(**wrong)
    with pytest.raises(Invalid):
        replies.receive_reply(actor=SYSTEM, reply=NewReply("SMS", "138", "x", LATER + days(1), "r"), at=LATER)
    assert not Reply.objects.exists()


def test_answers_are_seen_by_those_who_see_the_customer(person, quiet, acting, signed_in):
    row = person()
    answer("明天来")
    answer("你是谁", address="13900000000", reference="r-2")
    found = slots.moments(acting(quiet.crm), row.pk, 20)
    assert [moment.detail for moment in found if moment.icon == "message-square-reply"] == ["“明天来”"]
    assert Reply.objects.count() == 1
    acting(quiet.stranger)
    assert not Reply.objects.exists()  # the wall of the database
    page = signed_in("crm").get(reverse("messaging:replies")).content.decode()
    assert ("明天来" in page, "你是谁" in page) == (True, False)
    assert "你是谁" in signed_in("hq").get(reverse("messaging:replies")).content.decode()


@pytest.mark.covers("CC-39", "SYS-22")
def test_a_gateway_reports_over_the_api(person, gateway, quiet):
    row = person()
    Consent.objects.update(given_at=clock.now() - days(1))
    db.set_scope(quiet.hq)
    _token, secret = tokens.issue_token(
        actor=quiet.hq, user_id=gateway.user_id, name="gateway", verbs=["messaging.receive_reply"], lasts=days(30),
        at=clock.now(),
    )  # fmt: skip
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    body = {
        "channel": "SMS", "address": "8613800138000", "words": "退订", "received_at": clock.now().isoformat(), "reference": "g-1",
    }  # fmt: skip
    path = "/api/v1/messaging/replies"
    for _time in range(2):
        found = client.post(path, json.dumps(body), "application/json")
        assert found.json() == {"customers": 1, "is_stop": True}
    assert client.get("/api/v1/messaging/messages").status_code == 403
    db.set_scope(SYSTEM)
    assert Reply.objects.get().customer_id == row.pk
    assert not Consent.objects.filter(customer=row, medium="SMS", standing="GIVEN").exists()
    assert not Message.objects.exists()
