"""The lists of campaigns, of their people, of recalls and of their cars, of supports."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.campaigns import policy
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import campaigns as queries
from guanxi.campaigns.queries import members
from guanxi.campaigns.states import CarState, Channel, Group, Obstacle, State, SupportDesk, SupportKind, SupportState
from guanxi.customers import queries as customers
from guanxi.foundation import clock, db, numbers
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable
from guanxi.network import queries as network
from guanxi.network.models import Node
from guanxi.vehicles.queries import cars

MOST, MOST_FOUND = 300, 1000


def places(actor: Actor) -> Sequence[tuple[str, Text]]:
    """Return the places of campaigns to choose from; one query."""
    where = actor.where(Verb.VIEW)
    rows = network.open_on(network.visible_to(actor), clock.today()).filter(kind__in=queries.PLACES)
    if where is not None:
        rows = rows.filter(Q(db.among("id", where)) | Q(pk__in=actor.scope.above))
    return [(str(row.pk), row.name) for row in rows.order_by("kind", "code")[:MOST]]


def _below(rows: Rows, value: str) -> Rows:
    below = network.under(Node.objects.all(), int(value), clock.today())
    return rows.filter(Q(node_id=int(value)) | Q(node_id__in=below.values("pk")))


def _search(rows: Rows, text: str, _actor: Actor) -> Rows:
    return rows.filter(Q(name__icontains=text) | Q(offer_code__iexact=text.strip()) | numbers.matching(text, "HD"))


def places_of_members(actor: Actor) -> Sequence[tuple[str, Text]]:
    """Return the outlets at which the actor may see members; one query."""
    where = actor.where(Verb.VIEW)
    rows = network.open_on(network.outlets(actor), clock.today())
    rows = rows if where is None else rows.filter(db.among("id", where))
    return [(str(row.pk), row.name) for row in rows.order_by("code")[:MOST]]


def _named(rows: Rows, text: str, actor: Actor) -> Rows:
    return rows.filter(db.among("customer_id", customers.found(actor, text, MOST_FOUND)))


def add_names(rows: list[Any], actor: Actor) -> None:
    """Give each row the names of its customer and car, as far as they are in sight; two queries."""
    ids = {row.customer_id for row in rows if row.customer_id}
    names = dict(customers.visible_to(actor).filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    named = cars.named(row.vehicle_id for row in rows if row.vehicle_id)
    for row in rows:
        row.customer_name, row.car = names.get(row.customer_id, ""), str(named.get(row.vehicle_id, ""))
        row.vin = named[row.vehicle_id].vin if row.vehicle_id in named else ""


MEMBERS = Table(
    key="campaigns.members",
    title=_("People of the campaign"),
    columns=(
        Column("customer", _("Customer"), lambda row: row.customer_name, cell="customer", personal=True),
        Column("car", _("Car"), lambda row: row.car, personal=True),
        Column("outlet", _("Outlet"), lambda row: row.outlet.name, sort=("outlet__code",)),
        Column("wave", _("Wave"), lambda row: row.wave, sort=("wave",), cell="number"),
        Column("arm", _("Arm"), lambda row: row.get_arm_display(), sort=("arm",), cell="tag"),
        Column("addressed", _("Addressed at"), lambda row: row.contacted_at, sort=("contacted_at",), cell="moment"),
        Column("ending", _("How it ended"), lambda row: row.get_ending_display(), sort=("ending",)),
        Column("skipped", _("Why not addressed"), lambda row: row.get_skipped_display(), sort=("skipped",)),
        Column("response", _("Answer"), lambda row: row.get_response_display(), sort=("response",)),
        Column("responded", _("Answered at"), lambda row: row.responded_at, sort=("responded_at",), cell="moment"),
        Column("visited", _("Came on"), lambda row: row.visited_on, sort=("visited_on",), cell="date"),
        Column("bought", _("Bought on"), lambda row: row.bought_on, sort=("bought_on",), cell="date"),
        Column("note", _("In words"), lambda row: row.response_note, hidden=True, personal=True),
        Column("text", _("Text variant"), lambda row: row.variant, hidden=True),
        Column("code", _("Own offer code"), lambda row: row.code, hidden=True, personal=True, cell="code"),
        Column("redeemed", _("Code redeemed on"), lambda row: row.redeemed_on, sort=("redeemed_on",), cell="date",
               hidden=True),
        Column("order", _("Order number"), lambda row: row.redeemed_order, hidden=True, personal=True),
        Column("amount", _("Amount (yuan)"), lambda row: row.redeemed_amount, hidden=True, cell="number"),
    ),
    filters=(
        Filter("standing", _("State"), lambda rows, value: rows.filter(members.STANDINGS[value]),
               selectable([("addressed", _("Addressed so far")), ("waiting", _("Waits for its wave")),
                           ("skipped", _("Not addressed")), ("control", _("Control group")),
                           ("responded", _("Responded")), ("redeemed", _("Code redeemed"))])),
        Filter("outlet", _("Outlet"), lambda rows, value: rows.filter(outlet_id=int(value)), places_of_members),
        Filter("skipped", _("Why not addressed"), lambda rows, value: rows.filter(skipped=value),
               selectable(Obstacle.choices), primary=False),
    ),
    search=_named,
    search_hint=_("Number, name, pinyin, phone, plate, VIN"),
    default_sort="wave",
    prepare=add_names,
)  # fmt: skip


CAMPAIGNS = Table(
    key="campaigns.campaigns",
    title=_("Campaigns"),
    columns=(
        Column("number", _("Number"), lambda row: row.number, sort=("pk",), cell="number_link"),
        Column("name", _("Name of the campaign"), lambda row: row.name, sort=("name",)),
        Column("kind", _("Kind"), lambda row: row.kind.name, sort=("kind__position",)),
        Column("node", _("Place"), lambda row: row.node.name, sort=("node__code",)),
        Column("channel", _("Channel"), lambda row: row.get_channel_display(), sort=("channel",)),
        Column("state", _("State"), lambda row: row.get_state_display(), sort=("state",), cell="state"),
        Column("budget", _("Money budget"), lambda row: row.budget, sort=("budget",), cell="number"),
        Column("control", _("Control group (percent)"), lambda row: row.control, sort=("control",), cell="number"),
        Column("made", _("Written at"), lambda row: row.made_at, sort=("made_at",), cell="moment"),
        Column("by", _("Written by"), lambda row: row.made_by, hidden=True),
        Column("approved", _("Approved by"), lambda row: row.approved_by, hidden=True),
        Column("started", _("Started at"), lambda row: row.started_at, sort=("started_at",), cell="moment"),
        Column("code", _("Offer code"), lambda row: row.offer_code, hidden=True, cell="code"),
        Column(
            "most", _("Most contacts for the money"), cell="number", hidden=True,
            value=lambda row: policy.affordable(row.budget, row.fixed_cost, row.unit_cost),
        ),
    ),
    filters=(
        Filter("state", _("State"), lambda rows, value: rows.filter(state=value), selectable(State.choices)),
        Filter("group", _("Group of kinds"), lambda rows, value: rows.filter(kind__group=value),
               selectable(Group.choices)),
        Filter("place", _("Place"), _below, places),
        Filter("channel", _("Channel"), lambda rows, value: rows.filter(channel=value), selectable(Channel.choices)),
        Filter("kind", _("Kind"), lambda rows, value: rows.filter(kind_id=value),
               lambda _actor: [(row.pk, row.name) for row in queries.kinds()], primary=False),
    ),
    search=_search,
    search_hint=_("Number, name, offer code"),
    default_sort="-made",
    row_url=lambda row: reverse("campaigns:campaign", args=[row.pk]),
)  # fmt: skip


RECALLS = Table(
    key="campaigns.recalls",
    title=_("Recalls"),
    columns=(
        Column("number", _("Number"), lambda row: row.number, sort=("pk",), cell="number_link"),
        Column("name", _("Name of the campaign"), lambda row: row.name, sort=("name",)),
        Column("reference", _("Number of the authority or maker"), lambda row: row.reference, sort=("reference",)),
        Column("node", _("Place"), lambda row: row.node.name, sort=("node__code",)),
        Column("safety", _("Safety"), lambda row: row.is_safety, sort=("is_safety",), cell="check"),
        Column("state", _("State"), lambda row: row.get_state_display(), sort=("state",), cell="state"),
        Column("approved", _("Approved by"), lambda row: row.approved_by, hidden=True),
        Column("opened", _("Opened at"), lambda row: row.opened_at, sort=("opened_at",), cell="moment"),
        Column("made", _("Written at"), lambda row: row.made_at, sort=("made_at",), cell="moment", hidden=True),
    ),
    filters=(
        Filter("state", _("State"), lambda rows, value: rows.filter(state=value), selectable(State.choices)),
        Filter("place", _("Place"), _below, places),
    ),
    search=lambda rows, text, _actor: rows.filter(Q(name__icontains=text) | Q(reference__icontains=text)),
    search_hint=_("Name or number"),
    default_sort="-made",
    row_url=lambda row: reverse("campaigns:recall", args=[row.pk]),
)
CARS = Table(
    key="campaigns.cars",
    title=_("Cars of the recall"),
    columns=(
        Column("car", _("Car"), lambda row: row.car, cell="car", personal=True),
        Column("vin", _("VIN"), lambda row: row.vin, cell="code", personal=True),
        Column("customer", _("Owner"), lambda row: row.customer_name, personal=True),
        Column("outlet", _("Outlet"), lambda row: row.outlet.name if row.outlet else "", sort=("outlet__code",)),
        Column("state", _("State"), lambda row: row.get_state_display(), sort=("state",), cell="state"),
        Column(
            "approved", _("Approved"), lambda row: row.is_approved, sort=("is_approved",), cell="check", hidden=True
        ),
        Column("since", _("Since"), lambda row: row.since, sort=("since",), cell="moment"),
        Column("invited", _("Invited at"), lambda row: row.invited_at, sort=("invited_at",), cell="moment"),
        Column("done", _("Done on"), lambda row: row.done_on, sort=("done_on",), cell="date"),
        Column("note", _("In words"), lambda row: row.note, hidden=True, personal=True),
    ),
    filters=(
        Filter("state", _("State"), lambda rows, value: rows.filter(state=value), selectable(CarState.choices)),
        Filter(
            "waits",
            _("Approved"),
            lambda rows, value: rows.filter(is_approved=value == "yes"),
            selectable([("yes", _("Approved")), ("no", _("Waits for approval"))]),
            primary=False,
        ),
        Filter("outlet", _("Outlet"), lambda rows, value: rows.filter(outlet_id=int(value)), places_of_members),
    ),
    search=_named,
    search_hint=_("Number, name, pinyin, phone, plate, VIN"),
    default_sort="state",
    prepare=add_names,
)


CHARACTERISTICS = Table(
    key="campaigns.characteristics",
    title=_("What the group is like"),
    columns=(
        Column("dimension", _("Characteristic"), lambda line: line[0].title),
        Column("group", _("Subgroup"), lambda line: line[1].label),
        Column("customers", _("Customers"), lambda line: line[1].customers.value if line[1].customers else None),
        Column("margin", _("May be off by"), lambda line: line[1].customers.margin if line[1].customers else None),
        Column("share", _("Share (percent)"), lambda line: policy.percent(line[1].share)),
        Column("told", _("Told"), lambda line: line[1].customers is not None),
        Column("made_of", _("How it is made"), lambda line: line[0].made_of),
    ),
)


def _search_supports(rows: Rows, text: str, _actor: Actor) -> Rows:
    return rows.filter(numbers.matching(text, "ZY") | Q(words__icontains=text))


SUPPORTS = Table(
    key="campaigns.supports",
    title=_("Support"),
    columns=(
        Column("number", _("Number"), lambda row: row.number, sort=("pk",), cell="support"),
        Column("words", _("What is needed, and what for"), lambda row: row.words, cell="words"),
        Column("desk", _("Department"), lambda row: row.get_desk_display(), sort=("desk",)),
        Column("kind", _("Kind of support"), lambda row: row.get_kind_display(), sort=("kind",)),
        Column("place", _("Requested at"), lambda row: row.node.name, sort=("node__code",)),
        Column("wanted", _("Wanted by"), lambda row: row.wanted_by, sort=("wanted_by",), cell="date"),
        Column("state", _("State"), lambda row: row.get_state_display(), sort=("state",), cell="state"),
        Column("given", _("Given on"), lambda row: row.answered_at, sort=("answered_at",), cell="moment"),
        Column("score", _("How much it helped"), lambda row: row.score, sort=("score",), cell="number"),
        Column("outcome", _("What came of it"), lambda row: row.outcome, hidden=True),
    ),
    filters=(
        Filter("state", _("State"), lambda rows, value: rows.filter(state=value), selectable(SupportState.choices)),
        Filter("desk", _("Department"), lambda rows, value: rows.filter(desk=value), selectable(SupportDesk.choices)),
        Filter("kind", _("Kind of support"), lambda rows, value: rows.filter(kind=value),
               selectable(SupportKind.choices)),
        Filter("place", _("Outlet or branch"), _below, places),
    ),
    search=_search_supports,
    search_hint=_("Number, words"),
    default_sort="-wanted",
    row_url=lambda row: reverse("campaigns:support", args=[row.pk]),
)  # fmt: skip
