"""WeChat: template messages of an official account over its interface, own words within two days of an answer."""

import json
from http.client import HTTPException  # noqa: TID251 -- a channel
from typing import Any
from urllib.request import Request, urlopen  # noqa: TID251 -- a channel

from django.conf import settings

from guanxi.messaging import policy
from guanxi.messaging.channels.outgoing import Keep, Outgoing, Refused, Taken, Unavailable

NAME = "wechat"
PATIENCE = 20
BUSY, OVER_QUOTA, TOO_OFTEN = -1, 45009, 45011
TOKEN_GONE = frozenset({40001, 40014, 42001})
LATER = frozenset({BUSY, OVER_QUOTA, TOO_OFTEN}) | TOKEN_GONE


class _Line:
    """The interface with the pass of one run."""

    def __init__(self, token: str) -> None:
        self._token = token

    def send(self, outgoing: Outgoing) -> Taken:
        """Hand over a message: a template with its fields, or own words.

        :raises Refused: it is not taken; whoever does not follow any more cannot be written to.
        :raises Unavailable: not now.
        """
        kind, body = ("template", _template(outgoing)) if outgoing.code else ("custom", _own(outgoing))
        answer = _ask(f"/cgi-bin/message/{kind}/send?access_token={self._token}", body)
        number = str(answer.get("msgid", ""))
        return Taken(number, (number,) if number else ())

    def hear(self, keep: Keep, wait: float) -> int:  # noqa: ARG002 -- the shape of a line
        """Hear nothing: WeChat calls us."""
        return 0

    def close(self) -> None:
        """Nothing is open."""


def dial() -> _Line:
    """Get the pass of the account.

    :raises Unavailable: WeChat is not to be had, or does not know us.
    """
    body = {
        "grant_type": "client_credential", "appid": settings.WECHAT_APP_ID, "secret": settings.WECHAT_SECRET,
    }  # fmt: skip
    try:
        return _Line(str(_ask("/cgi-bin/stable_token", body)["access_token"]))
    except (OSError, HTTPException, ValueError, KeyError, Refused) as error:
        raise Unavailable(str(error)) from error


def _template(outgoing: Outgoing) -> dict[str, Any]:
    data = {name: {"value": words} for name, words in policy.named_lines(outgoing.body)}
    return {"touser": outgoing.address, "template_id": outgoing.code, "data": data}


def _own(outgoing: Outgoing) -> dict[str, Any]:
    return {"touser": outgoing.address, "msgtype": "text", "text": {"content": outgoing.body}}


def _ask(path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Ask the interface.

    :raises Refused: it says no.
    :raises Unavailable: it says: not now.
    """
    asked = Request(  # noqa: S310 -- the address of the settings
        settings.WECHAT_URL + path, json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": "application/json"}
    )
    with urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310 -- the address of the settings
        found: dict[str, Any] = json.loads(answer.read())
    code = int(found.get("errcode", 0))
    if not code:
        return found
    words = f"{code} {found.get('errmsg', '')}"
    raise (Unavailable if code in LATER else Refused)(words)
