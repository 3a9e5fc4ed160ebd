"""Over the API: where one is signed in, and how one likes the pages."""

import pytest
from allauth.usersessions.models import UserSession
from tests.apicalls import caller

from guanxi.access.models import User
from guanxi.foundation.actor import SYSTEM
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/access"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"


@pytest.fixture
def browsers(signed_in):
    """Two browsers of the adviser and one of the general manager, each used once."""
    clients = [signed_in(name) for name in ("advisor", "advisor", "gm")]
    for client in clients:
        assert client.get("/", headers={"User-Agent": CHROME}).status_code == 200
    return clients


def opens(client):
    return client.get("/").status_code == 200


@pytest.mark.covers("NFR-01")
def test_ones_own_sign_ins_are_listed_and_nobody_elses(cast, browsers):
    rows = caller(cast.advisor).get(f"{ROOT}/sessions").json()
    assert len(rows) == 2
    assert {(row["browser"], row["system"], row["ip"]) for row in rows} == {("Chrome", "Windows", "127.0.0.1")}
    assert browsers[0].session.session_key not in str(rows)
    assert caller(cast.technician).get(f"{ROOT}/sessions").json() == []


def test_a_dead_sign_in_is_not_listed(cast, browsers):
    browsers[0].session.flush()
    assert len(caller(cast.advisor).get(f"{ROOT}/sessions").json()) == 1


def test_one_sign_in_is_ended_and_the_others_stay(cast, browsers):
    client = caller(cast.advisor)
    row = UserSession.objects.get(session_key=browsers[0].session.session_key)
    assert client.post(f"{ROOT}/sessions/{row.pk}/end").status_code == 204
    assert [opens(browser) for browser in browsers] == [False, True, True]
    assert client.post(f"{ROOT}/sessions/{row.pk}/end").status_code == 404


def test_every_sign_in_is_ended_but_nobody_elses(cast, acting, browsers):
    assert caller(cast.advisor).post(f"{ROOT}/sessions/end").status_code == 204
    assert [opens(browser) for browser in browsers] == [False, False, True]
    acting(SYSTEM)
    lines = AuditEntry.objects.filter(verb="access.end_session", person_id=cast.advisor.user_id)
    assert [line.channel for line in lines] == ["api", "api"]


def test_the_sign_in_of_another_does_not_exist(cast, browsers):
    row = UserSession.objects.get(session_key=browsers[2].session.session_key)
    for number in (row.pk, 0, 2**31, 2**70):
        assert caller(cast.advisor).post(f"{ROOT}/sessions/{number}/end").status_code == 404
    assert opens(browsers[2])


@pytest.mark.covers("NFR-01")
def test_a_narrow_token_neither_sees_nor_ends_sign_ins(cast, browsers):
    client = caller(cast.advisor, ["network.view"])
    row = UserSession.objects.get(session_key=browsers[0].session.session_key)
    answers = [client.get(f"{ROOT}/sessions")]
    answers += [client.post(f"{ROOT}/sessions/{path}end") for path in (f"{row.pk}/", "")]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert all(opens(browser) for browser in browsers)


@pytest.mark.covers("SYS-22")
def test_preferences_are_read_and_changed(cast, acting):
    client = caller(cast.advisor, ["network.view"])
    assert client.get(f"{ROOT}/preferences").json() == {"language": "", "theme": ""}
    answer = client.patch(f"{ROOT}/preferences", {"language": "en"}, "application/json")
    assert answer.json() == {"language": "en", "theme": ""}
    answer = client.patch(f"{ROOT}/preferences", {"theme": "dark"}, "application/json")
    assert answer.json() == {"language": "en", "theme": "dark"}
    acting(SYSTEM)
    assert User.objects.get(pk=cast.advisor.user_id).theme == "dark"
    assert User.objects.exclude(pk=cast.advisor.user_id).filter(theme="dark").count() == 0


@pytest.mark.parametrize("body", [{"language": "fr"}, {"theme": "pink"}, {"name": "x"}])
def test_what_is_no_preference_is_refused(cast, body):
    client = caller(cast.advisor)
    assert client.patch(f"{ROOT}/preferences", body, "application/json").status_code == 422
    assert client.get(f"{ROOT}/preferences").json() == {"language": "", "theme": ""}
