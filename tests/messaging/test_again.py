"""Sending again what failed: by a person, to where the customer is reached today, and never past his consent."""

import json

import pytest
from django.urls import reverse
from tests.apicalls import caller
from tests.messaging.conftest import AT, days, send, states

from guanxi.customers.models import ContactPoint
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, NotAllowed, NotFound
from guanxi.messaging.models import Message
from guanxi.messaging.services import again
from guanxi.privacy.models import Consent
from guanxi.records.models import AuditEntry

LATER = AT + days(1)


@pytest.fixture
def failed(person, write):
    """A message that failed."""
    write(person())
    Message.objects.update(state="FAILED", carrier="smpp", parts=["m-1"], error="UNDELIV 001", sent_at=AT)
    return Message.objects.get()


def repeat(actor, row, at=LATER):
    return again.send_again(actor=actor, message_id=row.pk, at=at)


@pytest.mark.covers("CC-39")
def test_what_failed_goes_again_to_the_number_of_today(failed, carrier, quiet, acting):
    ContactPoint.objects.filter(customer=failed.customer).update(state="WRONG", is_primary=False)
    ContactPoint.objects.create(
        customer=failed.customer, channel="MOBILE", value="13900139000", is_primary=True, touched_at=AT
    )
    repeat(acting(quiet.crm), failed)
    assert send(LATER) == {"SENT": 1}
    failed.refresh_from_db()
    assert (failed.state, failed.address, failed.error, failed.parts) == ("SENT", "13900139000", "", [])
    assert [item.address for item in carrier] == ["13900139000"]
    entry = AuditEntry.objects.filter(verb="messaging.send_again").latest("pk")
    assert entry.before == {"state": "FAILED", "error": "UNDELIV 001"}


def test_in_the_quiet_hours_it_waits(failed, quiet):
    night = AT + days(0.6)  # after midnight in Shanghai
    assert repeat(SYSTEM, failed, night).not_before > night


def test_who_withdrew_meanwhile_is_not_written_to(failed, carrier, quiet):
    Consent.objects.update(standing="WITHDRAWN", withdrawn_at=AT)
    repeat(SYSTEM, failed)
    assert send(LATER) == {"dropped": 1}
    assert states() == [("SKIPPED", "DECLINED")]


def test_what_cannot_be_sent_again(failed, quiet, acting):
    ContactPoint.objects.update(state="WRONG")
    with pytest.raises(Conflict, match="No number"):
        repeat(SYSTEM, failed)
    ContactPoint.objects.update(state="VALID")
    for state in ("SENT", "DELIVERED", "QUEUED"):
        Message.objects.update(state=state)
        with pytest.raises(Conflict, match="Only what failed"):
            repeat(SYSTEM, failed)
    Message.objects.update(state="UNCERTAIN")
    with pytest.raises(NotAllowed):
        repeat(acting(quiet.sales), failed)
    with pytest.raises(NotFound):
        repeat(acting(quiet.stranger), failed)
    assert repeat(acting(quiet.crm), failed).state == "QUEUED"


def test_over_the_page_and_the_api(failed, signed_in, quiet):
    address = reverse("messaging:send-again", args=[failed.pk])
    page = reverse("messaging:message", args=[failed.pk])
    assert address in signed_in("crm").get(page).content.decode()
    assert address not in signed_in("sales").get(page).content.decode()
    assert signed_in("crm").post(address).status_code == 302
    assert address not in signed_in("crm").get(page).content.decode()
    db.set_scope(SYSTEM)
    Message.objects.update(state="UNCERTAIN")
    found = caller(quiet.crm).post(f"/api/v1/messaging/messages/{failed.pk}/send-again")
    assert (found.status_code, found.json()["state"]) == (200, "QUEUED")
    assert caller(quiet.crm).post(f"/api/v1/messaging/messages/{failed.pk}/send-again").status_code == 409


@pytest.mark.covers("SYS-22")
def test_own_words_over_the_api(person, quiet):
    row, other = person(), person("李明", agreed=False)
    Consent.objects.update(given_at=clock.now())
    body = {
        "channel": "SMS", "purpose": "CARE", "body": "{customer}，明天见", "node_id": quiet.outlet_id,
        "customer_ids": [row.pk, other.pk], "key": "words",
    }  # fmt: skip
    client = caller(quiet.crm)

    def post(values):
        return client.post("/api/v1/messaging/words", json.dumps(values), "application/json")

    assert post(body).json() == {"queued": 1, "skipped": {"NO_CONSENT": 1}}
    wrong = post(body | {"body": "{nobody}"})
    assert (wrong.status_code, "{nobody}" in wrong.content.decode()) == (422, True)
    narrow = caller(quiet.crm, ["messaging.send"])
    assert narrow.post("/api/v1/messaging/words", json.dumps(body), "application/json").status_code == 403
    db.set_scope(SYSTEM)
    assert Message.objects.get(state="QUEUED").body == "王雪，明天见"
