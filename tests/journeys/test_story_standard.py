"""A story of the standard of customer information: headquarters asks more of companies, an outlet's form follows.

Of companies alone: the other stories add people in the same installation.
"""

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
    hq.fill("[name=note]", "自今日起登记公司的行业")
    hq.select_option("[name=COMPANY_INDUSTRY]", "REQUIRED")
    hq.fill("[name=COMPANY_INDUSTRY_weight]", "101")
    hq.locator("main form").evaluate("form => form.noValidate = true")
    hq.click("main form button[type=submit]")
    expect(hq.locator(".note.bad")).to_be_visible()
    looking.look(hq)
    hq.fill("[name=COMPANY_INDUSTRY_weight]", "20")
    hq.click("main form button[type=submit]")
    expect(hq).to_have_url(re.compile(r"\?version=\d+$"))
    expect(hq.locator("ins")).to_have_count(1)
    looking.look(hq)

    sales = visit()
    sign_in(sales, "crm")
    sales.goto("/customers/add/")
    expect(sales.locator("#id_industry_help")).to_be_visible()
    looking.look(sales)
    sales.fill("[name=name]", "云顶标准物流有限公司")
    sales.fill("[name=mobile]", "138-0571-4939")
    sales.click("main form button[type=submit]")
    expect(sales.locator("#id_industry_error")).to_be_visible()
    expect(sales.locator("label[for=id_industry] .need")).to_be_visible()
    looking.look(sales)
    sales.select_option("[name=industry]", "TRANSPORT")
    sales.click("main form button[type=submit]")
    expect(sales).to_have_url(re.compile(r"/customers/\d+/$"))
    sales.goto("/customers/standard/")
    expect(sales.locator("main h1")).to_be_visible()
    assert sales.locator("a[href='/customers/standard/publish/']").count() == 0
