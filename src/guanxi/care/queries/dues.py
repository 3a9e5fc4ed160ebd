"""Which rounds are due on a day, at which outlets and until when."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Max
from django.utils import timezone

from guanxi.care.models import CheckList
from guanxi.care.permissions import Verb
from guanxi.care.policy import checklists as policy
from guanxi.care.queries import checklists, rounds
from guanxi.foundation.actor import Actor
from guanxi.worklist.queries import calendars


@dataclass(frozen=True)
class Due:
    """A list that is due at an outlet until a moment; with the number of its round once that was written."""

    list: CheckList
    outlet_id: int
    due_at: datetime.datetime
    round_id: int = 0
    is_filed: bool = False

    def asked(self, round_id: int, *, is_filed: bool) -> "Due":
        return replace(self, round_id=round_id, is_filed=is_filed)


def due_on(actor: Actor, day: datetime.date) -> list[Due]:
    """Return what is due on a day at the outlets in sight whose calendar has it as a working day; nine queries, or
    ten, whatever the number of outlets and lists.
    """
    lists = checklists.in_force(actor, day)
    outlets = list(checklists.places(actor, Verb.VIEW_ROUNDS, day))
    rare = [row.code for row in lists if row.every > 1]
    hours = calendars.openings([outlet.pk for outlet in outlets], day - policy.BACK if rare else day, day)
    before = _before(actor, rare, day)
    held = checklists.held_at(actor, lists, outlets, day)
    found = []
    for outlet in outlets:
        worked = hours[outlet.pk]
        if day not in worked:
            continue
        for row in held[outlet.pk]:
            if policy.is_due(row.rhythm, day, worked, before.get((row.code, outlet.pk))):
                wanted = timezone.make_aware(datetime.datetime.combine(day, row.by))
                found.append(Due(row, outlet.pk, policy.due_at(wanted, *worked[day])))
    return found


def _before(actor: Actor, codes: Iterable[str], day: datetime.date) -> dict[tuple[str, int], datetime.date]:
    """Return when lists were due last at outlets, before a day; one query."""
    rows = rounds.visible_to(actor).filter(
        code__in=list(codes), day__lt=day, day__gte=day - policy.BACK, due_at__isnull=False
    )
    last = rows.values_list("code", "outlet_id").annotate(last=Max("day"))
    return {(code, outlet): found for code, outlet, found in last}
