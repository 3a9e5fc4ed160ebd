"""Reads of people and rights, and the building of the Actor."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from guanxi.access import policy
from guanxi.access.models import Membership, Responsibility, Role, SignInLink, Token, User
from guanxi.access.permissions import Verb
from guanxi.foundation import db
from guanxi.foundation.actor import Actor, Grant, Origin, Scope, check, check_everywhere
from guanxi.foundation.errors import NotFound

# The day nearest to the wanted one on which a place is open: closed places stay with their last parents.
_DAY = "LEAST(GREATEST(%s::date, n.valid_from), COALESCE(n.valid_to - 1, 'infinity'::date))"
_HELD = f"""
SELECT m.node_id, r.code, r.verbs, r.reach, a.ancestor_id, up.kind, a.depth
FROM access_membership m
JOIN access_role r ON r.code = m.role_id AND r.is_current
JOIN network_node n ON n.id = m.node_id
JOIN network_ancestry a ON a.descendant_id = m.node_id AND a.during @> {_DAY}
JOIN network_node up ON up.id = a.ancestor_id
WHERE m.user_id = %s AND m.valid_from <= %s AND (m.valid_to IS NULL OR m.valid_to > %s)
ORDER BY m.id, a.depth
"""  # noqa: S608 -- fixed text
# Below each root all places, and those of them that are outlets; in the last row the places above all roots.
_REACHED = f"""
SELECT a.ancestor_id, array_agg(a.descendant_id), array_agg(a.descendant_id) FILTER (WHERE n.kind = 'OUTLET')
FROM network_ancestry a JOIN network_node n ON n.id = a.descendant_id
WHERE a.ancestor_id = ANY(%s) AND a.during @> {_DAY} GROUP BY a.ancestor_id
UNION ALL
SELECT NULL, array_agg(DISTINCT a.ancestor_id), NULL
FROM network_ancestry a JOIN network_node n ON n.id = a.descendant_id
WHERE a.descendant_id = ANY(%s) AND a.depth > 0 AND a.during @> {_DAY}
"""  # noqa: S608 -- fixed text


@dataclass(frozen=True)
class Reached:
    """What some places reach: below each all places, the outlets among them, and what is above them all."""

    below: Mapping[int, frozenset[int]]
    outlets: frozenset[int]
    above: frozenset[int]


def actor_for(user: User, *, day: datetime.date, origin: Origin, limited_to: frozenset[str] | None = None) -> Actor:
    """Build the Actor of a person or integration on ``day``: two queries, whatever the network's size.

    Runs while the scope still says ``identify``, since what may be seen is just being found out.
    """
    held = _held(user.pk, day)
    reached = reached_by({root for item in held for root in item.anchors if item.reach != "GROUP"}, day)
    grants = tuple(_grant(item, reached.below) for item in held)
    return Actor(
        user_id=user.pk,
        name=user.name,
        grants=grants,
        scope=_scope(grants, reached),
        origin=origin,
        limited_to=limited_to,
        home_id=held[0].node_id if held else None,
    )


def _scope(grants: Sequence[Grant], reached: Reached) -> Scope:
    if any(grant.covers is None for grant in grants):
        return Scope(everything=True, outlets=reached.outlets)
    nodes: frozenset[int] = frozenset().union(*(grant.covers or frozenset() for grant in grants))
    return Scope(nodes=nodes, above=reached.above - nodes, outlets=reached.outlets)


def _held(user_id: int, day: datetime.date) -> list[policy.Held]:
    ways: dict[tuple[int, str], list[tuple[int, str, int]]] = defaultdict(list)
    roles: dict[tuple[int, str], tuple[list[str], str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [day, user_id, day, day])
        for node_id, role, verbs, reach, above, kind, depth in cursor.fetchall():
            ways[node_id, role].append((above, kind, depth))
            roles[node_id, role] = (verbs, reach)
    return [
        policy.Held(node_id, role, frozenset(verbs), reach, policy.anchors(node_id, reach, ways[node_id, role]))
        for (node_id, role), (verbs, reach) in roles.items()
    ]


def _grant(item: policy.Held, below: Mapping[int, frozenset[int]]) -> Grant:
    if item.reach == "GROUP":
        return Grant(item.node_id, item.role, item.verbs, None)
    covers: frozenset[int] = frozenset().union(*(below.get(root, frozenset()) for root in item.anchors))
    return Grant(item.node_id, item.role, item.verbs, covers)


def reached_by(roots: Iterable[int], day: datetime.date) -> Reached:
    """Return every place at or below each root, and those above them; one query."""
    roots = list(roots)
    if not roots:
        return Reached({}, frozenset(), frozenset())
    below: dict[int, frozenset[int]] = {}
    outlets: set[int] = set()
    with connection.cursor() as cursor:
        cursor.execute(_REACHED, [roots, day, roots, day])
        *rows, (_none, above, _no) = cursor.fetchall()
    for root, places, stores in rows:
        below[root] = frozenset(places)
        outlets.update(stores or ())
    return Reached(below, frozenset(outlets), frozenset(above or ()))


def role_covers(role: Role, node_id: int, day: datetime.date) -> frozenset[int] | None:
    """Return what a role would cover if it were held at a node; None is everything."""
    if role.reach == "GROUP":
        return None
    sql = f"""SELECT a.ancestor_id, up.kind, a.depth FROM network_ancestry a
        JOIN network_node n ON n.id = a.descendant_id JOIN network_node up ON up.id = a.ancestor_id
        WHERE a.descendant_id = %s AND a.during @> {_DAY}"""  # noqa: S608 -- fixed text
    with connection.cursor() as cursor:
        cursor.execute(sql, [node_id, day])
        roots = policy.anchors(node_id, role.reach, cursor.fetchall())
    return frozenset().union(*reached_by(roots, day).below.values()) | {node_id}


def current(rows: QuerySet[Membership], day: datetime.date) -> QuerySet[Membership]:
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)


def memberships_visible_to(actor: Actor) -> QuerySet[Membership]:
    """Return the memberships at the places where the actor may see people, and the actor's own."""
    where = actor.where(Verb.VIEW_PEOPLE)
    if where is None:
        return Membership.objects.all()
    return Membership.objects.filter(Q(db.among("node_id", where)) | Q(user_id=actor.user_id))


def visible_to(actor: Actor) -> QuerySet[User]:
    """Return the people who work, or worked, where the actor may see people, and the actor."""
    where = actor.where(Verb.VIEW_PEOPLE)
    if where is None:
        return User.objects.all()
    here = Membership.objects.filter(db.among("node_id", where), user_id=OuterRef("pk"))
    return User.objects.filter(Exists(here) | Q(pk=actor.user_id))


def myself(actor: Actor) -> User:
    return User.objects.get(pk=actor.person_id)


def person(actor: Actor, pk: int) -> User:
    """Return one visible person.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def memberships(actor: Actor, user_id: int) -> list[Membership]:
    """Return a person's visible memberships, the current ones first."""
    rows = memberships_visible_to(actor).filter(user_id=user_id).select_related("role", "node")
    return sorted(rows, key=lambda row: (row.valid_to is not None, row.node.code, row.role.position))


def staff_of(actor: Actor, node_ids: Iterable[int], day: datetime.date) -> list[Membership]:
    """Return who works at these places on ``day``, ordered by role."""
    rows = current(memberships_visible_to(actor).filter(node_id__in=list(node_ids)), day)
    rows = rows.filter(user__is_active=True).select_related("user", "role", "node")
    return list(rows.order_by("role__position", "user__name"))


def roles() -> QuerySet[Role]:
    return Role.objects.filter(is_current=True).order_by("position", "code")


def responsibilities() -> list[Responsibility]:
    rows = Responsibility.objects.select_related("responsible", "accountable", "escalation_role")
    return list(rows.prefetch_related("consulted", "informed").order_by("position", "process"))


def links_visible_to(actor: Actor) -> QuerySet[SignInLink]:
    """Return the open and past links of the places where the actor may invite."""
    where = actor.where(Verb.INVITE)
    rows = SignInLink.objects.select_related("role", "node")
    return rows if where is None else rows.filter(db.among("node_id", where))


def integrations(actor: Actor) -> QuerySet[User]:
    """Return the programs that sign in with tokens; they belong to those who manage them all."""
    check_everywhere(actor, Verb.MANAGE_INTEGRATIONS)
    return User.objects.filter(kind=User.Kind.INTEGRATION)


def integration(actor: Actor, pk: int) -> User:
    """Return one program.

    :raises NotFound: there is none of this number, or it is a person.
    """
    found = integrations(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def check_sign_ins(actor: Actor) -> None:
    """Refuse a token without the right to issue tokens: its owner's sign-ins are not for every program."""
    if actor.limited_to is not None:
        check(actor, Verb.ISSUE_TOKEN)


def sessions(actor: Actor) -> list[UserSession]:
    """Return where the actor is signed in, oldest first; the library forgets the dead ones on the way."""
    check_sign_ins(actor)
    alive: list[UserSession] = UserSession.objects.purge_and_list(User(pk=actor.person_id))
    return sorted(alive, key=lambda row: row.pk)


def tokens(actor: Actor, integration_id: int | None = None) -> QuerySet[Token]:
    """Return the actor's own tokens, or those of an integration that the actor manages."""
    if integration_id is not None:
        return Token.objects.filter(user=integration(actor, integration_id))
    check(actor, Verb.ISSUE_TOKEN)
    return Token.objects.filter(user_id=actor.person_id)


def verbs_of(user_id: int, day: datetime.date) -> frozenset[str]:
    """Return every verb that the roles of a person or integration hold somewhere on ``day``."""
    return frozenset[str]().union(*(item.verbs for item in _held(user_id, day)))
