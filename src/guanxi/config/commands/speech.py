"""How the commands talk: two languages, numbered steps, one sentence for a failure."""

import os
import sys
import time
from collections.abc import Callable
from typing import TextIO


class CommandError(Exception):
    """A command cannot go on; the text is one sentence for people."""


def chinese() -> bool:
    """Tell whether the console speaks Chinese, from LC_ALL, LC_MESSAGES, LANG in this order."""
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((name for name in names if name), "").lower().startswith("zh")


def say(english: str, mandarin: str) -> str:
    """Choose the text in the language of the console."""
    return mandarin if chinese() else english


def tell(text: str, stream: TextIO | None = None) -> None:
    """Print a line at once, also into a pipe."""
    out = stream or sys.stdout
    out.write(f"{text}\n")
    out.flush()


class Steps:
    """Numbered steps ``[3/7] name … 1.2 s``; the numbers go on from those of ``bootstrap.py``."""

    def __init__(self, total: int) -> None:
        done = os.environ.get("GUANXI_STEPS_DONE", "")
        self._done = int(done) if done.isdecimal() else 0
        self._total = self._done + total

    def do(self, name: str, work: Callable[[], bool]) -> None:
        """Do one step; ``work`` returns False when there was nothing to do."""
        self._done += 1
        sys.stdout.write(f"[{self._done}/{self._total}] {name} … ")
        sys.stdout.flush()
        start = time.monotonic()
        try:
            worked = work()
        except BaseException:
            tell("")
            raise
        tell(f"{time.monotonic() - start:.1f} s" if worked else say("unchanged", "无变化"))
