"""Which carrier takes a channel: the settings say, ``channels/<carrier>`` does it."""

from collections.abc import Callable, Mapping

from django.conf import settings

from guanxi.messaging.channels import browser, smtp
from guanxi.messaging.channels.outgoing import Outgoing

CARRIERS: Mapping[str, Callable[[Outgoing], str]] = {"browser": browser.send, "smtp": smtp.send}


def carrier(channel: str) -> str:
    """Return the carrier of a channel."""
    return str(settings.MESSAGE_CARRIERS[channel])


def send(name: str, outgoing: Outgoing) -> str:
    """Hand a message to a carrier; return the number under which it knows it.

    :raises Refused: it will not take this message.
    :raises Unavailable: it is not to be had now.
    """
    return CARRIERS[name](outgoing)
