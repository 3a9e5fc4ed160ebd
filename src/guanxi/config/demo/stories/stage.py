"""The stage of the stories: who acts, when, and whom it is about."""

import datetime
import tomllib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from guanxi.access import queries as access
from guanxi.access.models import User
from guanxi.config.demo.world.loading import HOME, RUN
from guanxi.customers.models import ContactPoint, Customer, Relation
from guanxi.foundation import clock
from guanxi.foundation.actor import Actor, Origin
from guanxi.network.models import Node
from guanxi.vehicles.models import Participant, Vehicle

FOLDER = Path(__file__).parent
ORIGIN = Origin(channel="console")


class Stage:
    """The outlet of the cast and its owners with cars, the earliest customers first, as of one moment."""

    def __init__(self, at: datetime.datetime) -> None:
        self.at = at
        self._actors: dict[str, Actor] = {}

    def actor(self, username: str) -> Actor:
        """Return somebody of the cast with his rights of today."""
        if username not in self._actors:
            user = User.objects.get(username=username)
            self._actors[username] = access.actor_for(user, day=clock.day_of(self.at), origin=ORIGIN)
        return self._actors[username]

    def name_of(self, person_id: int) -> str:
        return str(User.objects.values_list("username", flat=True).get(pk=person_id))

    @cached_property
    def home(self) -> Node:
        return Node.objects.get(code=HOME)

    @cached_property
    def owners(self) -> Sequence[tuple[Customer, Vehicle]]:
        """Owners of the outlet with their cars, in a fixed order; each customer once."""
        bound = Relation.objects.filter(outlet=self.home, ended_on=None, run_id=RUN).values("customer")
        rows = (
            Participant.objects.filter(customer__in=bound, role="OWNER", until=None, customer__kind="PERSON")
            .order_by("customer_id", "vehicle_id")
            .distinct("customer_id")
            .select_related("customer", "vehicle")
        )
        return [(row.customer, row.vehicle) for row in rows]

    def mobile_of(self, customer: Customer) -> str:
        """Return a number of a customer, or the one that is reserved for nobody."""
        found = ContactPoint.objects.filter(customer=customer, channel="MOBILE").order_by("-is_primary", "pk").first()
        return found.value if found else "13800000000"

    def moment(self, days: int, time: datetime.time | None) -> datetime.datetime:
        """Return a time of day some days ago; without one, a moment ago."""
        if time is None:
            return self.at - datetime.timedelta(minutes=25)
        day = clock.start_of(clock.day_of(self.at) - datetime.timedelta(days=days))
        return day + datetime.timedelta(hours=time.hour, minutes=time.minute)


def read(name: str) -> dict[str, Any]:
    """Return the stories of a file."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
