"""Judging who is at fault, by the director whose matter it is; fines are facts of a verdict (CMP-17, AMB-47)."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from guanxi.complaints import policy
from guanxi.complaints.models import Complaint, Round
from guanxi.complaints.permissions import Verb
from guanxi.complaints.services import steps
from guanxi.complaints.states import Act, Liability
from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid, words_of
from guanxi.records import services as records


@dataclass(frozen=True)
class Verdict:
    """Whether somebody is at fault, who, what he is fined, and what whoever was late is fined."""

    liability: str
    words: str
    liable: str = ""
    fine: Decimal | None = None
    late_fine: Decimal | None = None


def judge(*, actor: Actor, complaint_id: int, verdict: Verdict, at: datetime.datetime) -> Complaint:
    """Judge whether somebody is at fault for a complaint whose cause is named: locks, checks that it is the actor's to
    judge by his role and the angle, and that fines are those of the process; writes, notes it, audits. Once.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor judges no complaints there.
    :raises Conflict: it is judged, its cause is not named, it was not valid, or other roles judge this angle.
    :raises Invalid: no verdict or reason, nobody named who is at fault, or a fine that cannot be.
    """
    said = words_of(verdict.words, message=_("Say why."))
    if verdict.liability not in Liability.values:
        raise Invalid(_("Choose one of the values offered."), field="liability")
    with db.atomic():
        row = steps.locked(actor, complaint_id)
        check(actor, Verb.JUDGE, row.outlet_id)
        _refuse(actor, row)
        _refuse_fines(row, verdict, at)
        before = steps.plain(row)
        row.liability, row.liable = verdict.liability, verdict.liable.strip()[:160]
        row.fine, row.late_fine = verdict.fine, verdict.late_fine
        row.judged_at, row.judged_by = at, actor.name[:160]
        steps.say(actor, row, Act.JUDGED, f"{row.get_liability_display()}: {said}", at)
        row.save()
        told = {
            "liability": row.liability, "liable": row.liable, "fine": _text(row.fine),
            "late_fine": _text(row.late_fine), "words": said,
        }  # fmt: skip
        records.audit(actor=actor, verb=Verb.JUDGE, **steps.line(row, before, told))
    return row


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def may_judge(actor: Actor, row: Complaint) -> bool:
    """Say whether the roles of an actor judge complaints of this angle at its outlet."""
    roles = row.process.judges.get(row.angle, ())
    held = {grant.role for grant in actor.grants if grant.reaches(row.outlet_id)}
    return actor.can(Verb.JUDGE, row.outlet_id) and (not roles or bool(held & set(roles)))


def is_ripe(row: Complaint) -> bool:
    """Say whether a complaint can be judged as it stands; one query."""
    is_judged, was_invalid = bool(row.liability), row.is_valid is False
    return not (is_judged or was_invalid) and Round.objects.filter(complaint=row, cause__isnull=False).exists()


def _refuse(actor: Actor, row: Complaint) -> None:
    if row.liability:
        raise Conflict(_("It is judged already."))
    if not is_ripe(row):
        raise Conflict(_("Only what is valid and whose cause is named can be judged."))
    if not may_judge(actor, row):
        raise Conflict(_("Complaints of this angle are judged by other roles."))


def was_late(row: Complaint, at: datetime.datetime) -> bool:
    """Say whether the first contact or the first solution came too late (AMB-28); one query."""
    first = Round.objects.get(complaint=row, number=1)
    return policy.was_late(row.contact_due_at, row.contacted_at, at) or policy.was_late(
        row.solve_due_at, first.resolved_at, at
    )


def _refuse_fines(row: Complaint, verdict: Verdict, at: datetime.datetime) -> None:
    process, is_liable = row.process, verdict.liability == Liability.RESPONSIBLE
    if is_liable and not verdict.liable.strip():
        raise Invalid(_("Say who is at fault."), field="liable")
    if verdict.fine is not None and not is_liable:
        raise Invalid(_("Who is not at fault is not fined."), field="fine")
    if not policy.fits_fine(verdict.fine, process.fine_least, process.fine_most):
        raise Invalid(_("The process of this complaint does not allow such a fine."), field="fine")
    if verdict.late_fine is None:
        return
    if verdict.late_fine != process.fine_late:
        raise Invalid(_("The process of this complaint does not allow such a fine."), field="late_fine")
    if not was_late(row, at):
        raise Invalid(_("Nothing was late."), field="late_fine")
