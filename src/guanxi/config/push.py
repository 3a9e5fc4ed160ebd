"""Server push: one LISTEN connection a process, one open stream a browser (Server-Sent Events).

A stream belongs to a signed-in person. It is checked against the session every PING seconds, so a
sign-out or a revoked session ends it then. What is pushed is only a count; the page asks for the rest.
"""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
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
            signal = json.loads(payload)
            for queue in self.streams.get(int(signal["user"]), ()):
                if not queue.full():
                    queue.put_nowait(int(signal["unread"]))

    async def close(self) -> None:
        """End every stream and stop listening."""
        for queues in list(self.streams.values()):
            for queue in list(queues):
                with suppress(asyncio.QueueFull):
                    queue.put_nowait(None)
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
        return await _refuse(send, 429)
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
    while not gone.done():
        waiting = asyncio.ensure_future(queue.get())
        await asyncio.wait({waiting, gone}, timeout=PING, return_when=asyncio.FIRST_COMPLETED)
        if waiting.done():
            fresh = waiting.result()
            if fresh is None:
                return
        else:
            waiting.cancel()
            if gone.done():
                return
            fresh = await _still(key, unread)
            if fresh is None:
                return await _write(send, "event: bye\ndata: {}\n\n")
        if fresh == unread:
            await _write(send, ": ping\n\n")
        else:
            unread = fresh
            await _write(send, f"event: unread\ndata: {json.dumps({'unread': unread})}\n\n")
    return None


async def _still(key: str, unread: int) -> int | None:
    """Return the count if the session still holds; while the database is away, nothing is decided."""
    try:
        found = await asyncio.to_thread(whose, key)
    except DatabaseError:
        return unread
    return found[1] if found else None


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
