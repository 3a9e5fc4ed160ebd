"""What care knows of the matters that customers bring to a capability beside it, which answers by name.

Rules and lists read its views ``matters_open`` and ``matters_closed``; who may see whom they find is asked here.
"""

from collections.abc import Sequence

from guanxi.foundation import slots
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text


def endings() -> Sequence[tuple[str, Text]]:
    """Return how a matter can end, as people choose it."""
    found: Sequence[tuple[str, Text]] = slots.ask("matters.endings", default=())
    return found


def may_read(actor: Actor) -> bool:
    """Say whether an actor may know who has or had a matter."""
    return bool(slots.ask("matters.may_read", actor, default=False))
