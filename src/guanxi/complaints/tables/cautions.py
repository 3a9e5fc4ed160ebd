"""The list of cautions."""

import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.complaints.states import CAUTION_OPEN, CautionReason, CautionState
from guanxi.complaints.tables.cases import MOST_COUNTED, MOST_FOUND, mine, places
from guanxi.customers import queries as customers
from guanxi.foundation import clock, db, numbers
from guanxi.foundation.actor import Actor
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable
from guanxi.network import queries as network
from guanxi.network.models import Node


def _caution_stands(rows: Rows, value: str) -> Rows:
    return rows.filter(state__in=CAUTION_OPEN) if value == "open" else rows.filter(state=value)


def _caution_at(rows: Rows, value: str) -> Rows:
    under = network.under(Node.objects.all(), int(value), clock.today())
    return rows.filter(Q(place_id=int(value)) | Q(place_id__in=under.values("pk")))


def _caution_due(rows: Rows, value: str) -> Rows:
    return rows.filter(review_on__lte=datetime.date.fromisoformat(value))


def _search_cautions(rows: Rows, text: str, actor: Actor) -> Rows:
    return rows.filter(
        Q(db.among("customer_id", customers.found(actor, text, MOST_FOUND))) | numbers.matching(text, "JS")
    )


def add_customers(rows: list[Any], actor: Actor) -> None:
    """Give each caution the name of the customer, as far as he is in sight; one query."""
    ids = {row.customer_id for row in rows}
    names = dict(customers.visible_to(actor).filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    for row in rows:
        row.customer_name = names.get(row.customer_id, "")


CAUTIONS = Table(
    key="complaints.cautions",
    title=_("Cautions"),
    columns=(
        Column("number", _("Number"), lambda row: row.number, sort=("pk",), cell="number_link"),
        Column("customer", _("Customer"), lambda row: row.customer_name, personal=True),
        Column("reason", _("Reason"), lambda row: row.get_reason_display(), sort=("reason",)),
        Column("state", _("State"), lambda row: row.get_state_display(), sort=("state",), cell="state"),
        Column("owner", _("Decides alone"), lambda row: row.owner_name, sort=("owner_name",)),
        Column("review", _("Next review"), lambda row: row.review_on, sort=("review_on",), cell="date"),
        Column("place", _("Place"), lambda row: row.place.name, sort=("place__code",)),
        Column("proposed", _("Proposed"), lambda row: row.proposed_at, sort=("proposed_at",), cell="moment"),
        Column("by", _("Proposed by"), lambda row: row.proposed_by or _("By rule"), hidden=True),
        Column("plan", _("How to deal with him"), lambda row: row.plan, hidden=True, personal=True),
        Column("reviewer", _("Reviewed by"), lambda row: row.reviewed_by, hidden=True),
        Column("ended", _("Ended"), lambda row: row.ended_at, sort=("ended_at",), cell="moment", hidden=True),
    ),
    filters=(
        Filter("state", _("State"), _caution_stands, selectable((("open", _("All that are open")),
               *CautionState.choices))),
        Filter("reason", _("Reason"), lambda rows, value: rows.filter(reason=value), selectable(CautionReason.choices)),
        Filter("owner", _("Decides alone"), lambda rows, value: rows.filter(owner_id=value), mine),
        Filter("place", _("Outlet or branch"), _caution_at, places),
        Filter("review", _("Next review until"), _caution_due, kind="date", primary=False),
    ),
    search=_search_cautions,
    search_hint=_("Number, name, pinyin, phone, plate, VIN"),
    default_sort="-proposed",
    most=MOST_COUNTED,
    row_url=lambda row: reverse("complaints:caution", args=[row.pk]),
    prepare=add_customers,
    empty=_(
        "A caution is proposed from a complaint or the page of a customer. It warns everybody who contacts "
        "him, once somebody else has reviewed it."
    ),
)  # fmt: skip
