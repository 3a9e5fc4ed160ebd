"""False files of outlets: marked with evidence, decided by another person, undone with a reason (INFO-33)."""

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.customers import queries as customers
from guanxi.foundation import db, events
from guanxi.foundation.actor import SYSTEM, Actor, check
from guanxi.foundation.errors import Conflict, Invalid, words_of
from guanxi.records import services as records
from guanxi.verification.events import FalseFileDecided
from guanxi.verification.models import FalseFile, Occasion
from guanxi.verification.permissions import Verb
from guanxi.verification.queries import checks, files
from guanxi.verification.states import FALSE_HELD, About, Falsity
from guanxi.worklist.services import adding, working
from guanxi.worklist.services.deadlines import Term

SUBJECT, DECIDE = "verification.false_file", "verification.decide_false"
REASON = gettext_noop("The file of a customer is said to be false: %(what)s")


def mark(
    *, actor: Actor, customer_id: int, outlet_id: int, evidence: str, check_id: int | None = None,
    at: datetime.datetime,
) -> FalseFile:  # fmt: skip
    """Mark the file of a customer as false, with evidence: checks the right at the outlet that filed it, writes, asks
    the role of the preset to decide by a deadline, audits. The record itself stays as it is.

    :raises NotAllowed: the actor marks no files of this outlet.
    :raises NotFound: the customer or the check is none that the actor sees.
    :raises Conflict: the file is marked already.
    :raises Invalid: no evidence, or the customer is not one of the outlet.
    """
    check(actor, Verb.MARK_FALSE, outlet_id)
    words = words_of(evidence, "evidence")
    customer = customers.customer(actor, customer_id)
    if outlet_id not in {relation.outlet_id for relation in customers.relations(actor, [customer_id])}:
        raise Invalid(_("The customer is not one of this outlet."), field="outlet")
    shows = checks.one(actor, check_id) if check_id else None
    if shows is not None and shows.customer_id != customer_id:
        raise Invalid(_("This check is about somebody else."), field="check")
    with db.atomic():
        db.serialise(f"verification.false.{customer_id}.{outlet_id}")
        if FalseFile.objects.filter(customer=customer, outlet_id=outlet_id, state__in=FALSE_HELD).exists():
            raise Conflict(_("This file is marked already."))
        row = FalseFile(
            customer=customer, outlet_id=outlet_id, check_of=shows, evidence=words, marked_at=at, due_at=at,
            marked_by_id=actor.user_id, marked_by=actor.name[:160],
        )  # fmt: skip
        row.save()
        row.due_at = _ask(row, customer.name, at)
        row.save(update_fields=["due_at"])
        records.audit(actor=actor, verb=Verb.MARK_FALSE, **_line(row, {}))
    return row


def _ask(row: FalseFile, name: str, at: datetime.datetime) -> datetime.datetime:
    """Write the task to decide, as the system; return when it is due."""
    who = Occasion.objects.filter(about=About.FALSE, is_active=True).order_by("code").first()
    if who is None:
        raise Invalid(_("Nothing says who decides about false files; apply the base preset."))
    task = adding.NewTask(
        kind=DECIDE, key=row.key, node_id=row.outlet_id, reason=REASON, due=Term(days=who.correct_days),
        role=who.role_id, subject_type=SUBJECT, subject_id=row.pk, subject_label=row.number,
        values={"what": name, "what_en": name, "words": row.evidence, "words_en": row.evidence}, priority=2,
    )  # fmt: skip
    return adding.add_task(actor=SYSTEM, task=task, at=at).due_at


def decide(*, actor: Actor, file_id: int, is_false: bool, words: str, at: datetime.datetime) -> FalseFile:
    """Decide whether a marked file is false, with a reason: locks, checks the right and that it was marked by another
    person, writes, ends the task, audits, publishes FalseFileDecided.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor decides nothing there.
    :raises Conflict: it is decided already, or the actor marked it himself.
    :raises Invalid: no reason.
    """
    said = words_of(words, "words")
    with db.atomic():
        row = db.lock(files.visible_to(actor), file_id)
        check(actor, Verb.DECIDE_FALSE, row.outlet_id)
        if row.state != Falsity.MARKED:
            raise Conflict(_("This is decided already."))
        if row.marked_by_id is not None and row.marked_by_id == actor.user_id:
            raise Conflict(_("Another person decides about what you marked yourself."))
        before = _plain(row)
        row.state = Falsity.CONFIRMED if is_false else Falsity.REJECTED
        row.decided_at, row.decided_by_id, row.decided_by, row.decision = at, actor.user_id, actor.name[:160], said
        row.save()
        working.settle(actor=SYSTEM, key=row.key, outcome="DECIDED", at=at)
        _tell(actor, Verb.DECIDE_FALSE, row, before)
    return row


def undo(*, actor: Actor, file_id: int, reason: str, at: datetime.datetime) -> FalseFile:
    """Undo a confirmed false file, with a reason: locks, checks, writes, audits, publishes FalseFileDecided. What was
    decided stays readable.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor decides nothing there.
    :raises Conflict: it is not confirmed.
    :raises Invalid: no reason.
    """
    said = words_of(reason, "reason")
    with db.atomic():
        row = db.lock(files.visible_to(actor), file_id)
        check(actor, Verb.DECIDE_FALSE, row.outlet_id)
        if row.state != Falsity.CONFIRMED:
            raise Conflict(_("Only what was confirmed can be undone."))
        before = _plain(row)
        row.state, row.undone_at, row.undone_by, row.undone_why = Falsity.UNDONE, at, actor.name[:160], said
        row.save()
        _tell(actor, "verification.undo_false", row, before)
    return row


def _tell(actor: Actor, verb: str, row: FalseFile, before: dict[str, Any]) -> None:
    records.audit(actor=actor, verb=verb, **_line(row, before))
    events.publish(FalseFileDecided(row.pk, row.outlet_id, row.customer_id, row.state))


def _plain(row: FalseFile) -> dict[str, Any]:
    return {"state": row.state, "evidence": row.evidence, "decision": row.decision, "undone_why": row.undone_why}


def _line(row: FalseFile, before: dict[str, Any]) -> dict[str, Any]:
    return {
        "subject_type": SUBJECT, "subject_id": row.pk, "subject_label": row.number, "node_id": row.outlet_id,
        "before": before, "after": _plain(row) | {"customer": row.customer_id},
    }  # fmt: skip
