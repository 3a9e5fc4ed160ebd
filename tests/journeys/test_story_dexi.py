"""The flow chart of a dealer, every branch: explained and closed; inside and outside; rejected, and closed by the customer.

The process comes from the preset of the dealer; it is chosen by its priority and put back afterwards.
"""

import re
import tomllib

import pytest
from playwright.sync_api import expect
from psycopg.types.json import Json

from tests import database
from tests.journeys import looking
from tests.journeys.steps import sign_in
from tests.journeys.test_story_complaints import step

pytestmark = pytest.mark.journey

CODE, FIRST = "DEXI", 31_000
PHOTO = {"name": "刹车盘.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n worn"}


def columns():
    """Return the process as the preset says it, by column."""
    told = tomllib.loads((database.ROOT / "presets" / "dexi" / "complaints.toml").read_text())
    (process,) = [item for item in told["process"] if item["code"] == CODE]
    empty = {
        name: [] for name in (
            "angles", "channels", "signs", "revisit_roles", "outside_roles", "head_roles", "crisis_roles",
            "caution_signs",
        )
    }  # fmt: skip
    own = {
        "is_active": True, "source": "dexi", "limits": {}, "judges": {}, "recheck_share": 0, "recheck_role": "",
        "caution_after": 0, "caution_days": 0,
    }  # fmt: skip
    values = empty | own | process | {"priority": FIRST}
    return {name: Json(value) if isinstance(value, dict) else value for name, value in values.items()}


@pytest.fixture
def dexi(site):
    """The process of the dealer decides, whatever another story loaded into the same place."""
    before = site.rows("SELECT priority, is_active FROM complaints_process WHERE code = %s", CODE)
    if before:
        site.rows("UPDATE complaints_process SET priority = %s, is_active = true WHERE code = %s", FIRST, CODE)
    else:
        values = columns()
        names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
        site.rows(f"INSERT INTO complaints_process ({names}) VALUES ({marks})", *values.values())
    yield
    priority, is_active = before[0] if before else (0, False)
    site.rows("UPDATE complaints_process SET priority = %s, is_active = %s WHERE code = %s", priority, is_active, CODE)


def take_in(page, site, words):
    page.goto("/complaints/open/")
    page.fill('[name="caller_name"]', "邓女士")
    page.fill('[name="caller_phone"]', "13900009128")
    page.fill('[name="words"]', words)
    page.select_option('[name="outlet"]', str(site.one("SELECT id FROM network_node WHERE code = 'YLHD001'")))
    page.select_option('[name="angle"]', "SERVICE")
    if page.locator('[name="is_another"]').count():
        page.check('[name="is_another"]')
    page.click("main form.form-card button[type=submit]")
    page.wait_for_load_state()
    if page.locator('[name="is_another"]').count():  # an open one of this number is offered first
        page.check('[name="is_another"]')
        page.click("main form.form-card button[type=submit]")
    expect(page).to_have_url(re.compile(r"/complaints/\d+/$"))
    return page.url, int(page.url.rstrip("/").rpartition("/")[2])


def acts(site, number):
    return [row[0] for row in site.rows("SELECT act FROM complaints_deed WHERE complaint_id = %s ORDER BY id", number)]


@pytest.fixture
def people(visit):
    """The follow-up agent and the service manager, in browsers of their own."""
    return tuple(sign_in(visit(), who, language="en") for who in ("callback", "service"))


@pytest.mark.covers("CMP-21", "CMP-22", "CMP-23")
@pytest.mark.usefixtures("dexi")
def test_what_is_not_valid_is_explained_and_closed(site, people):
    agent, service = people
    address, number = take_in(agent, site, "说好免费的机油为什么收费")
    assert site.one("SELECT process_id FROM complaints_complaint WHERE id = %s", number) == CODE
    service.goto(address)
    step(service, "contact", words="一小时内已回电")
    expect(service.locator(".page-acts")).not_to_contain_text("Name the cause")  # first: is it valid?
    step(service, "validity", is_right="no", words="已说明活动上月截止，客户表示理解")
    expect(service.locator("main")).to_contain_text("Not valid, explained")
    assert acts(site, number) == ["OPENED", "CONTACTED", "INVALID"]
    assert site.one("SELECT ending FROM complaints_complaint WHERE id = %s", number) == "EXPLAINED"


@pytest.mark.covers("CMP-19", "CMP-24", "CMP-25", "CMP-27", "CMP-28", "CMP-29", "CMP-30", "CMP-31")
@pytest.mark.usefixtures("dexi")
def test_one_person_solves_it_inside_then_with_help_from_outside_until_the_customer_is_satisfied(visit, site, people):
    agent, service = people
    address, number = take_in(agent, site, "刹车换了两次还是异响")
    service.goto(address)
    step(service, "contact", words="已致歉，愿意解决")
    service.set_input_files("#evidence-file", PHOTO)
    service.fill("#evidence-note", "磨损不均")
    service.click("#evidence button[type=submit]")
    expect(service.locator("#evidence")).to_contain_text("磨损不均")
    with service.expect_download() as kept:
        service.click("#evidence .links a >> nth=0")
    assert kept.value.path().read_bytes() == PHOTO["buffer"]
    step(service, "validity", is_right="yes", words="属实")
    step(service, "inside", is_inside="yes", words="本店可以处理")
    step(service, "cause", category="REPEATED", cause="BADLY_DONE", words="装配不当")
    step(service, "plan", words="重新装配")
    step(service, "resolve", words="已重新装配")
    agent.goto(address)
    expect(agent.locator(".page-acts")).not_to_contain_text("Ask the customer")  # whoever handled it asks himself
    step(service, "revisit", is_satisfied="no", words="昨天又响了")
    step(service, "cause", category="REPEATED", cause="MATERIAL", system="BODY", words="零件有缺陷")
    step(service, "inside", is_inside="no", words="需要厂家提供新零件")
    expect(service.locator("main")).to_contain_text("Cannot be solved inside; it was reported outside.")
    step(service, "plan", words="厂家寄来新零件后更换")
    step(service, "resolve", words="已更换")
    step(service, "revisit", is_satisfied="yes", words="不响了，谢谢", summary="零件批次问题")
    expect(service.locator("main")).to_contain_text("Confirmed by the customer")
    expect(service.locator("main")).to_contain_text("零件批次问题")
    rounds = site.rows(
        "SELECT number, cause_id, is_satisfied FROM complaints_round WHERE complaint_id = %s ORDER BY number", number
    )
    assert [tuple(row) for row in rounds] == [(1, "BADLY_DONE", False), (2, "MATERIAL", True)]
    done = acts(site, number)
    assert done.index("INSIDE") < done.index("REJECTED") < done.index("OUTSIDE") < done.index("SATISFIED")
    assert site.one("SELECT count(*) FROM records_attachment WHERE subject_id = %s", str(number)) == 1
    looking.look_at(sign_in(visit(), "gm"), [address, "/complaints/gaps/", "/complaints/open/"])
