"""The message about a certain car of a customer, and personal data on request."""

import json

import pytest
from django.urls import reverse
from tests import garage
from tests.apicalls import caller
from tests.messaging.conftest import AT

from guanxi.foundation import clock, db, personal_data
from guanxi.foundation.actor import SYSTEM
from guanxi.messaging.models import Follower, Message, Reply
from guanxi.messaging.services import queueing
from guanxi.privacy.models import Consent


@pytest.fixture
def owner(person, template):
    """A customer with an older car and a newer one; the template names the plate."""
    template("due", "您的{plate}该保养了", body_en="{plate}")
    row = person()
    row.old = garage.car(row, 1, plate="沪A11111", since=garage.DAY.replace(year=2020))
    row.new = garage.car(row, 2, plate="沪A22222", since=garage.DAY)
    return row


def write(row, car, quiet, key="k"):
    return queueing.queue_messages(
        actor=SYSTEM, template="due", node_id=quiet.outlet_id, customer_ids={row.pk: car}, key=key, at=AT
    )


@pytest.mark.covers("CC-31")
def test_it_names_the_car_that_it_is_about(owner, quiet):
    write(owner, owner.old.pk, quiet)
    made = Message.objects.get()
    assert (made.body, made.vehicle_id) == ("您的沪A11111该保养了", owner.old.pk)


def test_without_one_it_is_the_newest(owner, quiet):
    write(owner, None, quiet)
    made = Message.objects.get()
    assert (made.body, made.vehicle_id) == ("您的沪A22222该保养了", None)


def test_a_car_of_somebody_else_is_nothing_to_write_about(owner, person, quiet):
    other = garage.car(person("李明"), 3, plate="沪A33333")
    assert write(owner, other.pk, quiet).skipped == {"NO_VALUE": 1}
    owner.old.participants.update(until=garage.DAY)
    assert write(owner, owner.old.pk, quiet, "sold").skipped == {"NO_VALUE": 1}


def test_over_the_page_and_the_api(owner, quiet, signed_in):
    Consent.objects.update(given_at=clock.now())
    client, address = signed_in("crm"), reverse("messaging:send", args=[owner.pk])
    values = {"template": "due", "node": quiet.outlet_id, "language": "zh", "key": "hand:1", "car": owner.old.pk}
    assert "沪A11111" in client.get(address).content.decode()
    assert "您的沪A11111" in client.post(address, values | {"preview": "1"}).content.decode()
    to = client.post(address, values).headers["Location"]
    assert reverse("vehicles:vehicle", args=[owner.old.pk]) in client.get(to).content.decode()
    db.set_scope(SYSTEM)
    Message.objects.all().delete()
    body = {
        "template": "due", "node_id": quiet.outlet_id, "customer_ids": [owner.pk], "key": "api",
        "cars": {str(owner.pk): owner.old.pk},
    }  # fmt: skip
    found = caller(quiet.crm).post("/api/v1/messaging/messages", json.dumps(body), "application/json")
    assert found.json() == {"queued": 1, "skipped": {}}
    db.set_scope(SYSTEM)
    assert Message.objects.get().vehicle_id == owner.old.pk


@pytest.mark.covers("NFR-01", "INFO-35")
def test_what_is_kept_of_a_customer_is_exported_and_erased(owner, person, quiet):
    other = person("李明")
    for row in (owner, other):
        write(row, None, quiet, f"k{row.pk}")
        Reply.objects.create(
            customer=row, channel="SMS", address="1", words=f"谢谢{row.pk}", is_stop=False, reference=f"r{row.pk}",
            received_at=AT, kept_at=AT,
        )  # fmt: skip
        Follower.objects.create(openid=f"o{row.pk}", customer=row, followed_at=AT)
    held = personal_data.holdings()
    given = {name: held[f"messaging.{name}"].export(owner.pk) for name in ("Message", "Reply", "Follower")}
    assert [len(rows) for rows in given.values()] == [1, 1, 1]
    assert (given["Message"][0]["body"], given["Message"][0]["address"]) == ("您的沪A22222该保养了", "13800138000")
    assert (given["Reply"][0]["words"], given["Follower"][0]["openid"]) == (f"谢谢{owner.pk}", f"o{owner.pk}")
    assert [held[f"messaging.{name}"].erase(owner.pk) for name in given] == [1, 1, 1]
    for model in (Message, Reply, Follower):
        assert list(model.objects.values_list("customer_id", flat=True)) == [other.pk]
