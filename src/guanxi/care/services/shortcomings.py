"""What rounds find wanting: asked to be put right, and ended when it is, or when a later round sees it right."""

import datetime
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guanxi.care.models import Answer, Round, Shortcoming
from guanxi.care.permissions import Verb
from guanxi.care.states.checklists import Ending, Finding, Within
from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.records import services as records
from guanxi.worklist.services import adding, working
from guanxi.worklist.services.deadlines import Term

KIND = "care.shortcoming"
REASON = gettext_noop("Not fulfilled in the round of %(day)s: %(what)s")
HOUR = 60


def note(*, actor: Actor, row: Round, answers: Sequence[Answer], at: datetime.datetime) -> None:
    """Take up what the answers of a round say: locks what is open, opens what is new, ends what is seen right and what
    a correction takes back, with its task, and asks for the rest to be put right.
    """
    rows = Shortcoming.objects.select_for_update(of=("self",)).filter(outlet_id=row.outlet_id, code=row.code)
    known = {held.item_code: held for held in rows.filter(ended_on=None).order_by("pk")}
    for answer in answers:
        held = known.get(answer.item.code)
        if held is None or answer.finding == Finding.MISSING:
            continue
        if held.round_id == row.pk:
            _end(held, Ending.WITHDRAWN, row.day)
            working.withdraw(actor=actor, key=held.task_key, reason=_("The round was corrected."), at=at)
        elif answer.finding == Finding.FULFILLED:
            _end(held, Ending.SEEN_RIGHT, row.day)
            working.settle(actor=actor, key=held.task_key, outcome=Ending.SEEN_RIGHT, at=at)
    wanting = list(_wanting(row, answers, known))
    Shortcoming.objects.bulk_create([held for held in wanting if held.pk is None])
    Shortcoming.objects.bulk_update([held for held in wanting if held.item_code in known], ["remark"])
    ask(actor=actor, rows=wanting, at=at)


def _wanting(row: Round, answers: Sequence[Answer], known: dict[str, Shortcoming]) -> Iterator[Shortcoming]:
    """Yield a shortcoming for each item that is not fulfilled: the open one with the new words, or a new one."""
    for answer in answers:
        if answer.finding != Finding.MISSING:
            continue
        code = answer.item.code
        held = known.get(code) or Shortcoming(
            outlet_id=row.outlet_id, code=row.code, item_code=code, round=row, found_on=row.day
        )
        held.item, held.remark = answer.item, answer.remark
        yield held


def _end(held: Shortcoming, ending: str, day: datetime.date) -> None:
    held.ended_on, held.ending = max(day, held.found_on), ending
    held.save(update_fields=["ended_on", "ending"])


def ask(*, actor: Actor, rows: Sequence[Shortcoming], at: datetime.datetime) -> int:
    """Ask for shortcomings to be put right: writes their tasks, but for those whose task lives, and notes the moment.
    Return how many tasks were written.

    :raises NotAllowed: the actor may not write tasks at one of the places.
    """
    if not rows:
        return 0
    with db.atomic():
        written = adding.add_tasks(actor=actor, tasks=[_task(row) for row in rows], at=at)
        Shortcoming.objects.filter(pk__in=[row.pk for row in rows]).update(asked_at=at)
    return written


def _task(row: Shortcoming) -> adding.NewTask:
    held, item = row.round.list, row.item
    in_days = held.unit == Within.WORKING_DAYS
    return adding.NewTask(
        kind=KIND, key=row.task_key, node_id=row.outlet_id, role=held.fixer_id, reason=REASON,
        due=Term(days=held.within) if in_days else Term(minutes=held.within * HOUR),
        subject_type="care.round", subject_id=row.round_id,
        values={
            "day": row.found_on.isoformat(), "what": held.name_zh, "what_en": held.name_en,
            "words": f"{item.name_zh}：{row.remark}", "words_en": f"{item.name_en}: {row.remark}",
        },
    )  # fmt: skip


def put_right(*, actor: Actor, shortcoming_id: int, day: datetime.date) -> None:
    """Count a shortcoming as put right because its task is done: checks the right, locks, writes, audits. One that has
    ended already stays as it is.

    :raises NotAllowed: the actor may not change rules everywhere.
    """
    check_everywhere(actor, Verb.CHANGE_RULES)
    with db.atomic():
        rows = Shortcoming.objects.select_for_update(of=("self",)).filter(pk=shortcoming_id)
        held = rows.filter(ended_on=None).first()
        if held is not None:
            _end(held, Ending.PUT_RIGHT, day)
            records.audit(
                actor=actor, verb="care.put_right", subject_type="care.shortcoming", subject_id=held.pk,
                subject_label=held.remark, node_id=held.outlet_id, after={"ended_on": held.ended_on},
            )  # fmt: skip
