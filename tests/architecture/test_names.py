"""Names: no drawer for odds and ends, no carmaker in the code, no path of a machine, no host of a registry."""

import re

from tests.architecture.conftest import ROOT, SOURCE

DRAWERS = {"utils", "helpers", "common", "manager", "misc"}
CARMAKERS = re.compile(
    r"\b(toyota|foton|faw[_-]?vw|volkswagen|svw|dexi|福田|丰田|一汽大众|上海大众|德熙)\b", re.IGNORECASE
)
FOREIGN = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|debian\.org|--(?:extra-)?index-url|\"resolved\":")


def _code():
    paths = [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), *SOURCE.rglob("*.js"), *SOURCE.rglob("*.css")]
    assert len(paths) > 150
    return paths


def test_no_drawers():
    wrong = [path for path in SOURCE.rglob("*") if path.stem in DRAWERS]
    assert wrong == []


def test_no_carmaker_in_the_code():
    wrong = [str(path) for path in _code() if CARMAKERS.search(path.read_text())]
    assert wrong == []


def test_no_registry_host_is_committed():
    paths = [
        *_code(),
        *(ROOT / "requirements").iterdir(),
        ROOT / "package-lock.json",
        ROOT / ".npmrc",
        ROOT / "Makefile",
    ]
    wrong = [str(path) for path in paths if FOREIGN.search(path.read_text())]
    assert wrong == []


def test_no_signals_and_no_save_overrides():
    pattern = re.compile(r"@receiver|post_save|pre_save|def save\(self")
    wrong = [str(path) for path in SOURCE.rglob("*.py") if pattern.search(path.read_text())]
    assert wrong == []


def test_models_have_no_default_order():
    wrong = [
        str(path)
        for path in SOURCE.rglob("models.py")
        if re.search(r"^\s+ordering\s*=", path.read_text(), re.MULTILINE)
    ]
    assert wrong == []
