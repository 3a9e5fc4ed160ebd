"""What the workbench puts around every page: navigation, notices, views, and the lines of the palette."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import numbers, slots
from guanxi.foundation.actor import NOBODY, Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.slots import Hit, NavItem
from guanxi.workbench import policy, queries
from guanxi.workbench.permissions import Verb

THEMES = ("light", "dark")
MOST_HITS = 6
COUNTED = "knowledge:to-read"
ACCOUNT: tuple[tuple[Text, str, str], ...] = (
    (_("Notifications"), "bell", "workbench:notifications"),
    (_("Password"), "key-round", "account_change_password"),
    (_("Two-step sign-in and passkeys"), "shield-check", "mfa_index"),
    (_("Where I am signed in"), "monitor-smartphone", "usersessions_list"),
)


@dataclass(frozen=True)
class Entry:
    """One line of the menu."""

    label: Text
    icon: str
    url: str
    is_current: bool
    keys: str
    count: int = 0


@dataclass(frozen=True)
class Group:
    """Lines of the menu under one heading."""

    label: Text
    entries: list[Entry]


@dataclass(frozen=True)
class HitGroup:
    """Lines of the palette from one source."""

    label: Text
    hits: list[Hit]


class Shell:
    """What the shell's templates read. Each value is found when it is first asked for, so a fragment pays
    for nothing that it does not show.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.actor: Actor = getattr(request, "actor", NOBODY)
        self.is_demo = bool(settings.DEMO)

    @property
    def name(self) -> str:
        return self.actor.name

    @property
    def initials(self) -> str:
        return policy.short_name(self.name)

    @cached_property
    def _found(self) -> queries.Shell:
        return queries.shell(self.actor)

    @property
    def unread(self) -> int:
        return self._found.unread

    @property
    def to_read(self) -> int:
        return self._found.to_read

    @property
    def to_read_url(self) -> str:
        return reverse(COUNTED)

    @property
    def roles(self) -> str:
        return ("、" if translation.get_language() == "zh-hans" else ", ").join(self._found.roles)

    @property
    def place(self) -> str:
        return self._found.place

    @cached_property
    def theme(self) -> str:
        return theme_of(self._request)

    @cached_property
    def notices(self) -> list[Any]:
        return list(messages.get_messages(self._request))

    @cached_property
    def groups(self) -> list[Group]:
        home = Entry(_("Start page"), "house", reverse("workbench:home"), self._request.path == "/", "g h")
        found: dict[str, Group] = {"": Group("", [home])}
        items = [(item, address) for item in slots.nav(self.actor) if (address := _address(item))]
        current = _current(self._request.path, [address for _item, address in items])
        for item, address in items:
            group = found.setdefault(str(item.group), Group(translation.gettext(str(item.group)), []))
            keys = f"g {item.keys[-1]}" if item.keys else ""
            count = self._found.to_read if item.url_name == COUNTED else 0
            group.entries.append(Entry(item.label, item.icon, address, address == current, keys, count))
        return list(found.values())

    @property
    def save_view_url(self) -> str:
        return reverse("workbench:save_view")

    @property
    def can_share_views(self) -> bool:
        return self.actor.can(Verb.SHARE_VIEW, self.actor.home_id)


def _address(item: NavItem) -> str | None:
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return None


def _current(path: str, addresses: list[str]) -> str:
    """The entry that the page belongs to: the longest address that the page's own begins with."""
    return max((address for address in addresses if path.startswith(address)), key=len, default="")


def theme_of(request: HttpRequest) -> str:
    """Return the theme of the cookie, else the person's own, else nothing: then the device decides."""
    wanted = request.COOKIES.get("theme") or getattr(getattr(request, "user", None), "theme", "")
    return wanted if wanted in THEMES else ""


def shell(request: HttpRequest) -> dict[str, Any]:
    """Answer the slot ``shell``: the values that every page's template finds."""
    around = Shell(request)
    return {"shell": around, "saved_views": partial(queries.saved_views, around.actor)}


def find(actor: Actor, text: str) -> list[HitGroup]:
    """Return the palette's lines: pages first, then what the other capabilities find."""
    text = text.strip()[:80].replace("\x00", "")
    groups = [HitGroup(_("Pages"), list(_pages(actor, text)))]
    if text:
        groups.append(HitGroup(_("By number"), list(numbers.find(actor, text))))
        groups += [HitGroup(item.label, list(item.find(actor, text, MOST_HITS))) for item in slots.finders(actor)]
    return [group for group in groups if group.hits]


def _pages(actor: Actor, text: str) -> Iterator[Hit]:
    for item in slots.nav(actor):
        address = _address(item)
        if address and policy.matches(text, _in_both(item.label)):
            yield Hit(str(item.label), translation.gettext(str(item.group)), address, item.icon)
    for label, icon, name in ACCOUNT:
        if policy.matches(text, _in_both(label)):
            yield Hit(str(label), translation.gettext("My account"), reverse(name), icon)


def _in_both(label: Text) -> tuple[str, ...]:
    """A label in each language: what is typed may be either."""
    words = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words.append(str(label))
    return tuple(words)
