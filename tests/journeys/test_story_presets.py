"""A preset: its difference is shown, applied part by part, and the second time there is nothing to do."""

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import sign_in

pytestmark = pytest.mark.journey


def test_a_preset_is_shown_applied_and_then_done(page, site):
    sign_in(page, "hq")
    page.goto("/records/presets/dexi/")
    parts = page.locator("main section.card").count()
    assert parts > 0
    wanted = page.locator(".diff tbody tr").count()
    assert wanted > 0
    before = site.one("SELECT max(id) FROM records_auditentry")
    for _part in range(parts):
        if page.locator("form[action*='/apply/']").count() == 0:
            break
        page.locator("form[action*='/apply/'] button").first.click()
        expect(page.locator("#toasts .toast")).to_be_visible()
    expect(page.locator("form[action*='/apply/']")).to_have_count(0)
    expect(page.locator(".diff")).to_have_count(0)
    noted = "SELECT count(*) FROM records_auditentry WHERE id > %s AND verb = 'records.apply_presets'"
    assert site.one(noted, before) == parts
    assert site.one("SELECT count(*) FROM records_presetversion WHERE carmaker = 'dexi'") == parts
    page.reload()
    expect(page.locator(".diff")).to_have_count(0)


def test_an_auditor_may_look_and_not_apply(page):
    sign_in(page, "auditor")
    answer = page.goto("/records/presets/toyota/")
    if answer.status == 200:
        expect(page.locator("form[action*='/apply/']")).to_have_count(0)
    else:
        assert answer.status == 403
