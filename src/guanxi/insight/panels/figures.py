"""The sums that stand above a list of figures."""

from dataclasses import dataclass

from guanxi.foundation.errors import Text


@dataclass(frozen=True)
class Figure:
    """One sum with what explains it."""

    label: Text
    value: str
    explain: Text


def share(part: int, whole: int) -> str:
    """Return a part in percent, as people read it; a dash of nothing."""
    return f"{100 * part / whole:.1f} %" if whole else "–"
