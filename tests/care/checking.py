"""What the tests of check lists share: days and moments, a world without rounds, rounds filed and answers said."""

import datetime

from guanxi.care import tasks as care_tasks
from guanxi.care.models import CheckList, Shortcoming
from guanxi.care.policy.checklists import Reply
from guanxi.care.services import mornings, rounds
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.worklist.models import Task
from guanxi.worklist.states import LIVE

DAY = datetime.date(2026, 6, 10)  # a Wednesday, worked
CODE = "waiting_repair"
ITEMS = ("books_games", "media", "staff", "board", "catering", "rewards")
NOON = ("staff", "board", "catering")


def at(day=DAY, time="08:50"):
    return clock.start_of(day) + datetime.timedelta(hours=int(time[:2]), minutes=int(time[3:]))


def days(number):
    return datetime.timedelta(days=number)


def settled(cast):
    """Let the lists hold since long ago, end what the demonstration left open, let the cast have worked for years."""
    from guanxi.access.models import Membership

    db.set_scope(SYSTEM)
    Task.objects.all().delete()
    CheckList.objects.update(since=datetime.date(2020, 1, 1))
    Shortcoming.objects.filter(ended_on=None).update(ended_on=clock.today(), ending="PUT_RIGHT")
    Membership.objects.update(valid_from=datetime.date(2020, 1, 1))
    return cast


def fine(items=ITEMS, **wanting):
    """Return answers: all fulfilled, but for those that are named with what is wrong; "-" does not apply."""
    found = {item: Reply("FULFILLED") for item in items}
    for item, words in wanting.items():
        found[item] = Reply("NOT_APPLICABLE") if words == "-" else Reply("MISSING", words)
    return found


def go(actor, outlet, replies=None, *, code=CODE, day=DAY, time="08:50"):
    """File a round as somebody; leaves the transaction in his scope."""
    db.set_scope(actor)
    return rounds.file_round(
        actor=actor, outlet_id=outlet, code=code, day=day, replies=replies or fine(), at=at(day, time)
    )


def correct(actor, row, replies, *, day=DAY, time="11:00"):
    db.set_scope(actor)
    return rounds.correct_round(actor=actor, round_id=row.pk, replies=replies, at=at(day, time))


def morning(day=DAY, time="03:20"):
    db.set_scope(SYSTEM)
    return mornings.make_rounds(actor=SYSTEM, day=day, at=at(day, time))


def tasks(outlet, kind="care.shortcoming", live=True):
    db.set_scope(SYSTEM)
    rows = Task.objects.filter(node_id=outlet, kind=kind).order_by("pk")
    return list(rows.filter(state__in=LIVE) if live else rows)


def told(task):
    """Let care hear how a task ended, as the worker does."""
    db.set_scope(SYSTEM)
    care_tasks.follow_task(kind=task.kind, key=task.key, state=task.state, outcome=task.outcome, person_id=None)


def still_open(outlet):
    db.set_scope(SYSTEM)
    rows = Shortcoming.objects.filter(outlet_id=outlet, ended_on=None)
    return sorted(rows.values_list("code", "item_code", "remark", "found_on"))
