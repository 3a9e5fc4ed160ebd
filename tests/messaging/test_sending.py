"""Sending: each message once, in steps that are kept; what a dead sender left in hand is uncertain."""

import datetime
from contextlib import contextmanager

import pytest
from django.db import connection
from tests.messaging.conftest import AT, consent, days, send, states

from guanxi.customers.models import ContactPoint
from guanxi.foundation import db, jobs
from guanxi.foundation.actor import SYSTEM
from guanxi.messaging import tasks
from guanxi.messaging.channels.outgoing import Refused, Unavailable
from guanxi.messaging.models import Message
from guanxi.messaging.services import sending
from guanxi.privacy.models import Consent
from guanxi.records.models import AuditEntry

NIGHT = datetime.datetime(2026, 6, 10, 15, 0, tzinfo=datetime.UTC)


class Killed(BaseException):
    """What ends a process, and no ``except Exception`` holds up."""


def _raise(error):
    def act(_outgoing):
        raise error

    return act


@pytest.mark.covers("NFR-12")
def test_what_waits_is_sent_once(person, write, carrier):
    write(person(), person("李明"))
    assert send() == {"SENT": 2}
    assert send() == {}
    assert [item.address for item in carrier] == ["13800138000", "13800138001"]
    made = Message.objects.order_by("pk").first()
    assert (made.state, made.sent_at, made.reference, made.carrier) == ("SENT", AT, f"n-{made.pk}", "browser")
    assert AuditEntry.objects.filter(verb="messaging.send_waiting").latest("pk").after == {"SENT": 2}


def test_each_step_is_kept_before_the_next(person, write, carrier):
    """The message is marked in a transaction of its own, which has ended when the carrier gets it."""
    write(person())
    outside = list(connection.savepoint_ids)
    seen = []
    carrier.act = lambda _outgoing: seen.append(
        (list(connection.savepoint_ids) == outside, Message.objects.get().state)
    )
    send()
    assert seen == [(True, "SENDING")]


def test_nothing_is_read_outside_of_a_transaction_with_its_scope(person, write, carrier, monkeypatch):
    """In production such a row would not be seen: the scope ends with the transaction."""
    real, scopes, outside = db.scoped, [], []

    @contextmanager
    def watched(actor):
        with real(actor):
            scopes.append(actor)
            yield
            scopes.pop()

    def watch(execute, sql, params, many, context):
        if not scopes and "messaging_" in sql:
            outside.append(sql)
        return execute(sql, params, many, context)

    write(person(), person("李明"))
    monkeypatch.setattr(db, "scoped", watched)
    with connection.execute_wrapper(watch):
        assert send() == {"SENT": 2}
    assert outside == []


@pytest.mark.covers("NFR-12")
def test_a_killed_sender_leaves_one_uncertain_and_repeats_none(person, write, carrier):
    write(person(), person("李明"))
    carrier.act = _raise(Killed())
    with pytest.raises(Killed):
        send()
    assert states() == [("QUEUED", ""), ("SENDING", "")]
    carrier.act = None
    assert send() == {"uncertain": 1, "SENT": 1}
    assert send(AT + days(1)) == {}
    assert states() == [("SENT", ""), ("UNCERTAIN", "")]
    assert len({item.message_id for item in carrier}) == len(carrier) == 2


def test_an_error_that_nobody_foresaw_leaves_the_message_uncertain(person, write, carrier):
    write(person(), person("李明"))
    carrier.act = lambda outgoing: _raise(OSError("cut"))(outgoing) if len(carrier) == 1 else None
    assert send() == {"UNCERTAIN": 1, "SENT": 1}
    assert Message.objects.get(state="UNCERTAIN").error == "OSError: cut"


def test_what_is_refused_has_failed(person, write, carrier):
    write(person())
    carrier.act = _raise(Refused("550 unknown"))
    assert send() == {"FAILED": 1}
    assert (Message.objects.get().error, send()) == ("550 unknown", {})


def test_a_carrier_that_is_not_to_be_had_is_tried_again_later(person, write, carrier):
    write(person(), person("李明"))
    carrier.act = _raise(Unavailable("down"))
    assert send() == {"QUEUED": 1}
    assert len(carrier) == 1  # the rest is not tried
    carrier.act = None
    assert send(AT + datetime.timedelta(minutes=4)) == {"SENT": 1}
    assert send(AT + datetime.timedelta(minutes=6)) == {"SENT": 1}


@pytest.mark.covers("NFR-12")
def test_nothing_goes_in_the_quiet_hours(person, write, carrier):
    write(person())
    assert send(NIGHT) == {}
    assert states() == [("QUEUED", "")]
    assert send(NIGHT + datetime.timedelta(hours=10)) == {"SENT": 1}


@pytest.mark.covers("NFR-01")
def test_who_withdrew_meanwhile_is_not_written_to(person, write, carrier, quiet):
    withdrew, hands_off, stays = person(), person("李明"), person("赵敏")
    write(withdrew, hands_off, stays)
    Consent.objects.filter(customer=withdrew).update(standing="WITHDRAWN", withdrawn_at=AT)
    ContactPoint.objects.filter(customer=hands_off).update(state="DO_NOT_CONTACT")
    assert send(AT + days(1)) == {"dropped": 2, "SENT": 1}
    assert Message.objects.get(state="SENT").customer == stays
    assert (Message.objects.get(customer=withdrew).reason, Message.objects.get(customer=hands_off).reason) == (
        "DECLINED", "DO_NOT_CONTACT",
    )  # fmt: skip


def test_all_of_a_batch_dropped_goes_on_with_the_next(person, write, carrier, monkeypatch):
    monkeypatch.setattr(sending, "BATCH", 2)
    people = [person(f"人{number}") for number in range(3)]
    write(*people)
    Consent.objects.filter(customer__in=people[:2]).update(standing="WITHDRAWN", withdrawn_at=AT)
    assert send() == {"dropped": 2}
    assert send() == {"SENT": 1}


def test_a_batch_ends_and_stores_the_next(person, write, carrier, monkeypatch):
    monkeypatch.setattr(sending, "BATCH", 1)
    write(person(), person("李明"))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert send() == {"SENT": 1}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'messaging.send' AND status = 'todo'")
        assert cursor.fetchone()[0] == 1


def test_only_one_sender_works_at_a_time(person, write, carrier):
    """Another connection holds the lock."""
    write(person())
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [sending.LOCK])
        assert send() == {}
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")  # the end of a connection takes its time
    finally:
        other.close()
    assert send() == {"SENT": 1}


def test_the_job_sends(person, write, carrier, quiet, monkeypatch):
    write(person())
    monkeypatch.setattr(tasks.clock, "now", lambda: AT)
    tasks.send()
    db.set_scope(SYSTEM)
    assert states() == [("SENT", "")]
    assert "messaging.send" in jobs.app.tasks


def test_consent_that_is_given_again_is_enough(person, write, carrier, quiet):
    row = person()
    write(row)
    Consent.objects.filter(customer=row).update(standing="WITHDRAWN", withdrawn_at=AT)
    consent(row, quiet.outlet_id, given=AT + datetime.timedelta(minutes=1))
    assert send(AT + datetime.timedelta(minutes=2)) == {"SENT": 1}
