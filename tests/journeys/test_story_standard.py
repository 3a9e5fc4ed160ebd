"""A story of the standard of customer information: headquarters asks for more, an outlet's form follows."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import looking
from tests.journeys.steps import sign_in

pytestmark = pytest.mark.journey


@pytest.mark.covers("INFO-15")
def test_headquarters_asks_for_more_and_the_form_follows(visit, site):
    hq = visit()
    sign_in(hq, "hq")
    today = site.one("SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date::text")
    looking.look_at(hq, ["/customers/standard/", "/customers/standard/publish/"])
    hq.goto("/customers/standard/publish/")
    hq.fill("[name=valid_from]", today)
    hq.fill("[name=note]", "自今日起登记职业")
    hq.select_option("[name=PERSON_OCCUPATION]", "REQUIRED")
    hq.fill("[name=PERSON_OCCUPATION_weight]", "101")
    hq.locator("main form").evaluate("form => form.noValidate = true")
    hq.click("main form button[type=submit]")
    expect(hq.locator(".note.bad")).to_be_visible()
    looking.look(hq)
    hq.fill("[name=PERSON_OCCUPATION_weight]", "20")
    hq.click("main form button[type=submit]")
    expect(hq).to_have_url(re.compile(r"\?version=\d+$"))
    expect(hq.locator("ins")).to_have_count(1)
    looking.look(hq)

    sales = visit()
    sign_in(sales, "crm")
    sales.goto("/customers/add/")
    expect(sales.locator("label[for=id_occupation] .need")).to_be_visible()
    looking.look(sales)
    sales.fill("[name=name]", "曾晓旅")
    sales.fill("[name=mobile]", "138-0571-4827")
    sales.click("main form button[type=submit]")
    expect(sales.locator("#id_occupation_error")).to_be_visible()
    looking.look(sales)
    sales.fill("[name=occupation]", "教师")
    sales.click("main form button[type=submit]")
    expect(sales).to_have_url(re.compile(r"/customers/\d+/$"))
    sales.goto("/customers/standard/")
    expect(sales.locator("main h1")).to_be_visible()
    assert sales.locator("a[href='/customers/standard/publish/']").count() == 0
