"""The customer's timeline: capabilities add their moments without knowing each other."""

import datetime

from django.utils import timezone

from guanxi.foundation import clock, slots
from guanxi.foundation.actor import NOBODY


def test_a_timeline_is_registered_once_and_asked_by_its_signature(monkeypatch):
    monkeypatch.setattr(slots, "_timelines", [])
    at = timezone.now()

    def happened(actor, customer_id, limit):
        return [slots.Moment(at, f"{customer_id} of {actor.name}")] * limit

    slots.add_timeline(happened)
    slots.add_timeline(happened)
    found = [moment for function in slots.timelines() for moment in function(NOBODY, 7, 2)]
    assert [moment.title for moment in found] == ["7 of ", "7 of "]
    assert (found[0].icon, found[0].tone, found[0].url) == ("dot", "blue", "")


def test_a_day_begins_at_midnight_where_the_business_lives():
    first = clock.start_of(datetime.date(2026, 11, 24))
    assert first.isoformat() == "2026-11-24T00:00:00+08:00"
