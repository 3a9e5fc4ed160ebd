"""Signing in by the company's own provider (OpenID Connect), and out again at both sides."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import provider as providers
from tests.journeys import servers
from tests.journeys.steps import fill_in

pytestmark = pytest.mark.journey
START = re.compile(r":\d+/$")


@pytest.fixture(scope="module")
def provider():
    with providers.running() as provider:
        yield provider


@pytest.fixture(scope="module")
def company(site, provider, tmp_path_factory):
    """A second server on the same database, set up for the provider."""
    names = {
        "OIDC_SERVER_URL": provider.url, "OIDC_CLIENT_ID": "guanxi", "OIDC_CLIENT_SECRET": "a-secret-of-the-test",
        "OIDC_NAME": "公司账号",
    }  # fmt: skip
    with servers.running(site.name, tmp_path_factory.mktemp("company"), **names) as company:
        yield company


@pytest.fixture
def page(visit, company):
    page = visit(base_url=company.url)
    page.site = company
    return page


def by_company(page):
    page.goto("/accounts/login/")
    page.click(".providers button:has-text('公司账号')")


def sign_out(page):
    page.click("details.me summary")
    page.click("form[action='/accounts/logout/'] button")


def test_a_known_person_signs_in_and_out_at_both_sides(page, provider, site):
    provider.person = {"sub": "p-1", "preferred_username": "branch", "name": "郑宇"}
    by_company(page)
    expect(page).to_have_url(START)
    expect(page.locator(".me-text b")).to_have_text("郑宇")
    assert site.one("SELECT count(*) FROM socialaccount_socialaccount WHERE uid = 'p-1'") == 1
    authorised = next(values for path, values in provider.asked if path == "/authorize")
    assert authorised["code_challenge_method"] == "S256"

    before = len(provider.asked)
    sign_out(page)
    expect(page).to_have_url(re.compile("/accounts/login/"))
    left = [values for path, values in provider.asked[before:] if path == "/leave"]
    assert len(left) == 1
    assert left[0]["client_id"] == "guanxi"
    page.goto("/network/")
    expect(page).to_have_url(re.compile("/accounts/login/"))


def test_the_second_time_the_subject_decides_and_not_the_name(page, provider):
    provider.person = {"sub": "p-2", "preferred_username": "office", "name": "许若兰"}
    by_company(page)
    expect(page.locator(".me-text b")).to_have_text("许若兰")
    page.context.clear_cookies()
    provider.person = {"sub": "p-2", "preferred_username": "hq", "name": "陈思敏"}
    by_company(page)
    expect(page.locator(".me-text b")).to_have_text("许若兰")


def test_an_unknown_person_is_refused_in_clear_words(page, provider, site):
    provider.person = {"sub": "p-9", "preferred_username": "nobody-here", "name": "路人"}
    people = site.one("SELECT count(*) FROM access_user")
    by_company(page)
    expect(page.locator("main")).to_contain_text("nobody-here")
    expect(page.locator("main .note.bad")).to_be_visible()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert site.one("SELECT count(*) FROM access_user") == people
    page.goto("/network/")
    expect(page).to_have_url(re.compile("/accounts/login/"))


def test_somebody_else_cannot_take_over_a_name(page, provider, site):
    """A second subject of the provider with a name that is connected already stays outside."""
    provider.person = {"sub": "p-3", "preferred_username": "crm", "name": "曾雨桐"}
    by_company(page)
    expect(page).to_have_url(START)
    page.context.clear_cookies()
    provider.person = {"sub": "p-4", "preferred_username": "crm", "name": "冒名"}
    by_company(page)
    expect(page).not_to_have_url(START)
    assert site.one("SELECT count(*) FROM socialaccount_socialaccount WHERE uid = 'p-4'") == 0


def test_who_came_by_password_leaves_without_the_provider(page, provider):
    before = len(provider.asked)
    fill_in(page, "supervisor")
    expect(page).to_have_url(START)
    sign_out(page)
    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert [path for path, _values in provider.asked[before:] if path == "/leave"] == []


def test_a_provider_that_is_away_is_explained(page, provider):
    whole, provider.discovery = provider.discovery, provider.unknown
    try:
        by_company(page)
        expect(page.locator("main .note.bad")).to_be_visible()
        expect(page).to_have_url(re.compile("/accounts/login/"))
    finally:
        provider.discovery = whole
