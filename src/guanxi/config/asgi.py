"""One process serves both: ``/events/`` natively, everything else through Django's WSGI application.

Django's views are plain functions with a transaction each; running them in threads keeps them that way,
while a thousand open streams need no thread at all.
"""

import os
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

THREADS = 8  # as many as the pool has connections

_django = WSGIMiddleware(cast("Any", get_wsgi_application()), workers=THREADS)

from guanxi.config import push  # noqa: E402 -- needs the apps that get_wsgi_application loads


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Send each connection where it belongs."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http" and scope["path"] == "/events/":
        await push.stream(scope, receive, send)
    elif scope["type"] == "http":
        await _django(honest(scope), _coroutine(receive), _coroutine(send))


def honest(scope: Any) -> Any:
    """Leave out headers with an underscore: in WSGI ``X_Forwarded_For`` would pass for ``X-Forwarded-For``."""
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if b"_" not in name]}


def _coroutine(function: Callable[..., Awaitable[Any]]) -> Callable[..., Coroutine[Any, Any, Any]]:
    """The server hands out plain awaitables; the bridge to the threads insists on coroutines."""

    async def call(*args: Any) -> Any:
        return await function(*args)

    return call


async def _live(receive: Any, send: Any) -> None:
    """Answer the server's start and stop; at the stop every stream ends."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            push.hub.end_at_signals()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await push.hub.close()
            await send({"type": "lifespan.shutdown.complete"})
            return
