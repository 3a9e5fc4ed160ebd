"""The verbs that exist, declared by each capability with a name in both languages."""

from collections.abc import Mapping
from enum import StrEnum

from guanxi.foundation.errors import Text

_verbs: dict[str, tuple[Text, Text]] = {}
_acts: dict[str, Text] = {}


def declare(capability: Text, names: Mapping[StrEnum, Text]) -> None:
    """Register a capability's verbs; called from its ``apps.py``."""
    for verb, label in names.items():
        _verbs[str(verb)] = (capability, label)


def name_acts(names: Mapping[str, Text]) -> None:
    """Name acts that stand on the audit trail without being a right of their own; called from ``apps.py``."""
    _acts.update(names)


def label(verb: str) -> Text:
    """Say what a verb or an act does; one without a name is returned as it is."""
    return _verbs[verb][1] if verb in _verbs else _acts.get(verb, verb)


def known_verbs() -> frozenset[str]:
    return frozenset(_verbs)


def labels() -> dict[str, tuple[Text, Text]]:
    """Return verb -> (capability, label), in the order of declaration."""
    return dict(_verbs)
