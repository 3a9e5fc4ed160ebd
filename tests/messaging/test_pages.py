"""The pages of messaging: lists, one message, templates with a real customer, writing to one."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from tests.counting import queries_of
from tests.messaging.conftest import AT, consent

from guanxi.customers.models import ContactPoint
from guanxi.foundation import clock, db, slots
from guanxi.foundation.actor import SYSTEM
from guanxi.messaging.models import Message, Template


@pytest.mark.covers("NFR-12")
def test_the_list_costs_the_same_for_one_and_three(person, write, signed_in):
    client, address = signed_in("crm"), reverse("messaging:messages")
    write(person())
    one = queries_of(lambda: client.get(address))
    db.set_scope(SYSTEM)
    write(person("李明"), person("赵敏"), key="more")
    assert queries_of(lambda: client.get(address)) == one
    text = client.get(address).content.decode()
    assert text.count("data-row") == 3
    assert "138 **** 8000" in text
    assert "13800138000" not in text


def test_the_list_is_filtered_and_exported_with_masked_addresses(person, write, signed_in):
    write(person(), person("李明", agreed=False))
    client, address = signed_in("crm"), reverse("messaging:messages")
    found = client.get(address, {"state": "SKIPPED", "reason": "NO_CONSENT"}).content.decode()
    assert ("李明" in found, "王雪" in found) == (True, False)
    assert "data-row" not in client.get(address, {"since": "2030-01-01"}).content.decode()
    rows = list(load_workbook(io.BytesIO(client.get(address, {"export": "xlsx"}).content)).active.values)
    cells = [str(cell) for row in rows for cell in row]
    assert "138 **** 8000" in cells
    assert not any("13800138000" in cell for cell in cells)
    assert signed_in("sales").get(address, {"export": "csv"}).status_code == 403


def test_a_message_says_why_it_was_not_written(person, write, signed_in):
    outcome = write(person(agreed=False))
    page = signed_in("crm").get(reverse("messaging:message", args=[outcome.last_id])).content.decode()
    assert "Was never asked for consent" in page
    assert signed_in("stranger").get(reverse("messaging:message", args=[outcome.last_id])).status_code == 404


@pytest.mark.covers("CC-31")
def test_writing_from_the_page_of_a_customer(person, template, signed_in, quiet):
    template("greet", "{salutation}，早")
    row = person(agreed=False)
    client, address = signed_in("sales"), reverse("messaging:send", args=[row.pk])
    panel = client.get(reverse("messaging:customer-panel", args=[row.pk])).content.decode()
    assert address in panel
    assert "send-words" not in panel
    values = {"template": "greet", "node": quiet.outlet_id, "language": "zh", "key": "hand:1"}
    seen = client.post(address, values | {"preview": "1"}).content.decode()
    assert ("王雪，早" in seen, "Was never asked for consent" in seen) == (True, True)
    assert not Message.objects.exists()
    db.set_scope(SYSTEM)
    consent(row, quiet.outlet_id, given=clock.now())
    assert "Nothing stands in the way" in client.post(address, values | {"preview": "1"}).content.decode()
    answer = client.post(address, values)
    client.post(address, values)  # the button pressed twice
    db.set_scope(SYSTEM)
    made = Message.objects.get(state="QUEUED")
    assert answer.headers["Location"] == reverse("messaging:message", args=[made.pk])
    assert made.written_by == quiet.sales.name


def test_writing_says_at_once_why_not(person, template, signed_in, quiet):
    template("greet")
    row = person()
    ContactPoint.objects.filter(customer=row).update(state="WRONG")
    values = {"template": "greet", "node": quiet.outlet_id, "language": "zh", "key": "hand:1"}
    answer = signed_in("sales").post(reverse("messaging:send", args=[row.pk]), values, follow=True)
    assert "No number or address that works" in answer.content.decode()


def test_own_words_from_the_page(person, signed_in, quiet):
    row = person()
    address = reverse("messaging:send-words", args=[row.pk])
    assert signed_in("sales").get(address).status_code == 403
    values = {"node": quiet.outlet_id, "language": "zh", "key": "hand:1", "channel": "SMS", "purpose": "CARE"}
    client = signed_in("crm")
    assert "{nobody}" in client.post(address, values | {"body": "{nobody}"}).content.decode()
    assert client.post(address, values | {"body": "明天见"}).status_code == 302
    db.set_scope(SYSTEM)
    assert Message.objects.get().body == "明天见"


def test_a_template_is_written_approved_and_tried_with_a_customer(person, signed_in, quiet):
    row = person("王雪")
    planner, hq = signed_in("planner"), signed_in("hq")
    values = {
        "code": "greet", "channel": "SMS", "purpose": "CARE", "name_zh": "问候", "name_en": "Greeting", "body_zh": "{customer}好",
        "body_en": "Hello {customer}", "valid_from": clock.today(),
    }  # fmt: skip
    wrong = planner.post(reverse("messaging:write-template"), values | {"body_zh": "{nobody}"})
    assert (wrong.status_code, "Unknown: {nobody}" in wrong.content.decode()) == (422, True)
    planner.post(reverse("messaging:write-template"), values)
    db.set_scope(SYSTEM)
    made = Template.objects.get(code="greet")
    address = reverse("messaging:template", args=[made.pk])
    approve = reverse("messaging:approve-template", args=[made.pk])
    assert approve not in planner.get(address).content.decode()
    assert approve in hq.get(address).content.decode()
    assert planner.post(approve).status_code == 409
    assert hq.post(approve).status_code == 302
    seen = signed_in("crm").get(address, {"customer": str(row.pk)}).content.decode()
    assert ("王雪好" in seen, "Hello 王雪" in seen, "1 part" in seen) == (True, True, True)
    assert "No customer of yours" in signed_in("stranger").get(address, {"customer": str(row.pk)}).content.decode()
    assert "王雪好" in signed_in("crm").get(address, {"customer": "13800138000"}).content.decode()
    assert hq.post(reverse("messaging:retire-template", args=[made.pk])).status_code == 302


def test_the_list_of_templates_shows_what_is_in_use(signed_in, quiet, template):
    template("greet")
    template("draft", state="DRAFT", approved_at=None)
    seen = signed_in("crm").get(reverse("messaging:templates")).content.decode()
    assert ("greet" in seen, "draft</code>" in seen, "in use" in seen) == (True, False, True)
    assert "draft</code>" in signed_in("planner").get(reverse("messaging:templates")).content.decode()


def test_messages_stand_on_the_timeline_without_skips(person, write, quiet, acting):
    row = person()
    write(row)
    write(row, key="other")  # over the budget
    found = slots.moments(acting(quiet.crm), row.pk, 20)
    (moment,) = [moment for moment in found if moment.icon == "message-square"]
    assert "您好" in moment.detail
    assert [m for m in slots.moments(acting(quiet.stranger), row.pk, 20) if m.icon == "message-square"] == []
    acting(SYSTEM)
    assert Message.objects.filter(queued_at=AT).count() == 2
