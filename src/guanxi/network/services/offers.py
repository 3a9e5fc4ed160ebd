"""What many outlets offer, written at once: opening hours and services of a sheet."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from guanxi.network import policy
from guanxi.network.models import Node, OpeningHours, OutletProfile
from guanxi.network.services.rows import Row
from guanxi.network.states import Kind

DESKS = {"sales_hours": OpeningHours.Desk.SALES, "service_hours": OpeningHours.Desk.SERVICE}
Week = frozenset[policy.Interval]


def replace(rows: Sequence[Row], known: Mapping[str, Node]) -> set[str]:
    """Make hours and services of the outlets what the rows say; columns that the sheet lacks are left
    alone. Six statements whatever the number of rows. Return the codes of the outlets that changed.
    """
    outlets = [row for row in rows if row.kind == Kind.OUTLET]
    return _hours(outlets, known) | _services(outlets, known)


def _hours(rows: Sequence[Row], known: Mapping[str, Node]) -> set[str]:
    held = _held_hours(known[row.code].pk for row in rows)
    wanted = {
        (row.code, desk): frozenset(policy.read_week(getattr(row, name)))
        for row in rows
        for name, desk in DESKS.items()
        if name in row.columns
    }
    fresh = {key: week for key, week in wanted.items() if held.get((known[key[0]].pk, key[1]), frozenset()) != week}
    for desk in DESKS.values():
        nodes = [known[code].pk for code, which in fresh if which == desk]
        OpeningHours.objects.filter(node_id__in=nodes, desk=desk).delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(node=known[code], desk=desk, weekday=i.weekday, opens=i.opens, closes=i.closes)
        for (code, desk), week in fresh.items()
        for i in week
    )
    return {code for code, _desk in fresh}


def _held_hours(node_ids: Iterable[int]) -> dict[tuple[int, str], Week]:
    found: dict[tuple[int, str], set[policy.Interval]] = defaultdict(set)
    for row in OpeningHours.objects.filter(node_id__in=list(node_ids)):
        found[row.node_id, row.desk].add(policy.Interval(row.weekday, row.opens, row.closes))
    return {key: frozenset(week) for key, week in found.items()}


def _services(rows: Sequence[Row], known: Mapping[str, Node]) -> set[str]:
    through = OutletProfile.services.through
    rows = [row for row in rows if "services" in row.columns]
    held: dict[int, set[str]] = defaultdict(set)
    links = through.objects.filter(outletprofile_id__in=[known[row.code].pk for row in rows])
    for node_id, code in links.values_list("outletprofile_id", "offeredservice_id"):
        held[node_id].add(code)
    fresh = [row for row in rows if held[known[row.code].pk] != set(row.services)]
    through.objects.filter(outletprofile_id__in=[known[row.code].pk for row in fresh]).delete()
    through.objects.bulk_create(
        through(outletprofile_id=known[row.code].pk, offeredservice_id=code) for row in fresh for code in row.services
    )
    return {row.code for row in fresh}
