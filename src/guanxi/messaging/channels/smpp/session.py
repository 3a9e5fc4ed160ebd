"""A bind to a message centre (SMPP 3.4): one request at a time, and what the centre delivers meanwhile."""

import select
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from guanxi.messaging.channels.outgoing import Refused, Unavailable
from guanxi.messaging.channels.smpp import pdu
from guanxi.messaging.channels.smpp.pdu import ANSWER, HEAD, Command, Delivery, Pdu

PATIENCE = 20.0  # seconds for an answer
FAREWELL = 2.0
# What a centre says when it cannot now: system error, queue full, throttled.
LATER = frozenset({0x08, 0x14, 0x58})
NO_SUCH_NUMBER = 0x0B
CANNOT_KEEP = 0x65  # the centre may deliver it again


@dataclass(frozen=True)
class Centre:
    """Where a message centre is and who Guanxi is there."""

    host: str
    port: int
    user: str
    password: str
    is_encrypted: bool = False


class Session:
    """A bound connection. After any error but a refusal it is of no use any more."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._held = bytearray()
        self._sequence = 0
        self._inbox: deque[Pdu] = deque()

    def bind(self, user: str, password: str) -> None:
        """Bind as sender and receiver.

        :raises Unavailable: the centre does not let us in.
        """
        answer = self._ask(Command.BIND_TRANSCEIVER, pdu.bind(user, password))
        if answer.status:
            raise Unavailable(f"bind: 0x{answer.status:02x}")

    def submit(self, body: bytes) -> str:
        """Hand over one part; return its number at the centre.

        :raises Refused: the centre does not take it.
        :raises Unavailable: not now.
        """
        answer = self._ask(Command.SUBMIT, body)
        words = f"submit: 0x{answer.status:02x}"
        if answer.status in LATER:
            raise Unavailable(words)
        if answer.status or answer.command == Command.NACK:
            raise Refused(words, is_dead=answer.status == NO_SUCH_NUMBER)
        return pdu.first_text(answer.body)

    def hear(self, keep: Callable[[Delivery, int], bool], wait: float) -> int:
        """Give to ``keep`` what the centre has delivered, with its sequence; acknowledge what is kept. Waits as long as
        nothing comes.
        """
        count = 0
        while self._inbox or self._comes(wait):
            found = self._inbox.popleft()
            is_kept = keep(pdu.delivery(found.body), found.sequence)
            self._say(found.answer(0 if is_kept else CANNOT_KEEP, pdu.cstring("")))
            count += 1
        return count

    def _comes(self, wait: float) -> bool:
        """Say whether a delivery comes in time; what else comes is answered."""
        until = time.monotonic() + wait
        while not self._inbox:
            left = until - time.monotonic()
            if not self._is_ready(max(0.0, left)):
                return False
            self._take(self._next())
        return True

    def _is_ready(self, wait: float) -> bool:
        held = self._held or (isinstance(self._line, ssl.SSLSocket) and self._line.pending())
        return bool(held or select.select([self._line], [], [], wait)[0])

    def close(self) -> None:
        """Unbind and hang up; deliveries that were not kept come again."""
        with self._line, suppress(OSError):  # some centres hang up at once
            self._line.settimeout(FAREWELL)
            self._ask(Command.UNBIND)

    def _ask(self, command: Command, body: bytes = b"") -> Pdu:
        """Say something and wait for the answer to it."""
        self._sequence = self._sequence % 0x7FFF_FFFF + 1
        self._say(Pdu(command, self._sequence, body=body))
        while True:
            found = self._next()
            if found.command & ANSWER and found.sequence == self._sequence:
                return found
            self._take(found)

    def _take(self, found: Pdu) -> None:
        """Deal with what the centre says of its own accord; an answer that nobody waits for any more says nothing."""
        if found.command == Command.DELIVER:
            self._inbox.append(found)
        elif found.command == Command.ENQUIRE_LINK:
            self._say(found.answer())
        elif found.command == Command.UNBIND:
            self._say(found.answer())
            raise pdu.Malformed("the centre has hung up")
        elif not found.command & ANSWER:
            self._say(Pdu(Command.NACK, found.sequence, 0x03))

    def _next(self) -> Pdu:
        size, command, status, sequence = HEAD.unpack(self._octets(HEAD.size))
        if not HEAD.size <= size <= pdu.LONGEST:
            raise pdu.Malformed(f"a unit of {size} octets")
        return Pdu(command, sequence, status, self._octets(size - HEAD.size))

    def _octets(self, size: int) -> bytes:
        while len(self._held) < size:
            more = self._line.recv(65_536)
            if not more:
                raise ConnectionResetError("the centre has hung up")
            self._held += more
        found = bytes(self._held[:size])
        del self._held[:size]
        return found

    def _say(self, unit: Pdu) -> None:
        self._line.sendall(unit.octets())


def connect(centre: Centre) -> Session:
    """Connect and bind.

    :raises Unavailable: the centre is not to be had.
    """
    try:
        line = socket.create_connection((centre.host, centre.port), PATIENCE)
    except OSError as error:
        raise Unavailable(str(error)) from error
    try:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if centre.is_encrypted:
            line = ssl.create_default_context().wrap_socket(line, server_hostname=centre.host)
        made = Session(line)
        made.bind(centre.user, centre.password)
    except BaseException as error:
        line.close()
        if isinstance(error, OSError):
            raise Unavailable(str(error)) from error
        raise
    return made
