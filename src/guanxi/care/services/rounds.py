"""Going round: filing the round of a day, whole, and correcting it on the same day."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.care.models import Answer, CheckItem, Round
from guanxi.care.permissions import Verb
from guanxi.care.policy import checklists as policy
from guanxi.care.policy.checklists import Reply
from guanxi.care.queries import checklists, rounds
from guanxi.care.services import shortcomings
from guanxi.care.states.checklists import Finding
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from guanxi.records import services as records
from guanxi.worklist.services import working

FILED = "FILED"
FAULTS = {
    "unknown": ("result", _("This list has no such item.")),
    "unsaid": ("result", _("Say how it is.")),
    "unreadable": ("result", _("There is no such answer.")),
    "unexplained": ("remark", _("Say what is wrong.")),
}


def file_round(
    *, actor: Actor, outlet_id: int, code: str, day: datetime.date, replies: Mapping[str, Reply], at: datetime.datetime
) -> Round:
    """File today's round of a list at an outlet: checks the right, locks, checks that every item is answered, writes
    the round with its answers, takes up what is not fulfilled, finishes the task of the round, audits. All or nothing.

    :raises NotAllowed: the actor does not go round there, or the list is an inspection of others.
    :raises NotFound: no such list is gone through there.
    :raises Conflict: the round is filed already.
    :raises Invalid: another day, or one problem for each answer that cannot be accepted.
    """
    check(actor, Verb.FILE_ROUNDS, outlet_id)
    _refuse_other_day(day, at)
    with db.atomic():
        row = _locked(actor, outlet_id, code, day)
        if not checklists.may_go(actor, row.list, outlet_id):
            raise NotAllowed
        if row.filed_at is not None:
            raise Conflict(_("%(name)s has filed this round already.") % {"name": row.person_name})
        items = _items(row)
        said = _checked(items, replies)
        row.filed_at, row.person_id, row.person_name = at, actor.user_id, actor.name[:160]
        _count(row, said)
        row.save()
        answers = [
            Answer(round=row, item=items[item], finding=reply.finding, remark=reply.remark)
            for item, reply in said.items()
        ]
        Answer.objects.bulk_create(answers)
        shortcomings.note(actor=actor, row=row, answers=answers, at=at)
        working.settle(actor=actor, key=row.task_key, outcome=FILED, at=at)
        _audit(actor, Verb.FILE_ROUNDS, row, {}, _plain(answers))
    return row


def correct_round(*, actor: Actor, round_id: int, replies: Mapping[str, Reply], at: datetime.datetime) -> Round:
    """Correct a round on its day: locks, checks the right, that it is the actor's own and that every item is answered,
    writes the answers that are others, takes up what is not fulfilled now, audits with the earlier answers.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not go round there.
    :raises Conflict: it is not filed, or somebody else's.
    :raises Invalid: another day, or one problem for each answer that cannot be accepted.
    """
    with db.atomic():
        row = db.lock(rounds.visible_to(actor).select_related("list"), round_id)
        check(actor, Verb.FILE_ROUNDS, row.outlet_id)
        if row.filed_at is None or row.person_id != actor.user_id:
            raise Conflict(_("Only whoever filed a round corrects it."))
        _refuse_other_day(row.day, at)
        items = _items(row)
        said = _checked(items, replies)
        answers = rounds.answers(row)
        before = _plain(answers)
        for answer in answers:
            reply = said[answer.item.code]
            answer.finding, answer.remark = reply.finding, reply.remark
        after = _plain(answers)
        if after != before:
            row.corrected_at = at
            _count(row, said)
            row.save()
            Answer.objects.bulk_update(answers, ["finding", "remark"])
            shortcomings.note(actor=actor, row=row, answers=answers, at=at)
            _audit(actor, "care.correct_round", row, before, after)
    return row


def _refuse_other_day(day: datetime.date, at: datetime.datetime) -> None:
    if day != clock.day_of(at):
        raise Invalid(_("A round is filed and corrected on its day, never later."), field="day")


def _locked(actor: Actor, outlet_id: int, code: str, day: datetime.date) -> Round:
    """Return the round of a day under a lock; one that nobody asked for is begun, not yet written."""
    asked = rounds.visible_to(actor).filter(outlet_id=outlet_id, day=day, code=code).select_related("list")
    row = asked.select_for_update(of=("self",)).first()
    if row is not None:
        return row
    db.serialise("care.rounds")
    row = asked.select_for_update(of=("self",)).first()
    if row is not None:
        return row
    outlet = checklists.place(actor, outlet_id, day)
    held = checklists.held_at(actor, checklists.in_force(actor, day), [outlet], day)[outlet.pk]
    found = next((item for item in held if item.code == code), None)
    if found is None:
        raise NotFound
    return Round(list=found, code=code, outlet_id=outlet_id, day=day)


def _items(row: Round) -> dict[str, CheckItem]:
    return {item.code: item for item in CheckItem.objects.filter(list_id=row.list_id).order_by("position")}


def _checked(items: Mapping[str, CheckItem], replies: Mapping[str, Reply]) -> dict[str, Reply]:
    """Return the answers as they are kept, in the order of the items.

    :raises Invalid: one problem for each that cannot be accepted.
    """
    wrong = [(fault.item, *FAULTS[fault.what]) for fault in policy.faults(list(items), replies)]
    if wrong:
        raise Invalid(problems=[Problem(message, f"{field}_{item}") for item, field, message in wrong])
    said = policy.tidy(replies)
    return {code: said[code] for code in items}


def _count(row: Round, said: Mapping[str, Reply]) -> None:
    found = [reply.finding for reply in said.values()]
    row.fulfilled, row.missing = found.count(Finding.FULFILLED), found.count(Finding.MISSING)


def _plain(answers: list[Answer]) -> dict[str, str]:
    return {
        answer.item.code: f"{answer.finding}: {answer.remark}" if answer.remark else answer.finding
        for answer in answers
    }


def _audit(actor: Actor, verb: str, row: Round, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    records.audit(
        actor=actor, verb=verb, subject_type="care.round", subject_id=row.pk,
        subject_label=f"{row.list.name_zh} {row.day}", node_id=row.outlet_id, before=before, after=after,
    )  # fmt: skip
