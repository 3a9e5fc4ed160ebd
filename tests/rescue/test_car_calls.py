"""A car that calls for help by itself: its position, its owner, unknown VINs, and who may hand the call over."""

import datetime
import json
from decimal import Decimal

import pytest
from django.test import Client
from tests.apicalls import caller
from tests.cast import actor_of
from tests.rescue.conftest import AT

from guanxi.access.models import Membership, User
from guanxi.access.services import tokens
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Invalid, NotAllowed
from guanxi.network.models import Node
from guanxi.records.models import AuditEntry
from guanxi.rescue.models import Rescue
from guanxi.rescue.services import receiving
from guanxi.rescue.services.receiving import CarCall
from guanxi.worklist.models import Task

ADDRESS = "/api/v1/rescue/emergency-calls"
HERE = (Decimal("31.230400"), Decimal("121.473700"))


@pytest.fixture
def gateway(cast):
    """The account of the service to which cars call, with the role of the preset."""
    db.set_scope(SYSTEM)
    user = User.objects.create(username="tsp", name="车联网", kind="INTEGRATION", date_joined=clock.now())
    Membership.objects.create(
        user=user, role_id="telematics_gateway", node_id=cast.group_id, valid_from=datetime.date(2020, 1, 1)
    )
    return actor_of("tsp")


@pytest.fixture
def send(cast, gateway):
    """A function that sends a call as the service does, over HTTP."""
    db.set_scope(cast.hq)
    _token, secret = tokens.issue_token(
        actor=cast.hq, user_id=gateway.user_id, name="tsp", verbs=["rescue.receive_call"],
        lasts=datetime.timedelta(days=1), at=clock.now(),
    )  # fmt: skip

    def post(*, key="", **body):
        client = Client(headers={"Authorization": f"Bearer {secret}"} | ({"Idempotency-Key": key} if key else {}))
        return client.post(ADDRESS, json.dumps({"reference": "sos-0001"} | body), content_type="application/json")

    return post


@pytest.mark.covers("RESC-12")
def test_a_call_of_a_car_on_file_is_a_rescue_with_its_position(cast, acting, gateway, car):
    acting(gateway)
    row = receiving.receive(
        actor=gateway, call=CarCall("sos-0001", f" {car.vin.lower()} ", HERE, is_crash=True), at=AT
    )  # fmt: skip
    acting(SYSTEM)
    row = Rescue.objects.get(pk=row.pk)
    assert (row.vehicle_id, row.plate, row.vin, row.reference) == (car.pk, "沪A77777", car.vin, "sos-0001")
    assert ((row.latitude, row.longitude), row.where) == (HERE, "31.230400, 121.473700")
    assert (row.caller, row.phone, row.claim, row.share) == ("罗秀英", "13600007701", "ENTITLED", 100)
    assert (row.is_hurt, row.is_safe, row.help_id) == (True, False, "TOW")
    assert row.place_id == Node.objects.get(kind="CALL_CENTRE").pk
    task = Task.objects.get(key=row.key("rescue.send"))
    assert (task.role_id, task.node_id, task.due_at) == (
        "call_centre_agent",
        row.place_id,
        AT + datetime.timedelta(minutes=5),
    )
    line = AuditEntry.objects.get(verb="rescue.receive_call")
    assert (line.subject_id, line.after["reference"]) == (str(row.pk), "sos-0001")


def test_a_vin_that_is_not_on_file_still_makes_one(acting, gateway):
    acting(gateway)
    row = receiving.receive(
        actor=gateway, call=CarCall("sos-0002", "LFV3A23C8L3000001", HERE, phone="139 0000 7702"), at=AT
    )
    assert (row.vehicle_id, row.customer_id, row.vin, row.claim) == (None, None, "LFV3A23C8L3000001", "NO_CAR")
    assert (row.caller, row.phone) == ("LFV3A23C8L3000001", "13900007702")


def test_nothing_but_a_reference_makes_one_too(acting, gateway, signed_in):
    acting(gateway)
    row = receiving.receive(actor=gateway, call=CarCall("sos-0003", "?"), at=AT)
    assert (row.vin, row.phone, row.latitude, row.where, row.words) == (
        "?", "", None, "位置不详", "车辆自动发出紧急呼救。",
    )  # fmt: skip
    page = signed_in("agent").get(f"/rescue/{row.pk}/").content.decode()
    assert "sos-0003" in page
    with pytest.raises(Invalid):
        receiving.receive(actor=acting(gateway), call=CarCall(" "), at=AT)


def test_the_same_reference_again_is_the_same_rescue(acting, gateway):
    acting(gateway)
    first = receiving.receive(actor=gateway, call=CarCall("sos-0004", position=HERE), at=AT)
    again = receiving.receive(actor=gateway, call=CarCall("sos-0004", position=HERE), at=AT)
    other = receiving.receive(actor=gateway, call=CarCall("sos-0005", position=HERE), at=AT)
    assert (first.pk == again.pk, first.pk == other.pk) == (True, False)
    acting(SYSTEM)
    assert AuditEntry.objects.filter(verb="rescue.receive_call").count() == 2


@pytest.mark.covers("RESC-12")
def test_over_the_api_the_answer_tells_nothing_of_the_car(send, car):
    answer = send(vin=car.vin, latitude="31.2304", longitude="121.4737", key="k-1")
    assert answer.status_code == 201, answer.content.decode()
    assert set(answer.json()) == {"id", "number", "reference", "state", "received_at"}
    assert send(vin=car.vin, latitude="31.2304", longitude="121.4737").json()["id"] == answer.json()["id"]
    db.set_scope(SYSTEM)
    row = Rescue.objects.get()
    assert (row.vehicle_id, row.latitude) == (car.pk, HERE[0])


@pytest.mark.parametrize(
    "wrong", [{"latitude": "31.2"}, {"longitude": "121.4"}, {"latitude": "91", "longitude": "0"}, {"reference": ""}]
)
def test_half_a_position_or_no_reference_is_refused(send, wrong):
    assert send(**wrong).status_code == 422
    db.set_scope(SYSTEM)
    assert not Rescue.objects.exists()


def test_only_the_account_of_the_service_may_hand_it_over_and_it_may_nothing_else(cast, acting, gateway):
    for who in ("agent", "supervisor", "hq", "gm"):
        with pytest.raises(NotAllowed):
            receiving.receive(actor=acting(getattr(cast, who)), call=CarCall("sos-0006"), at=AT)
    agent = caller(cast.agent)
    refused = agent.post(ADDRESS, json.dumps({"reference": "sos-0006"}), content_type="application/json")
    assert refused.status_code == 403
    assert gateway.verbs == {"rescue.receive_call"}
    db.set_scope(SYSTEM)
    assert not Rescue.objects.exists()
