"""The verbs that exist, declared by each capability with a name in both languages."""

from collections.abc import Mapping
from enum import StrEnum

from guanxi.foundation.errors import Text

_verbs: dict[str, tuple[Text, Text]] = {}


def declare(capability: Text, names: Mapping[StrEnum, Text]) -> None:
    """Register a capability's verbs; called from its ``apps.py``."""
    for verb, label in names.items():
        _verbs[str(verb)] = (capability, label)


def known_verbs() -> frozenset[str]:
    return frozenset(_verbs)


def labels() -> dict[str, tuple[Text, Text]]:
    """Return verb -> (capability, label), in the order of declaration."""
    return dict(_verbs)
