"""Ending one of one's own sessions elsewhere."""

import pytest
from allauth.usersessions.models import UserSession

from guanxi.access.services import sessions
from guanxi.foundation.errors import NotFound
from guanxi.records.models import AuditEntry


@pytest.fixture
def elsewhere(signed_in):
    """A second browser of the adviser that was used once; its session row."""
    client = signed_in("advisor")
    assert client.get("/").status_code == 200
    return client, UserSession.objects.get(session_key=client.session.session_key)


def test_a_session_elsewhere_is_ended_at_once(acting, cast, elsewhere):
    client, row = elsewhere
    acting(cast.advisor)
    sessions.end_session(actor=cast.advisor, session_id=row.pk)
    assert client.get("/").status_code == 302
    acting(cast.hq)
    line = AuditEntry.objects.order_by("pk").last()
    assert (line.verb, line.person_id, line.after) == (
        "access.end_session", cast.advisor.user_id, {"address": "127.0.0.1"},
    )  # fmt: skip


def test_nobody_ends_the_session_of_another(acting, cast, elsewhere):
    _client, row = elsewhere
    acting(cast.hq)
    with pytest.raises(NotFound):
        sessions.end_session(actor=cast.hq, session_id=row.pk)
    assert UserSession.objects.filter(pk=row.pk).exists()


def test_the_page_offers_it_for_the_others_only(signed_in, elsewhere):
    here = signed_in("advisor")
    page = here.get("/accounts/sessions/").content.decode()
    assert page.count("/access/sessions/") == 1
    assert f"/access/sessions/{elsewhere[1].pk}/end/" in page
    assert here.post(f"/access/sessions/{elsewhere[1].pk}/end/").status_code == 302
    assert "/access/sessions/" not in here.get("/accounts/sessions/").content.decode()


def test_a_browser_is_noted_once_a_minute(signed_in):
    client = signed_in("advisor")
    client.get("/notifications/")
    row = UserSession.objects.get(session_key=client.session.session_key)
    client.get("/notifications/")
    assert UserSession.objects.get(pk=row.pk).last_seen_at == row.last_seen_at


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36", ">Chrome on Windows<"),
        ("curl/8.5.0", ">curl/8.5.0<"),
        ("x" * 100, f">{'x' * 59}…<"),
        ("<b>bold</b>", ">&lt;b&gt;bold&lt;/b&gt;<"),
        ("", ">Unknown program<"),
    ],
)
def test_the_page_says_which_browser_it_is(signed_in, agent, shown):
    client = signed_in("advisor")
    client.get("/", headers={"User-Agent": agent})
    assert shown in client.get("/accounts/sessions/").content.decode()
