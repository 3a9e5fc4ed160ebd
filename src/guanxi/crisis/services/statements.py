"""What is said outside about a crisis: written in versions, approved by a second person, said once (CRIS-05)."""

import datetime

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from guanxi.crisis import policy
from guanxi.crisis.models import Crisis, Statement
from guanxi.crisis.permissions import Verb
from guanxi.crisis.queries import rooms
from guanxi.crisis.services import steps
from guanxi.crisis.states import Act, Stage
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Conflict, Invalid, words_of
from guanxi.records import services as records

LONGEST = 4000


def draft(*, actor: Actor, crisis_id: int, words: str, at: datetime.datetime) -> Statement:
    """Write a further version of the statement: locks, checks, writes, notes it, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle crises there.
    :raises Conflict: the crisis is closed.
    :raises Invalid: no words.
    """
    said = words_of(words, most=LONGEST)
    with db.atomic():
        row = steps.locked(actor, crisis_id)
        steps.need_running(row)
        last = row.statements.aggregate(last=Max("version"))["last"] or 0
        made = Statement.objects.create(
            crisis=row, version=last + 1, words=said, written_at=at, written_by_id=actor.user_id,
            written_by=actor.name[:160],
        )  # fmt: skip
        _keep(actor, row, made, Act.DRAFTED, "", at)
    return made


def approve(*, actor: Actor, statement_id: int, at: datetime.datetime) -> Statement:
    """Approve a version that somebody else wrote: locks, checks, writes, notes it, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not approve statements there.
    :raises Conflict: the crisis is closed, the version is no draft, or the actor wrote it.
    """
    with db.atomic():
        row, held = _locked(actor, statement_id, Verb.APPROVE, Stage.DRAFT)
        if not policy.may_approve(held.written_by_id, actor.user_id):
            raise Conflict(_("Somebody else approves what you wrote."))
        held.stage, held.approved_at = Stage.APPROVED, at
        held.approved_by_id, held.approved_by = actor.user_id, actor.name[:160]
        held.save()
        _keep(actor, row, held, Act.APPROVED, "", at)
    return held


def say(
    *, actor: Actor, statement_id: int, said_to: str, said_at: datetime.datetime, at: datetime.datetime
) -> Statement:
    """Record that an approved version was said, to whom and when: locks, checks, writes, notes it, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle crises there.
    :raises Conflict: the crisis is closed, or the version is not approved or was said already.
    :raises Invalid: nobody is named, or a moment before the approval or ahead.
    """
    to = words_of(said_to, "said_to", most=200)
    with db.atomic():
        row, held = _locked(actor, statement_id, Verb.HANDLE, Stage.APPROVED)
        if held.approved_at is None or not held.approved_at.replace(second=0, microsecond=0) <= said_at <= at:
            raise Invalid(_("Between its approval and now."), field="said_at")
        held.stage, held.said_at, held.said_to, held.said_by = Stage.SAID, said_at, to, actor.name[:160]
        held.save()
        _keep(actor, row, held, Act.SAID, to, at)
    return held


def _locked(actor: Actor, statement_id: int, verb: Verb, stage: Stage) -> tuple[Crisis, Statement]:
    row = steps.locked(actor, rooms.statement(actor, statement_id).crisis_id, verb)
    steps.need_running(row)
    held = db.lock(Statement.objects.filter(crisis=row), statement_id)
    if held.stage != stage:
        raise Conflict(_("This cannot follow: it stands at “%(state)s”.") % {"state": held.get_stage_display()})
    return row, held


def _keep(actor: Actor, row: Crisis, held: Statement, act: Act, words: str, at: datetime.datetime) -> None:
    """Note a step of a statement, and append its line to the trail."""
    steps.say(actor, row, act, f"V{held.version}: {words or held.words}", at)
    told = {"version": held.version, "stage": held.stage, "said_to": held.said_to, "words": held.words}
    records.audit(actor=actor, verb=f"crisis.{act.lower()}_statement", **steps.line(row, {}, told))
