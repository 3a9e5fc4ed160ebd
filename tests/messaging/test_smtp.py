"""Mail through a real server on this machine: what it gets, and what becomes of each way in which it says no."""

import email
import email.policy
import socket

import pytest
from aiosmtpd.controller import Controller
from tests import garage
from tests.messaging.conftest import AT, consent, send

from guanxi.messaging.models import Message

HERE = "127.0.0.1"


def free_port():
    with socket.create_server((HERE, 0)) as free:
        return free.getsockname()[1]


class Inbox:
    """A mail server that keeps what it gets, or answers with ``refusal`` to the recipient or to the text."""

    def __init__(self):
        self.mails, self.at_recipient, self.at_text = [], None, None

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 -- the name that the server calls
        if self.at_recipient:
            return self.at_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 -- the name that the server calls
        if self.at_text:
            return self.at_text
        self.mails.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default)))
        return "250 OK"


@pytest.fixture
def inbox(settings):
    """A mail server on a free port of this machine, to which mails are carried."""
    held = Inbox()
    settings.EMAIL_HOST, settings.EMAIL_PORT = HERE, free_port()
    controller = Controller(held, hostname=HERE, port=settings.EMAIL_PORT)
    controller.start()
    settings.EMAIL_USE_TLS, settings.EMAIL_FROM = False, "Guanxi <service@crm.example>"
    settings.MESSAGE_CARRIERS = {"SMS": "browser", "EMAIL": "smtp"}
    yield held
    controller.stop()


@pytest.fixture
def mail(person, template, write, quiet):
    """A mail that waits."""
    row = person()
    garage.ContactPoint.objects.create(customer=row, channel="EMAIL", value="wang@example.com", touched_at=AT)
    consent(row, quiet.outlet_id, "CARE", "EMAIL")
    template("letter", "{customer}：\n您好", channel="EMAIL", subject_zh="感谢{customer}", subject_en="Thanks")
    write(row, code="letter")
    return Message.objects.get()


@pytest.mark.covers("CC-39")
def test_a_mail_reaches_the_server(inbox, mail):
    assert send() == {"SENT": 1}
    ((recipients, got),) = inbox.mails
    assert recipients == ["wang@example.com"]
    assert (got["Subject"], got["From"]) == ("感谢王雪", "Guanxi <service@crm.example>")
    assert got.get_content().strip().replace("\r", "") == "王雪：\n您好"
    mail.refresh_from_db()
    assert (mail.carrier, mail.reference) == ("smtp", got["Message-ID"])
    assert mail.reference == f"<message-{mail.pk}@crm.example>"


@pytest.mark.parametrize("place", ["at_recipient", "at_text"])
@pytest.mark.parametrize(("answer", "state"), [("550 no such user", "FAILED"), ("451 try later", "QUEUED")])
def test_a_refusal_for_good_fails_and_one_for_now_waits(inbox, mail, place, answer, state):
    setattr(inbox, place, answer)
    assert send() == {state: 1}
    mail.refresh_from_db()
    assert (mail.state, mail.error) == (state, answer)
    assert inbox.mails == []


def test_a_server_that_is_away_loses_nothing(inbox, mail, settings):
    settings.EMAIL_PORT = free_port()
    assert send() == {"QUEUED": 1}
    mail.refresh_from_db()
    assert mail.state == "QUEUED"
    assert mail.not_before > AT


def test_a_server_that_hangs_up_in_the_middle_leaves_it_uncertain(inbox, mail, monkeypatch):
    async def hang_up(_self, server, _session, _envelope):
        server.transport.abort()
        return "250 OK"

    monkeypatch.setattr(Inbox, "handle_DATA", hang_up)
    assert send() == {"UNCERTAIN": 1}
    assert send() == {}
