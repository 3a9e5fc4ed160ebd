"""What the tests of the worklist share: moments, the shared material, and strategies for calendars."""

import datetime
import json
import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st

from guanxi.worklist.policy.calendar import Calendar, Layer, Special, WeekRule
from guanxi.worklist.policy.hours import Span, clashes

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("GUANXI_SHARED") or ROOT.parent / "shared")
SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")]
UTC = datetime.UTC


@pytest.fixture(scope="session")
def announcements():
    """The announced holidays of 2007 to 2027, as published."""
    path = SHARED / "data" / "calendar" / "holiday_cn_2007_2027.json"
    if not path.exists():
        pytest.skip("the shared material is not here")
    return json.loads(path.read_text())


def shanghai(text):
    """Return a moment on the wall clock of Shanghai: ``2026-11-24 09:30``."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@st.composite
def days(draw):
    """Hours of one day: none, one shift, two with a break, or a shift across midnight."""
    minutes = sorted(draw(st.lists(st.integers(0, 1439), max_size=4, unique=True)))
    times = [datetime.time(*divmod(minute, 60)) for minute in minutes]
    spans = [Span(times[i], times[i + 1]) for i in range(0, len(times) - 1, 2)]
    if len(times) % 2 and draw(st.booleans()) and times[-1] > times[0]:
        spans.append(Span(times[-1], times[0]))
    return tuple(sorted(spans))


@st.composite
def weeks(draw):
    week = [draw(days()) for _number in range(7)]
    for number in clashes(week):
        week[number] = week[number][:-1]
    return tuple(week)


@st.composite
def calendars(draw):
    """A calendar of one place in some zone, with a few days of its own, open at least at one time of the week."""
    week = draw(weeks())
    if not any(week):
        week = ((Span(datetime.time(9), datetime.time(17)),), *week[1:])
    near = st.dates(datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
    special = draw(st.dictionaries(near, days().map(Special), max_size=5))
    layer = Layer(1, (WeekRule(datetime.date(2000, 1, 1), week, draw(st.booleans())),), special)
    return Calendar((layer,), {}, frozenset({2026}), draw(st.sampled_from(ZONES)))


FIRST, LAST = datetime.datetime(2026, 1, 5), datetime.datetime(2026, 12, 20)  # noqa: DTZ001 -- naive, for hypothesis
moments = st.datetimes(FIRST, LAST, timezones=st.just(UTC)).map(lambda at: at.replace(microsecond=0))


AT = datetime.datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # a Tuesday, ten in the morning in Shanghai


def hours(number):
    return datetime.timedelta(hours=number)


@pytest.fixture
def cast(cast):
    """The cast, at work since long before the moments of these tests, without the tasks of the demonstration."""
    from guanxi.access.models import Membership
    from guanxi.worklist.models import Task

    Task.objects.all().delete()
    Membership.objects.update(valid_from=datetime.date(2020, 1, 1))
    return cast


@pytest.fixture
def new(cast):
    """Return a function that makes the values of a task at the cast's outlet, for the role of follow-up agents."""
    from guanxi.worklist.services.adding import NewTask

    def make(number=1, **more):
        values = {
            "kind": "test.call", "key": f"test:{number}", "node_id": cast.outlet_id, "reason": "Call back",
            "due": AT + hours(4), "role": "follow_up_agent", "opens_at": AT - hours(1), "subject_label": f"客户{number}",
        }  # fmt: skip
        return NewTask(**(values | more))

    return make


@pytest.fixture
def add(cast, acting, new):
    """Return a function that writes a task, as the system unless said otherwise."""
    from guanxi.foundation.actor import SYSTEM
    from guanxi.worklist.services import adding

    def write(number=1, *, actor=SYSTEM, at=AT, **more):
        return adding.add_task(actor=acting(actor), task=new(number, **more), at=at)

    return write


@pytest.fixture
def published(monkeypatch):
    """What was told to the world, in order."""
    from guanxi.foundation import events

    told = []
    monkeypatch.setattr(events, "publish", told.append)
    return told
