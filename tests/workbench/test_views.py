"""The pages through the whole stack: home, palette, notifications, views, switches, health, errors."""

import re

import pytest
from django.test import Client
from tests.cast import NAMES

from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.workbench import queries, services
from guanxi.workbench.models import SavedView

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_everybody_has_a_start_page_with_places(signed_in, cast, name, language):
    response = signed_in(name, language).get("/")
    assert response.status_code == 200
    assert getattr(cast, name).name in text(response)
    assert 'class="card place"' in text(response)
    assert f'lang="{"en" if language == "en" else "zh-Hans"}"' in text(response)


def test_no_page_of_the_shell_holds_inline_code_or_style(signed_in):
    client = signed_in("hq")
    for path in ("/", "/notifications/", "/palette/?q=a", "/health/", "/nowhere/"):
        page = text(client.get(path, headers={"Accept": "text/html"}))
        assert not re.search(r"<style|\sstyle=|\son\w+=\"|<script(?![^>]*\bsrc=)|javascript:", page), path


def test_the_palette_answers_a_fragment_and_a_whole_page(signed_in):
    client = signed_in("hq")
    fragment = text(client.get("/palette/", {"q": "outl"}, headers=HTMX))
    assert 'role="option"' in fragment
    assert "<html" not in fragment
    page = text(client.get("/palette/", {"q": "Outlets"}))
    assert "<html" in page
    assert 'role="option"' not in page


def test_the_palette_shows_only_what_one_may_open(signed_in):
    fragment = text(signed_in("technician").get("/palette/", headers=HTMX))
    assert "/health/" not in fragment
    assert "/notifications/" in fragment


@pytest.mark.parametrize("q", ["\x00", "%", "'", "a" * 400, "没有这样的东西"])
def test_the_palette_bears_anything(signed_in, q):
    assert signed_in("hq").get("/palette/", {"q": q}, headers=HTMX).status_code == 200


def told(cast):
    services.notify(
        actor=SYSTEM, user_ids=[cast.gm.user_id], kind="test.told", text_zh="有事", text_en="News", url="/network/",
        at=clock.now(),
    )  # fmt: skip


def test_notifications_are_shown_and_opening_reads_them(signed_in, cast):
    client = signed_in("gm", "zh-hans")
    told(cast)
    for path in ("/notifications/", "/notifications/recent/"):
        assert "有事" in text(client.get(path))
    row = queries.notifications(cast.gm).first()
    response = client.post(f"/notifications/{row.pk}/read/")
    assert (response.status_code, response["Location"]) == (302, "/network/")
    assert client.get(f"/notifications/{row.pk}/read/").status_code == 405
    client.post("/notifications/read/")
    assert 'data-unread="0"' in text(client.get("/"))


def test_a_view_is_saved_shown_and_deleted(signed_in):
    client = signed_in("gm")
    values = {"table": "network.outlets", "name": "Mine", "query": "q=YL", "next": "/network/?page=2"}
    response = client.post("/views/", values)
    view = SavedView.objects.get(name="Mine")
    assert response["Location"] == f"/network/?q=YL&view={view.pk}"
    assert "Mine" in text(client.get(response["Location"]))
    response = client.post(f"/views/{view.pk}/delete/", {"next": "https://example.org/"})
    assert response["Location"] == "/"


def test_the_language_and_the_theme_are_kept_for_the_person_and_the_browser(signed_in, cast):
    client = signed_in("gm", "zh-hans")
    response = client.post("/language/", {"language": "en", "next": "/notifications/"})
    assert (response["Location"], client.cookies["django_language"].value) == ("/notifications/", "en")
    client.post("/theme/", {"theme": "dark"})
    page = text(client.get("/"))
    assert 'lang="en" data-theme="dark"' in page
    client.post("/theme/", {"theme": '"><script>'})
    assert 'data-theme="dark"' in text(client.get("/"))


def test_strangers_may_choose_the_language(db):
    client = Client()
    client.post("/language/", {"language": "en"})
    assert "Sign in" in text(client.get("/accounts/login/"))


def test_health_says_little_in_public_and_more_to_those_who_may_know(db, signed_in):
    response = Client().get("/health/")
    assert set(response.json()) == {"status"}
    client = signed_in("hq")
    assert client.get("/health/").json()["database"] is True
    assert client.get("/health/", headers={"Accept": "text/html"}).status_code == 200


def test_plain_servers_tell_the_browser_not_to_ask_for_push_again(signed_in):
    assert signed_in("gm").get("/events/").status_code == 204


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_does_not_exist_is_said_in_both_languages(signed_in, language):
    response = signed_in("gm", language).get("/nowhere/")
    assert response.status_code == 404
    assert 'lang="zh-Hans"' in text(response)
    assert 'lang="en"' in text(response)


def test_a_refusal_is_a_page_or_a_toast(signed_in):
    client = signed_in("gm")
    assert client.post("/views/999999/delete/").status_code == 404
    response = client.post("/views/999999/delete/", headers=HTMX)
    assert response["HX-Reswap"] == "none"
    assert "toast" in response["HX-Trigger"]


@pytest.mark.parametrize("path", ["password/change/", "2fa/", "sessions/", "logout/", "2fa/webauthn/", "3rdparty/"])
def test_the_account_pages_wear_our_clothes(signed_in, path):
    page = text(signed_in("gm").get(f"/accounts/{path}", follow=True))
    assert "ui/app" in page
    assert not re.search(r"<style|\sstyle=|\son\w+=\"", page)
