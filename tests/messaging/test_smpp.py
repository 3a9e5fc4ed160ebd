"""Text messages through a real message centre on this machine: what it gets, what it reports, what comes back."""

import pytest
import smpp34
from django.db import connection
from tests.messaging.centre import free_port, running
from tests.messaging.conftest import AT, send, states

from guanxi.customers.models import ContactPoint
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.messaging import tasks
from guanxi.messaging.channels.smpp import coding
from guanxi.messaging.models import Message, Reply
from guanxi.messaging.services import receiving, sending
from guanxi.privacy.models import Consent


@pytest.fixture
def centre(settings, monkeypatch):
    """A message centre to which text messages are carried."""
    with running() as made:
        settings.SMPP_HOST, settings.SMPP_PORT, settings.SMPP_USER, settings.SMPP_PASSWORD = (
            "127.0.0.1",
            made.port,
            "crm",
            "crm",
        )
        settings.SMPP_SENDER, settings.SMPP_PREFIX, settings.SMPP_DEAD = "95100", "86", ["001"]
        settings.MESSAGE_CARRIERS = {"SMS": "smpp", "EMAIL": "browser"}
        monkeypatch.setattr(receiving, "LISTEN", 0.3)
        yield made


def collect(at=AT):
    return receiving.collect(actor=SYSTEM, now=lambda: at)


@pytest.mark.covers("CC-39")
def test_a_chinese_message_reaches_the_centre(centre, person, write):
    write(person())
    assert send() == {"SENT": 1}
    (got,) = centre.got
    assert (got.source_addr, got.destination_addr, got.dest_addr_ton) == ("95100", "8613800138000", 1)
    assert (got.data_coding, got.short_message.decode("utf-16-be")) == (8, "王雪，您好")
    assert (got.esm_class, got.registered_delivery) == (0, 1)
    row = Message.objects.get()
    assert (row.state, row.carrier, row.reference, row.parts) == ("SENT", "smpp", "m-1", ["m-1"])


def test_a_long_message_goes_in_parts_that_belong_together(centre, person, write, template):
    text = "保养提醒" * 40
    template("long", text)
    write(person(), code="long")
    assert send() == {"SENT": 1}
    assert [got.esm_class for got in centre.got] == [0x40] * 3
    heads = [got.short_message[:6] for got in centre.got]
    assert [(head[0], head[1], head[2], head[4], head[5]) for head in heads] == [(5, 0, 3, 3, n) for n in (1, 2, 3)]
    assert len({head[3] for head in heads}) == 1
    assert "".join(got.short_message[6:].decode("utf-16-be") for got in centre.got) == text
    assert Message.objects.get().parts == ["m-1", "m-2", "m-3"]


def test_letters_of_the_gsm_alphabet_go_as_such(centre, person, write, template):
    template("latin", body_en="10 € off @ our place")
    write(person(), code="latin", language="en")
    send()
    assert (centre.got[0].data_coding, centre.got[0].short_message) == (0, b"10 \x1be off \x00 our place")


@pytest.mark.covers("CC-39")
def test_a_report_says_that_it_arrived(centre, person, write):
    write(person())
    send()
    centre.report("m-1", "ENROUTE")
    assert (collect(), states()) == (1, [("SENT", "")])
    centre.report("m-1")
    assert (collect(), states()) == (1, [("DELIVERED", "")])
    assert centre.answers == [0, 0]
    centre.report("m-1", "UNDELIV")  # too late to change anything
    collect()
    assert states() == [("DELIVERED", "")]


def test_a_long_message_has_arrived_when_all_its_parts_have(centre, person, write, template):
    template("long", "保养提醒" * 30)
    write(person(), code="long")
    send()
    centre.report("m-2")
    collect()
    assert states() == [("SENT", "")]
    centre.report("m-1")
    collect()
    assert states() == [("DELIVERED", "")]


@pytest.mark.covers("CC-39")
@pytest.mark.parametrize(("error", "point"), [("001", "WRONG"), ("027", "VALID")])
def test_a_report_that_it_failed_and_a_number_that_does_not_exist(centre, person, write, error, point):
    row = person()
    write(row)
    send()
    centre.report("m-1", "UNDELIV", error)
    collect()
    made = Message.objects.get()
    assert (made.state, made.error) == ("FAILED", f"UNDELIV {error}")
    assert ContactPoint.objects.get(customer=row).state == point


def test_optional_parameters_of_a_report_win(centre, person, write):
    write(person())
    send()
    tlvs = [
        smpp34.Tlv(smpp34.TLV_RECEIPTED_MESSAGE_ID, b"m-1\0"), smpp34.Tlv(smpp34.TLV_MESSAGE_STATE, b"\x05"),
        smpp34.Tlv(smpp34.TLV_NETWORK_ERROR_CODE, b"\x03\x00\x01"),
    ]  # fmt: skip
    centre.deliver("13800138000", "id:other stat:DELIVRD", esm_class=0x04, tlvs=tlvs)
    collect()
    assert Message.objects.get().error == "UNDELIV 001"


@pytest.mark.covers("CC-39", "NFR-12")
def test_td_by_text_message_stops_the_channel(centre, person, write):
    row = person()
    write(row)
    centre.deliver("8613800138000", "TD")
    assert collect() == 1
    assert Reply.objects.get().is_stop
    assert not Consent.objects.filter(customer=row, medium="SMS", standing="GIVEN").exists()
    assert states() == [("SKIPPED", "STOPPED")]


def test_what_comes_while_one_sends_is_heard_at_once(centre, person, write):
    """The second is not written to: his stop came with the answer to the first."""
    first, second = person(), person("李明")
    write(first, second)
    centre.deliver("13800138001", "退订".encode("utf-16-be"), data_coding=8)
    done = send()
    collect()
    assert Reply.objects.get().customer_id == second.pk
    assert done in ({"SENT": 1}, {"SENT": 2})  # the centre says when it delivers
    assert ("SENT", "") in states()


def test_a_number_that_the_centre_does_not_know_is_marked(centre, person, write):
    row, other = person(), person("李明")
    write(row, other)
    centre.refusals["8613800138000"] = smpp34.ESME_RINVDSTADR
    assert send() == {"FAILED": 1, "SENT": 1}
    assert Message.objects.get(customer=row).error == "submit: 0x0b"
    assert ContactPoint.objects.get(customer=row).state == "WRONG"


def test_a_centre_that_is_busy_loses_nothing(centre, person, write):
    write(person(), person("李明"))
    centre.refusals["8613800138000"] = smpp34.ESME_RTHROTTLED
    assert send() == {"QUEUED": 1}
    centre.refusals.clear()
    assert send(AT + sending.PAUSE) == {"SENT": 2}
    assert centre.binds == 2


def test_a_message_of_which_a_part_was_refused_is_uncertain(centre, person, write, template):
    template("long", "保养提醒" * 30)
    write(person(), code="long")
    centre.refusals[1] = smpp34.ESME_RTHROTTLED
    assert send() == {"UNCERTAIN": 1}
    assert "1/2" in Message.objects.get().error


def test_a_centre_that_is_away(centre, person, write, settings):
    settings.SMPP_PORT = free_port()
    write(person())
    assert send() == {"QUEUED": 1}
    assert collect() == 0


def test_the_job_collects(centre, person, monkeypatch):
    person()
    centre.deliver("13800138000", "谢谢".encode("utf-16-be"), data_coding=8)
    tasks.collect()
    db.set_scope(SYSTEM)
    assert Reply.objects.get().words == "谢谢"


def test_nobody_listens_beside_a_sender(centre, person):
    centre.deliver("13800138000", "谢谢")
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [receiving.LOCK])
        assert collect() == 0
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")  # the end of a connection takes its time
    finally:
        other.close()
    assert centre.binds == 0


@pytest.mark.parametrize("text", ["Hello €{}[]\n", "您好，🚗", "@£$ÄÖÜß", "a" * 160])
def test_what_is_coded_is_read_again(text):
    code, (part,) = coding.octets(text, 1)
    assert coding.text([(code, part)]) == text
