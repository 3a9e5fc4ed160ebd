"""The Jinja environment of all our pages."""

import datetime
from typing import Any

import jinja2
from django.contrib.staticfiles.storage import staticfiles_storage
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.timesince import timesince
from lucide.jinja import lucide
from markupsafe import Markup

from guanxi.foundation import verbs
from guanxi.foundation.actor import SYSTEM

_icons: dict[tuple[str, int], Markup] = {}


def icon(name: str, size: int = 16) -> Markup:
    """Return a Lucide icon as inline SVG, hidden from screen readers."""
    key = (name, size)
    if key not in _icons:
        _icons[key] = Markup(lucide(name, size=size, **{"class": "icon", "aria-hidden": "true"}))  # noqa: S704 -- the library escapes
    return _icons[key]


def url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args, kwargs=kwargs)


def date(value: datetime.date | datetime.datetime | None, empty: str = "–") -> str:
    """Show a day as 2026-11-22, at the business's own place."""
    if value is None:
        return empty
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value)
    return value.strftime("%Y-%m-%d")


def moment(value: datetime.datetime | None, empty: str = "–") -> str:
    """Show a moment as 2026-11-22 09:30, at the business's own place."""
    return empty if value is None else timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


def second(value: datetime.datetime) -> str:
    """Show a moment as 2026-11-22 09:30:05, where the order of two acts matters."""
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")


def who(name: str) -> str:
    """Show who did something; the system's own acts in the reader's language."""
    return translation.gettext("System") if name == SYSTEM.name else name


def clock(value: datetime.time | None) -> str:
    return "" if value is None else value.strftime("%H:%M")


def ago(value: datetime.datetime | None) -> str:
    """Show how long ago a moment was, in the largest unit."""
    if value is None:
        return "–"
    if timezone.now() - value < datetime.timedelta(minutes=1):
        return translation.gettext("just now")
    since = timesince(value, depth=1)
    return translation.gettext("%(since)s ago") % {"since": since}


def number(value: float | None) -> str:
    """Show a number with separators of thousands, in Chinese too (GB/T 15835): 158,000, not 15,8000."""
    return "–" if value is None else f"{value:,}"


def environment(**options: Any) -> jinja2.Environment:
    """Build the environment; called by Django's Jinja backend."""
    options["undefined"] = jinja2.StrictUndefined
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    env = jinja2.Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], **options)  # noqa: S701 -- the backend sets autoescape
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    env.globals |= {"static": staticfiles_storage.url, "url": url, "icon": icon, "csrf_token": get_token}
    env.globals["verb_label"] = verbs.label
    env.globals["lang"] = lambda: "en" if (translation.get_language() or "").startswith("en") else "zh-Hans"
    env.filters |= {"date": date, "moment": moment, "second": second, "clock": clock}
    env.filters |= {"ago": ago, "number": number, "who": who}
    return env
