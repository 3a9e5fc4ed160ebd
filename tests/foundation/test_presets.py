"""Reading presets: which there are, what is in them, and what is wrong with them."""

import hashlib

import pytest

from guanxi.foundation import presets
from guanxi.foundation.errors import Invalid, NotFound

TITLE = 'zh = "试用"\nen = "Trial"\nversion = 3\n'
GOOD = '[[services]]\ncode = "WASH"\nname_zh = "洗车"\nname_en = "Washing"\n'


@pytest.fixture
def folder(tmp_path, settings):
    place = tmp_path / "t_maker"
    place.mkdir()
    (place / "preset.toml").write_text(TITLE, encoding="utf-8")
    settings.PRESETS_DIR = tmp_path
    return place


def test_only_folders_with_a_plain_name_are_presets(folder):
    for name in ("Upper", "_hidden", "a", "with-dash"):
        (folder.parent / name).mkdir()
    (folder.parent / "a_file").write_text("", encoding="utf-8")
    assert presets.names() == ["t_maker"]


def test_titles_are_texts(folder):
    assert presets.title("t_maker") == {"zh": "试用", "en": "Trial", "version": "3"}


@pytest.mark.parametrize("name", ["missing", "../t_maker", "t_maker/..", "", "/etc"])
def test_what_is_no_preset_is_not_found(folder, name):
    with pytest.raises(NotFound):
        presets.read(name)
    with pytest.raises(NotFound):
        presets.title(name)


def test_a_part_knows_its_content_by_digest(folder):
    (folder / "network.toml").write_text(GOOD, encoding="utf-8")
    (part,) = presets.read("t_maker")
    assert (part.carmaker, part.loader.key) == ("t_maker", "network")
    assert part.digest == hashlib.sha256(GOOD.encode()).hexdigest()
    assert part.data.services[0].code == "WASH"


def test_each_wrong_value_is_named_with_its_file_and_place(folder):
    (folder / "network.toml").write_text(GOOD.replace("WASH", "wash").replace("洗车", ""), encoding="utf-8")
    (folder / "access.toml").write_text("roles = 7", encoding="utf-8")
    with pytest.raises(Invalid) as caught:
        presets.read("t_maker")
    found = {(problem.field, str(problem.message).split(": ")[1]) for problem in caught.value.problems}
    assert found == {
        ("network.toml", "services.0.code"),
        ("network.toml", "services.0.name_zh"),
        ("access.toml", "roles"),
    }


@pytest.mark.parametrize("content", [b"services = [", b"\xff\xfe"])
def test_a_file_that_is_no_toml_is_a_problem_not_a_failure(folder, content):
    (folder / "network.toml").write_bytes(content)
    with pytest.raises(Invalid) as caught:
        presets.read("t_maker")
    assert [problem.field for problem in caught.value.problems] == ["network.toml"]


def test_an_unknown_key_is_refused(folder):
    (folder / "network.toml").write_text(GOOD + "surprise = 1\n", encoding="utf-8")
    with pytest.raises(Invalid):
        presets.read("t_maker")


@pytest.mark.parametrize("name", ["base", "dexi", "faw_vw", "foton", "svw_dealer", "toyota"])
def test_the_presets_of_the_house_are_valid(name):
    assert presets.read(name)
    assert presets.title(name)
