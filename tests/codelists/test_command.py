"""``guanxi preset``: list, show, apply."""

import argparse

import pytest

from guanxi.codelists.models import Code
from guanxi.config.commands import database, preset
from guanxi.config.commands.speech import CommandError
from guanxi.records.models import PresetVersion

pytestmark = pytest.mark.django_db
FILE = """
preset = "t_preset"
valid_from = 2020-01-01
[[lists]]
code = "t_command"
name_zh = "命令"
name_en = "Command"
codes = [{ code = "ONE", zh = "一", en = "one" }]
"""
TITLE = 'title_zh = "试用"\ntitle_en = "Trial"\nnote_zh = ""\nnote_en = ""\nversion = "1"\n'


@pytest.fixture
def folder(tmp_path, settings, monkeypatch, acting):
    """A folder with one small preset, and a console that speaks English."""
    place = tmp_path / "t_preset"
    place.mkdir()
    (place / "preset.toml").write_text(TITLE, encoding="utf-8")
    (place / "codelists.toml").write_text(FILE, encoding="utf-8")
    settings.PRESETS_DIR = tmp_path
    monkeypatch.setattr(database, "ensure", lambda: True)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "C.UTF-8")
    return place


def run(*words):
    parser = argparse.ArgumentParser()
    preset.add_arguments(parser)
    return preset.run(parser.parse_args(list(words)))


def test_presets_are_listed_with_what_was_applied(folder, capsys):
    assert run() == 0
    assert "not applied" in capsys.readouterr().out
    run("t_preset", "--apply", "--yes")
    run()
    assert "applied on" in capsys.readouterr().out
    (folder / "codelists.toml").write_text(FILE.replace("一", "壹"), encoding="utf-8")
    run()
    assert "has changed since" in capsys.readouterr().out


def test_the_difference_is_shown_and_nothing_is_changed(folder, capsys):
    assert run("t_preset") == 0
    assert "+ t_command/ONE  一" in capsys.readouterr().out
    assert not Code.objects.filter(list__code="t_command").exists()


def test_a_second_application_leaves_no_trace(folder, capsys):
    assert run("t_preset", "--apply", "--yes") == 0
    assert Code.objects.filter(list__code="t_command").count() == 1
    assert run("t_preset", "--apply", "--yes") == 0
    assert "unchanged" in capsys.readouterr().out
    assert PresetVersion.objects.filter(carmaker="t_preset").count() == 1
    run("t_preset")
    assert "nothing to change" in capsys.readouterr().out


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1)])
def test_it_asks_first(folder, monkeypatch, answer, code):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _question: answer)
    assert run("t_preset", "--apply") == code
    assert Code.objects.filter(list__code="t_command").exists() is (code == 0)


def test_without_a_terminal_it_needs_yes(folder):
    with pytest.raises(CommandError):
        run("t_preset", "--apply")


def test_what_is_wrong_is_said_in_a_sentence(folder):
    with pytest.raises(CommandError):
        run("elsewhere")
    (folder / "codelists.toml").write_text("preset = 3", encoding="utf-8")
    with pytest.raises(CommandError, match=r"codelists\.toml"):
        run("t_preset")
