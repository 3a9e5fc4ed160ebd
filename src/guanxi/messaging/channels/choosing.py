"""Which carrier takes a channel: the settings say, ``channels/<carrier>`` does it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from django.conf import settings

from guanxi.messaging.channels import browser, smpp, smtp, wechat
from guanxi.messaging.channels.outgoing import Keep, Line, OneWay, Outgoing, Refused, Taken

CARRIERS: Mapping[str, Callable[[], Line]] = {
    "browser": lambda: OneWay(browser.send), "smtp": lambda: OneWay(smtp.send), "smpp": smpp.dial,
    "wechat": wechat.dial,
}  # fmt: skip
TWO_WAY = ("smpp",)


class Lines:
    """The lines of one run: each is opened when first needed, and anew after it broke."""

    def __init__(self) -> None:
        self._open: dict[str, Line] = {}

    def send(self, name: str, outgoing: Outgoing) -> Taken:
        """Hand a message to a carrier.

        :raises Refused: it will not take this message.
        :raises Unavailable: it is not to be had now.
        """
        try:
            return self._line(name).send(outgoing)
        except Refused:
            raise
        except BaseException:
            self.hang_up(name)
            raise

    def hear(self, keep: Keep, wait: float = 0.0) -> int:
        """Hear all that are open; with ``wait``, those from which something can come, for as long as nothing comes."""
        names = set(settings.MESSAGE_CARRIERS.values()) & set(TWO_WAY) if wait else set(self._open)
        return sum(self._heard(name, keep, wait) for name in sorted(names))

    def _heard(self, name: str, keep: Keep, wait: float) -> int:
        try:
            return self._line(name).hear(keep, wait)
        except BaseException:
            self.hang_up(name)
            raise

    def _line(self, name: str) -> Line:
        if name not in self._open:
            self._open[name] = CARRIERS[name]()
        return self._open[name]

    def hang_up(self, *names: str) -> None:
        """Close lines."""
        for name in names:
            line = self._open.pop(name, None)
            if line is not None:
                line.close()


@contextmanager
def lines() -> Iterator[Lines]:
    """Give the lines for one run and close them at its end."""
    made = Lines()
    try:
        yield made
    finally:
        made.hang_up(*made._open.copy())  # noqa: SLF001 -- its own class
