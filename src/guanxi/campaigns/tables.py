"""The list of campaigns."""

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.campaigns import policy
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import campaigns as queries
from guanxi.campaigns.states import Channel, Group, State
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable
from guanxi.network import queries as network
from guanxi.network.models import Node

MOST = 300


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
    number = text.strip().upper().removeprefix("HD")
    found = Q(name__icontains=text) | Q(offer_code__iexact=text.strip())
    if number.isdecimal() and len(number) <= 18:  # noqa: PLR2004 -- digits of a key
        found |= Q(pk=int(number))
    return rows.filter(found)


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
