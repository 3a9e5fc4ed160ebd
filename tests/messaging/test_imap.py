"""Mails from a real server on this machine: answers, stop words, reports that a mail did not arrive, and what is broken."""

import datetime
import logging
from email.message import EmailMessage

import pytest
from tests import garage
from tests.apicalls import caller
from tests.counting import queries_of
from tests.messaging import mailbox
from tests.messaging.conftest import AT, consent, states

from guanxi.customers.models import ContactPoint
from guanxi.foundation import db, slots
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import NotAllowed
from guanxi.messaging import policy
from guanxi.messaging.channels.imap.reading import Bounce, Mail, Unreadable, read
from guanxi.messaging.models import Message, Reply, StrayMail
from guanxi.messaging.services import mails, reports
from guanxi.privacy.models import Consent
from guanxi.records.models import AuditEntry

LATER = AT + datetime.timedelta(hours=1)


@pytest.fixture
def box(quiet, settings):
    """A mailbox on this machine that the settings name."""
    with mailbox.running() as (held, port):
        settings.IMAP_HOST, settings.IMAP_PORT, settings.IMAP_TLS = "127.0.0.1", port, False
        settings.IMAP_USER, settings.IMAP_PASSWORD, settings.IMAP_FOLDER = "service", "pass word", "INBOX"
        yield held


@pytest.fixture
def reader(person, quiet):
    """A customer with a mail address, who agreed to care by mail."""
    row = person()
    ContactPoint.objects.create(customer=row, channel="EMAIL", value="Wang@Example.com", touched_at=AT)
    consent(row, quiet.outlet_id, "CARE", "EMAIL")
    return row


def mail(text="明天来", *, sender="王雪 <wang@example.com>", number="<1@example.com>", subject="Re: 问候", **headings):
    made = EmailMessage()
    for name, value in {"From": sender, "Subject": subject, "Message-ID": number, **headings}.items():
        if value:
            made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def report(number="<message-7@crm.example>", address="wang@example.com", status="5.1.1", action="failed"):
    """Return a delivery report as servers write it (RFC 3464)."""
    return "\r\n".join([
        "From: MAILER-DAEMON@mx.example", "To: service@crm.example", "Subject: Undelivered Mail",
        "Message-ID: <bounce-1@mx.example>", "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "",
        "--b", "Content-Type: text/plain", "", "I am sorry.", "",
        "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example", "",
        f"Final-Recipient: rfc822; {address}", f"Action: {action}", f"Status: {status}",
        "Diagnostic-Code: smtp; 550 no such user", "",
        "--b", "Content-Type: text/rfc822-headers", "", f"Message-ID: {number}", "Subject: Hello", "", "--b--", "",
    ]).encode()  # fmt: skip


def fetch(at=LATER):
    db.set_scope(SYSTEM)
    done = dict(mails.fetch_mails(actor=SYSTEM, now=lambda: at))
    db.set_scope(SYSTEM)
    return done


@pytest.mark.covers("CC-39")
def test_an_answer_by_mail_is_kept_once_with_the_customer_and_marked_as_read(box, reader):
    number = box.deliver(mail("明天来。\n\nOn Mon, 1 Jun 2026, Guanxi wrote:\n> 您好\n"))
    assert fetch() == {"answers": 1}
    assert box.seen == {number}
    assert box.logins == ['service "pass word"']
    row = Reply.objects.get()
    assert (row.customer_id, row.words, row.reference, row.received_at) == (
        reader.pk,
        "明天来。",
        "<1@example.com>",
        LATER,
    )
    assert (row.channel, row.is_stop) == ("EMAIL", False)
    found = slots.moments(SYSTEM, reader.pk, 20)
    assert "“明天来。”" in [moment.detail for moment in found if moment.icon == "message-square-reply"]
    box.seen.clear()
    assert fetch() == {"known": 1}
    assert Reply.objects.count() == 1
    assert fetch() == {}


@pytest.mark.covers("NFR-12")
@pytest.mark.parametrize(
    "stop", [{"text": "TD\n-- \n王雪"}, {"text": "", "subject": "退订"}, {"text": "ｔｄ。\n> 回复TD退订"}]
)
def test_a_stop_word_by_mail_stops_mails_alone(box, reader, stop):
    box.deliver(mail(**stop))
    assert fetch() == {"answers": 1}
    assert Reply.objects.get().is_stop
    assert not Consent.objects.filter(customer=reader, medium="EMAIL", standing="GIVEN").exists()
    assert Consent.objects.filter(customer=reader, medium="SMS", standing="GIVEN").exists()


def test_of_several_with_the_address_none_is_guessed(box, reader, person):
    other = person("李明")
    ContactPoint.objects.create(customer=other, channel="EMAIL", value="wang@example.com", touched_at=AT)
    box.deliver(mail())
    box.deliver(mail("你是谁", sender="nobody@example.com", number="<2@example.com>"))
    assert fetch() == {"answers": 2}
    assert {row.customer_id for row in Reply.objects.filter(address="wang@example.com")} == {reader.pk, other.pk}
    assert [row.customer_id for row in Reply.objects.filter(address="nobody@example.com")] == [None]


@pytest.fixture
def sent(reader, quiet):
    """A mail that went out."""
    return Message.objects.create(
        customer=reader, node_id=quiet.outlet_id, purpose="CARE", channel="EMAIL", address="Wang@Example.com", body="您好",
        key="k", state="SENT", written_by="a", queued_at=AT, not_before=AT, sent_at=AT, carrier="smtp",
        reference="<message-7@crm.example>",
    )  # fmt: skip


def address_of(customer):
    return ContactPoint.objects.get(customer=customer, channel="EMAIL").state


@pytest.mark.covers("CC-39")
def test_a_mail_that_did_not_arrive_fails_and_marks_its_address(box, reader, sent):
    number = box.deliver(report())
    assert fetch() == {"bounces": 1}
    sent.refresh_from_db()
    assert (sent.state, sent.error, address_of(reader)) == ("FAILED", "5.1.1 smtp; 550 no such user", "WRONG")
    assert AuditEntry.objects.filter(verb="messaging.record_report", subject_id=str(sent.pk)).count() == 1
    assert not Reply.objects.exists()
    box.seen.remove(number)
    assert fetch() == {"bounces": 1}
    assert AuditEntry.objects.filter(verb="messaging.record_report", subject_id=str(sent.pk)).count() == 1


def test_a_full_box_fails_the_mail_and_leaves_the_address(box, reader, sent):
    box.deliver(report(status="5.2.2"))
    assert fetch() == {"bounces": 1}
    sent.refresh_from_db()
    assert (sent.state, address_of(reader)) == ("FAILED", "VALID")


@pytest.mark.parametrize(
    "more", [{"number": "<message-8@crm.example>"}, {"address": "other@example.com"}, {"number": ""}]
)
def test_a_report_about_no_mail_of_ours_changes_nothing_and_is_kept(box, reader, sent, more):
    box.deliver(report(**more))
    assert fetch() == {"strays": 1}
    sent.refresh_from_db()
    assert (sent.state, address_of(reader), StrayMail.objects.get().why) == ("SENT", "VALID", mails.UNKNOWN)


def test_a_report_that_a_mail_is_only_late_says_nothing(box, reader, sent):
    box.deliver(report(action="delayed"))
    assert fetch() == {"strays": 1}
    sent.refresh_from_db()
    assert sent.state == "SENT"


def test_what_cannot_be_read_is_kept_told_and_does_not_stop_the_others(box, reader, caplog):
    caplog.set_level(logging.WARNING)
    first = box.deliver(b"\xff\xfe no mail at all")
    second = box.deliver(mail(sender="", number=""))
    third = box.deliver(mail())
    assert fetch() == {"strays": 2, "answers": 1}
    assert box.seen == {first, second, third}
    assert [row.why for row in StrayMail.objects.order_by("pk")] == ["no sender to whom one could answer"] * 2
    assert all(row.reference.startswith("sha256:") for row in StrayMail.objects.all())
    assert caplog.text.count("a mail could not be read") == 2
    box.seen.clear()
    assert fetch() == {"known": 3}


def test_an_automatic_answer_is_no_answer(box, reader):
    box.deliver(mail("我在休假", Auto_Submitted="auto-replied"))
    assert fetch() == {"automatic": 1}
    assert not Reply.objects.exists()


@pytest.mark.parametrize("broken", ["LOGIN", "SELECT", "UID SEARCH", "UID FETCH", "UID STORE"])
@pytest.mark.parametrize("how", ["refuses", "breaks"])
def test_a_server_that_will_not_loses_nothing(box, reader, broken, how, caplog):
    caplog.set_level(logging.WARNING)
    box.deliver(mail())
    getattr(box, how).add(broken)
    fetch()
    assert "the mailbox is not to be had" in caplog.text
    assert box.seen == set()
    getattr(box, how).clear()
    assert sum(fetch().values()) == 1
    assert len(box.seen) == Reply.objects.count() == 1


def test_without_a_mailbox_and_beside_another_nothing_is_fetched(box, reader, settings, monkeypatch):
    box.deliver(mail())
    with monkeypatch.context() as patch:
        patch.setattr(settings, "IMAP_HOST", "")
        assert fetch() == {}
    assert box.asked == []


def test_only_who_may_report_answers_keeps_them(quiet, acting):
    actor = acting(quiet.crm)
    with pytest.raises(NotAllowed):
        reports.record_bounce(actor=actor, bounce=Bounce("<1>", "a@b.c", "5.1.1", ""), at=LATER)


def test_words_are_read_from_html_and_odd_codings():
    page = mail()
    page.set_content("<style>x{}</style><p>来&amp;去</p><blockquote>引用</blockquote>", subtype="html")
    assert policy.own_words(read(page.as_bytes())[0].text) == "来&去"
    odd = mail().as_bytes().replace(b'charset="utf-8"', b'charset="martian"')
    assert isinstance(read(odd)[0], Mail)
    gb = "From: a@b.cn\r\nMessage-ID: <9>\r\nContent-Type: text/plain; charset=gb18030\r\n\r\n退订".encode("gb18030")
    assert read(gb)[0].text == "退订"
    assert isinstance(read(b"")[0], Unreadable)
    long = read(mail(number=f"<{'x' * 300}@e>", sender=f"{'y' * 130}@example.com").as_bytes())[0]
    assert isinstance(long, Unreadable)
    assert long.reference.startswith("sha256:")


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("好的\n\n-----Original Message-----\n从前", "好的"), ("好的\n在 2026年6月1日，关系 写道：\n从前", "好的"),
        ("好的\n发件人：关系\n从前", "好的"), ("TD\n发自我的iPhone", "TD"), ("> 只有引用", ""), ("一\n\n二  ", "一\n\n二"),
    ],
)  # fmt: skip
def test_what_is_quoted_is_not_said(text, own):
    assert policy.own_words(text) == own


def stray(number):
    return StrayMail.objects.create(
        reference=f"r-{number}", address="someone@example.com", subject=f"主题{number}", why="broken", kept_at=LATER
    )


def test_stray_mails_are_shown_to_those_who_see_everything(quiet, signed_in):
    stray(1)
    client = signed_in("hq")
    path = "/messaging/replies/strays/"
    page = client.get(path).content.decode()
    for word in ("主题1", "s***@example.com", "broken"):
        assert word in page, word
    assert "someone@example.com" not in page
    one = queries_of(lambda: client.get(path))
    db.set_scope(SYSTEM)
    stray(2), stray(3)
    client = signed_in("hq")
    client.get(path)
    assert queries_of(lambda: client.get(path)) == one
    assert "主题1" not in signed_in("crm").get(path).content.decode()
    assert "主题3" in client.get(f"{path}?export=csv").content.decode("utf-8-sig")
    assert path in client.get("/messaging/replies/").content.decode()
    items = caller(quiet.hq).get("/api/v1/messaging/stray-mails").json()["items"]
    assert {item["address"] for item in items} == {"s***@example.com"}
    assert len(items) == 3
    assert caller(quiet.crm).get("/api/v1/messaging/stray-mails").json()["items"] == []


def test_the_wall_of_the_database_hides_stray_mails(quiet, acting):
    stray(1)
    acting(quiet.crm)
    assert not StrayMail.objects.exists()


def test_a_mail_address_of_nobody_is_kept_for_later(box, quiet):
    garage.customer("路人", "13700000009", quiet.outlet_id)
    box.deliver(mail(sender="nobody@example.com"))
    assert fetch() == {"answers": 1}
    assert states() == []
