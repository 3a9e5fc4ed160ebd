"""Long answers in parts, from a real message centre: joined whatever their order, doubled or with a gap."""

import datetime
import itertools

import pytest
import smpp34
from django.db import IntegrityError, transaction
from tests.messaging.centre import running
from tests.messaging.conftest import AT, send, states

from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import NotAllowed
from guanxi.messaging import tasks
from guanxi.messaging.channels.outgoing import Piece
from guanxi.messaging.channels.smpp import coding
from guanxi.messaging.models import AnswerPart, Reply
from guanxi.messaging.services import joining, receiving
from guanxi.privacy.models import Consent

WHO, UCS = "13800138000", 8
LATER = AT + joining.WAITS + datetime.timedelta(minutes=1)


@pytest.fixture
def centre(settings, monkeypatch):
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


def octets(text, alphabet=UCS):
    return text.encode("utf-16-be") if alphabet == UCS else text.encode()


def by_header(centre, number, total, text, *, reference=7, wide=False, who=WHO, alphabet=UCS):
    """Let a part wait whose numbers stand in its header, with a reference of one octet or two."""
    head = bytes([6, 8, 4, reference >> 8, reference & 255]) if wide else bytes([5, 0, 3, reference])
    text = text if isinstance(text, bytes) else octets(text, alphabet)
    centre.deliver(who, head + bytes([total, number]) + text, data_coding=alphabet, esm_class=0x40)


def beside(centre, number, total, text, *, reference=300, who=WHO):
    """Let a part wait whose numbers stand in the sar parameters."""
    tlvs = [
        smpp34.Tlv(0x020C, reference.to_bytes(2, "big")), smpp34.Tlv(0x020E, bytes([total])),
        smpp34.Tlv(0x020F, bytes([number])),
    ]  # fmt: skip
    centre.deliver(who, octets(text), data_coding=UCS, tlvs=tlvs)


def kept():
    db.set_scope(SYSTEM)
    return list(Reply.objects.order_by("pk").values_list("words", "is_stop", "missing"))


THREE = ("请问周六上午", "可以来做保养吗，", "谢谢")


@pytest.mark.covers("CC-39")
@pytest.mark.parametrize("way", ["octet", "wide", "beside"])
@pytest.mark.parametrize("order", list(itertools.permutations((1, 2, 3))))
def test_parts_are_joined_in_any_order(centre, person, way, order):
    row = person()
    for number in order:
        if way == "beside":
            beside(centre, number, 3, THREE[number - 1])
        else:
            by_header(centre, number, 3, THREE[number - 1], wide=way == "wide", reference=300 if way == "wide" else 7)
    assert collect() == 3
    assert kept() == [("".join(THREE), False, 0)]
    assert Reply.objects.get().customer_id == row.pk
    assert centre.answers == [0, 0, 0]  # each was acknowledged


@pytest.mark.covers("CC-39", "NFR-12")
def test_a_stop_word_in_parts_stops_the_channel(centre, person, write):
    row = person()
    write(row)
    by_header(centre, 2, 2, "D")
    by_header(centre, 1, 2, "T")
    collect()
    assert kept() == [("TD", True, 0)]
    assert not Consent.objects.filter(customer=row, medium="SMS", standing="GIVEN").exists()
    assert states() == [("SKIPPED", "STOPPED")]


def test_a_stop_word_that_is_one_part_of_more_stops_nothing(centre, person):
    row = person()
    by_header(centre, 1, 2, "我不想收到这些短信，要不要回复")
    by_header(centre, 2, 2, "TD")
    collect()
    assert kept() == [("我不想收到这些短信，要不要回复TD", False, 0)]
    assert Consent.objects.filter(customer=row, medium="SMS", standing="GIVEN").exists()


def test_a_part_that_comes_twice_is_known_before_and_after(centre, person):
    person()
    by_header(centre, 1, 2, "周六")
    by_header(centre, 1, 2, "周六")
    by_header(centre, 2, 2, "上午")
    by_header(centre, 2, 2, "上午")
    collect()
    by_header(centre, 1, 2, "周六")
    collect(AT + datetime.timedelta(hours=1))
    assert kept() == [("周六上午", False, 0)]
    assert AnswerPart.objects.filter(joined_at=None).count() == 0


@pytest.mark.parametrize(
    ("came", "shown"),
    [
        ((1,), "请问周六上午 […]"),
        ((2,), "[…] 可以来做保养吗， […]"),
        ((1, 3), "请问周六上午 […] 谢谢"),
        ((2, 3), "[…] 可以来做保养吗，谢谢"),
    ],
)
def test_what_is_not_whole_in_time_is_kept_as_it_stands_and_told(centre, person, came, shown):
    person()
    for number in came:
        by_header(centre, number, 3, THREE[number - 1])
    collect()
    assert joining.keep_late(actor=SYSTEM, at=AT + joining.WAITS - datetime.timedelta(minutes=1)) == 0
    assert kept() == []
    assert joining.keep_late(actor=SYSTEM, at=LATER) == 1
    assert kept() == [(shown, False, 3 - len(came))]
    assert Reply.objects.get().received_at == AT
    assert joining.keep_late(actor=SYSTEM, at=LATER) == 0


def test_a_fragment_that_reads_like_a_stop_word_stops_nothing(centre, person, write):
    row = person()
    write(row)
    by_header(centre, 2, 2, "TD")
    collect()
    joining.keep_late(actor=SYSTEM, at=LATER)
    assert kept() == [("[…] TD", False, 1)]
    assert Consent.objects.filter(customer=row, medium="SMS", standing="GIVEN").exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.update(is_stop=True)


def test_the_missing_part_that_comes_after_all_is_kept_too(centre, person):
    person()
    by_header(centre, 1, 2, "周六")
    collect()
    joining.keep_late(actor=SYSTEM, at=LATER)
    by_header(centre, 2, 2, "上午")
    collect(LATER)
    joining.keep_late(actor=SYSTEM, at=LATER + joining.WAITS)
    assert kept() == [("周六 […]", False, 1), ("[…] 上午", False, 1)]


def test_answers_of_two_people_and_of_two_series_are_not_mixed(centre, person):
    person()
    person("李明")
    other = "13800138001"
    for number, mine, his, second in ((2, "乙", "丁", "己"), (1, "甲", "丙", "戊")):
        by_header(centre, number, 2, mine)
        by_header(centre, number, 2, his, who=other)
        by_header(centre, number, 2, second, reference=8)
    collect()
    assert sorted(kept()) == [("丙丁", False, 0), ("戊己", False, 0), ("甲乙", False, 0)]


def test_a_reference_that_is_used_again_begins_a_new_answer(centre, person):
    """References have 256 values: what never became whole is kept as it stands when the next begins."""
    person()
    by_header(centre, 1, 2, "第一条")
    by_header(centre, 1, 2, "第二条开头")
    by_header(centre, 2, 2, "第二条结尾")
    collect()
    assert kept() == [("第一条 […]", False, 1), ("第二条开头第二条结尾", False, 0)]


def test_a_sign_may_be_cut_between_two_parts(centre, person):
    person()
    car = "🚗".encode("utf-16-be")
    by_header(centre, 1, 2, "车".encode("utf-16-be") + car[:2])
    by_header(centre, 2, 2, car[2:] + "好".encode("utf-16-be"))
    by_header(centre, 1, 2, b"10 \x1b", reference=9, alphabet=0)
    by_header(centre, 2, 2, b"e", reference=9, alphabet=0)
    collect()
    assert [words for words, _stop, _missing in kept()] == ["车🚗好", "10 €"]


@pytest.mark.parametrize(("number", "total"), [(1, 1), (0, 2), (3, 2), (1, 0)])
def test_numbers_that_cannot_be_are_a_message_of_its_own(centre, person, number, total):
    person()
    by_header(centre, number, total, "TD")
    collect()
    assert kept() == [("TD", True, 0)]


@pytest.mark.parametrize("head", [b"\x05\x00\x03\x07", b"\x00", b"\xff\x00\x03\x07\x02\x01", b"\x03\x24\x01\x01"])
def test_a_header_that_is_cut_or_says_something_else_breaks_nothing(head):
    found = coding.segment(head + b"ab", {}, has_header=True)
    assert (found.number, found.total) == (1, 1)


def test_what_waits_survives_a_new_bind(centre, person):
    person()
    by_header(centre, 1, 2, "周六")
    collect()
    by_header(centre, 2, 2, "上午")
    collect(AT + datetime.timedelta(minutes=5))
    assert centre.binds == 2
    assert kept() == [("周六上午", False, 0)]


def test_the_job_keeps_what_is_late_and_forgets_what_is_old(centre, person):
    from guanxi.foundation import clock

    person()
    old = clock.now() - datetime.timedelta(days=2)
    part = {"address": WHO, "total": 2, "coding": UCS, "octets": octets("甲"), "reference": "x", "number": 1}
    AnswerPart.objects.create(**part, series="0:1", came_at=old)
    AnswerPart.objects.create(**part, series="0:2", came_at=old, joined_at=old)
    tasks.collect()
    assert kept() == [("甲 […]", False, 1)]
    assert [row.series for row in AnswerPart.objects.all()] == ["0:1"]


def test_only_who_may_report_answers_keeps_parts(person, acting, quiet):
    piece = Piece("SMS", WHO, "0:1", 1, 2, UCS, octets("甲"), "p-1")
    with pytest.raises(NotAllowed):
        joining.take_part(actor=acting(quiet.gm), piece=piece, at=AT)
    with pytest.raises(NotAllowed):
        joining.keep_late(actor=acting(quiet.gm), at=AT)
    joining.take_part(actor=acting(SYSTEM), piece=piece, at=AT)
    acting(quiet.gm)
    assert not AnswerPart.objects.exists()  # the second wall


def test_the_list_of_answers_tells_the_gap(centre, person, signed_in):
    row = person()
    by_header(centre, 1, 2, "周六")
    collect()
    joining.keep_late(actor=SYSTEM, at=LATER)
    page = signed_in("gm").get("/messaging/replies/").content.decode()
    assert "周六 […]" in page
    assert "Parts that never came" in page
    happened = signed_in("gm").get(f"/customers/{row.pk}/happened/").content.decode()
    assert "not whole" in happened


def test_what_comes_while_one_sends_is_joined_too(centre, person, write):
    write(person(), person("李明"))
    by_header(centre, 1, 2, "谢")
    by_header(centre, 2, 2, "谢")
    send()
    collect()
    assert kept() == [("谢谢", False, 0)]
