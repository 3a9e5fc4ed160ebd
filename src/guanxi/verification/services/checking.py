"""Recording what a call found of a record (INFO-27, INFO-28, INFO-31)."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from guanxi.customers.permissions import Verb as Customers
from guanxi.customers.services import noting
from guanxi.customers.states import Verification
from guanxi.foundation import db, events
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Invalid, Problem
from guanxi.records import services as records
from guanxi.verification import policy
from guanxi.verification.events import RecordChecked
from guanxi.verification.models import Check, Line
from guanxi.verification.permissions import Verb
from guanxi.verification.queries import record as reading
from guanxi.verification.queries.record import Compared, Subject
from guanxi.verification.services import ordering
from guanxi.verification.services.ordering import NewOrder
from guanxi.verification.services.steps import SHORT
from guanxi.verification.states import Found, Said, Verdict

FLAWS = {
    "unknown": _("This field is not verified here."),
    "open": _("Say whether it is right, wrong or not asked."),
    "silent": _("Say what the customer says instead."),
    "empty": _("The record is empty here: what is right, says the customer?"),
}
MARKS = {Verdict.VALID: Verification.VALID, Verdict.INVALID: Verification.INVALID}


def prefix(code: str) -> str:
    """Return the name under which a refusal of a field goes."""
    return f"record.{code}"


@dataclass(frozen=True)
class NewCheck:
    """What a call found: of which subject, recorded with which call and at which place; of one that broke off the
    rest counts as not asked.
    """

    subject: Subject
    call_id: int
    place_id: int
    said: Mapping[str, Said]
    is_broken_off: bool = False


def record_check(*, actor: Actor, new: NewCheck, at: datetime.datetime) -> Check | None:
    """Write what a call found, in the transaction of the call: checks the right, refuses what is not said, decides
    what the check says of record and repair, writes it unless nothing was asked, marks the customer's record as valid
    or invalid, orders the correction of what is wrong, audits, publishes RecordChecked. The record is not changed.

    :raises NotAllowed: the actor verifies no records at this place.
    :raises Invalid: a field is left open, wrong without words, or right although it is empty.
    """
    check(actor, Verb.CHECK, new.place_id)
    rows = reading.compared(new.subject)
    if new.is_broken_off:
        new = replace(new, said=policy.rest_not_asked([row.field.pk for row in rows], new.said))
    _refuse(rows, new.said)
    if all(one.found == Found.NOT_ASKED for one in new.said.values()):
        return None
    with db.atomic():
        made = _written(actor, new, rows, at)
        mark = MARKS.get(Verdict(made.verdict))
        if mark is not None and actor.can(Customers.VERIFY, made.outlet_id):
            noting.verify(actor=actor, customer_id=made.customer_id, verification=mark, at=at)
        _order(actor, made, rows, new.said, at)
        records.audit(
            actor=actor, verb=Verb.CHECK, subject_type="verification.check", subject_id=made.pk,
            subject_label=new.subject.customer.name, node_id=made.outlet_id,
            after={"verdict": made.verdict, "truth": made.truth, "asked": made.asked, "wrong": made.wrong},
        )  # fmt: skip
        events.publish(RecordChecked(made.pk, made.customer_id, made.outlet_id, made.verdict, made.truth))
    return made


def _refuse(rows: Sequence[Compared], said: Mapping[str, Said]) -> None:
    held = {row.field.pk: row.shown for row in rows}
    found = policy.flaws(list(held), said, held)
    if found:
        raise Invalid(problems=[Problem(FLAWS[flaw.what], prefix(flaw.field)) for flaw in found])


def _written(actor: Actor, new: NewCheck, rows: Sequence[Compared], at: datetime.datetime) -> Check:
    subject = new.subject
    found = {code: one.found for code, one in new.said.items()}
    weights = {row.field.pk: row.field.truth for row in rows if row.field.truth}
    every = [field.pk for field in reading.fields().values() if field.is_basic]
    made = Check.objects.create(
        call_id=new.call_id, occasion=subject.occasion, outlet_id=subject.outlet_id, place_id=new.place_id,
        customer=subject.customer, vehicle=subject.vehicle, visit=subject.visit,
        verdict=policy.verdict(every, found), truth=policy.truth(weights, found) if subject.visit else "",
        asked=sum(result != Found.NOT_ASKED for result in found.values()),
        wrong=[row.field.pk for row in rows if found[row.field.pk] == Found.WRONG],
        checked_at=at, checked_by_id=actor.user_id, checked_by=actor.name[:160],
    )  # fmt: skip
    Line.objects.bulk_create(
        Line(
            check_of=made, field=row.field, shown=row.shown, digest=row.digest, found=found[row.field.pk],
            said=new.said[row.field.pk].words.strip()[:SHORT],
        )
        for row in rows
    )  # fmt: skip
    return made


def _order(
    actor: Actor, made: Check, rows: Sequence[Compared], said: Mapping[str, Said], at: datetime.datetime
) -> None:  # fmt: skip
    wrong = [row for row in rows if row.field.pk in made.wrong and row.field.is_corrected]
    if not wrong:
        return
    words = "\n".join(f"{row.field.name_zh}：{said[row.field.pk].words.strip()[:SHORT]}" for row in wrong)
    new = NewOrder(made.outlet_id, made.customer_id, words, f"check-{made.pk}", made.vehicle_id)
    ordering.issue(actor=actor, new=new, occasion=made.occasion, found=made, at=at)
