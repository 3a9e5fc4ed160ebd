"""Who is responsible for what, and by when."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Responsibility, Role
from guanxi.access.permissions import Verb
from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.errors import Invalid, NotFound
from guanxi.records import services as records


def _facts(row: Responsibility) -> dict[str, Any]:
    return {
        "responsible": row.responsible_id, "accountable": row.accountable_id,
        "deadline_hours": row.deadline_hours, "escalation_role": row.escalation_role_id,
        "consulted": sorted(row.consulted.values_list("pk", flat=True)),
        "informed": sorted(row.informed.values_list("pk", flat=True)),
    }  # fmt: skip


def change_responsibility(
    *,
    actor: Actor,
    process: str,
    responsible: str,
    accountable: str,
    consulted: Sequence[str],
    informed: Sequence[str],
    deadline_hours: str,
    escalation_role: str,
) -> Responsibility:
    """Change who answers for a process (ORG-36): checks, locks, writes, audits. A later preset leaves it alone.

    :raises Invalid: a role is unknown, or the deadline is no number of hours.
    """
    check_everywhere(actor, Verb.CHANGE_RESPONSIBILITIES)
    if not deadline_hours.isdecimal() or not 0 < int(deadline_hours) <= 24 * 366:
        raise Invalid(_("The deadline is a number of hours, up to a year."), field="deadline_hours")
    wanted = {responsible, accountable, escalation_role, *consulted, *informed}
    known = set(Role.objects.filter(pk__in=wanted, is_current=True).values_list("pk", flat=True))
    if wanted - known:
        raise Invalid(_("There is no such role."), field="responsible")
    with db.atomic():
        row = Responsibility.objects.select_for_update().filter(pk=process).first()
        if row is None:
            raise NotFound
        before = _facts(row)
        row.responsible_id, row.accountable_id, row.escalation_role_id = (
            responsible,
            accountable,
            escalation_role,
        )
        row.deadline_hours, row.is_changed_here = int(deadline_hours), True
        row.save()
        row.consulted.set(Role.objects.filter(pk__in=consulted))
        row.informed.set(Role.objects.filter(pk__in=informed))
        records.audit(
            actor=actor, verb=Verb.CHANGE_RESPONSIBILITIES, subject_type="responsibility", subject_id=process,
            subject_label=row.name_zh, before=before, after=_facts(row),
        )  # fmt: skip
    return row
