"""A customer writes TD: what waits is not sent, what is written later is not sent either, and both say why."""

import datetime
import json
import re
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.journeys import calls, looking
from tests.journeys.steps import sign_in

pytestmark = pytest.mark.journey
WHO = """
SELECT c.id, p.value FROM customers_customer c
JOIN customers_relation r ON r.customer_id = c.id AND r.ended_on IS NULL
JOIN network_node n ON n.id = r.outlet_id AND n.code = 'YLHD001'
JOIN customers_contactpoint p ON p.customer_id = c.id AND p.channel = 'MOBILE' AND p.is_primary AND p.state = 'VALID'
WHERE c.merged_into_id IS NULL AND NOT EXISTS (SELECT 1 FROM messaging_message m WHERE m.customer_id = c.id)
  AND (SELECT count(*) FROM customers_contactpoint o WHERE o.value = p.value) = 1
ORDER BY c.id DESC LIMIT 1
"""
PREPARE = """
from guanxi.access import queries
from guanxi.access.models import Membership, User
from guanxi.access.services import tokens
from guanxi.foundation.actor import Origin
from guanxi.network.models import Node
from guanxi.privacy.models import Consent
with db.scoped(SYSTEM):
    group, outlet = Node.objects.get(code="YUNLING"), Node.objects.get(code="YLHD001")
    Consent.objects.create(customer_id=given, purpose="SERVICE", medium="SMS", recipient=outlet, standing="GIVEN",
        proof="Story", given_at=at - datetime.timedelta(days=40), recorded_by="story")
    user = User.objects.create(username="story_gateway", name="短信网关", kind="INTEGRATION", date_joined=at)
    Membership.objects.create(user=user, role_id="message_gateway", node=group, valid_from=datetime.date(2020, 1, 1))
    boss = queries.actor_for(User.objects.get(username="hq"), day=clock.today(), origin=Origin(channel="test"))
with db.scoped(boss):
    _token, secret = tokens.issue_token(actor=boss, user_id=user.pk, name="story",
        verbs=["messaging.receive_reply"], lasts=datetime.timedelta(days=2), at=at)
print(json.dumps(secret))
"""


def write(page, customer, words):
    """Write to a customer in own words; return the number of the message."""
    page.goto(f"/messaging/customers/{customer}/send-words/")
    page.select_option("[name=channel]", "SMS")
    page.select_option("[name=purpose]", "SERVICE")
    page.fill("[name=body]", words)
    page.click("main form.form-card button[type=submit]")
    expect(page).to_have_url(re.compile(r"/messaging/\d+/$"))
    return int(page.url.rstrip("/").rpartition("/")[2])


def report(site, secret, number, words, reference):
    """Report an answer as a gateway does."""
    body = {
        "channel": "SMS", "address": f"+86{number}", "words": words, "reference": reference,
        "received_at": datetime.datetime.now(datetime.UTC).isoformat(),
    }  # fmt: skip
    request = urllib.request.Request(
        f"{site.url}/api/v1/messaging/replies", json.dumps(body).encode(), method="POST",
        headers={"Authorization": f"Bearer {secret}", "Content-Type": "application/json"},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read())


def state_of(site, message):
    return site.rows("SELECT state, reason FROM messaging_message WHERE id = %s", message)[0]


@pytest.mark.covers("NFR-12", "CC-39")
def test_who_writes_td_gets_nothing_more_and_it_says_why(visit, site):
    ((customer, number),) = site.rows(WHO)
    secret = calls.inside(site, PREPARE, customer)
    page = sign_in(visit(), "crm", language="en")
    waiting = write(page, customer, "您的车保养到期")
    # As in the quiet hours: it waits, whatever the hour is at which this runs.
    site.rows(
        "UPDATE messaging_message SET state = 'QUEUED', sent_at = NULL, carrier = '', not_before = now() + interval '9 hours'"
        " WHERE id = %s", waiting,
    )  # fmt: skip

    for _time in range(2):  # a gateway that is not sure reports again
        assert report(site, secret, number, " td。", "story-1") == {"customers": 1, "is_stop": True}
    assert state_of(site, waiting) == ("SKIPPED", "STOPPED")
    page.goto(f"/messaging/{waiting}/")
    expect(page.locator("main")).to_contain_text("Stopped before it was sent")

    later = write(page, customer, "现在有优惠")
    assert state_of(site, later) == ("SKIPPED", "DECLINED")
    expect(page.locator("main")).to_contain_text("Not written: Declined or withdrew consent")
    sent = "SELECT count(*) FROM messaging_message WHERE customer_id = %s AND state <> 'SKIPPED'"
    assert site.one(sent, customer) == 0
    page.goto("/messaging/replies/")
    expect(page.locator("main tbody tr").first).to_contain_text("td。")
    page.goto(f"/privacy/customer-panel/{customer}/")
    expect(page.locator("table")).to_contain_text("Withdrawn")
    looking.look_at(page, [f"/messaging/{later}/", "/messaging/replies/", f"/customers/{customer}/"])
