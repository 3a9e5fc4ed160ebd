"""What is complained of in a call becomes a complaint, in the name of the agent; news wakes it."""

import uuid

import pytest
from tests.complaints.conftest import AT, hours

from guanxi.complaints.models import Complaint
from guanxi.complaints.services import from_calls
from guanxi.complaints.tasks import follow_call
from guanxi.config.wiring import REACTIONS
from guanxi.contact_centre.events import CallRecorded
from guanxi.contact_centre.models import Call, Script
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import NotAllowed


@pytest.fixture
def call(cast, customer):
    """A function that returns a recorded call with some answers."""

    def make(node=None, **answers):
        db.set_scope(SYSTEM)
        return Call.objects.create(
            token=uuid.uuid4(), customer=customer, node_id=node or cast.outlet_id, agent_name="彭静怡",
            script=Script.objects.get(code="plain", until=None), started_at=AT, ended_at=AT, outcome="REACHED",
            disposition="1.1", answers=answers,
        )  # fmt: skip

    return make


def test_words_of_a_call_become_a_complaint_in_the_name_of_the_agent(cast, call, customer):
    made = call(complaint="yes", complaint_what="刹车异响没人管")
    row = from_calls.take_in(actor=SYSTEM, call_id=made.pk, at=AT)
    assert (row.outlet_id, row.customer_id, row.angle, row.words, row.opened_by) == (
        cast.outlet_id, customer.pk, "SERVICE", "刹车异响没人管", "彭静怡",
    )  # fmt: skip
    assert row.owner_id == cast.service.user_id


def test_they_are_added_to_the_open_one_and_a_call_of_the_call_centre_goes_to_the_outlet(cast, call):
    first = from_calls.take_in(actor=SYSTEM, call_id=call(discontent_what="交车晚了").pk, at=AT)
    assert first.angle == "SALES"
    again = call(node=cast.agent.home_id, discontent_what="还没交车")
    assert from_calls.take_in(actor=SYSTEM, call_id=again.pk, at=AT + hours(1)).pk == first.pk
    assert [deed.words for deed in first.deeds.filter(act="JOINED")] == ["还没交车"]
    db.set_scope(SYSTEM)
    Complaint.objects.filter(pk=first.pk).update(kind="ENQUIRY")
    other = from_calls.take_in(actor=SYSTEM, call_id=again.pk, at=AT + hours(2))
    assert (other.pk != first.pk, other.outlet_id) == (True, cast.outlet_id)


def test_who_does_not_complain_leaves_nothing(cast, call):
    for made in (call(), call(complaint="no", complaint_what=" ")):
        assert from_calls.take_in(actor=SYSTEM, call_id=made.pk, at=AT) is None
    with pytest.raises(NotAllowed):
        from_calls.take_in(actor=cast.gm, call_id=made.pk, at=AT)
    assert not Complaint.objects.exists()


def test_a_recorded_call_wakes_it(cast, call):
    assert [row.react for row in REACTIONS if row.event is CallRecorded and "complaints" in row.name] == [follow_call]
    follow_call(call_id=call(complaint_what="等太久").pk, unknown="x")
    assert Complaint.objects.get().words == "等太久"
