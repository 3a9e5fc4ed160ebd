"""Whoever is responsible is reminded at half, at four fifths and at the end of a term, in working time (CMP-42)."""

import datetime

import pytest
from tests.complaints.conftest import AT, LATER
from tests.worklist.conftest import shanghai

from guanxi.complaints.services import handling, steering
from guanxi.complaints.services.steps import CONTACT, REVISIT, SOLVE
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.worklist.models import Escalation, Task
from guanxi.worklist.presets import WorklistPreset
from guanxi.worklist.services import escalating

FRIDAY = shanghai("2026-06-05 17:30")


def sweep(at):
    db.set_scope(SYSTEM)
    while escalating.escalate(actor=SYSTEM, at=at):
        pass


def reached(row, kind):
    """Return the rungs that a task of a complaint reached: whom they tell, in order."""
    db.set_scope(SYSTEM)
    found = Escalation.objects.filter(task__kind=kind, task__subject_id=row.pk).order_by("level")
    return [(item.to, list(item.told)) for item in found]


def walk(row, kind, times):
    """Sweep a second before each moment and at it; return how many rungs were reached then."""
    found = []
    for text in times:
        sweep(shanghai(text) - datetime.timedelta(seconds=1))
        before = len(reached(row, kind))
        sweep(shanghai(text))
        found.append((before, len(reached(row, kind))))
    return found


@pytest.mark.covers("CMP-42")
@pytest.mark.parametrize(
    ("kind", "at", "times"),
    [
        (CONTACT, AT, ("2026-06-03 10:30", "2026-06-03 10:48", "2026-06-03 11:00")),
        (CONTACT, FRIDAY, ("2026-06-05 18:00", "2026-06-08 09:18", "2026-06-08 09:30")),  # a weekend is no time
        (SOLVE, AT, ("2026-06-04 09:30", "2026-06-04 15:12", "2026-06-04 18:00")),  # fourteen hours of work
    ],
)
def test_the_responsible_person_is_reminded_three_times(take_in, cast, kind, at, times):
    row = take_in(at=at)
    assert walk(row, kind, times) == [(0, 1), (1, 2), (2, 4)]
    told = reached(row, kind)
    mine = ("OWNER", [cast.service.user_id])
    assert [told[0], told[1], told[3]] == [mine, mine, mine]
    assert told[2][0] == "OUTLET"  # at the deadline his managers are told too, before it nobody but him


@pytest.mark.covers("CMP-42")
def test_before_the_call_back_whoever_asks_is_reminded(take_in, bring, cast):
    row = bring(take_in(), "TO_REVISIT")
    task = Task.objects.get(kind=REVISIT, subject_id=row.pk)
    assert task.due_at == shanghai("2026-06-08 18:00")  # three working days after Wednesday
    assert walk(row, REVISIT, ("2026-06-05 10:00", "2026-06-08 10:54"))[-1] == (1, 2)
    assert {to for to, _people in reached(row, REVISIT)} == {"OWNER"}
    assert {person for _to, people in reached(row, REVISIT) for person in people} == {cast.callback.user_id}


def test_what_is_done_reminds_nobody(take_in, acting, cast):
    row = take_in()
    handling.record_contact(actor=acting(cast.service), complaint_id=row.pk, words="已致歉", at=AT)
    sweep(LATER)
    assert reached(row, CONTACT) == []


def test_after_it_was_handed_over_the_new_person_is_reminded(take_in, acting, cast):
    row = take_in()
    sweep(shanghai("2026-06-03 10:30"))
    steering.hand_over(
        actor=acting(cast.service), complaint_id=row.pk, person_id=cast.gm.user_id, reason="x",
        at=shanghai("2026-06-03 10:40"),
    )  # fmt: skip
    sweep(shanghai("2026-06-03 10:48"))
    assert reached(row, CONTACT) == [("OWNER", [cast.service.user_id]), ("OWNER", [cast.gm.user_id])]


@pytest.mark.parametrize(
    ("rungs", "fits"),
    [
        ([{"level": 1, "percent": 50}, {"level": 2, "percent": 80}, {"level": 3, "minutes": 0}], True),
        ([{"level": 1, "percent": 80}, {"level": 2, "percent": 50}], False),
        ([{"level": 1, "percent": 50}, {"level": 2, "minutes": -15}], False),  # which comes first depends on the term
        ([{"level": 1, "minutes": -15}, {"level": 2, "percent": 50}], False),
        ([{"level": 1, "percent": 0}], False),
    ],
)
def test_a_ladder_of_a_preset_only_climbs(rungs, fits):
    data = {"rungs": [{"kind": "x.y", "to": "OWNER", **rung} for rung in rungs]}
    if fits:
        assert len(WorklistPreset.model_validate(data).rungs) == len(rungs)
    else:
        with pytest.raises(ValueError, match=r"not above the one before|greater than or equal"):
            WorklistPreset.model_validate(data)
