"""A real server, a real worker, a real browser.

Playwright's loop runs in the thread of the tests, where Django's ORM would refuse to work beside it; so
a browser lives no longer than one module, and these tests look at the database with plain SQL.
"""

import os
import re
import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests import database
from tests.journeys import servers

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of (401|403|404|422|429) ")


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Guanxi as it runs: web server and worker on an own copy of the demonstration."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "one")
    name = database.copy(f"test_journeys_{worker}")
    with servers.running(name, tmp_path_factory.mktemp("site"), worker=True) as site:
        yield site


@pytest.fixture(scope="module")
def chromium():
    path = os.environ.get("CHROMIUM") or next((found for found in map(shutil.which, BROWSERS) if found), None)
    if path is None:
        pytest.fail("no Chromium: set CHROMIUM, or run these tests by 'guanxi test', which finds or installs one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def visit(site, chromium):
    """A function that opens a page in a browser of its own; at the end none may have complained."""
    contexts, complaints = [], []

    def open_browser(base_url="", **options):
        given = {
            "base_url": base_url or site.url, "locale": "zh-CN", "timezone_id": "Asia/Shanghai",
            "viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce",
        }  # fmt: skip
        context = chromium.new_context(**(given | options))
        context.set_default_timeout(10_000)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("console", lambda line: _hear(line, complaints))
        contexts.append(context)
        page = context.new_page()
        page.site = site
        return page

    yield open_browser
    for context in contexts:
        context.close()
    assert complaints == []


def _hear(line, complaints):
    if line.type in {"error", "warning"} and not REFUSED.match(line.text):
        complaints.append(f"{line.type}: {line.text} at {line.page.url if line.page else ''}")


@pytest.fixture
def page(visit):
    return visit()
