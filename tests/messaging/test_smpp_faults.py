"""A message centre that hangs up, talks nonsense or dies in the middle: nothing is lost and nothing sent twice."""

import socket
import struct
import threading

import pytest
from tests.messaging.conftest import AT, send, states

from guanxi.foundation.actor import SYSTEM
from guanxi.messaging.models import Message, Reply, Terms
from guanxi.messaging.services import receiving

HEAD = struct.Struct(">IIII")


def unit(command, sequence, body=b"", status=0):
    return HEAD.pack(16 + len(body), command, status, sequence) + body


class Script:
    """A server that answers each unit with what ``script`` says to it; None hangs up."""

    def __init__(self, script):
        self.heard, self._script = [], script
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            try:
                line, _who = self._server.accept()
            except OSError:
                return
            with line, line.makefile("rb") as read:
                self._talk(line, read)

    def _talk(self, line, read):
        while head := read.read(16):
            size, command, _status, sequence = HEAD.unpack(head)
            body = read.read(size - 16)
            self.heard.append((command, sequence, body))
            answer = self._script(command, sequence, self)
            if answer is None:
                return
            line.sendall(answer)

    def close(self):
        self._server.close()


@pytest.fixture
def script(settings, monkeypatch):
    """Return a function that starts a centre which answers as it is told; a bind always succeeds."""
    made = []

    def start(answer):
        def said(command, sequence, self):
            return unit(0x80000009, sequence, b"c\0") if command == 9 else answer(command, sequence, self)

        server = Script(said)
        made.append(server)
        settings.SMPP_HOST, settings.SMPP_PORT, settings.SMPP_USER, settings.SMPP_PASSWORD = (
            "127.0.0.1",
            server.port,
            "a",
            "b",
        )
        settings.MESSAGE_CARRIERS = {"SMS": "smpp", "EMAIL": "browser"}
        monkeypatch.setattr(receiving, "LISTEN", 0.2)
        return server

    yield start
    for server in made:
        server.close()


def _submits(server):
    return [sequence for command, sequence, _body in server.heard if command == 4]


@pytest.mark.covers("NFR-12")
def test_a_centre_that_dies_with_a_message_in_hand_leaves_that_one_uncertain(person, write, script):
    """The next goes over a new bind; the first is not sent again."""

    def answer(command, sequence, self):
        if command == 4:
            return unit(0x80000004, sequence, b"x\0") if len(_submits(self)) > 1 else None
        return unit(command | 0x80000000, sequence)

    server = script(answer)
    write(person(), person("李明"))
    assert send() == {"UNCERTAIN": 1, "SENT": 1}
    assert send() == {}
    assert len(_submits(server)) == 2
    assert [command for command, _s, _b in server.heard].count(9) == 2


@pytest.mark.parametrize(
    "nonsense", [struct.pack(">IIII", 3, 4, 0, 1), struct.pack(">IIII", 2**31, 4, 0, 1), b"HTTP/1.1 400 Bad Request\r\n\r\n"]
)  # fmt: skip
def test_nonsense_leaves_the_message_uncertain(person, write, script, nonsense):
    script(lambda command, sequence, _self: nonsense if command == 4 else None)
    write(person())
    assert send() == {"UNCERTAIN": 1}


def test_a_nack_is_a_refusal(person, write, script):
    script(lambda command, sequence, _self: unit(0x80000000, sequence, status=3) if command == 4 else None)
    write(person())
    assert send() == {"FAILED": 1}


def test_what_the_centre_asks_between_is_answered(person, write, script):
    """It asks whether we live and says something unknown before it answers."""

    def answer(command, sequence, _self):
        if command == 4:
            return unit(0x15, 900) + unit(0x102, 901) + unit(0x80000004, sequence, b"x\0")
        return b"" if command & 0x80000000 else unit(command | 0x80000000, sequence)

    server = script(answer)
    write(person())
    assert send() == {"SENT": 1}
    heard = {(command, sequence) for command, sequence, _b in server.heard}
    assert {(0x80000015, 900), (0x80000000, 901)} <= heard


def test_a_report_that_comes_with_the_answer_finds_its_message(person, write, script):
    """Even before the next message is taken in hand."""
    text = b"id:x sub:001 dlvrd:001 submit date:2606100200 done date:2606100201 stat:DELIVRD err:000 text:"
    head = b"\0\1\113800138000\0\0\095100\0" + bytes([4, 0, 0]) + b"\0\0" + bytes([0, 0, 0, 0, len(text)])

    def answer(command, sequence, _self):
        if command == 4:
            return unit(0x80000004, sequence, b"x\0") + unit(5, 77, head + text)
        return b"" if command & 0x80000000 else unit(command | 0x80000000, sequence)

    script(answer)
    write(person())
    assert send() == {"SENT": 1}
    assert states() == [("DELIVERED", "")]


def test_who_is_not_let_in_waits(person, write, script, settings):
    server = script(lambda command, sequence, _self: None)
    server._script = lambda command, sequence, _self: unit(0x80000009, sequence, status=0x0E)
    write(person())
    assert send() == {"QUEUED": 1}
    assert Message.objects.get().error == "bind: 0x0e"


def test_an_answer_that_cannot_be_kept_now_comes_again(person, script, monkeypatch):
    """Nothing is acknowledged that is not kept."""
    person()
    body = b"\0\1\113800138000\0\0\095100\0" + bytes([0, 0, 0]) + b"\0\0" + bytes([0, 0, 0, 0, 2]) + b"TD"

    def answer(command, sequence, self):
        return b"" if command & 0x80000000 else unit(command | 0x80000000, sequence)

    server = script(answer)
    server._script = lambda command, sequence, _self: (
        unit(0x80000009, sequence, b"c\0") + unit(5, 77, body) if command == 9 else answer(command, sequence, _self)
    )
    kept = list(Terms.objects.all())
    Terms.objects.all().delete()
    receiving.collect(actor=SYSTEM, now=lambda: AT)
    assert not Reply.objects.exists()
    Terms.objects.bulk_create(kept)
    receiving.collect(actor=SYSTEM, now=lambda: AT)
    assert Reply.objects.get().is_stop
    assert states() == []
    answers = [(sequence, body) for command, sequence, body in server.heard if command == 0x80000005]
    assert answers == [(77, b"\0"), (77, b"\0")]
