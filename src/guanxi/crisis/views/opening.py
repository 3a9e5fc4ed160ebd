"""Opening a crisis from a complaint or from nothing, and judging it anew."""

from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.complaints.models import Complaint
from guanxi.complaints.queries import cases
from guanxi.complaints.queries import choosing as of_complaints
from guanxi.crisis.forms import AssessmentForm, ChangeForm, Choices, OpenForm
from guanxi.crisis.models import Alarm, Crisis
from guanxi.crisis.permissions import Verb
from guanxi.crisis.queries import alarms, choosing
from guanxi.crisis.services import leading, opening, watching
from guanxi.crisis.services.opening import NewCrisis
from guanxi.crisis.states import Cell, Risk
from guanxi.crisis.views.acting import about, address
from guanxi.foundation import clock
from guanxi.foundation.actor import check
from guanxi.foundation.errors import NotFound, Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request

LONGEST_KEY = 18


def _choices() -> dict[str, Choices]:
    return {"types": choosing.types(), "model": choosing.models(), "matter": of_complaints.categories()}


def _key(request: Request, name: str) -> int | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    if not text.isdecimal() or len(text) > LONGEST_KEY:
        raise NotFound
    return int(text)


def _of_alarm(row: Alarm) -> dict[str, Any]:
    """Return what an alarm says of the crisis that it may be."""
    return {
        "place": row.place_id, "title": row.label, "risk": Risk.HIGH,
        "words": f"{row.label}: {row.seen} / {row.expected:.1f}",
        "model": row.key if row.cell == Cell.MODEL else None, "matter": row.key if row.cell == Cell.MATTER else None,
    }  # fmt: skip


def _first(request: Request, complaint: Complaint | None) -> dict[str, Any]:
    """Return what the form says at first: what the complaint says, or where the reader works."""
    if complaint is None:
        return {"place": request.actor.home_id, "risk": Risk.HIGH, "owner": request.actor.user_id}
    new = opening.from_complaint(complaint, clock.today())
    return {
        "place": new.place_id, "title": new.title, "words": new.words, "types": new.types, "risk": new.risk,
        "model": new.model_id, "matter": new.matter_id, "amount": new.amount, "owner": new.owner_id,
    }  # fmt: skip


def _assessed(form: AssessmentForm) -> dict[str, Any]:
    """Return what was typed in about a crisis, as services take it."""
    values = form.cleaned_data
    plain = ("title", "types", "risk", "amount", "currency", "spokesperson", "authority")
    return {name: values[name] for name in plain} | {
        "model_id": int(values["model"]) if values["model"] else None, "matter_id": values["matter"] or None,
    }  # fmt: skip


def open_crisis(request: Request) -> HttpResponseBase:
    """A new crisis, perhaps from a complaint (``?complaint=``) or an alarm (``?alarm=``)."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.OPEN)
    complaint_id, alarm_id = _key(request, "complaint"), _key(request, "alarm")
    complaint = cases.complaint(actor, complaint_id) if complaint_id else None
    alarm = alarms.alarm(actor, alarm_id) if alarm_id else None
    first = _of_alarm(alarm) if alarm else _first(request, complaint)
    place = request.POST.get("place") or str(first["place"] or "")
    leaders = choosing.leaders(int(place), today) if place.isdecimal() and len(place) <= LONGEST_KEY else {}
    choices = _choices() | {
        "place": choosing.places(actor, today), "owner": [(str(pk), name) for pk, name in leaders.items()],
    }  # fmt: skip
    form = OpenForm(request.POST or None, choices=choices, initial=first)

    def act() -> str:
        values = form.cleaned_data
        new = NewCrisis(
            int(values["place"]), words=values["words"], owner_id=int(values["owner"]) if values["owner"] else None,
            complaint_id=complaint.pk if complaint else None, **_assessed(form),
        )  # fmt: skip
        if alarm is not None:
            return address(watching.open_crisis(actor=actor, alarm_id=alarm.pk, new=new, at=clock.now()).pk)
        return address(opening.open_crisis(actor=actor, new=new, at=clock.now()).pk)

    crumbs: list[tuple[Text, str]] = [(_("Crises"), reverse("crisis:crises"))]
    back = reverse("complaints:complaint", args=[complaint.pk]) if complaint else reverse("crisis:crises")
    note = complaint.number if complaint else _("Whoever has to know is told at once.")
    page = FormPage(form, _("Open a crisis"), _("Open a crisis"), back, note, crumbs)
    return answer(request, page, act, message=_("The crisis is open; whoever has to know is told."))


def _now(row: Crisis) -> dict[str, Any]:
    return {name: getattr(row, name) for name in leading.ASSESSED} | {
        "model": row.model_id, "matter": row.matter_id,
    }  # fmt: skip


def assess(request: Request, pk: int) -> HttpResponseBase:
    """Another assessment of a crisis."""
    row = about(request, pk, Verb.HANDLE)
    form = ChangeForm(request.POST or None, choices=_choices(), initial=_now(row))

    def act() -> None:
        leading.assess(
            actor=request.actor, crisis_id=pk, values=_assessed(form), reason=form.cleaned_data["reason"],
            at=clock.now(),
        )  # fmt: skip

    crumbs: list[tuple[Text, str]] = [(_("Crises"), reverse("crisis:crises")), (row.number, address(pk))]
    page = FormPage(form, _("Assess it anew"), _("Save"), address(pk), row.title, crumbs)
    return answer(request, page, act, message=_("Saved."))
