"""Pages of the workshop: the list of visits, one visit, recording and correcting it, panels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import DomainError, NotAllowed, Text
from guanxi.foundation.forms import refuse
from guanxi.foundation.pages import Request
from guanxi.foundation.slots import Moment
from guanxi.foundation.tables import Listing, listing
from guanxi.records import queries as trail
from guanxi.records import services as records
from guanxi.records.models import AuditEntry
from guanxi.records.permissions import Verb as Records
from guanxi.vehicles.queries import cars
from guanxi.workshop import policy, queries
from guanxi.workshop.forms import LineFormSet, NewVisitForm, VisitForm
from guanxi.workshop.models import Visit
from guanxi.workshop.panels import as_moments, url
from guanxi.workshop.permissions import Verb
from guanxi.workshop.services import recording
from guanxi.workshop.services.recording import Line, Report
from guanxi.workshop.tables import VISITS

SHOWN = 20
FEW = 5
FIELDS = (
    "order_no", "category", "entered_on", "left_on", "km", "labour", "parts", "total", "advisor_name", "brought_by",
    "brought_by_phone", "words", "remark",
)  # fmt: skip
LINE = ("kind", "code", "name", "quantity", "amount", "is_warranty")


@dataclass(frozen=True)
class VisitsPage:
    listing: Listing
    can_export: bool
    can_record: bool


@dataclass(frozen=True)
class VisitPage:
    sheet: queries.Sheet
    category: str
    disagreements: list[str]
    history: list[AuditEntry]
    can_change: bool


@dataclass(frozen=True)
class FormPage:
    """The form of a visit with the lines of its bill."""

    form: forms.Form
    lines: Any
    title: Text
    submit: Text
    back: str
    crumbs: Sequence[tuple[Text, str]]


@dataclass(frozen=True)
class Panel:
    moments: list[Moment]
    more: bool
    record_url: str


def visits(request: Request) -> HttpResponseBase:
    """The list of visits, newest first; those of a single outlet in the order of its own index."""
    actor = request.actor
    check(actor, Verb.VIEW)
    where = actor.where(Verb.VIEW)
    rows = queries.visible_to(actor).select_related("outlet")
    if where is not None and len(own := queries.workshops(actor, Verb.VIEW)) == 1:
        rows = rows.filter(outlet_id=own[0].pk)
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=VISITS, rows=rows, asked=request.GET)
        return pages.download(file)
    page = VisitsPage(
        listing(VISITS, rows, request.GET, actor), actor.can(Verb.EXPORT), actor.can(Verb.RECORD_VISIT)
    )  # fmt: skip
    return pages.render(request, "workshop/visits.html", page, block="list")


def visit(request: Request, pk: int) -> HttpResponseBase:
    """One visit with its bill and the customer's words."""
    actor = request.actor
    check(actor, Verb.VIEW)
    sheet = queries.sheet(actor, pk)
    row = sheet.visit
    said = policy.Amounts(row.labour, row.parts, row.total)
    page = VisitPage(
        sheet=sheet,
        category=queries.category_names(row.entered_on).get(row.category, row.category),
        disagreements=policy.disagreements(said, [(line.kind, line.amount) for line in sheet.lines]),
        history=trail.history(actor, "visit", pk, 12) if actor.can(Records.VIEW_AUDIT) else [],
        can_change=actor.can(Verb.RECORD_VISIT, row.outlet_id),
    )
    return pages.render(request, "workshop/visit.html", page)


def record(request: Request) -> HttpResponseBase:
    """Record a visit: of the car named in the address, or of one that is typed."""
    actor = request.actor
    check(actor, Verb.RECORD_VISIT)
    outlets = [(str(row.pk), row.name) for row in queries.workshops(actor, Verb.RECORD_VISIT)]
    asked = request.GET.get("vehicle", "")
    is_key = asked.isdecimal() and len(asked) < 16  # noqa: PLR2004 -- a bigint
    row, known = cars.seen(actor, int(asked)) if is_key else (None, [])
    near = [str(pk) for pk in (actor.home_id, *known) if str(pk) in dict(outlets)]
    start = {
        "car": row.vin if row else "", "entered_on": clock.today(), "advisor_name": actor.name,
        "outlet": next(iter(near), outlets[0][0] if len(outlets) == 1 else ""),
    }  # fmt: skip
    form = NewVisitForm(
        request.POST or None, initial=start, actor=actor, outlets=outlets,
        categories=queries.categories(actor, clock.today()),
    )  # fmt: skip
    back = reverse("vehicles:vehicle", args=[row.pk]) if row else reverse("workshop:visits")

    def act(report: Report) -> Visit:
        values = form.cleaned_data
        return recording.record_visit(
            actor=actor, outlet_id=int(values["outlet"]), vehicle_id=values["car"], report=report, at=clock.now()
        )

    crumbs = [(_("Workshop visits"), reverse("workshop:visits"))]
    page = FormPage(form, _lines(request, []), _("Record a visit"), _("Save the visit"), back, crumbs)
    return _answer(request, page, act)


def change(request: Request, pk: int) -> HttpResponseBase:
    """Correct a visit; the trail keeps what was written before."""
    actor = request.actor
    sheet = queries.sheet(actor, pk)
    row = sheet.visit
    if not actor.can(Verb.RECORD_VISIT, row.outlet_id):
        raise NotAllowed(Verb.RECORD_VISIT)
    form = VisitForm(
        request.POST or None, initial={name: getattr(row, name) for name in FIELDS},
        categories=queries.categories(actor, row.entered_on),
    )  # fmt: skip

    def act(report: Report) -> Visit:
        return recording.change_visit(actor=actor, visit_id=pk, report=report, at=clock.now())

    crumbs: list[tuple[Text, str]] = [(_("Workshop visits"), reverse("workshop:visits")), (row.order_no, url(pk))]
    start = [{name: getattr(line, name) for name in LINE} for line in sheet.lines]
    page = FormPage(form, _lines(request, start), _("Correct the visit"), _("Save"), url(pk), crumbs)
    return _answer(request, page, act)


def _lines(request: Request, start: list[dict[str, Any]]) -> Any:
    if not request.POST:
        return LineFormSet(initial=start, prefix="line")
    data = request.POST.copy()
    if "more" in data:
        total = data.get("line-TOTAL_FORMS", "0")
        data["line-TOTAL_FORMS"] = str(min(int(total) if total.isdecimal() else 0, 196) + 4)
    return LineFormSet(data, prefix="line")


def _answer(request: Request, page: FormPage, act: Callable[[Report], Visit]) -> HttpResponseBase:
    """Show the form, give it more lines, or do what it asks for."""
    form, lines = page.form, page.lines
    if request.method == "POST" and "more" not in request.POST and form.is_valid() and lines.is_valid():
        try:
            made = act(_report(form.cleaned_data, lines.cleaned_data))
        except DomainError as error:
            refuse(form, error)
        else:
            return pages.done(request, url(made.pk), _("The visit is saved."))
    is_wrong = request.method == "POST" and "more" not in request.POST
    return pages.render(request, "workshop/form.html", page, status=422 if is_wrong else 200)


def _report(values: dict[str, Any], lines: list[dict[str, Any]]) -> Report:
    bill = [
        Line(
            kind=line["kind"], code=line["code"], name=line["name"], amount=line["amount"],
            quantity=line["quantity"] or Decimal(1), is_warranty=line["is_warranty"],
        )
        for line in lines
        if line.get("name")
    ]  # fmt: skip
    return Report(**{name: values[name] for name in FIELDS}, lines=bill)


def _may_record(actor: Actor, outlets: Sequence[int]) -> bool:
    return any(actor.can(Verb.RECORD_VISIT, outlet) for outlet in outlets)


def vehicle_panel(request: Request, subject_id: int) -> HttpResponseBase:
    """The panel of a car: its visits, newest first."""
    actor = request.actor
    check(actor, Verb.VIEW)
    _car, outlets = cars.seen(actor, subject_id)
    found = queries.of_vehicle(actor, subject_id, SHOWN + 1)
    address = f"{reverse('workshop:record-visit')}?vehicle={subject_id}" if _may_record(actor, outlets) else ""
    return _panel(request, found, address)


def customer_panel(request: Request, subject_id: int) -> HttpResponseBase:
    """The panel of a customer: the visits with him, newest first."""
    check(request.actor, Verb.VIEW)
    return _panel(request, queries.of_customer(request.actor, subject_id, FEW + 1), "", car=True)


def _panel(request: Request, found: list[Visit], address: str, *, car: bool = False) -> HttpResponseBase:
    names = queries.category_names(clock.today()) if found else {}
    most = FEW if car else SHOWN  # the timeline of a customer shows them all
    page = Panel(as_moments(found[:most], names, car=car), len(found) > most, address)
    return pages.render(request, "workshop/panel.html", page)
