"""``guanxi doctor``: what is wrong with this installation, and what to do about it."""

import argparse
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version

from guanxi.config import env
from guanxi.config.commands import diagnosis, prepare
from guanxi.config.commands.findings import Finding, ok, problem, warning
from guanxi.config.commands.run import DEFAULT_PORT, check_port, is_running
from guanxi.config.commands.speech import CommandError, say, tell

NAME = "doctor"
HELP = "say what is wrong with this installation"
OLDEST_PYTHON = (3, 11)
LITTLE, TOO_LITTLE = 2_000_000_000, 200_000_000
AGAIN = ("start with 'make run', it repairs this", "请用 make run 启动，会自动修复")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--port", type=int, default=env.number("PORT", DEFAULT_PORT), help="the port to look at")


def run(args: argparse.Namespace) -> int:
    """Print one line per check; changes nothing. Exit code 1 when there is a problem. (NFR-13)"""
    found = [*installation(args.port), *diagnosis.examine()]
    if args.json:
        tell(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=1))
    else:
        for finding in found:
            tell(line(finding))
    return 1 if any(finding.level == "problem" for finding in found) else 0


def line(finding: Finding) -> str:
    """One finding in words."""
    level = {"ok": say("ok", "正常"), "warning": say("warning", "警告"), "problem": say("problem", "问题")}
    remedy = f" — {finding.remedy}" if finding.remedy else ""
    return f"{level[finding.level]}: {finding.text}{remedy}"


def installation(port: int) -> Iterator[Finding]:
    """Look at everything that needs no database."""
    yield python()
    yield packages()
    yield writable()
    yield disk()
    yield static_files()
    yield translations()
    yield free_port(port)


def python() -> Finding:
    """Is this Python new enough?"""
    told = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        text = (f"Python {told} is too old", f"Python {told} 版本过旧")
        return problem("python", text, ("install Python 3.11 or newer", "请安装 Python 3.11 或更新版本"))
    return ok("python", f"Python {told}", f"Python {told}")


def packages() -> Finding:
    """Are exactly the locked versions installed?"""
    wrong = sorted(
        f"{name} ({_installed(name) or '-'} / {wanted})"
        for name, wanted in re.findall(r"^([\w.-]+)==([^\s;]+)", prepare.LOCK.read_text(encoding="utf-8"), re.MULTILINE)
        if _installed(name) != wanted
    )
    if wrong:
        names = ", ".join(wrong)
        text = (f"packages differ from the lock file: {names}", f"软件包与锁定文件不符：{names}")
        return problem("packages", text, AGAIN)
    return ok("packages", "the locked packages are installed", "软件包与锁定文件一致")


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def writable() -> Finding:
    """May this user write into the data folder?"""
    home = env.home()
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home) as file:
            file.write(b"x")
    except OSError as error:
        return problem(
            "data folder",
            (f"{home} cannot be written: {error}", f"{home} 无法写入：{error}"),
            (
                "start as the user who owns the folder, or free some space",
                "请以目录所有者身份运行，或腾出空间",
            ),
        )
    return ok("data folder", f"{home} can be written", f"{home} 可写")


def disk() -> Finding:
    """Is there room left?"""
    folder = next(path for path in (env.home(), *env.home().parents) if path.exists())
    free = shutil.disk_usage(folder).free
    text = (f"{free / 1e9:.1f} GB are free", f"剩余磁盘空间 {free / 1e9:.1f} GB")
    remedy = ("free some space", "请腾出磁盘空间")
    if free < TOO_LITTLE:
        return problem("disk", text, remedy)
    return warning("disk", text, remedy) if free < LITTLE else ok("disk", *text)


def static_files() -> Finding:
    """Are the static files collected, from the sources as they are now?"""
    if not prepare.stamped("static", prepare.static_print()):
        text = ("the static files are missing or old", "静态文件缺失或过旧")
        return warning("static files", text, AGAIN)
    return ok("static files", "the static files are collected", "静态文件已就绪")


def translations() -> Finding:
    """Is every translation compiled?"""
    sources = prepare.PACKAGE.glob("locale/*/LC_MESSAGES/*.po")
    missing = [path.parent.parent.name for path in sources if not path.with_suffix(".mo").is_file()]
    if missing:
        names = ", ".join(missing)
        text = (f"translations are not compiled: {names}", f"翻译未编译：{names}")
        return warning("translations", text, AGAIN)
    return ok("translations", "the translations are compiled", "翻译已编译")


def free_port(port: int) -> Finding:
    """Is the port ours to take, or ours already?"""
    if is_running():
        return ok("port", "Guanxi is running", "关系正在运行")
    try:
        check_port("127.0.0.1", port)
    except CommandError as error:
        remedy = ("choose another with --port", "请用 --port 另选端口")
        return problem("port", (str(error), str(error)), remedy)
    return ok("port", f"port {port} is free", f"端口 {port} 可用")
