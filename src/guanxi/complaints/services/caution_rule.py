"""The rule that proposes a caution when a complaint is taken in: complained again and again, or extreme (CC-09)."""

import datetime

from django.utils.translation import gettext as _

from guanxi.complaints import policy
from guanxi.complaints.models import Caution, Complaint, Sign
from guanxi.complaints.queries import cautions
from guanxi.complaints.services import cautioning
from guanxi.complaints.services.cautioning import NewCaution
from guanxi.complaints.states import CautionReason, Kind
from guanxi.foundation import db
from guanxi.foundation.actor import Actor


def follow(*, actor: Actor, row: Complaint, signs: list[str], at: datetime.datetime) -> Caution | None:
    """Propose a caution about whoever complained, if the process of the complaint says so of the signs that were just
    found or of how often he complained here; in the caller's transaction. Looks, writes it with the task of its review,
    audits. None: it says nothing, or there is one already. Once one ended, only later complaints count.
    """
    process = row.process
    if row.customer_id is None or row.kind != Kind.COMPLAINT or not (process.caution_after or process.caution_signs):
        return None
    since, held = at - datetime.timedelta(days=process.caution_days), list[Complaint]()
    if process.caution_after:
        held = cautions.complained(row.customer_id, row.outlet_id, since)
    reason = policy.why_careful(
        signs=signs, asked_signs=process.caution_signs, many=len(held), after=process.caution_after
    )
    if reason is None:
        return None
    new = NewCaution(row.customer_id, row.outlet_id, reason, _words(row, reason, signs, held), row.pk, is_by_rule=True)
    db.widen(row.outlet_id)
    return None if cautioning.hold(new) else cautioning.write(actor=actor, new=new, at=at)


def _words(row: Complaint, reason: CautionReason, signs: list[str], held: list[Complaint]) -> str:
    if reason == CautionReason.EXTREME:
        found = Sign.objects.filter(pk__in=set(signs) & set(row.process.caution_signs)).order_by("pk")
        return _("%(number)s shows signs of: %(signs)s.") % {
            "number": row.number, "signs": ", ".join(sign.name for sign in found),
        }  # fmt: skip
    return _("%(many)s complaints within %(days)s days: %(numbers)s.") % {
        "many": len(held), "days": row.process.caution_days, "numbers": cautions.named(held),
    }  # fmt: skip
