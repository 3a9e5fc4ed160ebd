"""Which desk judges an alarm: the role that leads crises at the branch responsible, or at headquarters."""

import datetime
from dataclasses import dataclass

from guanxi.access.models import Membership, Role
from guanxi.access.queries import current
from guanxi.crisis.permissions import Verb
from guanxi.crisis.queries import choosing
from guanxi.network.models import Ancestry
from guanxi.network.states import Kind


@dataclass(frozen=True)
class Desk:
    """A role at a place."""

    node_id: int
    role: str


def of_place(place_id: int, day: datetime.date) -> Desk | None:
    """Return the desk that judges what happens at a place: going up from it and past its outlet, the first place at
    which a role that answers for crises is held, of those that the responsibilities of crises name; where there is
    none, whoever leads crises at the place itself; three queries.
    """
    duty = choosing.duty()
    if duty is None:
        return None
    wanted = [code for code in (duty.accountable_id, duty.escalation_role_id, duty.responsible_id) if code]
    known = {role.pk: role for role in Role.objects.filter(pk__in=wanted, verbs__contains=[str(Verb.HANDLE)])}
    above = Ancestry.objects.filter(descendant_id=place_id, during__contains=day).order_by("depth")
    for node_id, kind in above.values_list("ancestor_id", "ancestor__kind"):
        fitting = [code for code in wanted if code in known and kind in known[code].kinds]
        if kind not in {Kind.OUTLET, Kind.UNIT} and fitting:
            return Desk(node_id, fitting[0])
    return Desk(place_id, duty.responsible_id)


def above(place_id: int, day: datetime.date) -> list[int]:
    """Return a place and those above it: where the desk may be; one query."""
    rows = Ancestry.objects.filter(descendant_id=place_id, during__contains=day)
    return list(rows.values_list("ancestor_id", flat=True))


def people(desk: Desk, day: datetime.date) -> list[int]:
    """Return who sits at a desk: holds its role at its place or over the whole network; one query."""
    rows = current(Membership.objects.filter(role_id=desk.role, role__is_current=True), day)
    rows = rows.filter(user__is_active=True, user__kind="PERSON")
    here = Ancestry.objects.filter(ancestor_id=desk.node_id, during__contains=day).values("descendant_id")
    return sorted(set(rows.filter(node_id__in=here).values_list("user_id", flat=True)))
