"""The lists of calls, of enquiries and of listening samples."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.contact_centre.models import Call
from guanxi.contact_centre.queries import calls as queries
from guanxi.contact_centre.queries import enquiries, intentions
from guanxi.contact_centre.states import (
    OPEN,
    Aim,
    Angle,
    Disposition,
    EnquiryKind,
    EnquiryState,
    Intention,
    Means,
    Outcome,
    Way,
)
from guanxi.customers import queries as customers
from guanxi.foundation import clock, numbers
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable

MOST, MOST_FOUND, MOST_AGENTS = 10_000, 200, 200
ONE_DAY = datetime.timedelta(days=1)


def prepare(rows: list[Any], _actor: Actor) -> None:
    """Give each call the names of its customer and place, as far as they are in sight; two queries."""
    people = customers.names(row.customer_id for row in rows)
    places = queries.names_of_places(row.node_id for row in rows)
    for row in rows:
        row.customer_name = people.get(row.customer_id, "")
        row.place = places.get(row.node_id, "")


def _search(rows: Rows, text: str, actor: Actor) -> Rows:
    return rows.filter(customer_id__in=customers.found(actor, text, MOST_FOUND))


def _agents(actor: Actor) -> Sequence[tuple[str, Text]]:
    return [(str(pk), name) for pk, name in queries.agents(actor, clock.now(), MOST_AGENTS)]


def _places(actor: Actor) -> Sequence[tuple[str, Text]]:
    return [(str(row.pk), row.name) for row in queries.places(actor)]


def _since(rows: Rows, value: str) -> Rows:
    return rows.filter(ended_at__gte=clock.start_of(datetime.date.fromisoformat(value)))


def _until(rows: Rows, value: str) -> Rows:
    return rows.filter(ended_at__lt=clock.start_of(datetime.date.fromisoformat(value) + ONE_DAY))


def _minutes(row: Call) -> int:
    return row.minutes


CALLS = Table(
    key="contact_centre.calls",
    title=_("Calls"),
    columns=(
        Column("ended", _("When"), lambda row: row.ended_at, sort=("ended_at",), cell="call"),
        Column("customer", _("Customer"), lambda row: row.customer_name, cell="customer", personal=True),
        Column("means", _("Way of contact"), lambda row: row.get_means_display(), sort=("means",), hidden=True),
        Column("outcome", _("Outcome"), lambda row: row.outcome_label, sort=("outcome",), cell="outcome"),
        Column("counts", _("Counts as"), lambda row: row.get_disposition_display(), sort=("disposition",)),
        Column("script", _("Script"), lambda row: row.script_name),
        Column("agent", _("Agent"), lambda row: row.agent_name, sort=("agent_name",)),
        Column("place", _("Place"), lambda row: row.place),
        Column("promised", _("Promised for"), lambda row: row.promised_at, sort=("promised_at",), cell="moment"),
        Column("met_at", _("Where"), lambda row: row.get_met_at_display(), hidden=True, personal=True),
        Column("minutes", _("Minutes"), _minutes, cell="number", hidden=True),
        Column("number", _("Number called"), lambda row: row.number, hidden=True, personal=True),
        Column("note", _("Note"), lambda row: row.note, hidden=True, personal=True),
    ),
    filters=(
        Filter(
            "outcome", _("Outcome"), lambda rows, value: rows.filter(outcome=value), selectable(Outcome.choices)
        ),
        Filter("means", _("Way of contact"), lambda rows, value: rows.filter(means=value), selectable(Means.choices)),
        Filter("agent", _("Agent"), lambda rows, value: rows.filter(agent_id=int(value)), _agents),
        Filter("since", _("From"), _since, kind="date"),
        Filter("until", _("Until"), _until, kind="date"),
        Filter(
            "counts", _("Counts as"), lambda rows, value: rows.filter(disposition=value),
            selectable(Disposition.choices), primary=False,
        ),
        Filter("place", _("Place"), lambda rows, value: rows.filter(node_id=int(value)), _places, primary=False),
    ),
    search=_search,
    search_hint=_("Name, number or car of the customer"),
    default_sort="-ended",
    row_url=lambda row: reverse("contact_centre:call", args=[row.pk]),
    prepare=prepare,
    most=MOST,
)  # fmt: skip


def add_names(rows: list[Any], _actor: Actor) -> None:
    """Give each enquiry the names of who asked and of the outlet, as far as they are in sight, and whether it is late;
    two queries.
    """
    people = customers.names(row.customer_id for row in rows if row.customer_id)
    places = queries.names_of_places(row.outlet_id for row in rows if row.outlet_id)
    at = clock.now()
    for row in rows:
        row.who = people.get(row.customer_id, "") or row.caller or row.masked
        row.outlet_name, row.late = places.get(row.outlet_id, ""), row.is_late(at)


def _stands(rows: Rows, value: str) -> Rows:
    return rows.filter(state__in=OPEN) if value == "open" else rows.filter(state=value)


def _late(rows: Rows, value: str) -> Rows:
    late = Q(state=EnquiryState.WITH_DEPARTMENT, due_at__lt=clock.now())
    return rows.filter(late) if value == "yes" else rows.exclude(late)


def _taken_since(rows: Rows, value: str) -> Rows:
    return rows.filter(taken_at__gte=clock.start_of(datetime.date.fromisoformat(value)))


def _taken_until(rows: Rows, value: str) -> Rows:
    return rows.filter(taken_at__lt=clock.start_of(datetime.date.fromisoformat(value) + ONE_DAY))


def _asked(rows: Rows, text: str, actor: Actor) -> Rows:
    return rows.filter(
        Q(customer_id__in=customers.found(actor, text, MOST_FOUND))
        | Q(number__in=enquiries.read_numbers(text))
        | numbers.matching(text, "ZX")
    )


YES_NO = (("yes", _("yes")), ("no", _("no")))
ENQUIRIES = Table(
    key="contact_centre.enquiries",
    title=_("Enquiries"),
    columns=(
        Column("number", _("Number"), lambda row: row.code, sort=("pk",), cell="number_link"),
        Column("taken", _("Taken"), lambda row: row.taken_at, sort=("taken_at",), cell="moment"),
        Column("who", _("Who asked"), lambda row: row.who, cell="who", personal=True),
        Column("category", _("Category"), lambda row: row.category.name, sort=("category_id",)),
        Column("kind", _("Kind"), lambda row: row.get_kind_display(), sort=("kind",)),
        Column("aim", _("What is suggested"), lambda row: row.get_aim_display(), sort=("aim",), hidden=True),
        Column("state", _("State"), lambda row: row.get_state_display(), sort=("state",), cell="state"),
        Column(
            "first", _("Resolved at once"), lambda row: row.is_first_contact, sort=("is_first_contact",), cell="check"
        ),
        Column("outlet", _("Outlet"), lambda row: row.outlet_name),
        Column("department", _("Department"), lambda row: row.department.name if row.department else ""),
        Column("due", _("Answer due"), lambda row: row.due_at, sort=("due_at",), cell="due"),
        Column("by", _("Taken by"), lambda row: row.taken_by, sort=("taken_by",), hidden=True),
        Column("way", _("Came in"), lambda row: row.get_way_display(), hidden=True),
        Column("angle", _("Whose matter"), lambda row: row.category.get_angle_display(), hidden=True),
        Column("words", _("What the customer said"), lambda row: row.words, hidden=True, personal=True),
        Column("answer", _("Answer"), lambda row: row.reply or row.answer, hidden=True, personal=True),
        Column("told", _("Customer told"), lambda row: row.closed_at, sort=("closed_at",), cell="moment", hidden=True),
    ),
    filters=(
        Filter("state", _("State"), _stands, selectable((("open", _("All that are open")), *EnquiryState.choices))),
        Filter(
            "category", _("Category"), lambda rows, value: rows.filter(category_id=value),
            lambda _actor: [(row.pk, row.name) for row in enquiries.categories()],
        ),
        Filter(
            "first", _("Resolved at once"), lambda rows, value: rows.filter(is_first_contact=value == "yes"),
            selectable(YES_NO),
        ),
        Filter("late", _("Overdue"), _late, selectable(YES_NO)),
        Filter("since", _("From"), _taken_since, kind="date"),
        Filter("until", _("Until"), _taken_until, kind="date", primary=False),
        Filter(
            "place", _("Outlet or branch"),
            lambda rows, value: rows.filter(enquiries.at_or_below(int(value), clock.today())),
            lambda actor: enquiries.places(actor, clock.today()), primary=False,
        ),
        Filter(
            "angle", _("Whose matter"), lambda rows, value: rows.filter(category__angle=value),
            selectable(Angle.choices), primary=False,
        ),
        Filter(
            "kind", _("Kind"), lambda rows, value: rows.filter(kind=value), selectable(EnquiryKind.choices),
            primary=False,
        ),
        Filter("aim", _("What is suggested"), lambda rows, value: rows.filter(aim=value), selectable(Aim.choices)),
        Filter("way", _("Came in"), lambda rows, value: rows.filter(way=value), selectable(Way.choices), primary=False),
    ),
    search=_asked,
    search_hint=_("Number, name, pinyin, phone, plate, VIN"),
    default_sort="-taken",
    row_url=lambda row: reverse("contact_centre:enquiry", args=[row.pk]),
    prepare=add_names,
    most=MOST,
)  # fmt: skip


def add_calls(rows: list[Any], _actor: Actor) -> None:
    """Give each review the name of its place; one query."""
    places = queries.names_of_places(row.node_id for row in rows)
    for row in rows:
        row.place = places.get(row.node_id, "")


def add_follow_up(rows: list[Any], _actor: Actor) -> None:
    """Give each intention the names of its customer and outlet, and how its follow-up stands; three queries."""
    people = customers.names(row.customer_id for row in rows)
    places, tasks = queries.names_of_places(row.outlet_id for row in rows), intentions.followed(rows)
    for row in rows:
        row.who, row.outlet_name = people.get(row.customer_id, ""), places.get(row.outlet_id, "")
        task = tasks.get(row.task_id)
        row.stands = (task.outcome_label or task.get_state_display()) if task else ""


def _said_since(rows: Rows, value: str) -> Rows:
    return rows.filter(said_at__gte=clock.start_of(datetime.date.fromisoformat(value)))


INTENTIONS = Table(
    key="contact_centre.intentions",
    title=_("Intentions to buy"),
    columns=(
        Column("said", _("When"), lambda row: row.said_at, sort=("said_at",), cell="moment"),
        Column("customer", _("Customer"), lambda row: row.who, cell="customer", personal=True),
        Column("kind", _("How he wants to buy"), lambda row: row.kind_label, sort=("kind",), cell="tag"),
        Column("words", _("What the customer said"), lambda row: row.words, personal=True),
        Column("outlet", _("Outlet"), lambda row: row.outlet_name),
        Column("stands", _("Follow-up"), lambda row: row.stands, cell="task"),
        Column("by", _("Noted by"), lambda row: row.person_name, sort=("person_name",), hidden=True),
    ),
    filters=(
        Filter(
            "kind", _("How he wants to buy"), lambda rows, value: rows.filter(kind=value), selectable(Intention.choices)
        ),
        Filter("since", _("From"), _said_since, kind="date"),
        Filter(
            "outlet", _("Outlet"), lambda rows, value: rows.filter(outlet_id=int(value)), _places, primary=False
        ),
    ),
    search=_search,
    search_hint=_("Name, number or car of the customer"),
    default_sort="-said",
    prepare=add_follow_up,
    most=MOST,
)  # fmt: skip


def _judged(rows: Rows, value: str) -> Rows:
    return rows.filter(reviewed_at__isnull=value == "no")


REVIEWS = Table(
    key="contact_centre.reviews",
    title=_("Listening samples"),
    columns=(
        Column("call", _("Call"), lambda row: row.call.ended_at, cell="review"),
        Column("agent", _("Agent"), lambda row: row.agent_name, sort=("agent_name",)),
        Column("week", _("Week from"), lambda row: row.week, sort=("week",), cell="date"),
        Column("script", _("Script"), lambda row: row.call.script_name),
        Column("points", _("Points"), lambda row: row.points, sort=("points",), cell="number"),
        Column("most", _("Most points"), lambda row: row.most, cell="number"),
        Column("share", _("Of a hundred"), lambda row: row.share, cell="number"),
        Column("by", _("Scored by"), lambda row: row.reviewed_by),
        Column("reviewed", _("Reviewed"), lambda row: row.reviewed_at, sort=("reviewed_at",), cell="moment"),
        Column("place", _("Place"), lambda row: row.place, hidden=True),
        Column("note", _("Note"), lambda row: row.note, hidden=True),
    ),
    filters=(
        Filter("judged", _("Judged"), _judged, selectable(YES_NO)),
        Filter(
            "since", _("Weeks from"), lambda rows, value: rows.filter(week__gte=datetime.date.fromisoformat(value)),
            kind="date",
        ),
    ),
    default_sort="-week",
    row_url=lambda row: reverse("contact_centre:review", args=[row.pk]),
    prepare=add_calls,
    most=MOST,
)  # fmt: skip
