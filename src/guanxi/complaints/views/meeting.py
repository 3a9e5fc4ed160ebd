"""The list of a week for the meeting, the verdict on each, and the figures (CMP-16, CMP-17, CMP-43)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase, QueryDict
from django.utils.translation import gettext_lazy as _

from guanxi.complaints import tables
from guanxi.complaints.forms import JudgeForm
from guanxi.complaints.permissions import Verb
from guanxi.complaints.policy import Risk
from guanxi.complaints.queries import cases, figures, meetings
from guanxi.complaints.services import judging
from guanxi.complaints.services.judging import Verdict
from guanxi.complaints.states import Kind
from guanxi.complaints.views.acting import Said, about, step
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Text
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing, narrow
from guanxi.records import services as records

SPAN = datetime.timedelta(days=90)


@dataclass(frozen=True)
class WeekPage:
    listing: Listing
    frequent: Sequence[tuple[str, int]]
    can_export: bool


@dataclass(frozen=True)
class FiguresPage:
    parts: Sequence[tuple[str, Text, Sequence[figures.Line]]]
    first: datetime.date
    last: datetime.date
    place: str
    places: Sequence[tuple[str, Text]]
    risk: Risk
    kinds: Sequence[tuple[str, int]]
    outcomes: Sequence[tuple[str, int]]


def _asked(request: Request) -> QueryDict:
    """Return what was asked for; without a week, this one."""
    asked = request.GET.copy()
    if not asked.get("week"):
        asked["week"] = meetings.monday(clock.today()).isoformat()
    return asked


def week(request: Request) -> HttpResponseBase:
    """The complaints of a week, with who is at fault (CMP-17)."""
    actor, asked = request.actor, _asked(request)
    check(actor, Verb.VIEW)
    rows = cases.visible_to(actor).filter(kind=Kind.COMPLAINT).select_related("outlet", "category")
    if asked.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=tables.WEEK, rows=rows, asked=asked)
        return pages.download(file)
    often = figures.frequent(narrow(tables.WEEK, rows, asked, actor)[0].order_by())
    page = WeekPage(listing(tables.WEEK, rows, asked, actor), often, actor.can(Verb.EXPORT))
    return pages.render(request, "complaints/week.html", page, block="list")


def judge(request: Request, pk: int) -> HttpResponseBase:
    """Is somebody at fault?"""
    row = about(request, pk, Verb.JUDGE)
    process = row.process
    fines = (process.fine_least, process.fine_most, process.fine_late)
    form = JudgeForm(request.POST or None, fines=fines, initial={"liable": row.named or row.owner_name})

    def act(*, complaint_id: int, at: datetime.datetime, **values: object) -> None:
        typed = {name: values.get(name) for name in ("liability", "words", "liable", "fine", "late_fine")}
        judging.judge(actor=request.actor, complaint_id=complaint_id, verdict=Verdict(**typed), at=at)  # type: ignore[arg-type] # cleaned by the form

    said = Said(_("Judge who is at fault"), _("Save"), _("Saved."))
    return step(request, row, form, said, act)


def day_of(text: str, otherwise: datetime.date) -> datetime.date:
    """Return a day that was asked for; what is none counts as not asked, as in every list."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return otherwise


def show_figures(request: Request) -> HttpResponseBase:
    """The figures by category, cause, outlet and angle."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.VIEW)
    last = day_of(request.GET.get("to", ""), today)
    first = day_of(request.GET.get("from", ""), last - SPAN)
    places, place = tables.places(actor), request.GET.get("place", "")
    chosen = int(place) if place in dict(places) and place else None
    asked = figures.Asked(clock.start_of(first), clock.start_of(last + datetime.timedelta(days=1)), chosen)
    rows = figures.asked_for(actor, asked, today)
    titles: dict[str, Text] = {
        "category": _("Category"), "cause": _("Cause"), "model": _("Model"), "outlet": _("Outlet"),
        "person": _("Responsible person"), "angle": _("Angle"), "system": _("System of the car"),
        "part": _("Part of the car"),
    }  # fmt: skip
    held = {by: figures.figures(rows, by, figures.names(actor, by)) for by in titles}
    held["outlet"] = figures.visits(held["outlet"], asked)
    parts = [(by, title, held[by]) for by, title in titles.items()]
    page = FiguresPage(
        parts, first, last, place if chosen else "", places, figures.risk(rows),
        figures.kinds(actor, asked, today),
        figures.outcomes(actor, asked, today),
    )  # fmt: skip
    return pages.render(request, "complaints/figures.html", page)
