"""The small parts of the commands: language, steps, orphans, ports, the browser, the checks."""

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from guanxi.config import commands
from guanxi.config.commands import check, children, progress, run
from guanxi.config.commands import test as browser
from guanxi.config.commands.speech import CommandError, Steps, chinese

COLOURS = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, False),
        ({"LC_ALL": "zh_TW", "LANG": "en_US"}, True),
        ({}, False),
    ],
)
def test_language(monkeypatch: pytest.MonkeyPatch, values: dict[str, str], expected: bool) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
        if name in values:
            monkeypatch.setenv(name, values[name])
    assert chinese() is expected


def test_steps_count_on_from_the_bootstrap(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("GUANXI_STEPS_DONE", "4")
    monkeypatch.setenv("LC_ALL", "C")
    steps = Steps(2)
    steps.do("One", lambda: True)
    steps.do("Two", lambda: False)
    assert capsys.readouterr().out.splitlines() == ["[5/6] One … 0.0 s", "[6/6] Two … unchanged"]


def test_orphans_are_ended_and_strangers_are_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GUANXI_HOME", str(tmp_path))
    command = ["sleep", "60"]
    ours, stranger = (subprocess.Popen(command, start_new_session=True) for _ in range(2))
    try:
        record = {str(ours.pid): command, str(stranger.pid): ["other"]}
        (tmp_path / "children.json").write_text(json.dumps(record))
        time.sleep(0.1)
        children.end_orphans()
        assert ours.wait(timeout=5) == -signal.SIGKILL
        assert stranger.poll() is None
        assert not (tmp_path / "children.json").exists()
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.parametrize("port", [70000, -1])
def test_an_impossible_port_is_said(port: int) -> None:
    with pytest.raises(CommandError, match="--port"):
        run.check_port("127.0.0.1", port)


def test_no_browser_and_no_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(CommandError, match="the tests need Chromium"):
        browser.find_browser()


def test_check_names_every_failure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    checks = (
        ("one", ("-c", "raise SystemExit(1)")),
        ("two", ("-c", "")),
        ("three", ("-c", "raise SystemExit(2)")),
    )
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setattr(check, "CHECKS", checks)
    assert commands.main(["check"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "== failed: one, three"


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        commands.main(["--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert all(name in told for name in commands.COMMANDS)


def test_the_progress_bar_counts_bytes_or_what_it_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "160")
    with progress.bar("Customers", 20_000, unit="customers") as done:
        done(5000)
        done(5000)
    assert re.search(r"Customers .* 10000/20000 [\d,]+ customers/s", COLOURS.sub("", capsys.readouterr().err))
    with progress.bar("Archive", 2_000_000) as done:
        done(1_000_000)
    assert re.search(r"Archive .* 1\.0/2\.0 MB", COLOURS.sub("", capsys.readouterr().err))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["tests"], ["--numprocesses=auto", "--dist=loadfile", "tests"]),
        ([], ["--numprocesses=auto", "--dist=loadfile", "tests"]),
        (["tests", "-x"], ["--numprocesses=auto", "--dist=loadfile", "tests", "-x"]),
        (["tests/network", "-x"], ["tests/network", "-x"]),
        (["tests", "-k", "merge"], ["tests", "-k", "merge"]),
    ],
)
def test_all_tests_run_on_every_core_and_some_in_order(given, told):
    assert browser._words(given) == told
