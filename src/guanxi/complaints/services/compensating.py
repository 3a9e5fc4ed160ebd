"""What a customer is given for his trouble, and up to which amount who may say so."""

import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from guanxi.complaints import policy
from guanxi.complaints.models import Complaint
from guanxi.complaints.permissions import Verb
from guanxi.complaints.services import steps
from guanxi.complaints.states import Act, State
from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Invalid, words_of
from guanxi.records import services as records


def approve(
    *, actor: Actor, complaint_id: int, amount: Decimal, words: str, at: datetime.datetime
) -> Complaint:  # fmt: skip
    """Approve a compensation up to an amount within one's own limit: locks, checks, writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not approve compensation there.
    :raises Conflict: it is resolved or closed.
    :raises Invalid: no reason, or an amount beyond the limit of the actor's roles.
    """
    said = words_of(words, message=_("Say why."))
    with db.atomic():
        row = steps.locked(actor, complaint_id)
        check(actor, Verb.APPROVE, row.outlet_id)
        steps.need(row, State.RECEIVED, State.ANALYSING, State.RESOLVING)
        _refuse(amount, limit_of(actor, row), "amount")
        before = steps.plain(row)
        row.approved, row.approved_by = amount, actor.name[:160]
        steps.say(actor, row, Act.APPROVED, f"{amount:,.2f}: {said}", at)
        row.save()
        records.audit(actor=actor, verb=Verb.APPROVE, **steps.line(row, before, {"amount": str(amount), "words": said}))
    return row


def limit_of(actor: Actor, row: Complaint) -> Decimal:
    """Return up to which amount an actor may compensate by the roles that he holds over the outlet."""
    roles = [grant.role for grant in actor.grants if grant.reaches(row.outlet_id)]
    return policy.limit_of(row.process.limits, roles)


def refuse_beyond(actor: Actor, row: Complaint, amount: Decimal) -> None:
    """Refuse a compensation beyond what the actor may decide and what was approved.

    :raises Invalid: it is, or it is none.
    """
    _refuse(amount, max(limit_of(actor, row), row.approved or policy.NOTHING), "compensation")


def _refuse(amount: Decimal, limit: Decimal, field: str) -> None:
    if amount < 0:
        raise Invalid(_("An amount is not below zero."), field=field)
    if amount > limit:
        raise Invalid(
            _("Beyond %(limit)s yuan, which you may decide; let somebody approve it first.")
            % {"limit": f"{limit:,.0f}"},
            field=field,
        )
