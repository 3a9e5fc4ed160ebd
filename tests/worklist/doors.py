"""The doors of the worklist, for the walk with every role: see tests/architecture/walk.py."""

import datetime

from tests.architecture.matrix import Door, call, post

from guanxi.access.models import Membership, User
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.worklist.models import Absence, SpecialDay, WorkingWeek
from guanxi.worklist.permissions import Verb
from guanxi.worklist.services import adding
from guanxi.worklist.services.adding import NewTask

OUTLET = "outlet"
DAY = datetime.date(2030, 5, 6)
SOON = "2030-06-03T02:00:00Z"
WEEK = {"since": "2030-01-01", "days": ["09:00-17:00"] * 5 + ["", ""]}
PAGES = {
    "worklist:my-day": Door(Verb.WORK),
    "worklist:add-task": Door(Verb.ADD_TASK),
    "worklist:tasks": Door(Verb.VIEW),
    "worklist:team": Door(Verb.VIEW_TEAM),
    "worklist:assign-by-load": post(Verb.ASSIGN, OUTLET, "outlet", data=lambda t: {"person": str(t.worker)}),
    "worklist:assign-many": post(Verb.ASSIGN),
    "worklist:hand-over": Door(Verb.WORK),
    "worklist:absences": Door(Verb.WORK),
    "worklist:add-absence": Door(Verb.WORK),
    "worklist:end-absence": post(Verb.MANAGE_ABSENCE, OUTLET, "absence"),
    "worklist:calendar": Door(Verb.VIEW_CALENDAR),
    "worklist:place-calendar": Door(Verb.VIEW_CALENDAR, OUTLET, args=("outlet",)),
    "worklist:set-week": Door(Verb.CHANGE_CALENDAR, OUTLET, args=("outlet",)),
    "worklist:inherit-week": Door(Verb.CHANGE_CALENDAR, OUTLET, args=("outlet",)),
    "worklist:set-days": Door(Verb.CHANGE_CALENDAR, OUTLET, args=("outlet",)),
    "worklist:drop-day": post(
        Verb.CHANGE_CALENDAR, OUTLET, "outlet", data=lambda t: {"day": t.special_day}
    ),
    "worklist:drop-week": post(
        Verb.CHANGE_CALENDAR, OUTLET, "outlet", data=lambda t: {"day": t.special_day}
    ),
    "worklist:home-panel": Door(Verb.WORK, args=("zero",)),
    "worklist:customer-panel": Door(Verb.VIEW, args=("zero",)),
    "worklist:task": Door(Verb.VIEW_TEAM, OUTLET, args=("task",)),
    "worklist:claim": post(Verb.ASSIGN, OUTLET, "task"),
    "worklist:release": post(Verb.ASSIGN, OUTLET, "taken"),
    "worklist:record-attempt": Door(Verb.ASSIGN, OUTLET, args=("taken",)),
    "worklist:postpone": Door(Verb.ASSIGN, OUTLET, args=("taken",)),
    "worklist:finish": Door(Verb.ASSIGN, OUTLET, args=("taken",)),
    "worklist:skip": Door(Verb.ASSIGN, OUTLET, args=("taken",)),
    "worklist:assign-task": Door(Verb.ASSIGN, OUTLET, args=("task",)),
}  # fmt: skip
_TASKS, _PLACES = "guanxi_worklist_api_", "guanxi_worklist_api_"
OPERATIONS = {
    f"{_TASKS}{name}": door
    for name, door in {
        "list_tasks": call(Verb.VIEW),
        "add_task": call(
            Verb.ADD_TASK, OUTLET,
            lambda t: {"node_id": t.outlet, "owner_id": t.worker, "note": "walk", "due_at": SOON},
        ),
        "get_task": call(Verb.VIEW_TEAM, OUTLET),
        "claim": call(Verb.ASSIGN, OUTLET),
        "release": call(Verb.ASSIGN, OUTLET),
        "record_attempt": call(Verb.ASSIGN, OUTLET, lambda _t: {"outcome": "BUSY"}),
        "postpone": call(Verb.ASSIGN, OUTLET, lambda t: {"to": t.later, "reason": "walk"}),
        "finish": call(Verb.ASSIGN, OUTLET, lambda _t: {"outcome": "DONE"}),
        "skip": call(Verb.ASSIGN, OUTLET, lambda _t: {"reason": "walk"}),
        "assign_task": call(Verb.ASSIGN, OUTLET, lambda t: {"person_id": t.worker}),
        "assign_by_load": call(Verb.ASSIGN, OUTLET, lambda t: {"person_ids": [t.worker]}),
        "hand_over": call(Verb.ASSIGN, OUTLET, lambda t: {"from_id": t.worker, "to_id": t.other_worker}),
        "list_absences": call(Verb.WORK),
        "add_absence": call(
            Verb.MANAGE_ABSENCE, OUTLET,
            lambda t: {"person_id": t.worker, "first_day": "2031-05-06", "last_day": "2031-05-06"},
        ),
        "end_absence": call(Verb.MANAGE_ABSENCE, OUTLET),
        "get_calendar": call(Verb.VIEW_CALENDAR, OUTLET),
        "reckon_deadline": call(Verb.VIEW_CALENDAR, OUTLET),
        "set_week": call(Verb.CHANGE_CALENDAR, OUTLET, lambda _t: WEEK),
        "inherit_week": call(Verb.CHANGE_CALENDAR, OUTLET, lambda _t: {"since": "2030-01-01"}),
        "set_days": call(
            Verb.CHANGE_CALENDAR, OUTLET, lambda _t: {"first": "2030-07-01", "last": "2030-07-02", "reason": "walk"}
        ),
        "drop_day": call(Verb.CHANGE_CALENDAR, OUTLET),
        "drop_week": call(Verb.CHANGE_CALENDAR, OUTLET),
    }.items()
}  # fmt: skip
INSIDE = frozenset({"worklist.export", "worklist.change_rules"})
PATH = {"task_id": "taken", "absence_id": "absence", "day": "special_day", "since": "special_day"}


def _colleague(cast, name, at):
    """Somebody at the outlet who walks through no door himself."""
    person = User.objects.create(username=name, name=name, date_joined=at)
    Membership.objects.create(user=person, role_id="technician", node_id=cast.outlet_id, valid_from=clock.day_of(at))
    return person.pk


def things(cast):
    """Return the things of the worklist that stand in paths, all at the outlet of the cast, held by one of its people."""
    at = clock.now()
    worker, other = (_colleague(cast, name, at) for name in ("walker-one", "walker-two"))
    due = at + datetime.timedelta(hours=1)
    made = [
        adding.add_task(
            actor=SYSTEM, at=at,
            task=NewTask(
                kind="walk", key=f"walk:{number}", node_id=cast.outlet_id, reason="Walk", due=due,
                role="general_manager", owner_id=worker if number else None,
            ),
        )
        for number in range(2)
    ]  # fmt: skip
    absence = Absence.objects.create(person_id=other, first_day=DAY, last_day=DAY, made_at=at)
    SpecialDay.objects.create(node_id=cast.outlet_id, day=DAY, reason="walk", made_at=at)
    WorkingWeek.objects.create(node_id=cast.outlet_id, since=DAY, made_at=at)
    return {
        "task": made[0].pk, "taken": made[1].pk, "absence": absence.pk, "special_day": DAY.isoformat(),
        "worker": worker, "other_worker": other, "later": (due + datetime.timedelta(hours=1)).isoformat(),
    }  # fmt: skip
