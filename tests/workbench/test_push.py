"""Server push: whose stream it is, how many there may be, what is sent and when it ends."""

import asyncio
import json

import pytest
from django.contrib.sessions.backends.db import SessionStore

from guanxi.config import push


class Browser:
    """Plays the server's two functions; collects what is sent."""

    def __init__(self):
        self.sent = []
        self.left = asyncio.Event()

    async def send(self, message):
        self.sent.append(message)

    async def receive(self):
        await self.left.wait()
        return {"type": "http.disconnect"}

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def body(self):
        return b"".join(message.get("body", b"") for message in self.sent[1:]).decode()


def scope(method="GET", cookie=b"sessionid=abc"):
    return {"type": "http", "path": "/events/", "method": method, "headers": [(b"cookie", cookie)]}


@pytest.fixture
def hub(monkeypatch):
    fresh = push.Hub()

    async def silence():
        await asyncio.sleep(60)

    monkeypatch.setattr(fresh, "_listen", silence)
    monkeypatch.setattr(push, "hub", fresh)
    monkeypatch.setattr(push, "PING", 0.02)
    return fresh


def test_the_session_key_is_read_from_the_cookies():
    headers = [(b"accept", b"x"), (b"cookie", b"a=1; sessionid=k3y; b=2")]
    assert push.session_key(headers) == "k3y"
    assert push.session_key([(b"cookie", b"a=1")]) == ""


@pytest.mark.parametrize(("method", "status"), [("GET", 204), ("POST", 405)])
def test_strangers_get_no_stream(hub, monkeypatch, method, status):
    monkeypatch.setattr(push, "whose", lambda _key: None)
    browser = Browser()
    asyncio.run(push.stream(scope(method), browser.receive, browser.send))
    assert browser.status == status


def test_a_signal_reaches_its_person_and_a_sign_out_ends_the_stream(hub, monkeypatch):
    answers = iter([(7, 1), (7, 1), None])
    monkeypatch.setattr(push, "whose", lambda _key: next(answers))

    async def story():
        browser = Browser()
        running = asyncio.create_task(push.stream(scope(), browser.receive, browser.send))
        while not hub.streams:  # noqa: ASYNC110 -- the hub has no event to wait for
            await asyncio.sleep(0)
        hub.tell(json.dumps({"user": 8, "unread": 9}))
        hub.tell(json.dumps({"user": 7, "unread": 5}))
        hub.tell("nonsense")
        await running
        await hub.close()
        return browser

    browser = asyncio.run(story())
    assert browser.status == 200
    assert 'data: {"unread": 1}' in browser.body
    assert 'data: {"unread": 5}' in browser.body
    assert "9" not in browser.body
    assert browser.body.endswith("event: bye\ndata: {}\n\n")
    assert not hub.streams


def test_the_seventh_stream_is_refused_and_a_stop_ends_all(hub, monkeypatch):
    monkeypatch.setattr(push, "whose", lambda _key: (7, 0))

    async def story():
        browsers = [Browser() for _ in range(7)]
        tasks = [asyncio.create_task(push.stream(scope(), one.receive, one.send)) for one in browsers[:6]]
        while len(hub.streams.get(7, ())) < 6:  # noqa: ASYNC110 -- the hub has no event to wait for
            await asyncio.sleep(0.01)
        await push.stream(scope(), browsers[6].receive, browsers[6].send)
        browsers[0].left.set()
        await tasks[0]
        await hub.close()
        await asyncio.gather(*tasks)
        return browsers[6].status

    assert asyncio.run(story()) == 204
    assert not hub.streams


@pytest.mark.django_db
def test_a_session_tells_whose_it_is(cast, signed_in, monkeypatch):
    monkeypatch.setattr(push.connections, "close_all", lambda: None)
    client = signed_in("gm")
    key = client.cookies["sessionid"].value
    assert push.whose(key)[0] == cast.gm.user_id
    SessionStore(key).delete()
    assert push.whose(key) is None
    assert push.whose("") is None
