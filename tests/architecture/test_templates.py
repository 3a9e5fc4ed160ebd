"""Pages: strict about scripts and styles, an icon that exists, a help text for each."""

import re
import zipfile
from importlib import resources

from tests.architecture.conftest import SOURCE

TEMPLATES = [*SOURCE.glob("*/templates/**/*.html"), *SOURCE.glob("*/signin_templates/**/*.html")]
INLINE = re.compile(
    r"\son[a-z]+=\"|style=\"|<script(?![^>]*(?:src=|application/json))|<style|javascript:", re.IGNORECASE
)
ICON = re.compile(r"""icon\(\s*["']([a-z0-9-]+)["']""")


def test_no_inline_script_or_style():
    assert len(TEMPLATES) > 40
    assert [path.name for path in TEMPLATES if INLINE.search(path.read_text())] == []


def test_every_icon_exists():
    with resources.as_file(resources.files("lucide") / "lucide.zip") as file, zipfile.ZipFile(file) as archive:
        known = {name.removesuffix(".svg") for name in archive.namelist()}
    used = {name for path in TEMPLATES for name in ICON.findall(path.read_text())}
    assert used
    assert used - known == set()


def test_every_page_has_help():
    pages = [path for path in TEMPLATES if '{% extends "ui/base.html" %}' in path.read_text()]
    assert len(pages) > 15
    assert [
        path.name for path in pages if "{% block help %}" not in path.read_text() and path.name != "list.html"
    ] == []


def test_no_text_outside_translation():
    """A sentence in a template stands in a translation call: two words in a row outside tags are suspicious."""
    prose = re.compile(r">\s*[A-Za-z]+ [a-z]+[^<{]*<")
    wrong = {path.name: found[:2] for path in TEMPLATES if (found := prose.findall(path.read_text()))}
    assert wrong == {}
