"""The list of complaints."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.complaints import policy
from guanxi.complaints.models import Category
from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries import choosing, figures, meetings
from guanxi.complaints.states import OPEN, Angle, Checked, Kind, Level, Outcome, State
from guanxi.customers import queries as customers
from guanxi.foundation import clock, db, numbers
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable
from guanxi.network import queries as network
from guanxi.network.models import Node
from guanxi.network.states import Kind as Place

MOST_FOUND, MOST = 1000, 300
MOST_COUNTED = 2000  # each row that is counted passes row security: more would take a tenth of a second


def places(actor: Actor) -> Sequence[tuple[str, Text]]:
    """Return the branches and outlets to choose from; one query."""
    where = actor.where(Verb.VIEW)
    rows = network.open_on(network.visible_to(actor), clock.today()).filter(kind__in=[Place.BRANCH, Place.OUTLET])
    if where is not None:
        rows = rows.filter(db.among("id", where))
    return [(str(row.pk), row.name) for row in rows.order_by("kind", "code")[:MOST]]


def below(rows: Rows, value: str) -> Rows:
    """Keep the complaints about a place or one below it."""
    under = network.under(Node.objects.all(), int(value), clock.today())
    return rows.filter(Q(outlet_id=int(value)) | Q(outlet_id__in=under.values("pk")))


def _stands(rows: Rows, value: str) -> Rows:
    return rows.filter(state__in=OPEN) if value == "open" else rows.filter(state=value)


def mine(actor: Actor) -> Sequence[tuple[str, Text]]:
    """Return whoever asks, to choose what he is responsible for."""
    return [(str(actor.user_id), _("Mine"))] if actor.user_id else []


def _late(rows: Rows, value: str) -> Rows:
    late = Q(due_at__lt=clock.now())  # only what is open is due
    return rows.filter(late) if value == "yes" else rows.exclude(late)


def _since(rows: Rows, value: str) -> Rows:
    return rows.filter(opened_at__gte=clock.start_of(datetime.date.fromisoformat(value)))


def _until(rows: Rows, value: str) -> Rows:
    day = datetime.date.fromisoformat(value) + datetime.timedelta(days=1)
    return rows.filter(opened_at__lt=clock.start_of(day))


def _about(rows: Rows, value: str) -> Rows:
    below_it = Category.objects.filter(Q(pk=value) | Q(under=value) | Q(under__under=value))
    return rows.filter(category__in=below_it.values("pk"))


def _search(rows: Rows, text: str, actor: Actor) -> Rows:
    return rows.filter(
        Q(db.among("customer_id", customers.found(actor, text, MOST_FOUND)))
        | Q(caller_phone=text.strip())
        | numbers.matching(text, "TS")
        | Q(caller_name=text.strip())
    )


def add_names(rows: list[Any], actor: Actor) -> None:
    """Give each complaint the name of the customer, as far as he is in sight, and whether it is late; one query."""
    ids = {row.customer_id for row in rows if row.customer_id}
    names = dict(customers.visible_to(actor).filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    at = clock.now()
    for row in rows:
        row.customer_name, row.late = names.get(row.customer_id, row.caller_name), row.is_late(at)


COMPLAINTS = Table(
    key="complaints.complaints",
    title=_("Complaints"),
    columns=(
        Column("number", _("Number"), lambda row: row.number, sort=("pk",), cell="number_link"),
        Column("title", _("Matter"), lambda row: row.title, sort=("category_id",), personal=True),
        Column("level", _("Severity"), lambda row: row.get_level_display(), sort=("level",), cell="level"),
        Column("customer", _("Customer"), lambda row: row.customer_name, personal=True),
        Column("outlet", _("Outlet"), lambda row: row.outlet.name, sort=("outlet__code",)),
        Column("owner", _("Responsible person"), lambda row: row.owner_name, sort=("owner_name",)),
        Column("state", _("State"), lambda row: row.get_state_display(), sort=("state",), cell="state"),
        Column("due", _("Due next"), lambda row: row.due_at, sort=("due_at",), cell="due"),
        Column("opened", _("Taken in on"), lambda row: row.opened_at, sort=("opened_at",), cell="moment"),
        Column("kind", _("Kind"), lambda row: row.get_kind_display(), sort=("kind",), hidden=True),
        Column("angle", _("Angle"), lambda row: row.get_angle_display(), sort=("angle",), hidden=True),
        Column("rounds", _("Rounds so far"), lambda row: row.rounds, sort=("rounds",), cell="number", hidden=True),
        Column("ended", _("Closed"), lambda row: row.ended_at, sort=("ended_at",), cell="moment", hidden=True),
        Column("ending", _("How it was closed"), lambda row: row.get_ending_display(), hidden=True),
        Column("outcome", _("What came of it"), lambda row: row.get_outcome_display(), hidden=True),
        Column("told", _("Customer told"), lambda row: row.is_told, cell="check", hidden=True),
        Column("words", _("In the customer's words"), lambda row: row.words, hidden=True, personal=True),
    ),
    filters=(
        Filter("state", _("State"), _stands, selectable((("open", _("All that are open")), *State.choices))),
        Filter("late", _("Overdue"), _late, selectable((("yes", _("yes")), ("no", _("no"))))),
        Filter("owner", _("Responsible person"), lambda rows, value: rows.filter(owner_id=value), mine),
        Filter("level", _("Severity"), lambda rows, value: rows.filter(level=value), selectable(Level.choices)),
        Filter("place", _("Outlet or branch"), below, places),
        Filter("kind", _("Kind"), lambda rows, value: rows.filter(kind=value), selectable(Kind.choices), primary=False),
        Filter("angle", _("Angle"), lambda rows, value: rows.filter(angle=value), selectable(Angle.choices),
               primary=False),
        Filter("outcome", _("What came of it"), lambda rows, value: rows.filter(outcome=value),
               selectable(Outcome.choices), primary=False),
        Filter("category", _("Category"), _about, lambda _actor: choosing.categories(), primary=False),
        Filter("since", _("Received since"), _since, kind="date", primary=False),
        Filter("until", _("Received until"), _until, kind="date", primary=False),
    ),
    search=_search,
    search_hint=_("Number, name, pinyin, phone, plate, VIN"),
    default_sort="-opened",
    most=MOST_COUNTED,
    row_url=lambda row: reverse("complaints:complaint", args=[row.pk]),
    prepare=add_names,
    empty=_(
        "What customers complain of, ask, praise or suggest, on the telephone, in writing or face to face, "
        "is taken in with “New complaint”."
    ),
)  # fmt: skip


def _below_complaint(rows: Rows, value: str) -> Rows:
    under = network.under(Node.objects.all(), int(value), clock.today())
    return rows.filter(Q(complaint__outlet_id=int(value)) | Q(complaint__outlet_id__in=under.values("pk")))


def _came(rows: Rows, value: str) -> Rows:
    return rows.filter(result="" if value == "none" else value)


RECHECKS = Table(
    key="complaints.rechecks",
    title=_("Asked once more"),
    columns=(
        Column("number", _("Number"), lambda row: row.complaint.number, sort=("complaint_id",), cell="number_link"),
        Column("title", _("Matter"), lambda row: row.complaint.title, personal=True),
        Column("outlet", _("Outlet"), lambda row: row.complaint.outlet.name, sort=("complaint__outlet__code",)),
        Column("drawn", _("Drawn on"), lambda row: row.drawn_on, sort=("drawn_on",), cell="date"),
        Column("due", _("Due"), lambda row: row.due_at, sort=("due_at",), cell="moment"),
        Column("result", _("Result"), lambda row: row.get_result_display(), sort=("result",), cell="result"),
        Column("words", _("Word of the customer"), lambda row: row.words, personal=True),
        Column("by", _("Asked by"), lambda row: row.checked_by, hidden=True),
    ),
    filters=(
        Filter("result", _("Result"), _came, selectable((("none", _("Not asked yet")), *Checked.choices))),
        Filter("place", _("Outlet or branch"), _below_complaint, places),
        Filter("since", _("Drawn since"), lambda rows, value: rows.filter(drawn_on__gte=value), kind="date"),
    ),
    default_sort="-drawn",
    most=MOST_COUNTED,
    row_url=lambda row: reverse("complaints:recheck", args=[row.pk]),
    empty=_("Of the complaints that were closed some are drawn at random each night, to ask the customer once more."),
)  # fmt: skip

WEEKS = 26


def weeks(_actor: Actor) -> Sequence[tuple[str, Text]]:
    """Return the last half year's weeks to choose from, the newest first."""
    first = meetings.monday(clock.today())
    days = [first - datetime.timedelta(weeks=number) for number in range(WEEKS)]
    return [(day.isoformat(), f"{day:%Y-%m-%d} – {day + datetime.timedelta(days=6):%m-%d}") for day in days]


def _in_week(rows: Rows, value: str) -> Rows:
    first = datetime.date.fromisoformat(value)
    last = first + datetime.timedelta(days=7)
    return rows.filter(opened_at__gte=clock.start_of(first), opened_at__lt=clock.start_of(last))


def add_lateness(rows: list[Any], actor: Actor) -> None:
    """Give each complaint what a meeting asks of it: whose it is, and whether it was handled in time; two queries."""
    add_names(rows, actor)
    held, at = figures.first_rounds([row.pk for row in rows]), clock.now()
    for row in rows:
        contact = policy.was_late(row.contact_due_at, row.contacted_at, at)
        row.in_time = not (contact or policy.was_late(row.solve_due_at, held[row.pk].resolved_at, at))
        row.staff = ", ".join(dict.fromkeys(name for name in (row.owner_name, row.named) if name))


WEEK = Table(
    key="complaints.week",
    title=_("Complaints of the week"),
    columns=(
        Column("number", _("Number"), lambda row: row.number, sort=("pk",), cell="number_link"),
        Column("customer", _("Customer"), lambda row: row.customer_name, personal=True),
        Column("words", _("In the customer's words"), lambda row: row.words, personal=True),
        Column("title", _("Matter"), lambda row: row.title, sort=("category_id",)),
        Column("staff", _("Staff concerned"), lambda row: row.staff),
        Column("in_time", _("Handled in time"), lambda row: row.in_time, cell="check"),
        Column("state", _("State"), lambda row: row.get_state_display(), sort=("state",), cell="state"),
        Column("liability", _("Fault"), lambda row: row.get_liability_display(), sort=("liability",)),
        Column("liable", _("Person at fault"), lambda row: row.liable),
        Column("fine", _("Fine"), lambda row: row.fine, cell="number"),
        Column("late_fine", _("Fine for lateness"), lambda row: row.late_fine, cell="number"),
        Column("outlet", _("Outlet"), lambda row: row.outlet.name, sort=("outlet__code",), hidden=True),
        Column("opened", _("Taken in on"), lambda row: row.opened_at, sort=("opened_at",), cell="moment", hidden=True),
    ),
    filters=(
        Filter("week", _("Week"), _in_week, weeks),
        Filter("angle", _("Angle"), lambda rows, value: rows.filter(angle=value), selectable(Angle.choices)),
        Filter("place", _("Outlet or branch"), below, places),
    ),
    search=_search,
    search_hint=_("Number, name, pinyin, phone, plate, VIN"),
    default_sort="number",
    row_url=lambda row: reverse("complaints:complaint", args=[row.pk]),
    prepare=add_lateness,
)  # fmt: skip
