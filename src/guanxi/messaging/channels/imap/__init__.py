"""Mails from a mailbox (RFC 3501), by the standard library: what is unread is read, and marked once it is kept."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.conf import settings

from guanxi.messaging.channels.outgoing import Unavailable

TIMEOUT = 20
LARGEST = 2_000_000  # signs of a mail that are fetched; what comes after is attachments
AT_ONCE = 100


class Mailbox:
    """A folder of a mailbox that is open for one run."""

    def __init__(self, server: imaplib.IMAP4) -> None:
        self._server = server

    def unread(self) -> list[str]:
        """Return the numbers of what is unread, the oldest first, at most a hundred.

        :raises Unavailable: the server does not say.
        """
        found = [part for part in self._asked("SEARCH", "UNSEEN") if isinstance(part, bytes)]
        return b" ".join(found).decode("ascii", "replace").split()[:AT_ONCE]

    def fetch(self, number: str) -> bytes:
        """Return a mail as it came, without marking it; empty if it is gone.

        :raises Unavailable: the server does not give it.
        """
        for part in self._asked("FETCH", number, f"(BODY.PEEK[]<0.{LARGEST}>)"):
            if isinstance(part, tuple):
                return bytes(part[1])
        return b""

    def mark(self, number: str) -> None:
        """Mark a mail as read.

        :raises Unavailable: the server does not.
        """
        self._asked("STORE", number, "+FLAGS", r"(\Seen)")

    def _asked(self, *words: str) -> list[bytes | tuple[bytes, bytes] | None]:
        try:
            answer, said = self._server.uid(*words)
        except (imaplib.IMAP4.error, OSError) as error:
            raise Unavailable(str(error)) from error
        if answer != "OK":
            raise Unavailable(f"{words[0]}: {answer} {said}")
        return said


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """Open the mailbox of the settings for one run.

    :raises Unavailable: there is no server, or it does not let us in.
    """
    try:
        server = _dial()
    except (imaplib.IMAP4.error, OSError) as error:
        raise Unavailable(str(error)) from error
    try:
        yield Mailbox(server)
    finally:
        with suppress(imaplib.IMAP4.error, OSError):  # what was kept counts, not the farewell
            server.logout()


def _dial() -> imaplib.IMAP4:
    host, port = settings.IMAP_HOST, settings.IMAP_PORT
    if settings.IMAP_TLS:
        server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            host, port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT
        )  # fmt: skip
    else:
        server = imaplib.IMAP4(host, port, timeout=TIMEOUT)
    try:
        _enter(server)
    except BaseException:
        with suppress(imaplib.IMAP4.error, OSError):
            server.shutdown()
        raise
    return server


def _enter(server: imaplib.IMAP4) -> None:
    server.login(settings.IMAP_USER, settings.IMAP_PASSWORD)
    answer, said = server.select(f'"{settings.IMAP_FOLDER}"')
    if answer != "OK":
        msg = f"{settings.IMAP_FOLDER}: {said}"
        raise imaplib.IMAP4.error(msg)
