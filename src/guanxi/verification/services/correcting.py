"""What the outlet does with a correction order: corrects the record with proof, or disputes it (INFO-27)."""

import datetime
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Invalid, Problem, Text, words_of
from guanxi.records import services as records
from guanxi.verification.models import Field, Order, Round
from guanxi.verification.permissions import Verb
from guanxi.verification.queries import orders
from guanxi.verification.services import rewriting, steps
from guanxi.verification.services.steps import CORRECT, DECIDE, SHORT, VERIFY
from guanxi.verification.states import Ending, State, Typed


def correct(
    *, actor: Actor, order_id: int, measure: str, proof: str, at: datetime.datetime,
    values: Mapping[str, Typed] | None = None,
) -> Round:  # fmt: skip
    """Say that the record was corrected, with proof: locks, writes the ``values`` of wrong fields that come with the
    answer, checks that every wrong field of the record says something else by now and nothing that is obviously junk
    (INFO-32), writes the round with what it corrected, ends the task of the outlet, has the customer asked, audits.
    What has no value here was changed before, on its own page. If anything is refused, nothing is written.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor corrects no records there, or may not change what a value is of.
    :raises Conflict: the order stands elsewhere by now.
    :raises Invalid: something is not said, a value cannot be accepted, a wrong field stands as it stood, or holds what
        is obviously junk.
    """
    said = {"measure": words_of(measure, "measure"), "proof": words_of(proof, "proof", most=SHORT)}
    with db.atomic():
        row, before = steps.moved(actor, order_id, Verb.ANSWER, State.CORRECTED)
        changes = rewriting.rewrite(actor=actor, row=row, values=values or {}, at=at)
        _refuse_unchanged(orders.wrong(row))
        made = _answered(actor, row, said, at, is_dispute=False)
        rewriting.keep(made, changes)
        steps.end(row, CORRECT, Ending.CORRECTED, at)
        steps.ask(actor, row, VERIFY, at)
        row.save()
        corrected = {"corrected": [change.field.pk for change in changes]} if changes else {}
        records.audit(actor=actor, verb=Verb.ANSWER, **steps.line(row, before, said | corrected))
    return made


def dispute(*, actor: Actor, order_id: int, measure: str, at: datetime.datetime) -> Round:
    """Dispute an order, with a reason why the record is right: locks, checks, writes the round, ends the task of the
    outlet, asks whoever issued it to decide, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor corrects no records there.
    :raises Conflict: the order stands elsewhere by now.
    :raises Invalid: no reason.
    """
    said = {"measure": words_of(measure, "measure")}
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
    same = [item.line.field for item in rows if not item.is_changed]
    _refuse(same, _("The record still says the same: %(fields)s. Correct it first, or dispute the order."))
    junk = [item.line.field for item in rows if item.is_junk]
    _refuse(junk, _("What the record says now is obviously no real value: %(fields)s."))


def _refuse(fields: Sequence[Field], told: Text) -> None:
    if not fields:
        return
    problems = [Problem(str(told) % {"fields": field.name}, rewriting.asked_at(field)) for field in fields]
    raise Invalid(str(told) % {"fields": "、".join(field.name for field in fields)}, problems=problems)


def _answered(
    actor: Actor, row: Order, said: dict[str, str], at: datetime.datetime, *, is_dispute: bool
) -> Round:  # fmt: skip
    row.rounds += 1
    return Round.objects.create(
        order=row, number=row.rounds, is_dispute=is_dispute, due_at=row.due_at, answered_at=at,
        answered_by=actor.name[:160], **said,
    )  # fmt: skip
