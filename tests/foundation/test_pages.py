"""Where a form leads afterwards, and what htmx gets instead of a redirect."""

import json
from dataclasses import dataclass

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from guanxi.foundation import pages


def post(**more):
    request = RequestFactory().post("/here/", {"next": more.pop("next", "")}, **more)
    request._messages = CookieStorage(request)
    return request


@pytest.mark.parametrize("wanted", ["/network/", "/network/?q=a&page=2", "http://testserver/network/", "relative"])
def test_a_local_address_is_kept(wanted):
    assert pages.next_url(post(next=wanted), "/") == wanted


@pytest.mark.covers("NFR-01")
@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
        "http:///evil.example", "https://testserver.evil.example/", "https:evil.example", "", "\x00//evil.example",
    ],
)  # fmt: skip
def test_a_foreign_address_becomes_the_fallback(wanted):
    assert pages.next_url(post(next=wanted), "/fallback/") == "/fallback/"


@given(st.from_regex(r"\A[a-z0-9.@:-]{1,20}\Z"))
def test_whatever_is_asked_for_the_host_stays_ours(host):
    assert pages.next_url(post(next=f"//{host}/"), "/fallback/") == "/fallback/"


def test_the_address_may_stand_in_the_query():
    assert pages.next_url(RequestFactory().get("/here/?next=/there/"), "/") == "/there/"


def test_done_redirects_a_plain_form_and_keeps_the_message():
    request = post()
    answer = pages.done(request, "/there/", "Saved.")
    assert (answer.status_code, answer["Location"]) == (302, "/there/")
    assert [str(message) for message in get_messages(request)] == ["Saved."]


def test_done_sends_htmx_there_without_a_redirect():
    answer = pages.done(post(headers={"HX-Request": "true"}), "/there/")
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/there/")
    assert not answer.content


def test_a_toast_is_one_event_for_the_page():
    answer = pages.toast(HttpResponse(), "好", kind="bad")
    assert json.loads(answer["HX-Trigger"]) == {"toast": {"text": "好", "kind": "bad"}}


def test_a_download_is_kept_not_shown():
    answer = pages.download(pages.File("a.csv", "text/csv", b"x"))
    assert answer["Content-Disposition"] == 'attachment; filename="a.csv"'


def test_a_page_gets_a_dataclass_or_a_mapping_and_nothing_else():
    @dataclass(frozen=True)
    class Page:
        title: str

    assert pages._values(Page("a")) == {"title": "a"}
    assert pages._values({"title": "b"}) == {"title": "b"}
    with pytest.raises(TypeError):
        pages._values(["c"])


def test_a_block_alone_is_sent_to_htmx_and_the_page_to_others(signed_in):
    client = signed_in("hq")
    whole = client.get("/network/").content.decode()
    part = client.get("/network/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert "YLHB001" in whole
    assert "YLHB001" in part
