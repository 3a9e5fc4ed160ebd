"""The client's address behind proxies of one's own: taken where they wrote it, never where the client did."""

import asyncio

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.apicalls import caller

from guanxi.config import asgi, env
from guanxi.config.demo.people import PASSWORD
from guanxi.config.proxies import address
from guanxi.foundation.actor import SYSTEM
from guanxi.records.models import AuditEntry

PEER = "10.0.0.1"
PREFERENCES = "/api/v1/access/preferences"
entries = st.text("0123456789.:, abc[]%\"';-_@/", max_size=60)


@pytest.mark.covers("NFR-01")
@pytest.mark.parametrize(
    ("forwarded", "proxies", "found"),
    [
        ("203.0.113.7", 0, PEER),
        ("203.0.113.7", 1, "203.0.113.7"),
        ("6.6.6.6, 203.0.113.7", 1, "203.0.113.7"),
        ("6.6.6.6, 203.0.113.7, 10.0.0.2", 2, "203.0.113.7"),
        ("203.0.113.7", 2, PEER),
        ("", 1, PEER),
        ("6.6.6.6, unknown", 1, PEER),
        ("6.6.6.6,", 1, PEER),
        ("203.0.113.7:4711", 1, "203.0.113.7"),
        ("[2001:db8::7]:4711", 1, "2001:db8::7"),
        ("2001:DB8::7", 1, "2001:db8::7"),
        ("::ffff:203.0.113.7", 1, "203.0.113.7"),
        ("fe80::1%eth0", 1, "fe80::1"),
        ("[oops", 1, PEER),
    ],
)
def test_the_client_of_the_outermost_proxy(forwarded, proxies, found):
    assert address(PEER, forwarded, proxies) == found


@pytest.mark.covers("NFR-01")
@given(entries, st.integers(1, 3))
def test_what_the_client_writes_before_it_changes_nothing(claimed, proxies):
    ours = ", ".join(["203.0.113.7", "10.0.0.3", "10.0.0.2"][:proxies])
    assert address(PEER, f"{claimed}, {ours}", proxies) == "203.0.113.7"


@given(entries)
def test_without_trusted_proxies_nobody_is_believed(claimed):
    assert address(PEER, claimed, 0) == PEER


def _trail(cast, acting, **headers):
    """The address in the trail after a change over the API."""
    client = caller(cast.advisor)
    theme = "dark" if client.get(PREFERENCES).json()["theme"] != "dark" else "light"
    client.patch(PREFERENCES, {"theme": theme}, "application/json", REMOTE_ADDR=PEER, headers=headers)
    acting(SYSTEM)
    return AuditEntry.objects.filter(verb="access.set_preferences").order_by("-pk").first().ip


@pytest.mark.covers("NFR-01", "NFR-06")
def test_the_trail_believes_the_header_only_when_told_to(cast, acting, settings):
    spoofed = {"X-Forwarded-For": "6.6.6.6, 203.0.113.7"}
    assert settings.TRUSTED_PROXIES == 0
    assert _trail(cast, acting, **spoofed) == PEER
    settings.TRUSTED_PROXIES = 1
    assert _trail(cast, acting, **spoofed) == "203.0.113.7"
    assert _trail(cast, acting) == PEER
    settings.TRUSTED_PROXIES = 2
    assert _trail(cast, acting, **spoofed) == "6.6.6.6"
    assert _trail(cast, acting, **{"X-Forwarded-For": "203.0.113.7"}) == PEER


def _signs_in(forwarded, word=PASSWORD, name="advisor"):
    client = Client(headers={"X-Forwarded-For": forwarded})
    client.post("/accounts/login/", {"login": name, "password": word})
    return client.get("/").status_code == 200


@pytest.mark.covers("NFR-01")
def test_the_limit_of_tries_is_the_clients_and_not_the_proxys(cast, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/m/ip"}
    settings.TRUSTED_PROXIES = 1
    for number, name in enumerate(("hq", "gm", "crm", "office")):
        assert not _signs_in(f"6.6.6.{number}, 203.0.113.7", "wrong", name)  # a new claim with every try
    assert not _signs_in("203.0.113.7")
    assert _signs_in("203.0.113.8")


def test_the_list_of_sign_ins_shows_the_same_address(signed_in, settings):
    settings.TRUSTED_PROXIES = 1
    client = signed_in("advisor")
    client.get("/", headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.7"})
    assert UserSession.objects.get(session_key=client.session.session_key).ip == "203.0.113.7"


def test_the_door_drops_headers_that_pass_for_others():
    told = {}

    def remember(environ, start):
        told.update(environ)
        start("204 No Content", [])
        return []

    async def call():
        door = asgi.WSGIMiddleware(remember)
        scope = {
            "type": "http", "method": "GET", "path": "/", "query_string": b"", "http_version": "1.1", "headers": [
                (b"x-forwarded-for", b"203.0.113.7"), (b"x_forwarded_for", b"6.6.6.6"), (b"X_Forwarded-For", b"6.6.6.6"),
            ],
        }  # fmt: skip

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(_message):
            pass

        await door(asgi.honest(scope), receive, send)

    asyncio.run(call())
    assert told["HTTP_X_FORWARDED_FOR"] == "203.0.113.7"


@pytest.mark.parametrize("value", ["-1", "one", "1.5"])
def test_a_number_that_is_none_stops_the_start(monkeypatch, value):
    monkeypatch.setenv("TRUSTED_PROXIES", value)
    with pytest.raises(env.BadEnvironment, match="TRUSTED_PROXIES"):
        env.number("TRUSTED_PROXIES", 0)
