"""Weekly meetings: the list, one with its agenda and minutes, what is decided, the filed sheet."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.forms import Form
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.complaints import tables
from guanxi.complaints.forms import Choices, MeasureForm, MeetingForm, MinutesForm, ReasonForm, WantForm
from guanxi.complaints.models import Meeting, Point, Question
from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries import choosing, meetings
from guanxi.complaints.services import meeting, questions
from guanxi.complaints.services.meeting import Measure, Minutes
from guanxi.complaints.states import ASKING_TONES
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing
from guanxi.records import services as records


@dataclass(frozen=True)
class MeetingsPage:
    listing: Listing
    can_call: bool
    can_export: bool
    wanted: int


@dataclass(frozen=True)
class MeetingPage:
    row: Meeting
    points: Sequence[Point]
    questions: Sequence[Question]
    frequent: Sequence[tuple[str, int]]
    tones: dict[str, str]
    may_write: bool
    may_want: bool


def show_meetings(request: Request) -> HttpResponseBase:
    """The weekly meetings, the newest first."""
    actor, asked = request.actor, request.GET
    check(actor, Verb.VIEW)
    rows = meetings.with_counts(meetings.visible_to(actor).select_related("place"))
    if asked.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=tables.MEETINGS, rows=rows, asked=asked)
        return pages.download(file)
    page = MeetingsPage(
        listing(tables.MEETINGS, rows, asked, actor), actor.can(Verb.MEET), actor.can(Verb.EXPORT),
        meetings.wanted(actor),
    )  # fmt: skip
    return pages.render(request, "complaints/meetings.html", page, block="list")


def _outlets(actor: Actor) -> Choices:
    """Return the outlets where an actor keeps minutes; one query."""
    return choosing.outlets(actor, clock.today(), Verb.MEET)


def call_meeting(request: Request) -> HttpResponseBase:
    """Call the meeting of a week."""
    actor = request.actor
    check(actor, Verb.MEET)
    weeks = tables.weeks(actor)
    initial = {"place": actor.home_id, "week": request.GET.get("week") or weeks[0][0]}
    form = MeetingForm(request.POST or None, places=_outlets(actor), weeks=weeks, initial=initial)

    def act() -> str:
        values = form.cleaned_data
        week = datetime.date.fromisoformat(values["week"])
        row = meeting.call_meeting(
            actor=actor, place_id=int(values["place"]), week=week, angle=values["angle"], at=clock.now()
        )  # fmt: skip
        return reverse("complaints:meeting", args=[row.pk])

    back = reverse("complaints:meetings")
    note = _("Its agenda are the complaints of the week; those that come in later are added when it is called again.")
    page = FormPage(form, _("Call a weekly meeting"), _("Call"), back, note, [(_("Weekly meetings"), back)])
    return answer(request, page, act, message=_("The agenda is written."))


def _page(request: Request, row: Meeting) -> MeetingPage:
    actor, points = request.actor, meetings.agenda(row)
    may = actor.can(Verb.MEET, row.place_id)
    held = list(row.questions.select_related("category").order_by("pk"))
    return MeetingPage(row, points, held, meetings.frequent(row), ASKING_TONES, may and not row.filed_at, may)


def show_meeting(request: Request, pk: int) -> HttpResponseBase:
    """One meeting: its agenda, what was decided, what everybody is to be asked; filed with a press of a button."""
    check(request.actor, Verb.VIEW)
    return pages.render(request, "complaints/meeting.html", _page(request, meetings.meeting(request.actor, pk)))


def show_sheet(request: Request, pk: int) -> HttpResponseBase:
    """The minutes for the printer (FORM-18)."""
    check(request.actor, Verb.VIEW)
    return pages.render(request, "complaints/minutes.html", _page(request, meetings.meeting(request.actor, pk)))


def _crumbs(row: Meeting) -> list[tuple[Text, str]]:
    week = f"{row.week:%Y-%m-%d} · {row.place.name}"
    back = reverse("complaints:meeting", args=[row.pk])
    return [(_("Weekly meetings"), reverse("complaints:meetings")), (week, back)]


def _kept(request: Request, pk: int) -> Meeting:
    """Return a visible meeting whose minutes the actor keeps, before a form is shown."""
    row = meetings.meeting(request.actor, pk)
    check(request.actor, Verb.MEET, row.place_id)
    return row


def write_minutes(request: Request, pk: int) -> HttpResponseBase:
    """Who met and when."""
    row = _kept(request, pk)
    initial = {
        "held_on": row.held_on or clock.today(), "chair": row.chair or request.actor.name,
        "attendants": row.attendants, "words": row.words,
    }  # fmt: skip
    form = MinutesForm(request.POST or None, initial=initial)

    def act() -> None:
        meeting.write_minutes(
            actor=request.actor, meeting_id=pk, minutes=Minutes(**form.cleaned_data), at=clock.now()
        )  # fmt: skip

    crumbs = _crumbs(row)
    page = FormPage(form, _("Who met, and what was discussed"), _("Save"), crumbs[-1][1], crumbs=crumbs)
    return answer(request, page, act, message=_("Saved."))


def decide_measure(request: Request, pk: int, point_id: int) -> HttpResponseBase:
    """What is done about a complaint of the agenda."""
    row = _kept(request, pk)
    point = meetings.point(row, point_id)
    people = [(str(key), name) for key, name in choosing.handlers(row.place_id, clock.today()).items()]
    initial = {"cause": point.cause, "measure": point.measure, "person": point.person_id, "due_on": point.due_on}
    form = MeasureForm(request.POST or None, people=people, initial=initial)

    def act() -> None:
        values = form.cleaned_data
        measure = Measure(
            values["cause"], values["measure"], int(values["person"]) if values["person"] else None, values["due_on"]
        )
        meeting.decide_measure(actor=request.actor, meeting_id=pk, point_id=point_id, measure=measure)

    crumbs = _crumbs(row)
    title = _("What is done about %(number)s?") % {"number": point.complaint.number}
    page = FormPage(form, title, _("Save"), crumbs[-1][1], point.complaint.words, crumbs)
    return answer(request, page, act, message=_("Saved."))


def strike(request: Request, pk: int, point_id: int) -> HttpResponseBase:
    """Strike a complaint from the agenda."""
    row = _kept(request, pk)
    point = meetings.point(row, point_id)
    form = ReasonForm(request.POST or None)

    def act() -> None:
        meeting.strike(actor=request.actor, meeting_id=pk, point_id=point_id, **form.cleaned_data)

    crumbs = _crumbs(row)
    page = FormPage(form, _("Strike it from the agenda"), _("Strike"), crumbs[-1][1], point.complaint.words, crumbs)
    return answer(request, page, act, message=_("Struck from the agenda."))


def want_question(request: Request, pk: int) -> HttpResponseBase:
    """Something that every customer is to be asked."""
    row = _kept(request, pk)
    form = WantForm(request.POST or None, categories=choosing.categories())

    def act() -> None:
        questions.want_question(actor=request.actor, meeting_id=pk, at=clock.now(), **form.cleaned_data)

    crumbs = _crumbs(row)
    note = _("Headquarters puts it into a script, where it has to be answered, or says why not.")
    page = FormPage(form, _("What every customer is to be asked"), _("Save"), crumbs[-1][1], note, crumbs)
    return answer(request, page, act, message=_("Headquarters sees it among the wanted questions."))


def file_meeting(request: Request, pk: int) -> HttpResponseBase:
    """File the minutes; what is missing is said above the button."""
    row = _kept(request, pk)
    form = Form(request.POST if request.method == "POST" else None)  # it has no field: an empty one is sent too

    def act() -> None:
        meeting.file_meeting(actor=request.actor, meeting_id=pk, at=clock.now())

    crumbs = _crumbs(row)
    note = _("They stay as they are from then on; whoever does something finds it among his work.")
    page = FormPage(form, _("File the minutes"), _("File them"), crumbs[-1][1], note, crumbs)
    return answer(request, page, act, message=_("Filed; whoever does something has it among his work."))
