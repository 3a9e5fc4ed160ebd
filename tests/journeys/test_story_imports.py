"""The manager of customer relations brings a file of his dealer system in, looks, writes, and takes it back."""

import os
import pathlib
import re

import pytest
from playwright.sync_api import expect

from tests.intake import arriving
from tests.journeys import looking, steps

pytestmark = pytest.mark.journey
SHOTS = os.environ.get("SHOTS")


def rows(count):
    good = [
        (
            f"C{at}",
            f"王{chr(0x4E00 + at)}",
            f"138{at:08d}",
            arriving.vin(at),
            f"沪A{at:05d}",
            "2024-05-06",
            "99800",
            "男",
        )
        for at in range(count)
    ]
    return arriving.owners(*good, ("C1", "李四", "1380000", arriving.vin(9000)), ("C2", "", "13800000001", "LVB12"))


def look(page, name, language=""):
    """Hold that nothing is wrong with the page, and keep a picture where one is asked for."""
    assert looking.faults(page) == []
    if SHOTS:
        for size, view in ((looking.WIDE, "desk"), (looking.PHONE, "phone")):
            page.set_viewport_size(size)
            page.evaluate(looking.PAINT, "light" if view == "desk" else "dark")
            page.screenshot(path=pathlib.Path(SHOTS) / f"{name}{language}-{view}.png", full_page=True)
        page.set_viewport_size(looking.WIDE)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_file_is_brought_in_and_taken_back(page, language):
    steps.sign_in(page, "admin", language=language)
    page.goto("/intake/add/")
    look(page, "1-add", language)
    content = rows(400 if language == "en" else 300)
    page.set_input_files("input[type=file]", {"name": "客户档案.csv", "mimeType": "text/csv", "buffer": content})
    page.fill("[name=source]", f"DMS-{language}")
    page.click("main form button[type=submit]")
    expect(page).to_have_url(re.compile(r"/intake/\d+/columns/$"))
    look(page, "2-columns", language)
    page.locator("main form[method=post] .form-acts button[type=submit]").click()
    expect(page.locator("main .stats")).to_be_visible(timeout=60_000)
    look(page, "3-check", language)
    assert page.get_by_text("LVB12", exact=True).first.is_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert "LVB12" in pathlib.Path(download.value.path()).read_text(encoding="utf-8-sig")
    run = re.search(r"/intake/(\d+)/", page.url)[1]
    page.locator(f"form[action='/intake/{run}/merge/'] button").click()
    expect(page.locator(f"form[action='/intake/{run}/undo/']")).to_be_visible(timeout=60_000)
    look(page, "4-written", language)
    page.goto(f"/intake/{run}/findings/?level=reject")
    look(page, "5-findings", language)
    page.goto("/intake/")
    look(page, "6-runs", language)
    page.goto(f"/intake/{run}/")
    page.locator(f"form[action='/intake/{run}/undo/'] button").click()
    page.locator("#confirm [data-confirmed]").click()
    expect(page.locator("main .note.blue")).to_be_visible(timeout=60_000)
    brought = "SELECT count(*) FROM vehicles_vehicle WHERE run_id = %s"
    assert page.site.one(brought, int(run)) == 0
