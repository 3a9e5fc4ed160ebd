"""The lists of weekly meetings, of wanted questions, of limits that were passed."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.complaints.states import Asking
from guanxi.complaints.tables.cases import MOST_COUNTED, below, places
from guanxi.foundation import clock
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable
from guanxi.network import queries as network
from guanxi.network.models import Node


def _filed(rows: Rows, value: str) -> Rows:
    return rows.filter(filed_at__isnull=value == "no")


def _held_at(rows: Rows, value: str) -> Rows:
    under = network.under(Node.objects.all(), int(value), clock.today())
    return rows.filter(Q(place_id=int(value)) | Q(place_id__in=under.values("pk")))


MEETINGS = Table(
    key="complaints.meetings",
    title=_("Weekly meetings"),
    columns=(
        Column("week", _("Week"), lambda row: row.week, sort=("week",), cell="week_link"),
        Column("place", _("Outlet"), lambda row: row.place.name, sort=("place__code",)),
        Column("angle", _("A matter of"), lambda row: row.get_angle_display() or _("All"), sort=("angle",)),
        Column("many", _("Complaints"), lambda row: row.many, cell="number"),
        Column("measured", _("With a measure"), lambda row: row.measured, cell="number"),
        Column("held", _("Held on"), lambda row: row.held_on, sort=("held_on",), cell="date"),
        Column("chair", _("Chair"), lambda row: row.chair),
        Column("filed", _("Put on file"), lambda row: row.filed_at, sort=("filed_at",), cell="moment"),
    ),
    filters=(
        Filter("filed", _("Put on file"), _filed, selectable((("yes", _("yes")), ("no", _("no"))))),
        Filter("place", _("Outlet or branch"), _held_at, places),
        Filter("since", _("Since"), lambda rows, value: rows.filter(week__gte=value), kind="date"),
    ),
    default_sort="-week",
    most=MOST_COUNTED,
    row_url=lambda row: reverse("complaints:meeting", args=[row.pk]),
    empty=_("Call the first meeting: the complaints of the week are on its agenda."),
)
QUESTIONS = Table(
    key="complaints.questions",
    title=_("Wanted questions"),
    columns=(
        Column("text", _("Question"), lambda row: row.text, cell="question_link"),
        Column("category", _("Category"), lambda row: row.category.name if row.category else "", sort=("category_id",)),
        Column("place", _("Outlet"), lambda row: row.place.name, sort=("place__code",)),
        Column("wanted", _("Wanted since"), lambda row: row.wanted_at, sort=("wanted_at",), cell="moment"),
        Column("by", _("Who wants it"), lambda row: row.wanted_by),
        Column("state", _("State"), lambda row: row.get_state_display(), sort=("state",), cell="state"),
        Column("script", _("Script"), lambda row: row.script, sort=("script",)),
        Column("reason", _("Why?"), lambda row: row.reason, hidden=True),
    ),
    filters=(
        Filter("state", _("State"), lambda rows, value: rows.filter(state=value), selectable(Asking.choices)),
        Filter("place", _("Outlet or branch"), _held_at, places),
    ),
    default_sort="-wanted",
    most=MOST_COUNTED,
    row_url=lambda row: reverse("complaints:question", args=[row.pk]),
    empty=_("What comes up again and again at a weekly meeting is proposed there as a question for every customer."),
)  # fmt: skip


def _answered(rows: Rows, value: str) -> Rows:
    return rows.filter(answered_at__isnull=value == "no")


BREACHES = Table(
    key="complaints.limits",
    title=_("Limits passed"),
    columns=(
        Column("outlet", _("Outlet"), lambda row: row.outlet.name, sort=("outlet__code",), cell="breach_link"),
        Column("category", _("Category"), lambda row: row.category.name, sort=("category_id",)),
        Column("limit", _("Limit"), lambda row: row.limit.name, sort=("limit_id",)),
        Column("many", _("Complaints"), lambda row: row.many, sort=("many",), cell="number"),
        Column("most", _("Allowed at most"), lambda row: row.limit.most, cell="number"),
        Column("since", _("Period from"), lambda row: row.since, sort=("since",), cell="date"),
        Column("words", _("What comes of it"), lambda row: row.words),
        Column("by", _("Answered by"), lambda row: row.answered_by),
    ),
    filters=(
        Filter("answered", _("Answered"), _answered, selectable((("yes", _("yes")), ("no", _("no"))))),
        Filter("place", _("Outlet or branch"), below, places),
        Filter("since", _("Since"), lambda rows, value: rows.filter(since__gte=value), kind="date"),
    ),
    default_sort="-since",
    most=MOST_COUNTED,
    row_url=lambda row: reverse("complaints:answer-limit", args=[row.pk]),
    empty=_("Each night the complaints of each category are counted; an outlet with more than allowed appears here."),
)
