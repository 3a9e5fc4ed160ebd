"""The documents say what the source says: regenerated in memory and compared, links and variables checked."""

import argparse
import ast
import re

import pytest

from guanxi.config.commands import docs, docs_capabilities, docs_requirements
from guanxi.config.commands.speech import CommandError
from tests.architecture.conftest import ROOT, SOURCE

WRITTEN = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
READERS = {"text", "flag", "number", "words", "origin"}
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
MACHINE = re.compile(r"/(?:work|tmp|home|root)/|pypi\.org|registry\.npmjs")

MARKED = """
import pytest
pytestmark = [pytest.mark.django_db, pytest.mark.covers("AAA-01")]

@pytest.mark.covers("AAA-02")
class TestThings:
    pytestmark = pytest.mark.covers("AAA-03")

    @pytest.mark.covers("AAA-04", "AAA-05")
    def test_one(self): ...

@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.covers("AAA-06"))])
def test_two(x): ...

@pytest.mark.covers("AAA-07")
def helper(): ...
"""


@pytest.fixture(scope="module")
def made():
    """Every generated document, made in memory and without a database."""
    return docs.documents()


@pytest.fixture
def catalogue():
    return docs_requirements.read(ROOT / "docs" / "requirements.toml")


def test_every_generated_document_is_current(made):
    assert [path.relative_to(ROOT).as_posix() for path in docs.changed(made)] == [], "run “guanxi docs”"


def test_every_capability_has_a_page_and_every_page_a_capability(made):
    folder = ROOT / "docs" / "capabilities"
    assert set(folder.glob("*.md")) == {path for path in made if path.parent == folder}


def test_the_check_names_the_stale_file(monkeypatch):
    path = ROOT / "docs" / "map.md"
    monkeypatch.setattr(docs, "documents", lambda: {path: "something else"})
    before = path.read_text()
    with pytest.raises(CommandError, match=r"docs/map\.md"):
        docs.run(argparse.Namespace(check=True))
    assert path.read_text() == before


def _marks(folder, text):
    (folder / "test_made_up.py").write_text(text)
    return docs_requirements.marks(folder)


def test_marks_of_modules_classes_functions_and_parameters_are_read(tmp_path):
    found = {(mark.requirement, mark.test) for mark in _marks(tmp_path, MARKED)}
    one = {(f"AAA-0{number}", "TestThings.test_one") for number in (1, 2, 3, 4, 5)}
    assert found == one | {("AAA-01", "test_two"), ("AAA-06", "test_two")}


def test_a_mark_with_an_unknown_id_is_found(tmp_path, catalogue):
    found = _marks(tmp_path, '@pytest.mark.covers("ORG-35", "ORG-999")\ndef test_x(): ...\n')
    with pytest.raises(CommandError, match=r"test_x.* ORG-999"):
        docs_requirements.refuse_unknown(catalogue, found)


def test_a_mark_that_computes_its_id_is_refused(tmp_path):
    with pytest.raises(CommandError, match="test_made_up"):
        _marks(tmp_path, "@pytest.mark.covers(ID)\ndef test_x(): ...\n")


def test_open_and_proved_requirements_are_counted(tmp_path):
    area = docs_requirements.Area("AAA", "Area", "", {"AAA-01": "One", "AAA-04": "Four", "AAA-09": "Nine"})
    text = docs_requirements.render([area], _marks(tmp_path, MARKED))
    assert "| [AAA](#aaa) | Area | 3 | 2 | 1 |" in text
    assert "| AAA-09 | Nine | open |" in text


def test_every_requirement_has_a_short_title(catalogue):
    titles = {key: title for area in catalogue for key, title in area.titles.items()}
    assert len(titles) == 928
    assert [key for key, title in titles.items() if not 1 < len(title.split()) <= 12] == []
    wrong = [key for area in catalogue for key in area.titles if not re.fullmatch(rf"{area.key}-\d\d", key)]
    assert wrong == []


def test_hand_written_text_of_a_page_is_kept(tmp_path):
    old = f"# x\n\nKept.\n\n{docs_capabilities.BEGIN}\nold\n{docs_capabilities.END}\n\nAlso kept.\n"
    new = docs_capabilities._replace(tmp_path / "x.md", old, "new")
    assert new == old.replace("old", "new")
    with pytest.raises(CommandError, match=r"x\.md"):
        docs_capabilities._replace(tmp_path / "x.md", "# x\n", "new")


def test_the_moves_of_a_capability_are_drawn():
    from guanxi.complaints.states import MOVES

    lines = docs_capabilities._states("complaints")
    drawn = {tuple(line.split(" --> ")) for line in lines if "-->" in line and "[*]" not in line}
    assert drawn == {(f"  {before}", after) for before, states in MOVES.items() for after in states}
    assert docs_capabilities._states("network") == []


def _names(tree):
    """The variables of the environment that a module reads by name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = ast.unparse(node.func)
            if called in READERS or called.removeprefix("env.") in READERS or called == "os.environ.get":
                yield node.args[0].value


def test_every_variable_of_the_environment_is_documented():
    sources = [*(SOURCE / "config").rglob("*.py"), ROOT / "bootstrap.py"]
    read = {name for path in sources for name in _names(ast.parse(path.read_text())) if name and name.isupper()}
    text = (ROOT / "docs" / "operations.md").read_text()
    assert set(re.findall(r"^\| `([A-Z_0-9]+)` \|", text, re.MULTILINE)) == read


def test_every_link_leads_somewhere():
    links = [(path, link) for path in WRITTEN for link in LINK.findall(path.read_text())]
    assert len(links) > 50
    assert [f"{path.relative_to(ROOT)}: {link}" for path, link in links if not (path.parent / link).exists()] == []


def test_no_path_of_a_machine_and_no_registry_is_written():
    assert [path.name for path in WRITTEN if MACHINE.search(path.read_text())] == []


def test_screens_are_light():
    screens = list((ROOT / "docs" / "screens").glob("*.png"))
    assert len(screens) >= 5
    assert [path.name for path in screens if path.stat().st_size > 150_000] == []
