"""Decisions about rights from plain values."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

USERNAME = re.compile(r"^[a-z0-9][a-z0-9._-]{1,38}\Z")
# What a browser calls itself, the more special first: most also claim to be Chrome or Safari.
BROWSERS = (
    ("wxwork/", "WeCom"), ("MicroMessenger/", "WeChat"), ("DingTalk", "DingTalk"), ("QQBrowser/", "QQ Browser"),
    ("UCBrowser/", "UC Browser"), ("HuaweiBrowser/", "Huawei Browser"), ("MiuiBrowser/", "Mi Browser"),
    ("SamsungBrowser/", "Samsung Internet"), ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("OpenHarmony", "HarmonyOS"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Android", "Android"), ("Windows", "Windows"), ("Macintosh", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
AGENT_SHOWN = 60


@dataclass(frozen=True)
class Held:
    """One membership as it counts today: the role's verbs, and the places at which its reach is anchored."""

    node_id: int
    role: str
    verbs: frozenset[str]
    reach: str
    anchors: tuple[int, ...]


def anchors(node_id: int, reach: str, ways: Iterable[tuple[int, str, int]]) -> tuple[int, ...]:
    """Return the nearest places of kind ``reach`` among (id, kind, depth) at or above a node.

    A reach that does not occur above falls back to the node itself: never further than granted.
    """
    if reach == "NODE":
        return (node_id,)
    found = [(depth, above) for above, kind, depth in ways if kind == reach]
    if not found:
        return (node_id,)
    nearest = min(found)[0]
    return tuple(sorted(above for depth, above in found if depth == nearest))


def lies_within(*, covered: Iterable[int] | None, granting: Iterable[int] | None) -> bool:
    """Say whether all that a role covers is administered by somebody (None: everything)."""
    return granting is None or (covered is not None and set(covered) <= set(granting))


def may_hand_out(
    *, covered: Iterable[int] | None, granting: Iterable[int] | None, kind: str, kinds: Iterable[str]
) -> bool:
    """Say whether a role may be given at a place: the role fits the kind of place, and everything that
    it would cover lies within what the giver administers (None: everything).
    """
    return kind in set(kinds) and lies_within(covered=covered, granting=granting)


def may_reset(*, places: Iterable[int], granting: Iterable[int] | None) -> bool:
    """A person's sign-in may be reset by those who administer every place where the person works."""
    held = set(places)
    return granting is None or (bool(held) and held <= set(granting))


def is_idle(*, seen: float | None, now: float, limit: datetime.timedelta) -> bool:
    return seen is not None and now - seen > limit.total_seconds()


def browser_of(agent: str) -> tuple[str, str]:
    """Return which browser calls itself so, and on which system; an empty name is unknown."""

    def named(marks: Iterable[tuple[str, str]]) -> str:
        return next((name for mark, name in marks if mark in agent), "")

    return named(BROWSERS), named(SYSTEMS)


def shortened(agent: str) -> str:
    """Return the beginning of what an unknown program calls itself."""
    return agent if len(agent) <= AGENT_SHOWN else f"{agent[: AGENT_SHOWN - 1].rstrip()}…"
