"""What a check of the installation says: a level, a sentence, and a remedy where something is wrong."""

from dataclasses import dataclass
from typing import Literal

from guanxi.config.commands.speech import say

Level = Literal["ok", "warning", "problem"]


@dataclass(frozen=True)
class Finding:
    """One line of the doctor."""

    check: str
    level: Level
    text: str
    remedy: str = ""


def ok(check: str, english: str, mandarin: str) -> Finding:
    """Nothing to do."""
    return Finding(check, "ok", say(english, mandarin))


def warning(check: str, text: tuple[str, str], remedy: tuple[str, str]) -> Finding:
    """It works, but not for long or not as well as it should; texts in English and Chinese."""
    return Finding(check, "warning", say(*text), say(*remedy))


def problem(check: str, text: tuple[str, str], remedy: tuple[str, str]) -> Finding:
    """It does not work or is not safe; texts in English and Chinese."""
    return Finding(check, "problem", say(*text), say(*remedy))
