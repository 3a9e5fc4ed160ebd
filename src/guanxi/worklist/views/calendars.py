"""The year of a place: which hours hold on each day and whose word it is; and the forms that change it."""

import calendar as grid
import datetime
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check, check_everywhere
from guanxi.foundation.errors import NotFound, Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.network.models import Node
from guanxi.worklist.forms import WEEKDAYS, DaysForm, InheritForm, WeekForm
from guanxi.worklist.models import SpecialDay, WorkingWeek
from guanxi.worklist.permissions import Verb
from guanxi.worklist.policy import calendar as rules
from guanxi.worklist.policy import reckoning
from guanxi.worklist.policy.calendar import Calendar, DayPlan, Layer, Source, WeekRule
from guanxi.worklist.policy.hours import write_day
from guanxi.worklist.policy.reckoning import Moment
from guanxi.worklist.queries import calendars as queries
from guanxi.worklist.queries.tasks import place_of
from guanxi.worklist.services import calendars as services
from guanxi.worklist.views.teams import default_place

HOURS_NOTE = _(
    "Several times a day are parted by commas: 09:00-12:00, 13:30-18:00. "
    "An empty line is closed. A shift may cross midnight: 22:00-06:00."
)
DAYS_NOTE = _(
    "For stocktaking, an outing, a power cut, or an opening on a day off. "
    "It counts before every weekly rule, here and below."
)
FIRST, LAST = 2007, 2100
WHOLE = 0


@dataclass(frozen=True)
class Cell:
    """A day of the year: its colour, and the same in words."""

    plan: DayPlan
    tone: str
    mark: Text
    label: str


@dataclass(frozen=True)
class Month:
    name: str
    weeks: list[list[Cell | None]]


@dataclass(frozen=True)
class Now:
    """The week in force now, whose word it is, and whether it is open."""

    week: list[tuple[Text, str]]
    keeps_holidays: bool
    whose: Text
    is_own: bool
    is_open: bool
    opens: Moment


@dataclass(frozen=True)
class YearPage:
    """The calendar of a place, or of the whole network, in one year."""

    node_id: int
    name: Text
    places: list[Node]
    year: int
    months: list[Month]
    now: Now
    own_weeks: list[WorkingWeek]
    own_days: list[SpecialDay]
    is_announced: bool
    working_days: int
    can_change: bool


def calendar(request: Request) -> HttpResponseBase:
    """The calendar of the own place."""
    check(request.actor, Verb.VIEW_CALENDAR)
    places = queries.places(request.actor, Verb.VIEW_CALENDAR, clock.today())
    return _year(request, default_place(request.actor, places), places)


def place_calendar(request: Request, pk: int) -> HttpResponseBase:
    """The calendar of one place; 0 is the whole network."""
    check(request.actor, Verb.VIEW_CALENDAR)
    node = place_of(request.actor, pk, Verb.VIEW_CALENDAR) if pk != WHOLE else None
    return _year(request, node, queries.places(request.actor, Verb.VIEW_CALENDAR, clock.today()))


def _year(request: Request, node: Node | None, places: list[Node]) -> HttpResponseBase:
    actor, at = request.actor, clock.now()
    today = clock.day_of(at)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and FIRST <= int(asked[:5]) <= LAST else today.year
    node_id = node.pk if node else None
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    held = queries.calendar(node_id, today, since=min(first, today) - datetime.timedelta(days=7))
    months = [_month(held, year, number, today) for number in range(1, 13)]
    page = YearPage(
        node_id=node_id or WHOLE,
        name=node.name if node else _("The whole network"),
        places=places,
        year=year,
        months=months,
        now=_now(held, node_id, at),
        own_weeks=queries.weeks(node_id),
        own_days=queries.special_days(node_id, first, last),
        is_announced=year in held.announced,
        working_days=sum(1 for month in months for week in month.weeks for cell in week if cell and cell.plan.hours),
        can_change=actor.can(Verb.CHANGE_CALENDAR, node_id) if node_id else actor.can_everywhere(Verb.CHANGE_CALENDAR),
    )
    return pages.render(request, "worklist/calendar.html", page)


def _now(held: Calendar, node_id: int | None, at: datetime.datetime) -> Now:
    """Return what holds at this moment, and whose word it is; one query."""
    layer, rule = _rule_on(held, clock.day_of(at))
    above = Node.objects.filter(pk=layer.node_id).first() if layer and layer.node_id else None
    week = (rule and rule.week) or rules.STANDARD
    return Now(
        week=[(WEEKDAYS[number], write_day(day)) for number, day in enumerate(week)],
        keeps_holidays=rule is None or rule.keeps_holidays,
        whose=_whose(layer, above),
        is_own=layer is not None and layer.node_id == node_id,
        is_open=reckoning.is_open(held, at),
        opens=reckoning.next_opening(held, at),
    )


def _rule_on(held: Calendar, day: datetime.date) -> tuple[Layer | None, WeekRule | None]:
    """Return the nearest week in force on a day, and who wrote it."""
    for layer in held.layers:
        rule = layer.week_on(day)
        if rule is not None:
            return layer, rule
    return None, None


def _whose(layer: Layer | None, above: Node | None) -> Text:
    if layer is None:
        return _("nobody wrote a week: the usual one")
    if layer.node_id is None:
        return _("the whole network")
    return above.name if above else _("a place above")


def _month(held: Calendar, year: int, number: int, today: datetime.date) -> Month:
    weeks = [
        [_cell(rules.plan(held, day), today) if day.month == number else None for day in week]
        for week in grid.Calendar().monthdatescalendar(year, number)
    ]
    return Month(f"{year}-{number:02}", weeks)


def _cell(plan: DayPlan, today: datetime.date) -> Cell:
    tone, mark = _look(plan)
    more = (" today" if plan.day == today else "") + (" assumed" if plan.is_assumed else "")
    hours = write_day(plan.hours).replace(",", ", ") or str(_("closed"))
    label = " · ".join(part for part in (f"{plan.day:%Y-%m-%d}", hours, plan.name) if part)
    return Cell(plan, tone + more, mark, label)


def _look(plan: DayPlan) -> tuple[str, Text]:
    """Return the colour of a day and its word: never the colour alone."""
    if plan.source == Source.SPECIAL:
        return "special", _("extra") if plan.hours else _("shut")
    if plan.source == Source.HOLIDAY:
        return "holiday", _("hol.")
    if plan.source == Source.MADE_UP:
        return "made-up", _("work")
    return ("open", "") if plan.hours else ("closed", "")


def _place(request: Request, pk: int) -> tuple[int | None, Text, str]:
    """Return the place whose calendar is changed, its name and its page."""
    back = reverse("worklist:place-calendar", args=[pk])
    if pk == WHOLE:
        check_everywhere(request.actor, Verb.CHANGE_CALENDAR)
        return None, _("The whole network"), back
    return pk, place_of(request.actor, pk, Verb.CHANGE_CALENDAR).name, back


def set_week(request: Request, pk: int) -> HttpResponseBase:
    node_id, name, back = _place(request, pk)
    today = clock.today()
    _layer, rule = _rule_on(queries.calendar(node_id, today), today)
    week = (rule and rule.week) or rules.STANDARD
    start = {f"day_{number}": write_day(day).replace(",", ", ") for number, day in enumerate(week)}
    keeps = rule.keeps_holidays if rule else True
    form = WeekForm(request.POST or None, initial={"since": today, "keeps_holidays": keeps, **start})

    def act() -> None:
        services.set_week(
            actor=request.actor, node_id=node_id, since=form.cleaned_data["since"], days=form.days,
            keeps_holidays=form.cleaned_data["keeps_holidays"], at=clock.now(),
        )  # fmt: skip

    page = FormPage(form, _("Working week"), _("Save"), back, HOURS_NOTE, [(name, back)])
    return answer(request, page, act, message=_("The week is saved; open deadlines are reckoned anew."))


def inherit_week(request: Request, pk: int) -> HttpResponseBase:
    node_id, name, back = _place(request, pk)
    if node_id is None:
        raise NotFound
    form = InheritForm(request.POST or None, initial={"since": clock.today()})

    def act() -> None:
        services.inherit_week(actor=request.actor, node_id=node_id, since=form.cleaned_data["since"], at=clock.now())

    note = _("From this day on the place keeps the hours of the places above it; what held before stays.")
    page = FormPage(form, _("Follow the places above"), _("Save"), back, note, [(name, back)])
    return answer(request, page, act, message=_("Saved; open deadlines are reckoned anew."))


def set_days(request: Request, pk: int) -> HttpResponseBase:
    node_id, name, back = _place(request, pk)
    form = DaysForm(request.POST or None, initial={"first": clock.today()})

    def act() -> None:
        values = form.cleaned_data
        services.set_days(
            actor=request.actor, node_id=node_id, first=values["first"], last=values["last"], hours=values["hours"],
            reason=values["reason"], at=clock.now(),
        )  # fmt: skip

    page = FormPage(form, _("Closed or extra days"), _("Save"), back, DAYS_NOTE, [(name, back)])
    return answer(request, page, act, message=_("Saved; open deadlines are reckoned anew."))


def _asked_day(request: Request) -> datetime.date:
    try:
        return datetime.date.fromisoformat(request.POST.get("day", ""))
    except ValueError as error:
        raise NotFound from error


def drop_day(request: Request, pk: int) -> HttpResponseBase:
    """POST only: take a special day back."""
    node_id, _name, back = _place(request, pk)
    if request.method != "POST":
        raise NotFound
    services.drop_day(actor=request.actor, node_id=node_id, day=_asked_day(request))
    return pages.done(request, back, _("Saved; open deadlines are reckoned anew."))


def drop_week(request: Request, pk: int) -> HttpResponseBase:
    """POST only: take a week back."""
    node_id, _name, back = _place(request, pk)
    if request.method != "POST":
        raise NotFound
    services.drop_week(actor=request.actor, node_id=node_id, since=_asked_day(request))
    return pages.done(request, back, _("Saved; open deadlines are reckoned anew."))
