"""Places that capabilities fill without knowing each other: navigation, panels, search, help."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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


_nav: list[NavItem] = []
_panels: list[Panel] = []
_finders: list[Finder] = []
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


def provide(name: str, function: Callable[..., Any]) -> None:
    """Let a higher capability answer a question that a lower one asks by name."""
    _providers[name] = function


def ask(name: str, *args: Any, default: Any = None) -> Any:
    """Ask the provider of ``name``; ``default`` if nobody answers."""
    provider = _providers.get(name)
    return default if provider is None else provider(*args)
