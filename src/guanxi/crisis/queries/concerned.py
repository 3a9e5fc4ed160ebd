"""Whom a crisis is about: the customers of its complaints, and the owners on its care list."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from guanxi.access.models import Role
from guanxi.complaints.models import Complaint
from guanxi.crisis.models import Affected, Crisis, Link
from guanxi.crisis.queries import rooms
from guanxi.crisis.states import RUNNING, Reached
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound, Text
from guanxi.network.models import Node
from guanxi.vehicles.models import CarModel
from guanxi.worklist.permissions import Verb as Work

# Each car that fits, with its owner and the outlet at or below the place of the crisis whose customer he is.
FITTING = """
FROM vehicles_vehicle v
JOIN vehicles_participant p ON p.vehicle_id = v.id AND p.role = 'OWNER' AND p.until IS NULL
JOIN customers_customer c ON c.id = p.customer_id AND c.merged_into_id IS NULL
LEFT JOIN vehicles_trim t ON t.id = v.trim_id
JOIN LATERAL (
  SELECT o.outlet_id FROM customers_relation o WHERE o.customer_id = p.customer_id AND o.ended_on IS NULL
    AND o.outlet_id IN (SELECT %(place)s::int UNION ALL SELECT n.descendant_id FROM network_ancestry n
      WHERE n.ancestor_id = %(place)s AND n.during @> %(today)s::date)
    AND (%(below)s::int IS NULL OR o.outlet_id IN (SELECT %(below)s::int UNION ALL SELECT n.descendant_id
      FROM network_ancestry n WHERE n.ancestor_id = %(below)s AND n.during @> %(today)s::date))
  ORDER BY (o.category = 'OWNER') DESC, o.since DESC, o.outlet_id LIMIT 1) home ON true
WHERE v.condition = 'IN_USE'
  AND (%(model)s::int IS NULL OR t.model_id = %(model)s::int)
  AND (%(vin_from)s = '' OR left(v.vin, 8) || substr(v.vin, 10) >= %(vin_from)s)
  AND (%(vin_to)s = '' OR left(v.vin, 8) || substr(v.vin, 10) <= rpad(%(vin_to)s, 16, 'Z'))
  AND (%(sold_from)s::date IS NULL OR v.sold_on >= %(sold_from)s::date)
  AND (%(sold_to)s::date IS NULL OR v.sold_on <= %(sold_to)s::date)
"""
COUNT = f"SELECT count(DISTINCT v.id), count(DISTINCT p.customer_id) {FITTING}"
ADD = f"""
INSERT INTO crisis_affected (crisis_id, vehicle_id, customer_id, outlet_id, state, since, by, note)
SELECT DISTINCT ON (v.id) %(crisis)s, v.id, p.customer_id, home.outlet_id, 'TO_CONTACT', %(at)s, %(by)s, ''
{FITTING} ORDER BY v.id, p.customer_id
ON CONFLICT (crisis_id, vehicle_id) DO NOTHING
"""


# A care list follows its owners: wholly when two records become one; by whose car it is when that is undone.
FOLLOW = """
UPDATE crisis_affected a SET customer_id = %(target)s
WHERE a.customer_id = %(source)s AND (%(all)s OR EXISTS (
  SELECT 1 FROM vehicles_participant p
  WHERE p.vehicle_id = a.vehicle_id AND p.customer_id = %(target)s AND p.role = 'OWNER'))
"""


@dataclass(frozen=True)
class Wanted:
    """Which cars: all that is said has to hold. A VIN range goes from its first to its last characters, both inside;
    the check digit does not count.
    """

    model_id: int | None = None
    vin_from: str = ""
    vin_to: str = ""
    below_id: int | None = None
    sold_from: datetime.date | None = None
    sold_to: datetime.date | None = None

    @property
    def is_empty(self) -> bool:
        return self == Wanted()


def named(wanted: Wanted) -> str:
    """Return which cars are wanted as the log keeps it: names, not keys; two queries at most."""
    model = CarModel.objects.filter(pk=wanted.model_id).first() if wanted.model_id else None
    place = Node.objects.filter(pk=wanted.below_id).first() if wanted.below_id else None
    vins = "–".join(filter(None, (wanted.vin_from, wanted.vin_to)))
    days = "–".join(day.isoformat() for day in (wanted.sold_from, wanted.sold_to) if day)
    words = (model.name if model else "", vins, place.name if place else "", days)
    return ", ".join(word for word in words if word)


def _running(vin: str) -> str:
    """Return the characters of a VIN that run on with production: all but the ninth, its check digit."""
    text = vin.strip().upper()
    return text[:8] + text[9:]


def _values(row: Crisis, wanted: Wanted, today: datetime.date) -> dict[str, Any]:
    return {
        "place": row.place_id, "today": today, "below": wanted.below_id, "model": wanted.model_id,
        "vin_from": _running(wanted.vin_from), "vin_to": _running(wanted.vin_to),
        "sold_from": wanted.sold_from, "sold_to": wanted.sold_to,
    }  # fmt: skip


def count(row: Crisis, wanted: Wanted, today: datetime.date) -> tuple[int, int]:
    """Return how many cars fit, and how many owners have them; one query."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, _values(row, wanted, today))
        cars, owners = cursor.fetchone()
    return int(cars), int(owners)


def add(row: Crisis, wanted: Wanted, *, by: str, at: datetime.datetime) -> int:
    """Write the owners of the cars that fit on the care list; one statement. Return how many are new."""
    values = _values(row, wanted, clock.day_of(at)) | {"crisis": row.pk, "by": by[:160], "at": at}
    return db.run(ADD, values)


def customer_ids(row: Crisis) -> list[int]:
    """Return the customers whom a crisis is about; two queries."""
    linked = Link.objects.filter(crisis=row, off_at__isnull=True).values("complaint_id")
    rows = Complaint.objects.filter(pk__in=linked, customer__isnull=False)
    found = {pk for pk in rows.values_list("customer_id", flat=True) if pk is not None}
    return sorted(found | set(Affected.objects.filter(crisis=row).values_list("customer_id", flat=True)))


def follow(source: int, target: int, *, is_undone: bool) -> int:
    """Let the lines of one customer on all care lists be those of another; one statement. Return how many moved."""
    return db.run(FOLLOW, {"source": source, "target": target, "all": not is_undone})


def crises_of(customer_ids: Iterable[int]) -> list[int]:
    """Return the crises that run and are about one of some customers; one query."""
    ids = list(customer_ids)
    linked = Link.objects.filter(complaint__customer_id__in=ids, off_at__isnull=True).values("crisis_id")
    listed = Affected.objects.filter(customer_id__in=ids).values("crisis_id")
    rows = Crisis.objects.filter(Q(pk__in=linked) | Q(pk__in=listed), state__in=RUNNING)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def visible_to(actor: Actor, row: Crisis) -> QuerySet[Affected]:
    """Return the care list of a visible crisis."""
    return Affected.objects.filter(crisis__in=rooms.visible_to(actor), crisis=row)


def affected(actor: Actor, pk: int) -> Affected:
    """Return one owner on the care list of a visible crisis.

    :raises NotFound: there is none, or not for this actor.
    """
    found = Affected.objects.filter(pk=pk, crisis__in=rooms.visible_to(actor)).first()
    if found is None:
        raise NotFound
    return found


def counts(row: Crisis) -> dict[str, int]:
    """Return how many of the care list stand where; one query."""
    found = dict(Affected.objects.filter(crisis=row).values_list("state").annotate(many=Count("pk")))
    return {state: found.get(state, 0) for state in Reached.values} if found else {}


def roles() -> Sequence[tuple[str, Text]]:
    """Return the roles whose work it may be to call; one query."""
    rows = Role.objects.filter(is_current=True, verbs__contains=[str(Work.WORK)]).order_by("position", "code")
    return [(row.pk, row.name) for row in rows]
