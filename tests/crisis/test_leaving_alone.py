"""Those whom a crisis is about get no offers, care or surveys while it runs; service and safety go on."""

import datetime

import pytest
from tests import garage
from tests.crisis.conftest import AT, fresh, log

from guanxi.campaigns.models import Campaign
from guanxi.campaigns.queries import audience
from guanxi.config.wiring import REACTIONS
from guanxi.crisis import tasks
from guanxi.crisis.events import ConcernedChanged
from guanxi.crisis.services import leading, leaving_alone
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed
from guanxi.messaging.models import Message
from guanxi.messaging.queries.planning import Asked, Text, planned
from guanxi.messaging.services import dropping
from guanxi.privacy.models import Consent, Hold
from guanxi.privacy.services import holding


def held(customer):
    db.set_scope(SYSTEM)
    return Hold.objects.filter(customer=customer, lifted_at=None).exists()


def agree(customer, outlet, *purposes):
    db.set_scope(SYSTEM)
    for purpose in purposes:
        Consent.objects.create(
            customer=customer, purpose=purpose, medium="SMS", recipient_id=outlet, standing="GIVEN", proof="测试",
            given_at=AT - datetime.timedelta(days=90), recorded_by="test",
        )  # fmt: skip


def why_not(customer, outlet, purpose):
    """Return what keeps a message for a purpose from a customer."""
    db.set_scope(SYSTEM)
    text = Text("SMS", purpose, "zh", "", "您好")
    return planned(text, Asked(outlet, [customer.pk], f"k-{purpose}", AT, clock.day_of(AT)))[0].reason


def test_those_it_is_about_are_left_alone_while_it_runs(cast, acting, complain, room, customer):
    other = garage.customer("外人", "13600008802", cast.outlet_id)
    row = room(complaint_id=complain().pk)
    assert any(item.event is ConcernedChanged and item.react is tasks.follow_concerned for item in REACTIONS)
    acting(SYSTEM)
    tasks.follow_concerned(crisis_id=row.pk)
    assert (held(customer), held(other)) == (True, False)
    assert leaving_alone.settle(actor=SYSTEM, crisis_id=row.pk, at=AT) == (0, 0)
    gm = acting(cast.gm)
    leading.calm(actor=gm, crisis_id=row.pk, words="x", at=AT)
    acting(SYSTEM)
    leaving_alone.settle(actor=SYSTEM, crisis_id=row.pk, at=AT)
    assert held(customer)
    leading.close(actor=acting(cast.gm), crisis_id=row.pk, words="x", at=clock.now())
    acting(SYSTEM)
    leaving_alone.settle(actor=SYSTEM, crisis_id=row.pk, at=clock.now())
    assert not held(customer)


def test_every_change_of_whom_it_is_about_is_told(cast, acting, complain, room, published):
    first, second = complain(), complain()
    row = room(complaint_id=first.pk)
    gm = acting(cast.gm)
    steps = (
        lambda: leading.link(actor=gm, crisis_id=row.pk, complaint_id=second.pk, at=AT),
        lambda: leading.unlink(actor=gm, crisis_id=row.pk, complaint_id=second.pk, reason="x", at=AT),
        lambda: leaving_alone.allow_contact(actor=gm, crisis_id=row.pk, is_allowed=True, reason="x", at=AT),
        lambda: leading.calm(actor=gm, crisis_id=row.pk, words="x", at=AT),
        lambda: leading.close(actor=gm, crisis_id=row.pk, words="x", at=AT),
        lambda: leading.reopen(actor=gm, crisis_id=row.pk, reason="x", at=AT),
    )
    told = []
    for step in steps:
        published.clear()
        step()
        told.append(ConcernedChanged(row.pk) in published)
    assert told == [True, True, True, False, True, True]


def test_a_crisis_may_let_contact_go_on(cast, acting, complain, room, customer):
    row = room(complaint_id=complain().pk)
    acting(SYSTEM)
    leaving_alone.settle(actor=SYSTEM, crisis_id=row.pk, at=AT)
    values = {"crisis_id": row.pk, "is_allowed": True, "at": AT}
    with pytest.raises(Invalid):
        leaving_alone.allow_contact(actor=acting(cast.gm), reason=" ", **values)
    leaving_alone.allow_contact(actor=acting(cast.gm), reason="客户要求照常", **values)
    with pytest.raises(Conflict):
        leaving_alone.allow_contact(actor=acting(cast.gm), reason="x", **values)
    acting(SYSTEM)
    leaving_alone.settle(actor=SYSTEM, crisis_id=row.pk, at=clock.now())
    assert (held(customer), fresh(row).may_contact) == (False, True)
    assert ("CONTACT", "客户要求照常") in log(row)


def test_messages_of_offers_care_and_surveys_wait_and_those_of_service_go(cast, acting, customer):
    agree(customer, cast.outlet_id, "MARKETING", "CARE", "SURVEY", "SERVICE")
    purposes = ("MARKETING", "CARE", "SURVEY", "SERVICE")
    assert [why_not(customer, cast.outlet_id, purpose) for purpose in purposes] == ["", "", "", ""]
    holding.hold_exactly(actor=acting(SYSTEM), source="crisis:1", customer_ids=[customer.pk], at=AT)
    assert [why_not(customer, cast.outlet_id, purpose) for purpose in purposes] == ["HELD", "HELD", "HELD", ""]


def test_what_waits_already_is_not_sent(cast, acting, customer):
    agree(customer, cast.outlet_id, "MARKETING", "SERVICE")
    for purpose in ("MARKETING", "SERVICE"):
        Message.objects.create(
            customer=customer, node_id=cast.outlet_id, channel="SMS", purpose=purpose, address="13600008801",
            body="您好", key=f"k-{purpose}", state="QUEUED", queued_at=AT, not_before=AT, written_by="test",
        )  # fmt: skip
    holding.hold_exactly(actor=acting(SYSTEM), source="crisis:1", customer_ids=[customer.pk], at=AT)
    dropping.drop(Message.objects.filter(customer=customer), clock.day_of(AT))
    rows = Message.objects.filter(customer=customer)
    assert dict(rows.values_list("purpose", "reason")) == {"MARKETING": "HELD", "SERVICE": ""}


def test_no_campaign_addresses_them_whatever_its_purpose(cast, acting, customer):
    agree(customer, cast.outlet_id, "SERVICE")
    row = Campaign(node_id=cast.outlet_id, audience=[], channel="SMS", purpose="SERVICE")

    def reason():
        from django.db import connection

        found = audience.found(row, AT)
        with connection.cursor() as cursor:
            cursor.execute(f"{found.sql} SELECT reason FROM found WHERE customer_id = {customer.pk}", found.values)
            return cursor.fetchone()[0]

    assert reason() == ""
    holding.hold_exactly(actor=acting(SYSTEM), source="crisis:1", customer_ids=[customer.pk], at=AT)
    assert reason() == "HELD"


def test_who_is_held_by_two_is_free_when_the_last_lets_go(acting, customer):
    acting(SYSTEM)
    for source in ("crisis:1", "crisis:2"):
        holding.hold_exactly(actor=SYSTEM, source=source, customer_ids=[customer.pk], at=AT)
    assert holding.hold_exactly(actor=SYSTEM, source="crisis:1", customer_ids=[], at=AT) == (0, 1)
    assert held(customer)
    holding.hold_exactly(actor=SYSTEM, source="crisis:2", customer_ids=[], at=AT)
    assert not held(customer)


def test_nobody_at_an_outlet_holds_by_set(cast, acting):
    with pytest.raises(NotAllowed):
        holding.hold_exactly(actor=acting(cast.gm), source="crisis:1", customer_ids=[], at=AT)


def test_the_customers_page_says_it_without_naming_the_crisis(signed_in, acting, customer):
    acting(SYSTEM)
    holding.hold_exactly(actor=SYSTEM, source="crisis:1", customer_ids=[customer.pk], at=AT)
    page = signed_in("service").get(f"/privacy/customer-panel/{customer.pk}/").content.decode()
    assert "Left alone since" in page
    assert "crisis:1" not in page


def test_the_room_offers_to_let_it_go_on(signed_in, room):
    row = room()
    client = signed_in("gm")
    assert "Let offers and care go on" in client.get(f"/crisis/{row.pk}/").content.decode()
    assert client.post(f"/crisis/{row.pk}/contact/", {"reason": "x"}).status_code == 302
    assert "Stop offers and care" in signed_in("gm").get(f"/crisis/{row.pk}/").content.decode()
