"""The people of a team: who can work where, who is away, what each has on the table and what came of it."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Membership, User
from guanxi.access.queries import current
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Invalid, NotFound
from guanxi.network.models import Ancestry, Node
from guanxi.network.states import Kind
from guanxi.worklist.models import Absence, Task
from guanxi.worklist.permissions import Verb
from guanxi.worklist.policy.loads import Away
from guanxi.worklist.states import LIVE, Result, State, kinds

MONTH = datetime.timedelta(days=30)
WORKERS = """
SELECT DISTINCT m.user_id FROM access_membership m
JOIN access_role r ON r.code = m.role_id AND r.is_current AND %(verb)s = ANY (r.verbs)
JOIN access_user u ON u.id = m.user_id AND u.is_active AND u.kind = 'PERSON'
WHERE m.valid_from <= %(day)s AND (m.valid_to IS NULL OR m.valid_to > %(day)s)
  AND m.node_id IN (
    SELECT ancestor_id FROM network_ancestry WHERE descendant_id = %(node)s AND during @> %(day)s
    UNION ALL
    SELECT descendant_id FROM network_ancestry WHERE ancestor_id = %(node)s AND during @> %(day)s
  )
"""


def workers(node_id: int, day: datetime.date) -> frozenset[int]:
    """Return who can work on the tasks of a place: those who work there, above it or in its departments; one query."""
    with connection.cursor() as cursor:
        cursor.execute(WORKERS, {"verb": str(Verb.WORK), "node": node_id, "day": day})
        return frozenset(row[0] for row in cursor.fetchall())


def below(node_id: int, day: datetime.date) -> Q:
    """The condition that a task lies at a place or below it on a day."""
    return Q(node_id__in=Ancestry.objects.filter(ancestor_id=node_id, during__contains=day).values("descendant_id"))


def staff(node: Node, day: datetime.date) -> list[User]:
    """Return who works at a place or in its departments and can work on tasks, by name; two queries.

    The people of outlets are the team of their outlet, not of the branch.
    """
    inside = ["UNIT"] if node.kind in {Kind.OUTLET, Kind.UNIT} else ["DEPARTMENT", "CALL_CENTRE"]
    near = Ancestry.objects.filter(Q(depth=0) | Q(descendant__kind__in=inside), ancestor=node, during__contains=day)
    rows = Membership.objects.filter(
        node_id__in=near.values("descendant_id"), role__verbs__contains=[str(Verb.WORK)]
    )  # fmt: skip
    people = User.objects.filter(pk__in=current(rows, day).values("user_id"), is_active=True, kind=User.Kind.PERSON)
    return list(people.order_by("name", "pk")[:200])


def at_place(node_id: int, day: datetime.date) -> list[User]:
    """Return who can work on the tasks of a place, by name, as far as row-level security shows them; two queries."""
    return list(User.objects.filter(pk__in=workers(node_id, day)).order_by("name", "pk")[:200])


def common_place(actor: Actor, person_id: int, day: datetime.date) -> int:
    """Return the first place at which a person works and the actor may write tasks; one query.

    :raises Invalid: there is none.
    """
    rows = current(Membership.objects.filter(user_id=person_id, role__verbs__contains=[str(Verb.WORK)]), day)
    for node_id in rows.order_by("pk").values_list("node_id", flat=True):
        if actor.can(Verb.ADD_TASK, node_id):
            return node_id
    raise Invalid(_("You may not write tasks where this person works."), field="owner")


def away(day: datetime.date) -> list[Away]:
    """Return the absences of a day, as far as row-level security shows them; one query."""
    rows = Absence.objects.filter(first_day__lte=day, last_day__gte=day, is_over=False)
    return [Away(row.person_id, row.first_day, row.last_day, row.deputy_id) for row in rows]


def absences(actor: Actor, day: datetime.date) -> list[Absence]:
    """Return the present and coming absences of the actor and, where he keeps them, of colleagues; one query."""
    rows = Absence.objects.filter(last_day__gte=day, is_over=False).select_related("person", "deputy")
    if not actor.can_everywhere(Verb.MANAGE_ABSENCE):
        kept = _where(actor, Verb.MANAGE_ABSENCE)
        rows = rows.filter(Q(person_id=actor.person_id) | Q(deputy_id=actor.person_id) | Q(person_id__in=kept))
    return list(rows.order_by("first_day", "pk")[:200])


def _where(actor: Actor, verb: str) -> Any:
    """The people who work where the actor holds a verb."""
    return Membership.objects.filter(db.among("node_id", actor.where(verb) or frozenset())).values("user_id")


def leads(actor: Actor, person_id: int, verb: str, day: datetime.date) -> bool:
    """Say whether a person works where the actor holds a verb; one query."""
    if actor.can_everywhere(verb):
        return True
    return current(Membership.objects.filter(user_id=person_id, user_id__in=_where(actor, verb)), day).exists()


def absence(actor: Actor, pk: int, day: datetime.date) -> Absence:
    """Return an absence that the actor keeps.

    :raises NotFound: there is none, or not for this actor.
    """
    row = Absence.objects.filter(pk=pk, is_over=False).first()
    if row is None or not keeps(actor, row.person_id, day):
        raise NotFound
    return row


def keeps(actor: Actor, person_id: int, day: datetime.date) -> bool:
    """Say whether the actor keeps the absences of a person: his own, or those of people at his places; one query."""
    return (person_id == actor.user_id and actor.can(Verb.WORK)) or leads(actor, person_id, Verb.MANAGE_ABSENCE, day)


def kept(actor: Actor, rows: Iterable[Absence], day: datetime.date) -> frozenset[int]:
    """Return which of these absences the actor keeps; one query."""
    held = list(rows)
    if actor.can_everywhere(Verb.MANAGE_ABSENCE):
        return frozenset(row.pk for row in held)
    where = actor.where(Verb.MANAGE_ABSENCE) or frozenset()
    led = Membership.objects.filter(db.among("node_id", where), user_id__in=[row.person_id for row in held])
    known = set(current(led, day).values_list("user_id", flat=True))
    if actor.user_id and actor.can(Verb.WORK):
        known.add(actor.user_id)
    return frozenset(row.pk for row in held if row.person_id in known)


def colleagues(actor: Actor, day: datetime.date) -> list[User]:
    """Return who works where the actor works, by name: those to whom work can be given; two queries."""
    homes = [grant.node_id for grant in actor.grants]
    here = Ancestry.objects.filter(descendant_id__in=homes, depth__lte=1, during__contains=day).values("ancestor_id")
    near = Ancestry.objects.filter(ancestor_id__in=[*homes, *here.values_list("ancestor_id", flat=True)], depth__lte=1)
    rows = current(Membership.objects.filter(node_id__in=near.values("descendant_id")), day)
    people = User.objects.filter(pk__in=rows.values("user_id"), is_active=True, kind=User.Kind.PERSON)
    return list(people.order_by("name", "pk")[:200])


def loads(person_ids: Iterable[int]) -> dict[int, int]:
    """Return the open weight of people; one query."""
    wanted = list(person_ids)
    rows = Task.objects.filter(owner_id__in=wanted, state__in=LIVE).values("owner_id").annotate(n=Sum("weight"))
    return dict.fromkeys(wanted, 0) | {row["owner_id"]: row["n"] for row in rows.order_by()}


@dataclass
class Line:
    """What a person of the team, or nobody yet, has on the table; and what came of the last 30 days."""

    person: User | None
    open: int = 0
    weight: int = 0
    late: int = 0
    today: int = 0
    done: int = 0
    skipped: int = 0
    expired: int = 0
    in_time: int = 0
    away_until: datetime.date | None = None
    takes_part: bool = False
    outcomes: dict[str, int] = field(default_factory=dict)


def team(
    actor: Actor, node: Node, *, at: datetime.datetime, day: datetime.date, day_ends: datetime.datetime
) -> list[Line]:
    """Return each person of a place and below with his load, and first what nobody has yet; six queries.

    Who holds a role for which work waits is marked to take part when it is shared out.
    """
    people = staff(node, day)
    lines: dict[int, Line] = {0: Line(None)} | {person.pk: Line(person) for person in people}
    rows = Task.objects.filter(below(node.pk, day))
    where = actor.where(Verb.VIEW_TEAM)
    if where is not None:
        rows = rows.filter(db.among("node_id", where))
    late, today = Q(due_at__lt=at), Q(due_at__gte=at, due_at__lt=day_ends)
    held = rows.filter(state__in=LIVE).values("owner_id").order_by()
    for row in held.annotate(
        n=Count("pk"), w=Sum("weight"), late=Count("pk", filter=late), today=Count("pk", filter=today)
    ):
        line = lines.get(row["owner_id"] or 0)
        if line:
            line.open, line.weight, line.late, line.today = row["n"], row["w"], row["late"], row["today"]
    _add_ended(lines, rows.filter(finished_at__gte=at - MONTH, finished_at__lte=at))
    for absent in away(day):
        if absent.person in lines:
            lines[absent.person].away_until = absent.last
    for person_id in _fitting(rows, lines, day):
        lines[person_id].takes_part = lines[person_id].away_until is None
    return list(lines.values())


@dataclass(frozen=True)
class Below:
    """What is open at a place under another, all of it together."""

    node: Node
    open: int
    late: int


BELOW = """
SELECT a.ancestor_id, count(*), count(*) FILTER (WHERE t.due_at < %s)
FROM network_ancestry a JOIN worklist_task t ON t.node_id = a.descendant_id AND t.state IN ('OPEN', 'CLAIMED')
WHERE a.ancestor_id = ANY (%s) AND a.during @> %s GROUP BY a.ancestor_id
"""


def places_below(actor: Actor, node: Node, *, at: datetime.datetime, day: datetime.date) -> list[Below]:
    """Return the places directly under one where the actor sees the team, the latest work first; two queries."""
    rows = Ancestry.objects.filter(ancestor=node, depth=1, during__contains=day).select_related("descendant")
    rows = rows.exclude(descendant__kind__in=[Kind.UNIT, Kind.PARTNER])
    nodes = [row.descendant for row in rows if actor.can(Verb.VIEW_TEAM, row.descendant_id)]
    with connection.cursor() as cursor:
        cursor.execute(BELOW, [at, [place.pk for place in nodes], day])
        counts = {pk: (held, late) for pk, held, late in cursor.fetchall()}
    found = [Below(place, *counts.get(place.pk, (0, 0))) for place in nodes]
    return sorted(found, key=lambda item: (-item.late, -item.open, item.node.code))


def _fitting(rows: Any, person_ids: Iterable[int], day: datetime.date) -> list[int]:
    """Return who of some people holds a role for which work waits; one query."""
    roles = rows.filter(state__in=LIVE, owner=None).values("role_id")
    held = current(Membership.objects.filter(user_id__in=list(person_ids), role_id__in=roles), day)
    return list(held.values_list("user_id", flat=True).distinct())


def _add_ended(lines: dict[int, Line], rows: Any) -> None:
    """Count what ended, by who ended it; one query."""
    in_time = Count("pk", filter=Q(finished_at__lte=F("first_due_at")))
    found = rows.values("finished_by_id", "state", "outcome").annotate(n=Count("pk"), in_time=in_time).order_by()
    for row in found:
        line = lines.get(row["finished_by_id"] or 0)
        if line is None:
            continue
        if row["state"] == State.DONE:
            line.done += row["n"]
            line.in_time += row["in_time"]
            line.outcomes[row["outcome"]] = line.outcomes.get(row["outcome"], 0) + row["n"]
        elif row["state"] == State.SKIPPED:
            line.skipped += row["n"]
        else:
            line.expired += row["n"]


def recipients(
    node_ids: Iterable[int], *, above: str, kinds: Iterable[str], roles: Iterable[str], day: datetime.date
) -> dict[int, list[int]]:
    """Return for each place who holds one of ``roles`` at, or in a department of, the place of kind ``above`` over it;
    one query.
    """
    sql = """
SELECT up.descendant_id, array_agg(DISTINCT m.user_id)
FROM network_ancestry up JOIN network_node top ON top.id = up.ancestor_id AND top.kind = %s
JOIN network_ancestry down ON down.ancestor_id = up.ancestor_id AND down.during @> %s
JOIN network_node held ON held.id = down.descendant_id AND held.kind = ANY (%s)
JOIN access_membership m ON m.node_id = held.id AND m.role_id = ANY (%s)
  AND m.valid_from <= %s AND (m.valid_to IS NULL OR m.valid_to > %s)
JOIN access_user u ON u.id = m.user_id AND u.is_active
WHERE up.descendant_id = ANY (%s) AND up.during @> %s GROUP BY up.descendant_id
"""
    found: dict[int, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(sql, [above, day, list(kinds), list(roles), day, day, list(node_ids), day])
        for node, people in cursor.fetchall():
            found[node] = sorted(people)
    return found


def outcome_label(code: str) -> str:
    """Return what an outcome is called, whatever kind of task it ended."""
    for kind in kinds().values():
        label = dict(kind.outcomes).get(code)
        if label is not None:
            return str(label)
    return str(dict(Result.choices).get(code, code))
