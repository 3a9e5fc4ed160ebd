"""For trying out: the message is shown on its page and nothing leaves the house."""

from guanxi.messaging.channels.outgoing import Outgoing


def send(outgoing: Outgoing) -> str:
    """Take a message; it is kept where it stands already."""
    return f"browser-{outgoing.message_id}"
