"""The people of the tests: who they are, and where."""

from dataclasses import dataclass

from guanxi.access import queries
from guanxi.access.models import User
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM, Actor, Origin
from guanxi.network.models import Node

NAMES = (
    "hq", "planner", "auditor", "supervisor", "agent", "branch", "office", "gm", "admin", "crm", "callback",
    "showroom", "sales", "service", "advisor", "technician", "parts", "rescue",
)  # fmt: skip


@dataclass(frozen=True)
class Cast:
    """Actors of the demonstration, one per role, and the places they are about."""

    actors: dict[str, Actor]
    outlet_admin: Actor
    stranger: Actor
    group_id: int
    brand_id: int
    branch_id: int
    other_branch_id: int
    office_id: int
    outlet_id: int
    other_outlet_id: int

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.actors[name]
        except KeyError as error:
            raise AttributeError(name) from error


def actor_of(username: str) -> Actor:
    return queries.actor_for(
        User.objects.get(username=username), day=clock.today(), origin=Origin(channel="test", ip="127.0.0.1")
    )


def build() -> Cast:
    """Build the cast; leaves the transaction in the scope of SYSTEM."""
    db.set_scope(SYSTEM)
    ids = dict(Node.objects.values_list("code", "pk"))
    stranger = User.objects.get(memberships__role="outlet_administrator", memberships__node__code="YLHN001")
    return Cast(
        actors={name: actor_of(name) for name in NAMES},
        outlet_admin=actor_of("admin"),
        stranger=actor_of(stranger.username),
        group_id=ids["YUNLING"],
        brand_id=ids["YL"],
        branch_id=ids["YL-HD"],
        other_branch_id=ids["YL-HN"],
        office_id=ids["YL-HD-31"],
        outlet_id=ids["YLHD001"],
        other_outlet_id=ids["YLHN001"],
    )
