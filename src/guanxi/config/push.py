"""Server push: one LISTEN connection a process, one open stream a browser (Server-Sent Events).

A stream belongs to a signed-in person. It is checked against the session every PING seconds, so a
sign-out or a revoked session ends it then. What is pushed is only a count; the page asks for the rest.
"""

import asyncio
import json
import logging
import signal
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from types import FrameType
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.auth import get_user
from django.db import DatabaseError, connections
from django.http import HttpRequest

from guanxi.foundation import db
from guanxi.foundation.actor import NOBODY, Actor
from guanxi.workbench import queries
from guanxi.workbench.services import CHANNEL

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]

PING = 15.0
MOST_STREAMS = 6
LONGEST_PAUSE = 30.0
log = logging.getLogger(__name__)


class SessionEnded(Exception):
    """The person signed out, or the session was revoked."""


class Hub:
    """The open streams of this process by person, and the one connection that listens for them."""

    def __init__(self) -> None:
        self.streams: dict[int, set[asyncio.Queue[int | None]]] = defaultdict(set)
        self.listener: asyncio.Task[None] | None = None

    def join(self, user_id: int) -> asyncio.Queue[int | None] | None:
        """Open a stream for a person, or refuse the seventh; starts to listen with the first."""
        mine = self.streams[user_id]
        if len(mine) >= MOST_STREAMS:
            return None
        if self.listener is None or self.listener.done():
            self.listener = asyncio.get_running_loop().create_task(self._listen())
        queue: asyncio.Queue[int | None] = asyncio.Queue(maxsize=16)
        mine.add(queue)
        return queue

    def leave(self, user_id: int, queue: asyncio.Queue[int | None]) -> None:
        self.streams[user_id].discard(queue)
        if not self.streams[user_id]:
            del self.streams[user_id]

    def tell(self, payload: str) -> None:
        """Hand one signal of the database to the streams of its person."""
        with suppress(ValueError, KeyError, TypeError):  # a signal that is none of ours
            told = json.loads(payload)
            for queue in self.streams.get(int(told["user"]), ()):
                if not queue.full():
                    queue.put_nowait(int(told["unread"]))

    def end_streams(self) -> None:
        """Let every stream say goodbye; browsers ask again after a while, and find the next process."""
        for queues in list(self.streams.values()):
            for queue in list(queues):
                with suppress(asyncio.QueueFull):
                    queue.put_nowait(None)

    def end_at_signals(self) -> None:
        """End the streams as soon as the server is told to stop: it waits for every open answer."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            before = signal.getsignal(number)

            def stop(which: int, frame: FrameType | None, before: Any = before) -> None:
                loop.call_soon_threadsafe(self.end_streams)
                if callable(before):
                    before(which, frame)

            with suppress(ValueError):  # not the main thread: then the server's own patience decides
                signal.signal(number, stop)

    async def close(self) -> None:
        """End every stream and stop listening."""
        self.end_streams()
        if self.listener:
            self.listener.cancel()
            with suppress(asyncio.CancelledError):
                await self.listener

    async def _listen(self) -> None:
        """Listen for as long as the process lives; after a loss again, each time after a longer pause."""
        pause = 1.0
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**_address(), autocommit=True) as connection:
                    await connection.execute(f'LISTEN "{CHANNEL}"'.encode())
                    pause = 1.0
                    async for notice in connection.notifies():
                        self.tell(notice.payload)
            except (psycopg.Error, OSError) as error:
                log.warning("push: the database connection is lost (%s), again in %.0f s", error, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


hub = Hub()


def _address() -> dict[str, Any]:
    """The database of the settings as psycopg names it: a connection of its own, outside any pool."""
    values = settings.DATABASES["default"]
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    options = {key: value for key, value in values.get("OPTIONS", {}).items() if key != "pool"}
    return {name: values[key] for name, key in names.items() if values.get(key)} | options


def session_key(headers: list[tuple[bytes, bytes]]) -> str:
    """Return the key in the session cookie of a request, or nothing."""
    cookie = SimpleCookie()
    for name, value in headers:
        if name.lower() == b"cookie":
            with suppress(CookieError):
                cookie.load(value.decode("latin-1"))
    morsel = cookie.get(settings.SESSION_COOKIE_NAME)
    return morsel.value if morsel else ""


def whose(key: str) -> tuple[int, int] | None:
    """Return the person of a session and the number of unread notifications; None when it has ended.

    Runs in a thread. Reads the session without keeping it alive.
    """
    if not key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    try:
        with db.scoped(NOBODY, identify=True):
            user: Any = get_user(request)
            if not user.is_authenticated:
                return None
            actor = Actor(user_id=user.pk, name=user.name)
            db.set_scope(actor)
            return user.pk, queries.unread(actor)
    finally:
        connections.close_all()


async def stream(scope: Message, receive: Receive, send: Send) -> None:
    """Answer ``/events/``: authenticate, then send the count whenever it changes and a ping in between."""
    key = session_key(scope["headers"])
    try:
        found = await asyncio.to_thread(whose, key) if scope["method"] == "GET" else None
    except DatabaseError:
        return await _refuse(send, 503)
    if found is None:
        return await _refuse(send, 204 if scope["method"] == "GET" else 405)
    user_id, unread = found
    queue = hub.join(user_id)
    if queue is None:
        return await _refuse(send, 204)  # one browser too many: it is told not to ask again
    gone = asyncio.ensure_future(_gone(receive))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await _write(send, f"retry: 4000\nevent: unread\ndata: {json.dumps({'unread': unread})}\n\n")
        await _serve(send, queue, gone, key=key, unread=unread)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    except OSError:
        log.debug("push: a browser went away")
    finally:
        gone.cancel()
        hub.leave(user_id, queue)


async def _serve(
    send: Send, queue: asyncio.Queue[int | None], gone: "asyncio.Future[None]", *, key: str, unread: int
) -> None:
    try:
        while (fresh := await _next(queue, gone, key=key, unread=unread)) is not None:
            if fresh == unread:
                await _write(send, ": ping\n\n")
            else:
                unread = fresh
                await _write(send, f"event: unread\ndata: {json.dumps({'unread': unread})}\n\n")
    except SessionEnded:
        await _write(send, "event: bye\ndata: {}\n\n")


async def _next(queue: asyncio.Queue[int | None], gone: "asyncio.Future[None]", *, key: str, unread: int) -> int | None:
    """Return the count after the next signal or ping; None when the browser or the server goes."""
    waiting = asyncio.ensure_future(queue.get())
    either: list[asyncio.Future[Any]] = [waiting, gone]
    await asyncio.wait(either, timeout=PING, return_when=asyncio.FIRST_COMPLETED)
    if waiting.done():
        return waiting.result()
    waiting.cancel()
    return None if gone.done() else await _still(key, unread)


async def _still(key: str, unread: int) -> int:
    """Return the count while the session holds; while the database is away, nothing is decided.

    :raises SessionEnded: it does not hold any more.
    """
    try:
        found = await asyncio.to_thread(whose, key)
    except DatabaseError:
        return unread
    if found is None:
        raise SessionEnded
    return found[1]


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"cache-control", b"no-store")]})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"private, no-store"),
    (b"content-encoding", b"identity"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
