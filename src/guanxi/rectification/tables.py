"""The list of notices."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries as customers
from guanxi.foundation import clock, db, numbers
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable
from guanxi.network import queries as network
from guanxi.network.models import Node
from guanxi.network.states import Kind
from guanxi.rectification import queries
from guanxi.rectification.permissions import Verb
from guanxi.rectification.states import OPEN, WITH_DEPARTMENT, State

MOST_FOUND, MOST = 1000, 300


def places(actor: Actor) -> Sequence[tuple[str, Text]]:
    """Return the branches and outlets to choose from; one query."""
    where = actor.where(Verb.VIEW)
    rows = network.open_on(network.visible_to(actor), clock.today()).filter(kind__in=[Kind.BRANCH, Kind.OUTLET])
    if where is not None:
        rows = rows.filter(db.among("id", where))
    return [(str(row.pk), row.name) for row in rows.order_by("kind", "code")[:MOST]]


def _below(rows: Rows, value: str) -> Rows:
    below = network.under(Node.objects.all(), int(value), clock.today())
    return rows.filter(Q(outlet_id=int(value)) | Q(outlet_id__in=below.values("pk")))


def _stands(rows: Rows, value: str) -> Rows:
    return rows.filter(state__in=OPEN) if value == "open" else rows.filter(state=value)


def _late(rows: Rows, value: str) -> Rows:
    late = Q(state__in=WITH_DEPARTMENT, due_at__lt=clock.now())
    return rows.filter(late) if value == "yes" else rows.exclude(late)


def _since(rows: Rows, value: str) -> Rows:
    return rows.filter(issued_at__gte=clock.start_of(datetime.date.fromisoformat(value)))


def _search(rows: Rows, text: str, actor: Actor) -> Rows:
    return rows.filter(
        Q(db.among("customer_id", customers.found(actor, text, MOST_FOUND))) | numbers.matching(text, "ZG")
    )


def add_names(rows: list[Any], actor: Actor) -> None:
    """Give each notice the name of whom it is about, as far as he is in sight, and whether it is late; one query."""
    ids = {row.customer_id for row in rows if row.customer_id}
    names = dict(customers.visible_to(actor).filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    at = clock.now()
    for row in rows:
        row.customer_name, row.late = names.get(row.customer_id, ""), row.is_late(at)


NOTICES = Table(
    key="rectification.notices",
    title=_("Rectification notices"),
    columns=(
        Column("number", _("Number"), lambda row: row.number, sort=("pk",), cell="number_link"),
        Column("problem", _("Kind of problem"), lambda row: row.problem.name, sort=("problem_id",)),
        Column("department", _("Department"), lambda row: row.department.name, sort=("department_id",)),
        Column("outlet", _("Outlet"), lambda row: row.outlet.name, sort=("outlet__code",)),
        Column("customer", _("Customer"), lambda row: row.customer_name, personal=True),
        Column("state", _("State"), lambda row: row.get_state_display(), sort=("state",), cell="state"),
        Column("due", _("Answer due"), lambda row: row.due_at, sort=("due_at",), cell="due"),
        Column("rounds", _("Times answered"), lambda row: row.rounds, sort=("rounds",), cell="number"),
        Column("issued", _("Issued on"), lambda row: row.issued_at, sort=("issued_at",), cell="moment"),
        Column("by", _("Issued by"), lambda row: row.issued_by, hidden=True),
        Column("ended", _("Ended"), lambda row: row.ended_at, sort=("ended_at",), cell="moment", hidden=True),
        Column("words", _("What is wrong"), lambda row: row.words, hidden=True, personal=True),
    ),
    filters=(
        Filter("state", _("State"), _stands, selectable((("open", _("All that are open")), *State.choices))),
        Filter("department", _("Department"), lambda rows, value: rows.filter(department_id=value),
               lambda _actor: queries.departments()),
        Filter("late", _("Overdue"), _late, selectable((("yes", _("yes")), ("no", _("no"))))),
        Filter("place", _("Outlet or branch"), _below, places),
        Filter("problem", _("Kind of problem"), lambda rows, value: rows.filter(problem_id=value),
               lambda _actor: queries.problems(), primary=False),
        Filter("since", _("Issued since"), _since, kind="date", primary=False),
    ),
    search=_search,
    search_hint=_("Number, name, pinyin, phone, plate, VIN"),
    default_sort="-issued",
    row_url=lambda row: reverse("rectification:notice", args=[row.pk]),
    prepare=add_names,
)  # fmt: skip
