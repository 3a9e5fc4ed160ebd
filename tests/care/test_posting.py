"""Messages and letters that rules ask for go by themselves; and care and messaging count each other's contacts."""

import datetime

import pytest
from tests.care.conftest import DAY, address, at, consent, days, results, tasks

from guanxi.care import tasks as jobs_of_care
from guanxi.care.models import Decision
from guanxi.care.services import posting, rules
from guanxi.foundation import db, jobs
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Invalid, NotAllowed
from guanxi.messaging.models import Message, Template
from guanxi.messaging.services import queueing, sending
from guanxi.privacy.models import Consent
from guanxi.records.models import AuditEntry

MORNING = at(DAY) + datetime.timedelta(hours=10)  # the quiet hours are over


@pytest.fixture
def template(quiet):
    """Return a function that writes an approved template in force."""

    def write(code="thanks", channel="SMS", purpose="CARE", body="{customer}，您的{plate}"):
        return Template.objects.create(
            code=code, version=1, channel=channel, purpose=purpose, name_zh=code, name_en=code, body_zh=body, body_en=body,
            state="APPROVED", valid_from=datetime.date(2020, 1, 1), written_by="a", written_at=at(), approved_at=at(),
        )  # fmt: skip

    return write


@pytest.fixture
def asked(rule, buyer, template, quiet):
    """A buyer whom a rule thanks by text message with a template."""
    template()
    row = buyer()
    consent(row, quiet.outlet_id, "CARE", "SMS")
    rule(channel="SMS", purpose="CARE", template="thanks", role_id="sales_consultant")
    return row


def post(when=MORNING):
    db.set_scope(SYSTEM)
    return posting.post(actor=SYSTEM, at=when)


def send(when=MORNING):
    db.set_scope(SYSTEM)
    return dict(sending.send_waiting(actor=SYSTEM, now=lambda: when))


@pytest.mark.covers("CC-31")
def test_a_task_sends_its_message_and_ends_with_it(asked, night, quiet):
    assert night() == {"TASK": 1}
    assert post() == 0
    (message,) = Message.objects.all()
    assert (message.body, message.vehicle_id) == (f"王雪，您的{asked.car.plate}", asked.car.pk)
    assert message.key == "care:x_test:2026-06-09"
    assert tasks(asked)[0].state == "OPEN"
    assert send() == {"SENT": 1}
    assert post() == 1
    (task,) = tasks(asked)
    assert (task.state, task.outcome) == ("DONE", "SENT")
    assert post() == 0
    assert Message.objects.count() == 1
    assert AuditEntry.objects.filter(verb="worklist.settle", subject_id=task.pk).exists()


def test_who_cannot_be_written_to_stays_a_task(asked, night):
    night()
    Consent.objects.filter(medium="SMS").update(standing="WITHDRAWN", withdrawn_at=at())
    post()
    post()
    assert list(Message.objects.values_list("reason", flat=True)) == ["DECLINED"]
    assert tasks(asked)[0].state == "OPEN"


def test_what_somebody_has_taken_up_is_his(asked, night, quiet):
    night()
    (task,) = tasks(asked)
    type(task).objects.filter(pk=task.pk).update(state="CLAIMED", owner_id=quiet.crm.user_id)
    post()
    assert not Message.objects.exists()


def test_a_letter_waits_to_be_printed(rule, buyer, night, template, quiet):
    template("letter", "LETTER")
    row = buyer()
    address(row)
    consent(row, quiet.outlet_id, "CARE", "LETTER")
    rule(channel="LETTER", purpose="CARE", template="letter", role_id="sales_consultant")
    night()
    post()
    made = Message.objects.get()
    assert (made.channel, made.state, made.address) == ("LETTER", "QUEUED", "31|衡山路1号|")


def test_without_a_template_in_force_or_of_another_channel_nothing_goes(asked, night):
    night()
    Template.objects.filter(code="thanks").update(channel="EMAIL")
    post()
    Template.objects.filter(code="thanks").update(state="RETIRED")
    post()
    assert not Message.objects.exists()


def test_two_rules_in_one_task_are_for_a_person(asked, rule, night):
    rule("x_other", channel="SMS", purpose="CARE", role_id="sales_consultant")
    assert night() == {"TASK": 1, "MERGED": 1}
    post()
    assert not Message.objects.exists()


@pytest.mark.covers("NFR-12")
def test_what_was_written_counts_for_the_budget_of_care(rule, buyer, night, template, quiet):
    """Whoever was written to today is not called for the same purpose; nor is a message of another purpose in the way."""
    template(body="您好")
    row, other = buyer(), buyer(name="李明")
    for customer, purpose in ((row, "CARE"), (other, "SURVEY")):
        consent(customer, quiet.outlet_id, purpose, "SMS")
        Template.objects.filter(code="thanks").update(purpose=purpose)
        queueing.queue_messages(
            actor=SYSTEM, template="thanks", node_id=quiet.outlet_id, customer_ids=[customer.pk], key="k", at=MORNING - days(1)
        )  # fmt: skip
        consent(customer, quiet.outlet_id, "CARE", "PHONE")
    rule(purpose="CARE", due=9)
    assert night() == {"WAIT": 1, "TASK": 1}
    assert (results(row), results(other)) == ([], [("x_test", "TASK")])
    Message.objects.update(state="FAILED")
    assert night() == {"TASK": 1}


@pytest.mark.covers("NFR-12")
def test_a_task_of_care_counts_for_the_budget_of_messages(rule, buyer, night, template, quiet):
    template(body="您好")
    row = buyer()
    consent(row, quiet.outlet_id, "CARE", "SMS")
    consent(row, quiet.outlet_id, "CARE", "PHONE")
    rule(purpose="CARE")
    night()

    def write(when, key):
        return queueing.queue_messages(
            actor=SYSTEM, template="thanks", node_id=quiet.outlet_id, customer_ids=[row.pk], key=key, at=when
        )

    assert write(MORNING + days(1), "one").skipped == {"BUDGET": 1}
    assert write(MORNING + days(8), "two").queued == 1
    Message.objects.all().delete()
    (task,) = tasks(row)
    type(task).objects.filter(pk=task.pk).update(state="SKIPPED", outcome_note="x", finished_at=at(), next_rung_at=None)
    assert write(MORNING + days(1), "three").queued == 1


def test_own_messages_do_not_count_twice(asked, night, rule):
    """The message of a task is that contact; the next rule counts it once, as the decision."""
    night()
    post()
    send()
    assert Decision.objects.filter(customer=asked, result="TASK").count() == 1
    assert Message.objects.get().state == "SENT"


def test_rights_and_the_job(asked, night, quiet, acting, monkeypatch):
    with pytest.raises(NotAllowed):
        posting.post(actor=acting(quiet.gm), at=MORNING)
    night()
    monkeypatch.setattr(jobs_of_care.clock, "now", lambda: MORNING)
    db.set_scope(SYSTEM)
    jobs_of_care.post()
    assert Message.objects.count() == 1
    assert "care.post" in jobs.app.tasks


def test_a_call_is_not_sent_by_itself(rule):
    with pytest.raises(Invalid) as refusal:
        rules.refuse_unfit(rule(template="thanks"))
    assert [problem.field for problem in refusal.value.problems] == ["template"]
