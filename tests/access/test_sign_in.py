"""Signing in, staying in, and what every answer carries."""

import datetime

import pytest
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client

from guanxi.access.models import User
from guanxi.access.services import people
from guanxi.foundation import clock
from guanxi.foundation import db as scopes
from guanxi.foundation.actor import SYSTEM

pytestmark = pytest.mark.django_db
DEMO = "guanxi-demo-2026"


@pytest.fixture(autouse=True)
def fresh_counters(db):
    """No failed sign-ins from other tests."""
    cache.clear()


def sign_in(client, username="advisor", password=DEMO, **more):
    return client.post("/accounts/login/", {"login": username, "password": password}, **more)


def is_in(client):
    return client.get("/network/").status_code == 200


def test_a_known_person_signs_in_and_out(cast):
    client = Client()
    assert sign_in(client)["Location"] == "/"
    assert is_in(client)
    client.post("/accounts/logout/")
    assert not is_in(client)


def test_the_user_name_is_read_kindly_and_the_password_is_not(cast):
    assert sign_in(Client(), " ADVISOR ").status_code == 302
    assert sign_in(Client(), password=DEMO.upper()).status_code == 200


@pytest.mark.covers("NFR-01")
def test_after_five_failures_even_the_right_password_waits(cast):
    client = Client()
    for _try in range(5):
        assert sign_in(client, password="wrong").status_code == 200
    sign_in(client)
    assert not is_in(client)
    assert not is_in(client)
    other = Client(REMOTE_ADDR="10.9.9.9")
    sign_in(other)
    assert not is_in(other), "the limit belongs to the account, wherever the next try comes from"


def test_the_limit_of_one_is_not_the_limit_of_another(cast):
    for _try in range(5):
        sign_in(Client(), password="wrong")
    client = Client()
    sign_in(client, "technician")
    assert is_in(client)


@pytest.mark.covers("ORG-35")
def test_somebody_shut_out_is_out_at_the_next_request(cast, acting):
    client = Client()
    sign_in(client)
    acting(SYSTEM)
    User.objects.filter(username="advisor").update(is_active=False)
    assert not is_in(client)
    assert sign_in(Client()).status_code != 200 or not is_in(client)


@pytest.mark.covers("NFR-01")
@pytest.mark.parametrize(("minutes", "stays"), [(59, True), (61, False)])
def test_an_idle_session_ends(signed_in, minutes, stays):
    client = signed_in("advisor")
    assert is_in(client)
    session = client.session
    session["seen"] = (clock.now() - datetime.timedelta(minutes=minutes)).timestamp()
    session.save()
    assert is_in(client) is stays


def test_looking_at_messages_alone_does_not_keep_a_session_awake(signed_in):
    client = signed_in("advisor")
    assert is_in(client)
    session = client.session
    session["seen"] = before = (clock.now() - datetime.timedelta(minutes=30)).timestamp()
    session.save()
    client.get("/events/")
    assert client.session["seen"] == before
    is_in(client)
    assert client.session["seen"] > before


@pytest.mark.covers("ORG-35", "NFR-01")
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/network/",
        "/network/1/",
        "/access/people/",
        "/records/audit/",
        "/codelists/",
        "/nothing/",
        "/palette/",
        "/api/v1/docs",
    ],
)
def test_strangers_get_nowhere(db, path):
    answer = Client().get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/")


@pytest.mark.parametrize("path", ["/accounts/login/", "/health/"])
def test_a_few_pages_are_open(db, path):
    assert Client().get(path).status_code == 200


def test_nobody_signs_up_alone(db):
    answer = Client().post(
        "/accounts/signup/", {"username": "t1", "password1": "x-long-secret-99", "password2": "x-long-secret-99"}
    )
    assert answer.status_code in {200, 302, 403, 404}
    scopes.set_scope(SYSTEM)
    assert not User.objects.filter(username="t1").exists()


@pytest.mark.covers("NFR-01")
@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/network/", "/nothing/", "/api/v1/network/nodes", "/welcome/nothing/"]
)
@pytest.mark.parametrize("who", ["stranger", "signed in"])
def test_every_answer_carries_the_security_headers(signed_in, path, who):
    client = Client() if who == "stranger" else signed_in("advisor")
    answer = client.get(path)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "no-store" in answer["Cache-Control"] or "no-cache" in answer["Cache-Control"]
    assert len(answer["X-Request-Id"]) == 16


@pytest.mark.covers("SYS-24")
@pytest.mark.parametrize(
    ("cookie", "spoken"), [("", "zh-Hans"), ("en", "en"), ("zh-hans", "zh-Hans"), ("fr", "zh-Hans")]
)
def test_the_language_cookie_decides_before_anybody_is_known(db, cookie, spoken):
    client = Client()
    if cookie:
        client.cookies["django_language"] = cookie
    answer = client.get("/accounts/login/")
    assert answer["Content-Language"] == spoken
    assert f'<html lang="{spoken}"' in answer.content.decode()


@pytest.mark.covers("SYS-24")
def test_a_persons_own_language_is_spoken_without_a_cookie(signed_in, cast, acting):
    people.set_preferences(actor=acting(cast.advisor), language="en")
    client = signed_in("advisor")
    del client.cookies["django_language"]
    assert client.get("/network/")["Content-Language"] == "en"


def test_sessions_are_listed_and_the_others_ended(cast):
    here, there = Client(HTTP_USER_AGENT="here"), Client(HTTP_USER_AGENT="there")
    for client in (here, there):
        sign_in(client)
        assert is_in(client)
    page = here.get("/accounts/sessions/")
    assert page.status_code == 200
    assert UserSession.objects.filter(user__username="advisor").count() == 2
    here.post("/accounts/sessions/")
    assert is_in(here)
    assert not is_in(there)


def code_of(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


@pytest.mark.covers("NFR-01")
def test_a_second_factor_is_enrolled_and_then_asked_for(cast):
    client = Client()
    sign_in(client)
    path = "/accounts/2fa/totp/activate/"
    assert client.get(path)["Location"].startswith("/accounts/reauthenticate/")
    assert client.post("/accounts/reauthenticate/", {"password": DEMO, "next": path})["Location"] == path
    assert client.get(path).status_code == 200
    secret = client.session["mfa.totp.secret"]
    assert client.post(path, {"code": "000000"}).status_code == 200
    assert client.post(path, {"code": code_of(secret)}).status_code == 302
    cache.clear()
    again = Client()
    assert sign_in(again)["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_in(again)
    assert again.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert not is_in(again)
    assert again.post("/accounts/2fa/authenticate/", {"code": code_of(secret)}).status_code == 302
    assert is_in(again)


def test_a_form_without_its_token_is_refused(cast):
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client).status_code == 403


@pytest.mark.covers("NFR-01")
def test_after_signing_in_nobody_is_sent_to_a_foreign_host(cast):
    answer = Client().post("/accounts/login/?next=https://evil.example/", {"login": "advisor", "password": DEMO})
    assert answer["Location"] == "/"
