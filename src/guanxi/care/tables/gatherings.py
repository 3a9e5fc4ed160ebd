"""The lists of proposals of lectures, of those on one list, and of the counters by outlet."""

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.care.models.gatherings import INVITED
from guanxi.care.permissions import Verb
from guanxi.care.queries import gatherings as queries
from guanxi.care.states.gatherings import ByHand, Exclusion, State
from guanxi.customers import queries as customers
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.personal_data import mask_phone
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable
from guanxi.network import queries as network
from guanxi.network.models import Node
from guanxi.network.states import Kind
from guanxi.vehicles.queries import cars

MOST_FOUND = 1000


def outlets(actor: Actor) -> Sequence[tuple[str, Text]]:
    """Return the open outlets where the actor may see lectures, to choose from; one query."""
    where = actor.where(Verb.VIEW_GATHERINGS)
    rows = network.open_on(network.outlets(actor), clock.today()).order_by("code")[:300]
    return [(str(row.pk), row.name) for row in rows if where is None or row.pk in where]


def _branches(actor: Actor) -> Sequence[tuple[str, Text]]:
    rows = network.open_on(network.visible_to(actor), clock.today()).filter(kind=Kind.BRANCH).order_by("code")
    return [(str(row.pk), row.name) for row in rows]


def _below(rows: Rows, value: str) -> Rows:
    return rows.filter(outlet__in=network.under(Node.objects.all(), int(value), clock.today()))


def _kinds(_actor: Actor) -> Sequence[tuple[str, Text]]:
    return queries.kinds()


def _at(rows: Rows, value: str) -> Rows:
    return rows.filter(outlet_id=int(value))


def _of_kind(rows: Rows, value: str) -> Rows:
    return rows.filter(code=value)


def _since(rows: Rows, value: str) -> Rows:
    return rows.filter(opened_on__gte=datetime.date.fromisoformat(value))


def _invited(rows: Rows, value: str) -> Rows:
    return rows.filter(INVITED if value == "yes" else ~INVITED)


def _why(rows: Rows, value: str) -> Rows:
    return rows.filter(queries.because_of(value))


def _lapsed(rows: Rows, value: str) -> Rows:
    return rows.filter(lapsed_on__isnull=value == "no")


def _search(rows: Rows, text: str, actor: Actor) -> Rows:
    return rows.filter(db.among("customer_id", customers.found(actor, text, MOST_FOUND)))


def _reached(rows: Rows, value: str) -> Rows:
    return rows.filter(share__gte=100) if value == "yes" else rows.filter(share__lt=100)


def add_invited(rows: list[Any], _actor: Actor) -> None:
    """Give each proposal how many it invites and how many stand on its list; one query for the page."""
    found = queries.invited(row.pk for row in rows)
    for row in rows:
        row.invited, row.listed = found.get(row.pk, (0, 0))


def add_people(rows: list[Any], actor: Actor) -> None:
    """Give each line the name and main number of its customer, as far as he is in sight, and its car; three queries."""
    ids = {row.customer_id for row in rows}
    names = dict(customers.visible_to(actor).filter(pk__in=ids).values_list("pk", "name"))
    points = customers.points(names)
    held = cars.named(row.vehicle_id for row in rows)
    for row in rows:
        mobiles = [point.value for point in points.get(row.customer_id, ()) if point.channel == "MOBILE"]
        row.name, row.phone = names.get(row.customer_id, ""), mask_phone(mobiles[0]) if mobiles else ""
        row.car = held.get(row.vehicle_id)


def with_whole(numbers: Mapping[int, str]) -> Table:
    """Return the list of members with the whole numbers of some customers."""

    def add_whole(rows: list[Any], actor: Actor) -> None:
        add_people(rows, actor)
        for row in rows:
            row.phone = numbers.get(row.customer_id, "")

    return dataclasses.replace(MEMBERS, prepare=add_whole)


def add_latest(rows: list[Any], _actor: Actor) -> None:
    """Give each counter the newest proposal of its outlet and kind; one query for the page."""
    found, today = queries.latest(rows), clock.today()
    for row in rows:
        row.latest = found.get((row.outlet_id, row.code))
        row.told = queries.told(row.latest, today)


PROPOSALS = Table(
    key="care.gatherings",
    title=_("Proposals of lectures"),
    columns=(
        Column("kind", _("Lecture"), lambda row: row.gathering.name, sort=("code",), cell="kind"),
        Column("outlet", _("Outlet"), lambda row: row.outlet.name, sort=("outlet__code",)),
        Column("state", _("State"), lambda row: row.get_state_display(), sort=("state",), cell="state"),
        Column("opened", _("Proposed on"), lambda row: row.opened_on, sort=("opened_on",), cell="date"),
        Column("invited", _("Invited"), lambda row: row.invited, cell="number"),
        Column("listed", _("On the list"), lambda row: row.listed, cell="number"),
        Column("planned", _("Planned day"), lambda row: row.planned_on, sort=("planned_on",), cell="date"),
        Column("found", _("Gathered then"), lambda row: row.found, sort=("found",), cell="number", hidden=True),
        Column("decided", _("Decided on"), lambda row: row.decided_on, sort=("decided_on",), cell="date", hidden=True),
        Column("by", _("Decided by"), lambda row: row.decided_by, hidden=True),
        Column("reason", _("Reason"), lambda row: row.reason, hidden=True),
        Column("number", _("Number"), lambda row: row.pk, sort=("pk",), hidden=True),
    ),
    filters=(
        Filter("state", _("State"), lambda rows, value: rows.filter(state=value), selectable(State.choices)),
        Filter("kind", _("Lecture"), _of_kind, _kinds),
        Filter("outlet", _("Outlet"), _at, outlets),
        Filter("branch", _("Branch"), _below, _branches, primary=False),
        Filter("since", _("Proposed since"), _since, kind="date", primary=False),
    ),
    default_sort="-number",
    row_url=lambda row: reverse("care:gathering", args=[row.pk]),
    prepare=add_invited,
)  # fmt: skip
MEMBERS = Table(
    key="care.members",
    title=_("On the list"),
    columns=(
        Column("customer", _("Customer"), lambda row: row.name, cell="customer", personal=True),
        Column("phone", _("Telephone"), lambda row: row.phone, cell="phone", personal=True),
        Column("car", _("Car"), lambda row: str(row.car) if row.car else "", personal=True),
        Column("sold", _("Sold on"), lambda row: row.car.sold_on if row.car else None, cell="date"),
        Column("joined", _("On the list since"), lambda row: row.joined_on, sort=("joined_on",), cell="date"),
        Column("invited", _("Invited"), lambda row: row.is_invited, cell="invited"),
        Column("why", _("Why not"), lambda row: row.why, cell="why"),
        Column("lapsed", _("Conditions no longer hold since"), lambda row: row.lapsed_on, cell="date", hidden=True),
        Column("by", _("Taken off by"), lambda row: row.hand_by, hidden=True),
        Column("number", _("Number"), lambda row: row.customer_id, sort=("pk",), hidden=True),
    ),
    filters=(
        Filter("invited", _("Invited"), _invited, selectable((("yes", _("yes")), ("no", _("no"))))),
        Filter("why", _("Why not"), _why, selectable((*Exclusion.choices, *ByHand.choices))),
        Filter(
            "lapsed", _("Conditions"), _lapsed,
            selectable((("no", _("still hold")), ("yes", _("no longer hold")))), primary=False,
        ),
    ),
    search=_search,
    search_hint=_("Name, pinyin, phone, plate, VIN"),
    default_sort="number",
    row_url=lambda row: reverse("customers:customer", args=[row.customer_id]),
    prepare=add_people,
)  # fmt: skip
COUNTS = Table(
    key="care.gathering_counts",
    title=_("Who has gathered, by outlet"),
    columns=(
        Column("outlet", _("Outlet"), lambda row: row.outlet.name, sort=("outlet__code",), cell="outlet"),
        Column("kind", _("Whom"), lambda row: row.gathering.whom, sort=("code",)),
        Column("counted", _("Gathered"), lambda row: row.counted, sort=("counted",), cell="counted"),
        Column("threshold", _("Proposed from"), lambda row: row.gathering.threshold, cell="number", hidden=True),
        Column("share", _("Share in percent"), lambda row: int(row.share), sort=("share",), cell="share"),
        Column("met", _("Meet the conditions"), lambda row: row.met, sort=("met",), cell="number"),
        Column("excluded", _("Excluded"), lambda row: row.met - row.counted, cell="number"),
        Column("latest", _("Last proposal"), lambda row: row.told, cell="latest"),
        Column("day", _("Counted on"), lambda row: row.day, cell="date", hidden=True),
    ),
    filters=(
        Filter("kind", _("Lecture"), _of_kind, _kinds),
        Filter("outlet", _("Outlet"), _at, outlets),
        Filter("reached", _("Enough"), _reached, selectable((("yes", _("yes")), ("no", _("no"))))),
        Filter("branch", _("Branch"), _below, _branches, primary=False),
    ),
    default_sort="-share",
    row_url=lambda row: reverse("care:gathering-count", args=[row.pk]),
    prepare=add_latest,
)  # fmt: skip
