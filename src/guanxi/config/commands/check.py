"""``guanxi check``: style, types, map of imports, translations, migrations, dependencies."""

import argparse
import os
import subprocess
import sys

from guanxi.config import env
from guanxi.config.commands.speech import say, tell

NAME = "check"
HELP = "for developers: run every check of the source and name all that failed"
CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ruff check", ("-m", "ruff", "check", ".")),
    ("ruff format", ("-m", "ruff", "format", "--check", ".")),
    ("mypy", ("-m", "mypy")),
    ("lint-imports", ("-c", "from importlinter.cli import lint_imports_command as call; call()")),
    ("translations", ("-m", "guanxi", "translations", "--check")),
    ("migrations", ("-W", "ignore::RuntimeWarning", "-m", "django", "makemigrations", "--check", "--dry-run")),
    ("docs", ("-m", "guanxi", "docs", "--check")),
    ("deptry", ("-m", "deptry", ".")),
)


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No arguments: all checks, always."""


def run(_args: argparse.Namespace) -> int:
    """Run every check in order, also after a failure, and name all that failed at the end."""
    settings = {"DJANGO_SETTINGS_MODULE": "guanxi.config.settings", "GUANXI_DB_ROLE": "owner", "DATABASE_POOL": "no"}
    failed = []
    for title, words in CHECKS:
        tell(f"== {title}")
        done = subprocess.run([sys.executable, *words], cwd=env.CHECKOUT, env={**os.environ, **settings}, check=False)
        if done.returncode:
            failed.append(title)
    tell("== " + (say("failed: ", "未通过：") + ", ".join(failed) if failed else say("all passed", "全部通过")))
    return 1 if failed else 0
