"""Enrolling many people at once, without invitations."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from guanxi.access.models import Membership, Role, User
from guanxi.access.permissions import Verb
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.errors import NotFound
from guanxi.network.models import Node
from guanxi.records import services as records


@dataclass(frozen=True)
class Newcomer:
    """Somebody who is enrolled without an invitation: by the command line or a migration from elsewhere."""

    username: str
    name: str
    role: str
    node: str


def enrol(
    *, actor: Actor, newcomers: Sequence[Newcomer], password: str, at: datetime.datetime,
    since: datetime.date | None = None,
) -> int:  # fmt: skip
    """Enrol many people at once with one prepared password hash, from a day on (today, unless said otherwise): checks,
    writes set-based, audits each.

    :raises NotFound: a place or role does not exist.
    """
    check_everywhere(actor, Verb.GRANT_ROLE)
    with db.atomic():
        nodes = {node.code: node for node in Node.objects.filter(code__in={item.node for item in newcomers})}
        known = set(Role.objects.filter(pk__in={item.role for item in newcomers}).values_list("pk", flat=True))
        if {item.node for item in newcomers} - set(nodes) or {item.role for item in newcomers} - known:
            raise NotFound
        ids = db.next_id("access_user", len(newcomers))
        rows = list(zip(newcomers, ids, strict=True))
        User.objects.bulk_create(
            User(id=pk, username=item.username, name=item.name, password=password, date_joined=at) for item, pk in rows
        )
        Membership.objects.bulk_create(
            Membership(user_id=pk, role_id=item.role, node=nodes[item.node], valid_from=since or clock.day_of(at))
            for item, pk in rows
        )
        lines = [
            records.Line(pk, item.name, nodes[item.node].pk, None, {"role": item.role, "node": item.node})
            for item, pk in rows
        ]
        records.audit_many(actor=actor, verb=Verb.GRANT_ROLE, subject_type="person", lines=lines)
    return len(rows)
