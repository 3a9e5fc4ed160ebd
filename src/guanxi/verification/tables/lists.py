"""The lists of correction orders, of checks and of false files."""

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
from guanxi.verification.permissions import Verb
from guanxi.verification.queries import record
from guanxi.verification.states import OPEN, Falsity, State, Truth, Verdict

MOST_FOUND, MOST = 1000, 300


def places(actor: Actor) -> Sequence[tuple[str, Text]]:
    """Return the branches and outlets to choose from; one query."""
    where = actor.where(Verb.VIEW)
    rows = network.open_on(network.visible_to(actor), clock.today()).filter(kind__in=[Kind.BRANCH, Kind.OUTLET])
    if where is not None:
        rows = rows.filter(db.among("id", where))
    return [(str(row.pk), row.name) for row in rows.order_by("kind", "code")[:MOST]]


def below(rows: Rows, value: str) -> Rows:
    """Keep what is about a place or the outlets below it."""
    under = network.under(Node.objects.all(), int(value), clock.today())
    return rows.filter(Q(outlet_id=int(value)) | Q(outlet_id__in=under.values("pk")))


def _stands(rows: Rows, value: str) -> Rows:
    return rows.filter(state__in=OPEN) if value == "open" else rows.filter(state=value)


def _late(rows: Rows, value: str) -> Rows:
    late = Q(state=State.ISSUED, due_at__lt=clock.now())
    return rows.filter(late) if value == "yes" else rows.exclude(late)


def _day(value: str) -> datetime.datetime:
    return clock.start_of(datetime.date.fromisoformat(value))


def _search(rows: Rows, text: str, actor: Actor) -> Rows:
    return rows.filter(
        Q(db.among("customer_id", customers.found(actor, text, MOST_FOUND))) | numbers.matching(text, "XZ")
    )


def _of_customer(rows: Rows, text: str, actor: Actor) -> Rows:
    return rows.filter(db.among("customer_id", customers.found(actor, text, MOST_FOUND)))


def _occasions(_actor: Actor) -> Sequence[tuple[str, Text]]:
    return [(row.pk, row.name) for row in record.occasions()]


def _fields(_actor: Actor) -> Sequence[tuple[str, Text]]:
    return [(code, row.name) for code, row in record.fields().items()]


def add_names(rows: list[Any], actor: Actor) -> None:
    """Give each row the name of whom it is about, as far as he is in sight; one query."""
    ids = {row.customer_id for row in rows}
    names = dict(customers.visible_to(actor).filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    for row in rows:
        row.customer_name = names.get(row.customer_id, "")


def _prepare_orders(rows: list[Any], actor: Actor) -> None:
    add_names(rows, actor)
    at = clock.now()
    for row in rows:
        row.late = row.is_late(at)


def _prepare_checks(rows: list[Any], actor: Actor) -> None:
    """Give each check the names of its wrong fields; one query more."""
    add_names(rows, actor)
    held = record.fields()
    for row in rows:
        row.wrong_names = "、".join(held[code].name if code in held else code for code in row.wrong)


ORDERS = Table(
    key="verification.orders",
    title=_("Correction orders"),
    columns=(
        Column("number", _("Number"), lambda row: row.number, sort=("pk",), cell="number_link"),
        Column("customer", _("Customer"), lambda row: row.customer_name, personal=True),
        Column("occasion", _("Occasion"), lambda row: row.occasion.name, sort=("occasion_id",)),
        Column("outlet", _("Outlet"), lambda row: row.outlet.name, sort=("outlet__code",)),
        Column("state", _("State"), lambda row: row.get_state_display(), sort=("state",), cell="state"),
        Column("due", _("Correction due"), lambda row: row.due_at, sort=("due_at",), cell="due"),
        Column("rounds", _("Times answered"), lambda row: row.rounds, sort=("rounds",), cell="number"),
        Column("issued", _("Issued on"), lambda row: row.issued_at, sort=("issued_at",), cell="moment"),
        Column("by", _("Issued by"), lambda row: row.issued_by, hidden=True),
        Column("role", _("Corrects it"), lambda row: row.role.name, hidden=True),
        Column("ended", _("Ended"), lambda row: row.ended_at, sort=("ended_at",), cell="moment", hidden=True),
        Column("words", _("Wrong information"), lambda row: row.words, hidden=True, personal=True),
    ),
    filters=(
        Filter("state", _("State"), _stands, selectable((("open", _("All that are open")), *State.choices))),
        Filter("late", _("Overdue"), _late, selectable((("yes", _("yes")), ("no", _("no"))))),
        Filter("place", _("Outlet or branch"), below, places),
        Filter("occasion", _("Occasion"), lambda rows, value: rows.filter(occasion_id=value), _occasions),
        Filter("since", _("Issued since"), lambda rows, value: rows.filter(issued_at__gte=_day(value)), kind="date",
               primary=False),
    ),
    search=_search,
    search_hint=_("Number, name, pinyin, phone, plate, VIN"),
    default_sort="-issued",
    row_url=lambda row: reverse("verification:order", args=[row.pk]),
    prepare=_prepare_orders,
)  # fmt: skip
CHECKS = Table(
    key="verification.checks",
    title=_("Checks of records"),
    columns=(
        Column("checked", _("Checked on"), lambda row: row.checked_at, sort=("checked_at",), cell="check_link"),
        Column("customer", _("Customer"), lambda row: row.customer_name, personal=True),
        Column("occasion", _("Occasion"), lambda row: row.occasion.name, sort=("occasion_id",)),
        Column("outlet", _("Outlet"), lambda row: row.outlet.name, sort=("outlet__code",)),
        Column("verdict", _("Record found"), lambda row: row.get_verdict_display(), sort=("verdict",), cell="verdict"),
        Column("truth", _("Repair"), lambda row: row.get_truth_display(), sort=("truth",), cell="truth"),
        Column("wrong", _("Wrong fields"), lambda row: row.wrong_names),
        Column("asked", _("Fields asked"), lambda row: row.asked, sort=("asked",), cell="number", hidden=True),
        Column("by", _("Checked by"), lambda row: row.checked_by, hidden=True),
    ),
    filters=(
        Filter("verdict", _("Record found"), lambda rows, value: rows.filter(verdict=value),
               selectable(Verdict.choices)),
        Filter("truth", _("Repair"), lambda rows, value: rows.filter(truth=value), selectable(Truth.choices)),
        Filter("place", _("Outlet or branch"), below, places),
        Filter("occasion", _("Occasion"), lambda rows, value: rows.filter(occasion_id=value), _occasions),
        Filter("field", _("Wrong fields"), lambda rows, value: rows.filter(wrong__contains=[value]), _fields,
               primary=False),
        Filter("since", _("Checked since"), lambda rows, value: rows.filter(checked_at__gte=_day(value)), kind="date",
               primary=False),
    ),
    search=_of_customer,
    search_hint=_("Name, pinyin, phone, plate, VIN"),
    default_sort="-checked",
    row_url=lambda row: reverse("verification:check", args=[row.pk]),
    prepare=_prepare_checks,
)  # fmt: skip
FALSE_FILES = Table(
    key="verification.false_files",
    title=_("False files"),
    columns=(
        Column("number", _("Number"), lambda row: row.number, sort=("pk",), cell="number_link"),
        Column("customer", _("Customer"), lambda row: row.customer_name, personal=True),
        Column("outlet", _("Outlet"), lambda row: row.outlet.name, sort=("outlet__code",)),
        Column("state", _("State"), lambda row: row.get_state_display(), sort=("state",), cell="state"),
        Column("marked", _("Marked on"), lambda row: row.marked_at, sort=("marked_at",), cell="moment"),
        Column("by", _("Marked by"), lambda row: row.marked_by),
        Column("decided", _("Decided"), lambda row: row.decided_at, sort=("decided_at",), cell="moment"),
        Column("decider", _("Decided by"), lambda row: row.decided_by, hidden=True),
        Column("evidence", _("Evidence"), lambda row: row.evidence, hidden=True, personal=True),
    ),
    filters=(
        Filter("state", _("State"), lambda rows, value: rows.filter(state=value), selectable(Falsity.choices)),
        Filter("place", _("Outlet or branch"), below, places),
        Filter("since", _("Marked since"), lambda rows, value: rows.filter(marked_at__gte=_day(value)), kind="date"),
    ),
    search=_of_customer,
    search_hint=_("Name, pinyin, phone, plate, VIN"),
    default_sort="-marked",
    row_url=lambda row: reverse("verification:false-file", args=[row.pk]),
    prepare=add_names,
)
