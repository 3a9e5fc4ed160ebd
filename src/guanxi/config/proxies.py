"""Whose address a request has: the direct peer's or, behind proxies of one's own, that of their client."""

import ipaddress
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]


def client_address(get_response: Answer) -> Answer:
    """Put the client's address where everything looks for it: the trail, the list of sign-ins, the limits of tries."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        peer, forwarded = request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", "")
        request.META["REMOTE_ADDR"] = address(peer, forwarded, settings.TRUSTED_PROXIES)
        return get_response(request)

    return middleware


def address(peer: str, forwarded: str, proxies: int) -> str:
    """Return who sent a request that passed ``proxies`` proxies of ours.

    Each proxy appends whom it saw, so the last ``proxies`` entries are ours and the first of these is the
    client as our outermost proxy saw him. What stands before them is his own word and never read. A list
    that is too short, or no address where one should be, did not come through the proxies: the peer counts.
    """
    steps = forwarded.split(",")
    if not 0 < proxies <= len(steps):
        return peer
    return _bare(steps[-proxies].strip()) or peer


def _bare(text: str) -> str:
    """Return an address without port and zone; an empty text when it is none."""
    for found in (text, _host(text)):
        try:
            number = ipaddress.ip_address(found.partition("%")[0])
        except ValueError:
            continue
        inner = number.ipv4_mapped if isinstance(number, ipaddress.IPv6Address) else None
        return str(inner or number)
    return ""


def _host(text: str) -> str:
    try:
        return urlsplit(f"//{text}").hostname or ""
    except ValueError:
        return ""
