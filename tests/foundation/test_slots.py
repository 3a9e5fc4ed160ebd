"""The customer's timeline: capabilities add their moments without knowing each other."""

import datetime

from django.utils import timezone

from guanxi.foundation import clock, slots
from guanxi.foundation.actor import NOBODY


def test_the_moments_of_all_capabilities_are_one_timeline_newest_first(monkeypatch):
    monkeypatch.setattr(slots, "_timelines", [])
    at = timezone.now()

    def early(_actor, _customer_id, limit):
        return [slots.Moment(at - datetime.timedelta(days=day), f"early {day}") for day in range(limit)]

    def late(actor, customer_id, _limit):
        return [slots.Moment(at + datetime.timedelta(hours=1), f"late {customer_id}{actor.name}")]

    slots.add_timeline(early, late)
    slots.add_timeline(early)
    found = slots.moments(NOBODY, 7, 3)
    assert [moment.title for moment in found] == ["late 7", "early 0", "early 1"]
    assert (found[0].icon, found[0].tone, found[0].url) == ("dot", "blue", "")


def test_a_day_begins_at_midnight_where_the_business_lives():
    first = clock.start_of(datetime.date(2026, 11, 24))
    assert first.isoformat() == "2026-11-24T00:00:00+08:00"
