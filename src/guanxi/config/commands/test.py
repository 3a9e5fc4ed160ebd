"""``guanxi test``: find a browser, prepare what pages need, become pytest."""

import argparse
import os
import shutil
import subprocess
import sys

from guanxi.config import env
from guanxi.config.commands import prepare
from guanxi.config.commands.speech import CommandError, say

NAME = "test"
HELP = "for developers: run the tests, all or those of the given paths"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-cjk")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs=argparse.REMAINDER, help="paths and options for pytest (tests)")


def run(args: argparse.Namespace) -> int:
    """Find or install Chromium, compile translations, collect static files, then become pytest.

    The data folder is ``test`` in the data folder unless GUANXI_HOME says otherwise. Raises CommandError.
    """
    os.environ["CHROMIUM"] = find_browser()
    os.environ["GUANXI_HOME"] = os.environ.get("GUANXI_HOME") or str(env.home() / "test")
    prepare.translate()
    prepare.collect_static()
    words = ["-m", "pytest", *_words(args.words)]
    os.chdir(env.CHECKOUT)
    os.execv(sys.executable, [sys.executable, *words])  # noqa: S606 - no shell is wanted


def _words(given: list[str]) -> list[str]:
    """Say what pytest is told: all tests, when nothing narrows them, on every core, each file in one process."""
    if [word for word in given if not word.startswith("-")] in ([], ["tests"]):
        return ["--numprocesses=auto", "--dist=loadfile", *(given or ["tests"])]
    return given


def find_browser() -> str:
    """Find Chromium: CHROMIUM, then PATH; as root on Debian install it. Raises CommandError."""
    found = _on_path()
    apt = shutil.which("apt-get")
    if found is None and apt and os.geteuid() == 0:
        _install(apt)
        found = _on_path()
    if found is None:
        raise CommandError(
            say(
                "the tests need Chromium; install the packages chromium and fonts-noto-cjk, or set CHROMIUM",
                "测试需要 Chromium；请安装软件包 chromium 和 fonts-noto-cjk，或设置 CHROMIUM",
            )
        )
    return found


def _on_path() -> str | None:
    names = (os.environ.get("CHROMIUM", ""), *BROWSERS)
    return next((path for path in map(shutil.which, filter(None, names)) if path), None)


def _install(apt: str) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *PACKAGES]):
        if subprocess.run([apt, *words], env=quiet, check=False).returncode:
            raise CommandError(say(f"apt-get {words[0]} failed", f"apt-get {words[0]} 失败"))
