"""Places that capabilities fill without knowing each other: navigation, panels, search, help."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Any

from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text


@dataclass(frozen=True)
class NavItem:
    """One entry of the main navigation, seen by those who hold the verb."""

    group: Text
    label: Text
    icon: str
    url_name: str
    verb: str
    order: int = 50
    everywhere: bool = False
    keys: str = ""

    def shown_to(self, actor: Actor) -> bool:
        return actor.can_everywhere(self.verb) if self.everywhere else actor.can(self.verb)


@dataclass(frozen=True)
class Panel:
    """A fragment that another capability's page loads lazily; its URL takes the subject's id."""

    slot: str
    url_name: str
    verb: str
    title: Text
    order: int = 50


@dataclass(frozen=True)
class Hit:
    """One line of the palette."""

    title: str
    detail: str
    url: str
    icon: str


@dataclass(frozen=True)
class Finder:
    """A source of palette lines: ``find(actor, text, limit)``."""

    key: str
    label: Text
    verb: str
    find: Callable[[Actor, str, int], Sequence[Hit]]
    order: int = 50


@dataclass(frozen=True)
class Moment:
    """One entry of a timeline."""

    at: datetime.datetime
    title: str
    detail: str = ""
    who: str = ""
    icon: str = "dot"
    tone: str = "blue"
    url: str = ""


@dataclass(frozen=True)
class Caveat:
    """What whoever is about to contact a customer has to know first; with a ``url`` if he may read more."""

    title: str
    detail: str
    who: str = ""
    url: str = ""


_nav: list[NavItem] = []
_panels: list[Panel] = []
_finders: list[Finder] = []
_timelines: list[Callable[[Actor, int, int], Sequence[Moment]]] = []
_caveats: list[Callable[[Actor, int], Sequence[Caveat]]] = []
_providers: dict[str, Callable[..., Any]] = {}


def add_nav(*items: NavItem) -> None:
    _nav.extend(item for item in items if item not in _nav)


def add_panel(*panels: Panel) -> None:
    _panels.extend(panel for panel in panels if panel not in _panels)


def add_finder(*finders: Finder) -> None:
    _finders.extend(finder for finder in finders if finder not in _finders)


def nav(actor: Actor) -> list[NavItem]:
    """Return the entries the actor may open, in order."""
    return sorted((item for item in _nav if item.shown_to(actor)), key=lambda item: item.order)


def panels(slot: str, actor: Actor, at: int | None = None) -> list[Panel]:
    """Return the panels of one place that the actor may see there."""
    found = (panel for panel in _panels if panel.slot == slot and actor.can(panel.verb, at))
    return sorted(found, key=lambda panel: panel.order)


def finders(actor: Actor) -> list[Finder]:
    return sorted((f for f in _finders if actor.can(f.verb)), key=lambda finder: finder.order)


def add_timeline(*functions: Callable[[Actor, int, int], Sequence[Moment]]) -> None:
    """Let a capability add its moments to the timeline of a customer: ``function(actor, customer_id, limit)``."""
    _timelines.extend(function for function in functions if function not in _timelines)


def moments(actor: Actor, customer_id: int, limit: int) -> list[Moment]:
    """Return the newest moments of a customer across all capabilities, newest first."""
    every = (moment for function in _timelines for moment in function(actor, customer_id, limit))
    return nlargest(limit, every, key=lambda moment: moment.at)


def add_caveats(*functions: Callable[[Actor, int], Sequence[Caveat]]) -> None:
    """Let a capability warn whoever is about to contact a customer: ``function(actor, customer_id)``."""
    _caveats.extend(function for function in functions if function not in _caveats)


def caveats(actor: Actor, customer_id: int) -> list[Caveat]:
    """Return what whoever is about to contact a customer has to know first, from all capabilities."""
    return [caveat for function in _caveats for caveat in function(actor, customer_id)]


def provide(name: str, function: Callable[..., Any]) -> None:
    """Let a higher capability answer a question that a lower one asks by name."""
    _providers[name] = function


def ask(name: str, *args: Any, default: Any = None) -> Any:
    """Ask the provider of ``name``; ``default`` if nobody answers."""
    provider = _providers.get(name)
    return default if provider is None else provider(*args)
