"""What the pages of allauth show of a sign-in."""

from django import template
from django.utils.translation import gettext, gettext_lazy

from guanxi.access import policy
from guanxi.foundation.errors import Text

register = template.Library()
LOCAL: dict[str, Text] = {
    "WeChat": gettext_lazy("WeChat"), "WeCom": gettext_lazy("WeCom"), "DingTalk": gettext_lazy("DingTalk"),
}  # fmt: skip


@register.filter
def browser(agent: str) -> str:
    """Say “Chrome on Windows” for what a browser calls itself; an unknown program as it calls itself, shortened."""
    name, system = policy.browser_of(agent)
    shown = str(LOCAL.get(name, name))
    if name and system:
        return gettext("%(browser)s on %(system)s") % {"browser": shown, "system": system}
    return shown or policy.shortened(agent) or gettext("Unknown program")
