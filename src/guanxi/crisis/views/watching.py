"""Pages of the watch: the alarms, one with its figures, and what becomes of it."""

from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.crisis import tables
from guanxi.crisis.forms import WhyForm
from guanxi.crisis.models import Alarm, Terms
from guanxi.crisis.permissions import Verb
from guanxi.crisis.queries import alarms
from guanxi.crisis.services import watching
from guanxi.crisis.states import ALARM_TONES, AlarmState
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing
from guanxi.records import services as records


@dataclass(frozen=True)
class AlarmsPage:
    listing: Listing
    tones: dict[str, str]
    terms: Terms | None
    can_export: bool


@dataclass(frozen=True)
class AlarmPage:
    row: Alarm
    tone: str
    may_open: bool
    may_dismiss: bool


def show_alarms(request: Request) -> HttpResponseBase:
    """The alarms, the newest first."""
    actor = request.actor
    check(actor, Verb.VIEW)
    rows = alarms.visible_to(actor).select_related("place")
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=tables.ALARMS, rows=rows, asked=request.GET)
        return pages.download(file)
    found = listing(tables.ALARMS, rows, request.GET, actor)
    page = AlarmsPage(found, ALARM_TONES, alarms.terms(clock.today()), actor.can(Verb.EXPORT))
    return pages.render(request, "crisis/alarms.html", page, block="list")


def alarm(request: Request, pk: int) -> HttpResponseBase:
    """One alarm and how its figures came about."""
    actor = request.actor
    check(actor, Verb.VIEW)
    row = alarms.alarm(actor, pk)
    is_open = row.state == AlarmState.OPEN
    page = AlarmPage(
        row, ALARM_TONES[row.state], is_open and actor.can(Verb.OPEN, row.place_id),
        is_open and actor.can(Verb.HANDLE, row.place_id),
    )  # fmt: skip
    return pages.render(request, "crisis/alarm.html", page)


def dismiss(request: Request, pk: int) -> HttpResponseBase:
    """Dismiss an alarm with a reason."""
    row = alarms.alarm(request.actor, pk)
    check(request.actor, Verb.HANDLE, row.place_id)
    form, back = WhyForm(request.POST or None), reverse("crisis:alarm", args=[pk])

    def act() -> None:
        watching.dismiss(actor=request.actor, alarm_id=pk, reason=form.cleaned_data["reason"], at=clock.now())

    crumbs: list[tuple[Text, str]] = [(_("Alarms"), reverse("crisis:alarms")), (row.label, back)]
    page = FormPage(form, _("Dismiss the alarm"), _("Dismiss"), back, row.label, crumbs)
    return answer(request, page, act, message=_("Dismissed."))
