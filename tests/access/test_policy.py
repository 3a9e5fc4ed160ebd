"""Decisions about rights, from values alone."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.access import policy

WAYS = [(7, "UNIT", 0), (6, "OUTLET", 1), (5, "MARKET_OFFICE", 2), (4, "BRANCH", 3), (2, "BRAND", 4), (1, "GROUP", 5)]
TWO_BRANDS = [(6, "OUTLET", 0), (4, "BRANCH", 1), (3, "BRANCH", 1), (2, "BRAND", 2), (8, "BRAND", 2)]
places = st.frozensets(st.integers(1, 6))


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize(
    ("reach", "expected"),
    [("NODE", (7,)), ("OUTLET", (6,)), ("BRANCH", (4,)), ("BRAND", (2,)), ("GROUP", (1,))],
)
def test_a_reach_is_anchored_at_the_nearest_place_of_its_kind(reach, expected):
    assert policy.anchors(7, reach, WAYS) == expected


@pytest.mark.covers("ORG-12")
def test_an_outlet_of_two_brands_has_two_anchors():
    assert policy.anchors(6, "BRANCH", TWO_BRANDS) == (3, 4)
    assert policy.anchors(6, "OUTLET", TWO_BRANDS) == (6,)


def test_a_reach_that_does_not_occur_above_is_the_place_itself():
    assert policy.anchors(2, "OUTLET", [(2, "BRAND", 0), (1, "GROUP", 1)]) == (2,)
    assert policy.anchors(2, "BRANCH", []) == (2,)


def test_departments_within_departments_reach_the_nearest():
    assert policy.anchors(9, "UNIT", [(9, "UNIT", 0), (7, "UNIT", 1), (6, "OUTLET", 2)]) == (9,)


@pytest.mark.covers("ORG-35")
@given(covered=places | st.none(), granting=places | st.none())
def test_a_role_is_handed_out_only_where_all_it_covers_is_administered(covered, granting):
    may = policy.may_hand_out(covered=covered, granting=granting, kind="OUTLET", kinds=["OUTLET", "UNIT"])
    assert may == (granting is None or (covered is not None and covered <= granting))


@given(covered=places | st.none(), granting=places | st.none())
def test_no_role_is_handed_out_at_the_wrong_kind_of_place(covered, granting):
    assert not policy.may_hand_out(covered=covered, granting=granting, kind="BRANCH", kinds=["OUTLET"])


@given(held=places, granting=places)
def test_a_sign_in_is_reset_by_those_who_administer_every_place(held, granting):
    assert policy.may_reset(places=held, granting=granting) == (bool(held) and held <= granting)
    assert policy.may_reset(places=held, granting=None)


@pytest.mark.parametrize(
    ("seen", "idle"), [(None, False), (1000.0, False), (400.0, False), (399.0, True), (2000.0, False)]
)
def test_a_session_is_idle_after_its_limit(seen, idle):
    assert policy.is_idle(seen=seen, now=1000.0, limit=datetime.timedelta(minutes=10)) is idle


@pytest.mark.parametrize("name", ["ab", "a1", "zhang.san", "a-b_c", "x" * 39])
def test_these_are_user_names(name):
    assert policy.USERNAME.match(name)


@pytest.mark.parametrize("name", ["", "a", ".ab", "Ab", "张三", "a b", "x" * 40, "a/b", "ab@c", "ab\n"])
def test_these_are_not(name):
    assert not policy.USERNAME.match(name)


KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {KIT} Chrome/126.0.0.0 Safari/537.36", ("Chrome", "Windows")),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {KIT} Chrome/126.0 Safari/537.36 Edg/126.0", ("Edge", "Windows")),
        (f"Mozilla/5.0 (X11; Linux x86_64) {KIT} HeadlessChrome/126.0 Safari/537.36", ("Chrome", "Linux")),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541) {KIT} Chrome/126.0 Safari/537.36", ("Chrome", "ChromeOS")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko/20100101 Firefox/127.0", ("Firefox", "macOS")),
        (f"{PHONE} Version/17.5 Mobile/15E148 Safari/604.1", ("Safari", "iPhone")),
        (f"{PHONE} CriOS/126.0 Mobile/15E148 Safari/604.1", ("Chrome", "iPhone")),
        (f"{PHONE} Mobile/15E148 MicroMessenger/8.0.49(0x18003137) NetType/WIFI", ("WeChat", "iPhone")),
        (f"Mozilla/5.0 (Windows NT 10.0) {KIT} Chrome/126.0 Safari/537.36 wxwork/4.1 MicroMessenger/7.0", ("WeCom", "Windows")),
        (f"Mozilla/5.0 (Linux; Android 12; HarmonyOS; NOH-AN00) {KIT} Chrome/114.0 HuaweiBrowser/15.0 Mobile Safari/537.36",
         ("Huawei Browser", "HarmonyOS")),
        (f"Mozilla/5.0 (Linux; Android 14; SM-S918B) {KIT} SamsungBrowser/25.0 Chrome/121.0 Mobile Safari/537.36",
         ("Samsung Internet", "Android")),
        ("curl/8.5.0", ("", "")),
        ("", ("", "")),
    ],
)  # fmt: skip
def test_which_browser_it_is(agent, name):
    assert policy.browser_of(agent) == name


@given(st.text(max_size=300))
def test_what_is_unknown_is_shown_as_it_is_but_short(agent):
    shown = policy.shortened(agent)
    assert len(shown) <= 60
    assert shown == agent or (shown[-1] == "…" and agent.startswith(shown[:-1]))
