"""Reads of the network. Each starts from what the actor may see."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import NotFound
from guanxi.network.models import Ancestry, ImportRun, Node, OfferedService, OpeningHours, Placement
from guanxi.network.permissions import Verb
from guanxi.network.states import Kind


@dataclass(frozen=True)
class Step:
    """One place on the way up."""

    id: int
    code: str
    kind: str
    name: str


@dataclass
class Branching:
    """A node of the tree with what hangs below it."""

    node: Node
    children: int
    outlets: int


@dataclass
class Week:
    """The opening hours of one desk: seven days of (opens, closes) pairs."""

    desk: str
    label: str
    days: list[list[tuple[datetime.time, datetime.time]]] = field(default_factory=lambda: [[] for _ in range(7)])


def visible_to(actor: Actor) -> QuerySet[Node]:
    """Return the nodes that the actor may see: those in scope and the names on the way up."""
    where = actor.where(Verb.VIEW)
    if where is None:
        return Node.objects.all()
    return Node.objects.filter(db.among("pk", where | actor.scope.above if where else ()))


def node(actor: Actor, pk: int) -> Node:
    """Return one visible node with its profile.

    :raises NotFound: it does not exist or is not visible.
    """
    found = visible_to(actor).select_related("profile").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def outlets(actor: Actor) -> QuerySet[Node]:
    """Return the visible outlets with their profiles; closed ones too."""
    return visible_to(actor).filter(kind=Kind.OUTLET).select_related("profile")


def open_on(rows: QuerySet[Node], day: datetime.date) -> QuerySet[Node]:
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)


def under(rows: QuerySet[Node], ancestor_id: int, day: datetime.date) -> QuerySet[Node]:
    """Keep the nodes that stand below ``ancestor_id`` on ``day``."""
    below = Ancestry.objects.filter(
        ancestor_id=ancestor_id, descendant_id=OuterRef("pk"), depth__gt=0, during__contains=day
    )
    return rows.filter(Exists(below))


def ways_up(actor: Actor, node_ids: Iterable[int], day: datetime.date) -> dict[int, list[Step]]:
    """Return for each node the places above it on ``day``, from the top down; one query."""
    visible = visible_to(actor)
    rows = (
        Ancestry.objects.filter(descendant_id__in=list(node_ids), depth__gt=0, during__contains=day)
        .filter(ancestor_id__in=visible.values("pk"))
        .select_related("ancestor")
        .order_by("-depth", "ancestor__code")
    )
    ways: dict[int, list[Step]] = defaultdict(list)
    for row in rows:
        above = row.ancestor
        ways[row.descendant_id].append(Step(above.pk, above.code, above.kind, above.name))
    return ways


def branches(actor: Actor, verb: str, day: datetime.date) -> list[Node]:
    """Return the branches open on a day where the actor holds a verb, to choose from; one query."""
    where = actor.where(verb)
    rows = open_on(visible_to(actor).filter(kind=Kind.BRANCH), day).order_by("code")[:200]
    return [row for row in rows if where is None or row.pk in where]


def branch_names(actor: Actor, node_ids: Iterable[int], day: datetime.date) -> dict[int, str]:
    """Return for each node the names of the branches above it on a day; one query."""
    ways = ways_up(actor, node_ids, day)
    return {pk: ", ".join(step.name for step in steps if step.kind == Kind.BRANCH) for pk, steps in ways.items()}


def names(actor: Actor, node_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of visible nodes by id."""
    return {row.pk: row.name for row in visible_to(actor).filter(pk__in=list(node_ids))}


def children(actor: Actor, parent_id: int | None, day: datetime.date) -> list[Branching]:
    """Return what stands directly under a node on ``day`` (None: the visible tops), with counts."""
    visible = visible_to(actor)
    if parent_id is None:
        upper = Placement.objects.filter(child_id=OuterRef("pk"), during__contains=day)
        rows = visible.filter(~Exists(upper.filter(parent_id__in=visible.values("pk"))))
    else:
        here = Placement.objects.filter(child_id=OuterRef("pk"), parent_id=parent_id, during__contains=day)
        rows = visible.filter(Exists(here))
    nodes = list(open_on(rows, day).order_by("kind", "code"))
    below = _counts_below([row.pk for row in nodes], day)
    return [Branching(row, *below.get(row.pk, (0, 0))) for row in nodes]


def _counts_below(node_ids: list[int], day: datetime.date) -> dict[int, tuple[int, int]]:
    rows = (
        Ancestry.objects.filter(ancestor_id__in=node_ids, depth__gt=0, during__contains=day)
        .values("ancestor_id")
        .annotate(direct=Count("pk", filter=Q(depth=1)), outlets=Count("pk", filter=Q(descendant__kind=Kind.OUTLET)))
    )
    return {row["ancestor_id"]: (row["direct"], row["outlets"]) for row in rows}


def placements(actor: Actor, node_id: int) -> list[Placement]:
    """Return where a visible node stood, stands and will stand, newest first."""
    node(actor, node_id)
    rows = Placement.objects.filter(child_id=node_id).select_related("parent")
    return sorted(rows, key=lambda row: row.during.lower, reverse=True)


def hours(actor: Actor, node_id: int) -> list[Week]:
    """Return the opening hours of a visible node, one week a desk."""
    node(actor, node_id)
    weeks = {value: Week(value, str(label)) for value, label in OpeningHours.Desk.choices}
    for row in OpeningHours.objects.filter(node_id=node_id).order_by("weekday", "opens"):
        weeks[row.desk].days[row.weekday].append((row.opens, row.closes))
    return [week for week in weeks.values() if any(week.days)]


def by_province(rows: QuerySet[Node]) -> dict[str, int]:
    """Count outlets by province code."""
    counts = rows.exclude(profile__province="").values("profile__province").annotate(n=Count("pk")).order_by()
    return {row["profile__province"]: row["n"] for row in counts}


def counts(actor: Actor, day: datetime.date) -> dict[str, int]:
    """Count the open nodes in scope by kind, and sales, service and key outlets; two queries.

    The places above the scope are seen by name but not counted: they are not the actor's.
    """
    where = actor.where(Verb.VIEW)
    rows = Node.objects.all() if where is None else Node.objects.filter(db.among("pk", where))
    rows = open_on(rows, day)
    result = {row["kind"]: row["n"] for row in rows.values("kind").annotate(n=Count("pk")).order_by()}
    flags = rows.filter(kind=Kind.OUTLET).aggregate(
        sells=Count("pk", filter=Q(profile__sells=True)),
        serves=Count("pk", filter=Q(profile__serves=True)),
        key=Count("pk", filter=Q(profile__is_key=True)),
    )
    return {**result, **flags}


def unit_functions(actor: Actor, node_id: int, day: datetime.date) -> list[str]:
    """Return the functions of the departments below an outlet on ``day``."""
    rows = open_on(under(visible_to(actor), node_id, day), day).filter(kind=Kind.UNIT)
    return list(rows.values_list("function", flat=True))


def possible_parents(actor: Actor, kinds: Iterable[str], verb: str) -> QuerySet[Node]:
    """Return the open nodes of these kinds at which the actor holds ``verb``."""
    rows = open_on(Node.objects.filter(kind__in=list(kinds)), clock.today()).order_by("kind", "code")
    where = actor.where(verb)
    return rows if where is None else rows.filter(db.among("pk", where))


def services() -> QuerySet[OfferedService]:
    return OfferedService.objects.filter(is_current=True).order_by("position", "code")


def import_run(actor: Actor, pk: int) -> ImportRun:
    """Return the actor's own import.

    :raises NotFound: there is none of this number.
    """
    check(actor, Verb.IMPORT_NETWORK)
    run = ImportRun.objects.filter(pk=pk, person_id=actor.user_id).first()
    if run is None:
        raise NotFound
    return run
