"""The list of outlets is light: measured on the wire, headers included."""

import pytest

from tests.journeys.steps import sign_in

pytestmark = pytest.mark.journey

FIRST, AGAIN = 100_000, 20_000


def weigh(page, path):
    """Return the bytes that came over the wire for one visit, by address."""
    wire, addresses = {}, {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.requestWillBeSent", lambda e: addresses.update({e["requestId"]: e["request"]["url"]}))
    session.on("Network.loadingFinished", lambda e: wire.update({e["requestId"]: e["encodedDataLength"]}))
    page.goto(path, wait_until="load")
    page.wait_for_timeout(400)
    session.detach()
    return {addresses[key]: size for key, size in wire.items()}


def test_the_outlets_are_light_at_the_first_visit_and_lighter_again(visit, site):
    page = visit()
    sign_in(page, "hq")
    if page.url != "about:blank":  # the first to sign in has been to the start page: empty the cache
        page = visit()
        sign_in(page, "hq")
    first = weigh(page, "/network/")
    assert any("app.css" in address or "app." in address for address in first), first
    assert sum(first.values()) <= FIRST, first
    again = weigh(page, "/network/")
    assert sum(again.values()) <= AGAIN, again
