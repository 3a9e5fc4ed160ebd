"""What people do again and again in the journeys."""

import io
import re

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import expect

PASSWORD = "guanxi-demo-2026"
HEADINGS = ("编码", "类型", "中文名称", "英文名称", "上级编码", "开业日期", "销售", "服务", "省份代码", "城市")


def fill_in(page, name, password=PASSWORD):
    page.goto("/accounts/login/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", password)
    page.click("form[name=signin] button[type=submit]")


def sign_in(page, name, *, fresh=False, language="zh-hans"):
    """Sign in by the form; later pages of the same name take over the session, unless ``fresh``."""
    known = page.site.cookies.get(name)
    if known and not fresh:
        page.context.add_cookies(known)
    else:
        fill_in(page, name)
        expect(page).to_have_url(re.compile(r":\d+/$"))
        if not fresh:
            page.site.cookies[name] = [item for item in page.context.cookies() if item["name"] == "sessionid"]
    page.context.add_cookies([{"name": "django_language", "value": language, "url": page.site.url}])
    return page


def node_id(site, code):
    return site.one("SELECT id FROM network_node WHERE code = %s", code)


def user_id(site, name):
    return site.one("SELECT id FROM access_user WHERE username = %s", name)


def workbook(*lines, headings=HEADINGS):
    """A sheet as a carmaker would send it."""
    book = Workbook()
    for line in (headings, *lines):
        book.active.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def upload(page, name, content):
    page.goto("/network/import/")
    page.set_input_files("input[type=file]", {"name": name, "mimeType": "application/vnd.ms-excel", "buffer": content})
    page.click("main form button[type=submit]")


def sheet_of(path):
    return [list(row) for row in load_workbook(path, read_only=True).active.iter_rows(values_only=True)]


def wait_settled(page):
    """Wait until htmx has brought in whatever the page asks for by itself."""
    page.wait_for_function(
        "() => !document.querySelector('.skeleton, .htmx-request, details[open] > div > .tree-wait')"
    )


def tab_to(page, selector, most=80):
    """Press Tab until something has the focus."""
    for _press in range(most):
        if page.evaluate("wanted => document.activeElement?.matches(wanted) ?? false", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {selector}")


def choose(page, name, value):
    """Choose one of the answers to a question with the arrow keys."""
    tab_to(page, f'[name="{name}"]')
    if not page.evaluate("() => document.activeElement.checked"):
        page.keyboard.press("Space")
    for _press in range(12):
        if page.evaluate("() => document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    pytest.fail(f"{name} has no {value}")
