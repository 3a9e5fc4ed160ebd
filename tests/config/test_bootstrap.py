"""``bootstrap.py`` in a folder with empty locks: first time, again, interrupted, offline, full disk."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "bootstrap.py"
MAIN = "import sys; print('guanxi was called with', sys.argv[1:])\n"
NO_ANSWER = "http://127.0.0.1:9/simple"


@pytest.fixture
def bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap_under_test", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def call(folder: Path, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    process = start(folder, *words, **environment)
    output, _ = process.communicate(timeout=60)
    return subprocess.CompletedProcess(words, process.returncode, output)


def start(folder: Path, *words: str, **environment: str) -> "subprocess.Popen[str]":
    kept = {
        name: value for name, value in os.environ.items() if name not in {"GUANXI_HOME", "PYTHONPATH", "PYTHONUTF8"}
    }
    kept |= {"LC_ALL": "C.UTF-8", **environment}
    command = [sys.executable, str(folder / "bootstrap.py"), *words]
    return subprocess.Popen(
        command,
        cwd="/",
        env=kept,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="guanxi boot 关系 "))
    tools = folder / "tools"
    for path in (folder / "src" / "guanxi", folder / "requirements", tools):
        path.mkdir(parents=True)
    shutil.copy(SCRIPT, folder)
    for name in ("run.txt", "dev.txt"):
        (folder / "requirements" / name).write_text("# nothing\n")
    (folder / "package.json").write_text("{}")
    (folder / "package-lock.json").write_text("{}")
    (folder / "src" / "guanxi" / "__init__.py").touch()
    (folder / "src" / "guanxi" / "__main__.py").write_text(MAIN)
    npm = tools / "npm"
    npm.write_text('#!/bin/sh\n[ -z "$FAKE_NPM" ] || { echo "npm error $FAKE_NPM"; exit 1; }\nmkdir -p node_modules\n')
    npm.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def path_of(folder: Path) -> str:
    return f"{folder / 'tools'}:{os.environ['PATH']}"


@pytest.fixture
def ready(made: Path) -> Path:
    done = call(made, "doctor", PATH=path_of(made))
    assert done.returncode == 0, done.stdout
    return made


@pytest.mark.covers("NFR-13")
def test_first_time_then_nothing_to_do(ready: Path) -> None:
    start_time = time.monotonic()
    done = call(ready, "doctor", "--json", PATH=path_of(ready))
    assert done.returncode == 0
    assert done.stdout.count("unchanged") == 4
    assert "guanxi was called with ['doctor', '--json']" in done.stdout
    assert time.monotonic() - start_time < 5


def test_the_console_script_works(ready: Path) -> None:
    command = [str(ready / ".venv" / "bin" / "guanxi"), "hello"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/")
    assert "guanxi was called with ['hello']" in done.stdout


def test_run_counts_the_steps_to_come(ready: Path) -> None:
    done = call(ready, "run", "--port", "1", PATH=path_of(ready), LC_ALL="zh_CN.UTF-8")
    assert "[1/11] Python 环境 … 无变化" in done.stdout
    assert "['run', '--port', '1']" in done.stdout


@pytest.mark.covers("NFR-13")
def test_half_made_environment_is_made_again(ready: Path) -> None:
    shutil.rmtree(ready / ".venv")
    process = start(ready, "doctor", PATH=path_of(ready))
    for _ in range(1000):
        if (ready / ".venv" / "bin" / "python").exists():
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not (ready / ".venv" / "stamps" / "environment").exists()
    done = call(ready, "doctor", PATH=path_of(ready))
    assert done.returncode == 0
    assert "[1/4] Python environment … unchanged" not in done.stdout


def test_a_changed_lock_is_installed_again(ready: Path) -> None:
    (ready / "requirements" / "run.txt").write_text("# changed\n")
    done = call(ready, "doctor", PATH=path_of(ready))
    assert "[1/4] Python environment … unchanged" in done.stdout
    assert "[2/4] Python packages … unchanged" not in done.stdout
    assert "[3/4] Web assets … unchanged" in done.stdout


@pytest.mark.covers("NFR-13")
def test_without_network_one_sentence_and_the_next_try_works(ready: Path) -> None:
    lock = ready / "requirements" / "run.txt"
    lock.write_text(f"guanxi-nothing==1.0 --hash=sha256:{'0' * 64}\n")
    nowhere = {"PIP_INDEX_URL": NO_ANSWER, "PIP_EXTRA_INDEX_URL": NO_ANSWER, "PIP_RETRIES": "0"}
    failed = call(ready, "doctor", PATH=path_of(ready), **nowhere)
    lock.write_text("# nothing again\n")
    assert failed.returncode == 1
    assert "the package registry cannot be reached" in failed.stdout.splitlines()[-1]
    assert "Traceback" not in failed.stdout
    assert call(ready, "doctor", PATH=path_of(ready)).returncode == 0


@pytest.mark.covers("NFR-13")
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("code ENOSPC", "the disk is full"),
        ("code EAI_AGAIN", "the package registry cannot be reached"),
        ("code EINTEGRITY", "does not match its checksum"),
        ("something odd", "npm error something odd"),
    ],
)
def test_npm_failures_are_one_sentence(ready: Path, words: str, sentence: str) -> None:
    (ready / "package-lock.json").write_text(f'{{"why": "{words}"}}')
    failed = call(ready, "doctor", PATH=path_of(ready), FAKE_NPM=words)
    assert failed.returncode == 1
    assert sentence in failed.stdout.splitlines()[-1]
    assert "Traceback" not in failed.stdout
    assert call(ready, "doctor", PATH=path_of(ready)).returncode == 0


def test_two_at_once(ready: Path) -> None:
    (ready / "requirements" / "run.txt").write_text("# for two\n")
    both = [start(ready, "doctor", PATH=path_of(ready)) for _ in range(2)]
    told = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("[2/4] Python packages … unchanged" in text for text in told) == 1


def test_an_older_python_is_told(ready: Path) -> None:
    code = f"import sys; sys.version_info = (3, 9); exec(open({str(SCRIPT)!r}, encoding='utf-8').read())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Guanxi needs Python 3.11 or newer")


def test_a_full_disk_in_our_own_writing(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(**_options: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setattr(bootstrap, "prepare", full)
    assert bootstrap.main(["run"]) == 1
    assert "the disk is full" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["requirements/run.txt", "requirements/dev.txt", "package-lock.json", ".npmrc"])
def test_locks_name_no_host_and_no_machine(name: str) -> None:
    text = (ROOT / name).read_text()
    assert not any(word in text for word in ("--index", "--find-links", "--trusted", "file:", '"resolved"', " @ "))
    if name.endswith(".txt"):
        assert "://" not in text
        pins = [line for line in text.splitlines() if "==" in line]
        assert len(pins) > 40
        assert all(line.endswith("\\") for line in pins)
