"""What the outlet does with a correction order: corrects the record with proof, or disputes it (INFO-27)."""

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Invalid
from guanxi.records import services as records
from guanxi.verification.models import Order, Round
from guanxi.verification.permissions import Verb
from guanxi.verification.queries import orders
from guanxi.verification.services import steps
from guanxi.verification.services.steps import CORRECT, DECIDE, SHORT, VERIFY
from guanxi.verification.states import Ending, State


def correct(*, actor: Actor, order_id: int, measure: str, proof: str, at: datetime.datetime) -> Round:
    """Say that the record was corrected, with proof: locks, checks that every wrong field of the record says something
    else by now and nothing that is obviously junk (INFO-32), writes the round, ends the task of the outlet, has the
    customer asked, audits. The record itself is changed before, on its own pages and by its own services.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor corrects no records there.
    :raises Conflict: the order stands elsewhere by now.
    :raises Invalid: something is not said, a wrong field stands as it stood, or holds what is obviously junk.
    """
    said = {"measure": steps.words_of(measure, "measure"), "proof": steps.words_of(proof, "proof", most=SHORT)}
    with db.atomic():
        row, before = steps.moved(actor, order_id, Verb.ANSWER, State.CORRECTED)
        _refuse_unchanged(orders.wrong(row))
        made = _answered(actor, row, said, at, is_dispute=False)
        steps.end(row, CORRECT, Ending.CORRECTED, at)
        steps.ask(actor, row, VERIFY, at)
        row.save()
        records.audit(actor=actor, verb=Verb.ANSWER, **steps.line(row, before, said))
    return made


def dispute(*, actor: Actor, order_id: int, measure: str, at: datetime.datetime) -> Round:
    """Dispute an order, with a reason why the record is right: locks, checks, writes the round, ends the task of the
    outlet, asks whoever issued it to decide, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor corrects no records there.
    :raises Conflict: the order stands elsewhere by now.
    :raises Invalid: no reason.
    """
    said = {"measure": steps.words_of(measure, "measure")}
    with db.atomic():
        row, before = steps.moved(actor, order_id, Verb.ANSWER, State.DISPUTED)
        made = _answered(actor, row, said, at, is_dispute=True)
        steps.end(row, CORRECT, Ending.DISPUTED, at)
        steps.ask(actor, row, DECIDE, at)
        row.save()
        records.audit(actor=actor, verb="verification.dispute", **steps.line(row, before, said))
    return made


def _refuse_unchanged(rows: Sequence[orders.Wrong]) -> None:
    """Refuse a correction that left a wrong field as it stood, or put something there that is obviously none."""
    same = [item.line.field.name for item in rows if not item.is_changed]
    if same:
        told = _("The record still says the same: %(fields)s. Correct it first, or dispute the order.")
        raise Invalid(told % {"fields": "、".join(same)}, field="measure")
    junk = [item.line.field.name for item in rows if item.is_junk]
    if junk:
        told = _("What the record says now is obviously no real value: %(fields)s.")
        raise Invalid(told % {"fields": "、".join(junk)}, field="measure")


def _answered(
    actor: Actor, row: Order, said: dict[str, str], at: datetime.datetime, *, is_dispute: bool
) -> Round:  # fmt: skip
    row.rounds += 1
    return Round.objects.create(
        order=row, number=row.rounds, is_dispute=is_dispute, due_at=row.due_at, answered_at=at,
        answered_by=actor.name[:160], **said,
    )  # fmt: skip
