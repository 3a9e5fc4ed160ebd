"""Every exception to a rule carries its reason on the same line."""

import re

from tests.architecture.conftest import ROOT, SOURCE

BARE = re.compile(r"#\s*noqa(?!:)|#\s*type:\s*ignore(?!\[)|except Exception:\s*$|except:\s*$")
NOQA = re.compile(r"#\s*noqa: [A-Z0-9, ]+(?P<reason>.*)$")


def _lines():
    for path in [*SOURCE.rglob("*.py"), ROOT / "bootstrap.py"]:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            yield f"{path.relative_to(ROOT)}:{number}", line


def test_no_bare_exception():
    assert [where for where, line in _lines() if BARE.search(line)] == []


def test_every_noqa_says_why():
    wrong = [where for where, line in _lines() if (found := NOQA.search(line)) and len(found["reason"].strip(" -")) < 5]
    assert wrong == []


def test_no_leftovers():
    pattern = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|coming soon|敬请期待|NotImplementedError")
    assert [where for where, line in _lines() if pattern.search(line)] == []
