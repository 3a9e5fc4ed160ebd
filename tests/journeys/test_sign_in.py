"""Signing in and out: password, codes, passkeys, sessions, idleness, too many tries."""

import base64
import hashlib
import hmac
import http.client
import re
import struct
import time

import pytest
from django.contrib.sessions.serializers import JSONSerializer
from django.core import signing
from playwright.sync_api import expect

from guanxi.config.places import secrets
from tests.journeys.steps import PASSWORD, fill_in, sign_in

pytestmark = [pytest.mark.journey]
SALT = "django.contrib.sessions.SessionStore"
START = re.compile(r":\d+/$")


def code_of(secret, at=None):
    """The six digits of a time-based code (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int((at or time.time()) // 30)), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def prove(page):
    """Give the password again where it is asked for."""
    if "reauthenticate" in page.url:
        page.fill("[name=password]", PASSWORD)
        page.click("main form button[type=submit]")


@pytest.fixture
def key(visit):
    """A page whose browser holds a virtual security key with a fingerprint reader."""

    def give(page):
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        session.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                    "isUserVerified": True, "automaticPresenceSimulation": True,
                }
            },
        )  # fmt: skip
        return page

    return give


def test_a_code_of_an_app_is_asked_for_and_a_recovery_code_helps(visit, site):
    page = sign_in(visit(), "technician", fresh=True)
    page.goto("/accounts/2fa/totp/activate/")
    prove(page)
    secret = page.input_value("#authenticator_secret")
    page.fill("[name=code]", code_of(secret))
    page.click("main form button[type=submit]")
    expect(page).to_have_url(re.compile("recovery-codes|2fa"))
    page.goto("/accounts/2fa/recovery-codes/")
    prove(page)
    text = page.locator("main").inner_text() + " ".join(
        page.locator("main textarea, main pre").evaluate_all("all => all.map((one) => one.value ?? one.textContent)")
    )
    codes = list(dict.fromkeys(re.findall(r"\b[0-9a-z]{8}\b", text)))
    assert len(codes) >= 5

    other = visit()
    fill_in(other, "technician")
    expect(other).to_have_url(re.compile("/2fa/authenticate/"))
    other.goto("/network/")
    expect(other).to_have_url(re.compile("/accounts/"))  # half signed in is not signed in
    other.goto("/accounts/2fa/authenticate/")
    other.locator("[name=code]").first.fill("000000")
    other.locator("main form button[type=submit]").first.click()
    expect(other).to_have_url(re.compile("/2fa/authenticate/"))
    site.rows("DELETE FROM foundation_cache")  # a code is taken once; half a minute later comes the next one
    other.locator("[name=code]").first.fill(code_of(secret))
    other.locator("main form button[type=submit]").first.click()
    expect(other).to_have_url(START)

    third = visit()
    fill_in(third, "technician")
    third.locator("[name=code]").first.fill(codes[0])
    third.locator("main form button[type=submit]").first.click()
    expect(third).to_have_url(START)
    fourth = visit()
    fill_in(fourth, "technician")
    fourth.locator("[name=code]").first.fill(codes[0])
    fourth.locator("main form button[type=submit]").first.click()
    expect(fourth).to_have_url(re.compile("/2fa/authenticate/"))


def test_a_passkey_is_added_and_signs_in_without_password(visit, key, site):
    page = key(sign_in(visit(base_url=site.url.replace("127.0.0.1", "localhost")), "advisor", fresh=True))
    page.goto("/accounts/2fa/webauthn/add/")
    prove(page)
    page.fill("[name=name]", "手机")
    page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")
    expect(page).not_to_have_url(re.compile("/add/"))
    page.goto("/accounts/2fa/webauthn/")
    expect(page.locator("main")).to_contain_text("手机")
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.click("#passkey_login")
    expect(page).to_have_url(START)
    expect(page.locator(".me-text b")).to_have_text("曹浩然")


def test_signing_out_elsewhere_ends_the_other_browser(visit, site):
    here, there = sign_in(visit(), "showroom", fresh=True), sign_in(visit(), "showroom", fresh=True)
    here.goto("/accounts/sessions/")
    expect(here.locator("main .notices li")).to_have_count(2)
    stream = open_stream(site, there)
    assert b"event: unread" in read_until(stream, b"event: ")
    here.click("main form button[type=submit]")
    expect(here.locator("main .notices li")).to_have_count(1)
    assert b"event: bye" in read_until(stream, b"event: bye")  # within one heartbeat, without the browser's doing
    there.goto("/network/")
    expect(there).to_have_url(re.compile("/accounts/login/"))
    here.goto("/network/")
    expect(here).to_have_url(re.compile("/network/$"))


def open_stream(site, page):
    """Open the push stream with a page's session, apart from its browser."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    cookie = next(item["value"] for item in page.context.cookies() if item["name"] == "sessionid")
    connection.request("GET", "/events/", headers={"Cookie": f"sessionid={cookie}"})
    answer = connection.getresponse()
    assert answer.status == 200
    return answer


def read_until(stream, wanted):
    text = b""
    while wanted not in text and (line := stream.readline()):
        text += line
    return text


def test_an_idle_session_ends(visit, site):
    page = sign_in(visit(), "service", fresh=True)
    page.goto("/network/")
    cookie = next(item["value"] for item in page.context.cookies() if item["name"] == "sessionid")
    set_back(site, cookie, minutes=59)
    page.goto("/network/")
    expect(page).to_have_url(re.compile("/network/$"))
    set_back(site, cookie, minutes=61)
    page.goto("/network/?q=1")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next="))
    page.fill("[name=login]", "service")
    page.fill("[name=password]", PASSWORD)
    page.click("form[name=signin] button[type=submit]")
    expect(page).to_have_url(re.compile(r"/network/\?q=1$"))


def set_back(site, cookie, *, minutes):
    """Let a session have been seen last so long ago, as the session store writes it."""
    kept = {"key": secrets(site.home)["secret_key"], "salt": SALT, "serializer": JSONSerializer}
    data = site.one("SELECT session_data FROM django_session WHERE session_key = %s", cookie)
    values = signing.loads(data, **kept)
    values["seen"] = time.time() - minutes * 60
    data = signing.dumps(values, **kept, compress=True)
    site.rows("UPDATE django_session SET session_data = %s WHERE session_key = %s", data, cookie)


def test_too_many_wrong_passwords_are_answered_in_clear_words(visit):
    page = visit()
    for _try in range(5):
        fill_in(page, "rescue", "wrong-password")
        expect(page).to_have_url(re.compile("/accounts/login/"))
    fill_in(page, "rescue")  # even the right one has to wait
    expect(page.locator("main .note.bad, main .error").first).to_contain_text("登录失败次数过多")
    assert page.url.endswith("/accounts/login/")
    page.goto("/network/")
    expect(page).to_have_url(re.compile("/accounts/login/"))


def test_signing_out_ends_the_push_stream_and_the_way_back(visit):
    page = visit()
    with page.expect_request(lambda request: request.url.endswith("/events/")) as asked:
        sign_in(page, "planner", fresh=True)
    stream = asked.value.response()
    assert stream.status == 200
    page.click("details.me summary")
    page.click("form[action='/accounts/logout/'] button")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert page.request.get("/events/").status == 204
    page.go_back()
    expect(page).to_have_url(re.compile("/accounts/login/"))
