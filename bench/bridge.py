"""The bridge from ASGI to Django against Django's own WSGI handler, for the lightest address there is."""

import asyncio
import io
from collections.abc import Iterator
from typing import Any

import measure

PATH, MANY = "/health/", 20


def results() -> Iterator[measure.Result]:
    """Yield the time of one request through each."""
    from guanxi.config import asgi

    handler = asgi._django.app  # noqa: SLF001 -- the same handler, without the bridge
    loop = asyncio.new_event_loop()

    def ours() -> None:
        loop.run_until_complete(_many(asgi.application))

    def floor() -> None:
        for _ in range(MANY):
            _call(handler)

    whole = measure.compare("", ours, floor)
    yield measure.Result("request through a2wsgi / Django's handler", whole.ours / MANY, whole.floor / MANY)


async def _many(application: Any) -> None:
    for _ in range(MANY):
        await _ask(application)


async def _ask(application: Any) -> None:
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": PATH, "raw_path": PATH.encode(), "root_path": "", "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"accept", b"application/json")],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    told: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    await application(scope, receive, send)
    assert told[0]["status"] in {200, 503}


def _call(handler: Any) -> None:
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": PATH, "SCRIPT_NAME": "", "QUERY_STRING": "", "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1",
        "HTTP_ACCEPT": "application/json", "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.multithread": True, "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }  # fmt: skip
    told: list[str] = []
    answer = handler(environ, lambda status, _headers, _error=None: told.append(status))
    b"".join(answer)
    answer.close()
    assert told[0][:3] in {"200", "503"}
