"""Asking the customer whether he is satisfied: his word closes it or begins the next round (CMP-14, CMP-15)."""

import datetime

from django.utils.translation import gettext_lazy as _

from guanxi.complaints import policy
from guanxi.complaints.events import RevisitRecorded
from guanxi.complaints.models import Complaint, Round
from guanxi.complaints.permissions import Verb
from guanxi.complaints.services import handling, steps
from guanxi.complaints.services.steps import REVISIT
from guanxi.complaints.states import Act, Ending, Result, RevisitBy, State
from guanxi.foundation import db, events
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, words_of
from guanxi.records import services as records


def record_revisit(
    *, actor: Actor, complaint_id: int, is_satisfied: bool, words: str, summary: str = "", at: datetime.datetime
) -> Complaint:  # fmt: skip
    """Note what the customer says when he is asked: locks, checks who may ask, writes it to the round, ends the task.
    Satisfied: closes it with a summary. Not: begins the next round, in which the cause is to be named again, with a
    new deadline. Audits, publishes RevisitRecorded, and ComplaintClosed when it is closed.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not ask customers there.
    :raises Conflict: it is not resolved, or somebody else has to ask by the rules of its process.
    :raises Invalid: no words.
    """
    said = words_of(words, message=_("Say what the customer says."))
    with db.atomic():
        row = steps.locked(actor, complaint_id)
        check(actor, verb_for(row), row.outlet_id)
        steps.need(row, State.TO_REVISIT)
        _refuse_other(actor, row)
        before = steps.plain(row)
        steps.move(row, policy.after_revisit(is_satisfied=is_satisfied))
        Round.objects.filter(complaint=row, number=row.rounds).update(
            asked_at=at, asked_by=actor.name[:160], is_satisfied=is_satisfied, verdict=said
        )
        steps.end(row, REVISIT, Result.SATISFIED if is_satisfied else Result.REJECTED, at)
        steps.say(actor, row, Act.SATISFIED if is_satisfied else Act.REJECTED, said, at)
        events.publish(RevisitRecorded(row.pk, row.outlet_id, row.customer_id, is_satisfied, row.rounds))
        if is_satisfied:
            handling.close(row, Ending.CONFIRMED, summary.strip()[: steps.LONGEST], at)
        else:
            _begin_again(row, at)
        row.save()
        records.audit(
            actor=actor,
            verb="complaints.record_revisit",
            **steps.line(row, before, {"is_satisfied": is_satisfied, "words": said}),
        )
    return row


def verb_for(row: Complaint) -> Verb:
    """Return the right that asking the customer of a complaint needs."""
    return Verb.HANDLE if row.process.revisit_by == RevisitBy.OWNER else Verb.REVISIT


def _refuse_other(actor: Actor, row: Complaint) -> None:
    """Refuse who may not ask this customer by the rules of the process (CMP-19, AMB-29)."""
    if policy.may_revisit(
        row.process.revisit_by, person_id=actor.user_id, owner_id=row.owner_id,
        resolved_by_id=steps.this_round(row).resolved_by_id,
    ):  # fmt: skip
        return
    if row.process.revisit_by == RevisitBy.OWNER:
        raise Conflict(_("Whoever handled it asks the customer himself: %(name)s.") % {"name": row.owner_name})
    raise Conflict(_("Whoever handled it does not ask the customer; somebody else does."))


def _begin_again(row: Complaint, at: datetime.datetime) -> None:
    """Begin the next round: what was found, done and said before stays."""
    row.rounds += 1
    row.due_at = steps.ask_solution(row, at)
    row.is_inside = None
    Round.objects.create(complaint=row, number=row.rounds, began_at=at, due_at=row.due_at)
