"""Texts made to be hard, through every rule that reads a cell, against bringing the same texts into one form (NFKC)."""

import unicodedata
from collections.abc import Iterator

import measure
from tests.intake.test_endurance import RULES, TEXTS


def results() -> Iterator[measure.Result]:
    """Yield the time that all rules take over each text."""
    for name, text in TEXTS.items():

        def ours(text: str = text) -> None:
            for rule in RULES:
                rule(text)

        def floor(text: str = text) -> None:
            for _rule in RULES:
                unicodedata.normalize("NFKC", text)

        yield measure.compare(f"hard text: {name} / brought into one form", ours, floor)
