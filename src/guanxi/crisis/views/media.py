"""Pages of what media and the network report: the list, one, and what is done about it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.crisis import tables
from guanxi.crisis.forms import AttachForm, ReportForm, SayForm
from guanxi.crisis.models import Report
from guanxi.crisis.permissions import Verb
from guanxi.crisis.queries import choosing, media, rooms
from guanxi.crisis.services import media as services
from guanxi.crisis.services.media import NewReport
from guanxi.crisis.states import REPORT_TONES, RUNNING, ReportState
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing
from guanxi.records import services as records


@dataclass(frozen=True)
class ReportsPage:
    listing: Listing
    tones: dict[str, str]
    may_register: bool
    can_export: bool


@dataclass(frozen=True)
class ReportPage:
    row: Report
    tone: str
    acts: frozenset[str]


def reports(request: Request) -> HttpResponseBase:
    """What media and the network report, the newest first."""
    actor = request.actor
    check(actor, Verb.VIEW)
    rows = media.visible_to(actor).select_related("place", "crisis")
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=tables.REPORTS, rows=rows, asked=request.GET)
        return pages.download(file)
    found = listing(tables.REPORTS, rows, request.GET, actor)
    page = ReportsPage(found, REPORT_TONES, actor.can(Verb.HANDLE), actor.can(Verb.EXPORT))
    return pages.render(request, "crisis/reports.html", page, block="list")


def report(request: Request, pk: int) -> HttpResponseBase:
    """One report, what was answered, and how it ended."""
    actor = request.actor
    check(actor, Verb.VIEW)
    row = media.report(actor, pk)
    may = actor.can(Verb.HANDLE, row.place_id)
    known = {
        "attach": may and row.state != ReportState.CLOSED, "answer": may and row.state == ReportState.NEW,
        "close-report": may and row.state != ReportState.CLOSED,
    }  # fmt: skip
    acts = frozenset(name for name, is_open in known.items() if is_open)
    return pages.render(request, "crisis/report.html", ReportPage(row, REPORT_TONES[row.state], acts))


def _crumbs() -> list[tuple[Text, str]]:
    return [(_("Crises"), reverse("crisis:crises")), (_("Media reports"), reverse("crisis:reports"))]


def register(request: Request) -> HttpResponseBase:
    """Register an article or a post."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.HANDLE)
    form = ReportForm(
        request.POST or None, places=choosing.places(actor, today), initial={"place": actor.home_id, "day": today}
    )

    def act() -> str:
        values = form.cleaned_data
        new = NewReport(place_id=int(values.pop("place")), **values)
        return reverse("crisis:report", args=[services.register(actor=actor, new=new, at=clock.now()).pk])

    page = FormPage(form, _("Register a report"), _("Register"), reverse("crisis:reports"), "", _crumbs())
    return answer(request, page, act, message=_("Registered; whoever leads crises is asked to answer."))


def _step(request: Request, pk: int, form: forms.Form, title: Text, act: Any) -> HttpResponseBase:
    back = reverse("crisis:report", args=[pk])

    def do() -> None:
        act(actor=request.actor, report_id=pk, at=clock.now(), **form.cleaned_data)

    page = FormPage(form, title, _("Save"), back, media.report(request.actor, pk).title, _crumbs())
    return answer(request, page, do, message=_("Saved."))


def _about(request: Request, pk: int) -> Report:
    row = media.report(request.actor, pk)
    check(request.actor, Verb.HANDLE, row.place_id)
    return row


def attach(request: Request, pk: int) -> HttpResponseBase:
    """Put it to a complaint, a crisis, or both."""
    row, actor = _about(request, pk), request.actor
    running = rooms.visible_to(actor).filter(state__in=RUNNING).order_by("-opened_at")[:200]
    choices = {
        "crisis": [(str(item.pk), f"{item.number} {item.title}") for item in running],
        "complaint": choosing.to_link(actor, with_linked=True),
    }  # fmt: skip
    initial = {"crisis": row.crisis_id, "complaint": row.complaint_id}
    form = AttachForm(request.POST or None, choices=choices, initial=initial)

    def act(*, crisis: str, complaint: str, **values: Any) -> None:
        services.attach(
            crisis_id=int(crisis) if crisis else None, complaint_id=int(complaint) if complaint else None, **values
        )

    return _step(request, pk, form, _("Put it to a crisis or a complaint"), act)


def record_answer(request: Request, pk: int) -> HttpResponseBase:
    """What was answered."""
    _about(request, pk)
    return _step(request, pk, SayForm(request.POST or None), _("What was answered"), services.answer)


def close_report(request: Request, pk: int) -> HttpResponseBase:
    """How it ended."""
    _about(request, pk)
    return _step(request, pk, SayForm(request.POST or None), _("Close with a conclusion"), services.close_report)
