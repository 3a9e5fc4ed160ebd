"""The page on which a call is made or a visit recorded: who, why, what was before, the script, and how it ended."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.contact_centre.forms.calls import CallForm, Held, Line, held, lines
from guanxi.contact_centre.models import Script
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.policy.scripts import Question
from guanxi.contact_centre.queries import calls as queries
from guanxi.contact_centre.queries import enquiries
from guanxi.contact_centre.queries.matters import Matters, open_with
from guanxi.contact_centre.services import calling, reports
from guanxi.contact_centre.states import Means
from guanxi.customers import queries as customers
from guanxi.customers.models import Address, ContactPoint, Customer
from guanxi.customers.permissions import Verb as Customers
from guanxi.customers.services import reaching
from guanxi.foundation import clock, pages, slots
from guanxi.foundation.actor import check
from guanxi.foundation.errors import NotFound, Text
from guanxi.foundation.forms import FormPage, answer, show
from guanxi.foundation.pages import Request
from guanxi.foundation.personal_data import mask_phone
from guanxi.rectification import queries as notices
from guanxi.rectification.permissions import Verb as Notices
from guanxi.vehicles.models import Vehicle
from guanxi.vehicles.queries import cars
from guanxi.verification.queries import record
from guanxi.verification.queries.record import Compared, Subject
from guanxi.worklist.models import Task
from guanxi.worklist.queries import tasks

FEW, LONGEST_KEY = 8, 18
SEEN = _("Shown whole. That you saw it is written on the audit trail.")
TEMPLATE = "contact_centre/make_call.html"
SAVED: dict[bool, Text] = {True: _("The face visit is saved."), False: _("The call is saved.")}
BY_HAND: dict[bool, Text] = {True: _("A visit that no task asks for"), False: _("A call that no task asks for")}


@dataclass(frozen=True)
class Dial:
    """A number: masked, or whole and to be dialled with one click once it was revealed."""

    row: ContactPoint
    shown: str
    whole: str
    reveal_url: str


@dataclass(frozen=True)
class CallPage(FormPage):
    """Everything that the agent needs during one call, or to write a visit down."""

    form: CallForm
    task: Task | None = None
    customer: Customer | None = None
    cars: Sequence[Vehicle] = ()
    dials: Sequence[Dial] = ()
    caveats: Sequence[slots.Caveat] = ()
    moments: Sequence[slots.Moment] = ()
    matters: Matters = field(default_factory=Matters)
    script: Script | None = None
    scripts: Sequence[Script] = ()
    lines: Sequence[Line] = ()
    occasion: str = ""
    compared: Sequence[Held] = ()
    may_record: bool = False
    owner: str = ""
    is_visit: bool = False
    addresses: Sequence[Address] = ()
    other_way: str = ""


def make_call(request: Request, task_id: int) -> HttpResponseBase:
    """Show what the agent needs for a call, and record it; then the next call, or back."""
    task = queries.task_to_call(request.actor, task_id)
    page = _page(request, _of_task(request, task), {})

    def act() -> str:
        calling.record_call(actor=request.actor, task_id=task_id, report=_report(page), at=clock.now())
        return _onwards(request, page.back)

    return answer(request, page, act, message=SAVED[page.is_visit], template=TEMPLATE)


def reveal_number(request: Request, task_id: int, point_id: int) -> HttpResponseBase:
    """POST only: show a number of the customer whole, ready to be dialled, with a line on the trail."""
    if request.method != "POST":
        raise NotFound
    return _revealed(request, _of_task(request, queries.task_to_call(request.actor, task_id)), point_id)


def log_call(request: Request, customer_id: int) -> HttpResponseBase:
    """Show what the agent needs for a call that no task asks for, and record it."""
    about = _by_hand(request, customer_id)
    page = _page(request, about, {})

    def act() -> None:
        calling.log_call(actor=request.actor, customer_id=customer_id, report=_report(page), at=clock.now())

    return answer(request, page, act, message=SAVED[page.is_visit], template=TEMPLATE)


def reveal_by_hand(request: Request, customer_id: int, point_id: int) -> HttpResponseBase:
    """POST only: show a number whole during a call that no task asks for, with a line on the trail."""
    if request.method != "POST":
        raise NotFound
    return _revealed(request, _by_hand(request, customer_id), point_id)


def _revealed(request: Request, about: "_About", point_id: int) -> HttpResponseBase:
    value = reaching.reveal_point(actor=request.actor, customer_id=about.customer.pk, point_id=point_id)
    return pages.toast(show(request, TEMPLATE, _page(request, about, {point_id: value}, is_new=True)), SEEN)


@dataclass(frozen=True)
class _About:
    """What a call or a visit is about: a task or none, its customer, its cars, the version of its script, where it is
    made, and by which way.
    """

    task: Task | None
    customer: Customer
    cars: Sequence[Vehicle]
    script: Script | None
    node_id: int
    may_record: bool = True
    verified: Subject | None = None
    means: str = Means.PHONE

    @cached_property
    def compared(self) -> Sequence[Compared]:
        """The fields of the record that the call verifies, if it is one that does."""
        return record.compared(self.verified) if self.verified else []

    @property
    def asked(self) -> Sequence[Question]:
        return self.script.asked if self.script else ()

    @property
    def is_visit(self) -> bool:
        return self.means == Means.VISIT

    @property
    def address(self) -> str:
        """The address of the page, for a call."""
        if self.task is not None:
            return reverse("contact_centre:make-call", args=[self.task.pk])
        return reverse("contact_centre:log-call", args=[self.customer.pk])

    def other_way(self, back: str) -> str:
        """Return the address of the page for a visit instead of a call, or the other way round if it may be one."""
        means = Means.PHONE if self.is_visit else Means.VISIT
        if queries.means_of(self.task, means) != means:
            return ""
        return f"{self.address}?{urlencode({'means': means, 'next': back})}"

    @property
    def reveal(self) -> tuple[str, int]:
        """The address at which a number is shown whole, and what stands in it first."""
        if self.task is not None:
            return "contact_centre:reveal-number", self.task.pk
        return "contact_centre:reveal-by-hand", self.customer.pk


def _of_task(request: Request, task: Task) -> _About:
    customer = customers.customer(request.actor, task.subject_id or 0)
    return _About(
        task, customer, queries.cars_of(task), _typed_script(request) or queries.script_for(task, clock.today()),
        task.node_id, queries.may_record(request.actor, task),
        queries.verified_in(request.actor, task, customer, clock.today()),
        queries.means_of(task, _asked(request, "means")),
    )  # fmt: skip


def _by_hand(request: Request, customer_id: int) -> _About:
    check(request.actor, Verb.CALL)
    customer = customers.customer(request.actor, customer_id)
    node_id = queries.place_of_call(request.actor, customer.pk, clock.today())
    check(request.actor, Verb.CALL, node_id)
    held = cars.held_by([customer.pk]).get(customer.pk, [])
    return _About(
        None, customer, held, _typed_script(request), node_id, means=queries.means_of(None, _asked(request, "means"))
    )


def _page(request: Request, about: _About, revealed: Mapping[int, str], *, is_new: bool = False) -> CallPage:
    actor, customer, task = request.actor, about.customer, about.task
    numbers = [] if about.is_visit else queries.phones(customer.pk)
    form = _form(request, about, numbers, revealed, is_new=is_new)
    may_reveal = customers.may(actor, Customers.REVEAL_PHONE, customers.relations(actor, [customer.pk]))
    back = pages.next_url(request, reverse("worklist:my-day") if task else _address(customer.pk))
    crumbs: list[tuple[Text, str]] = [(_("Customers"), reverse("customers:customers"))]
    if task is not None:
        crumbs = [
            (_("My day"), reverse("worklist:my-day")), (task.kind_label, reverse("worklist:task", args=[task.pk])),
        ]  # fmt: skip
    return CallPage(
        form, customer.name, _("Save"), back, task.why if task else BY_HAND[about.is_visit], crumbs,
        task=task, customer=customer, cars=about.cars,
        dials=[_dial(about, row, revealed.get(row.pk, ""), may_reveal=may_reveal) for row in numbers],
        caveats=slots.caveats(actor, customer.pk), moments=slots.moments(actor, customer.pk, FEW),
        matters=open_with(actor, customer.pk, task.pk if task else None),
        script=about.script, scripts=[] if task else queries.scripts_on(clock.today()),
        lines=list(lines(about.asked, form)), occasion=about.verified.occasion.name if about.verified else "",
        compared=[held(row, form) for row in about.compared], may_record=about.may_record,
        owner=tasks.names([task.owner_id]).get(task.owner_id or 0, "") if task else "", is_visit=about.is_visit,
        addresses=customers.addresses(customer) if about.is_visit else [], other_way=about.other_way(back),
    )  # fmt: skip


def _address(customer_id: int) -> str:
    return reverse("customers:customer", args=[customer_id])


def _form(
    request: Request, about: _About, numbers: Sequence[ContactPoint], revealed: Mapping[int, str], *, is_new: bool
) -> CallForm:
    actor = request.actor
    first = next(iter(revealed), numbers[0].pk if numbers else None)
    start = {
        "token": uuid.uuid4(), "script": about.script.pk if about.script else None,
        "started_at": clock.now() if about.is_visit else clock.now().isoformat(), "point": first,
        "vehicle": about.cars[0].pk if about.cars else None,
    }  # fmt: skip
    typed = {name: value for name, value in request.POST.items() if value} if is_new else {}
    outlet = queries.outlet_of(actor, about.customer.pk, about.node_id)
    may_issue, may_take = actor.can(Notices.ISSUE, outlet), actor.can(Verb.TAKE_ENQUIRY, outlet)
    return CallForm(
        None if is_new else request.POST or None, initial=start | typed, questions=about.asked,
        numbers=[(str(row.pk), mask_phone(row.value)) for row in numbers],
        cars=[(str(car.pk), str(car)) for car in about.cars], problems=notices.problems() if may_issue else [],
        compared=about.compared, means=about.means, topics=enquiries.topics() if may_take else [],
    )  # fmt: skip


def _asked(request: Request, name: str) -> str:
    return request.POST.get(name) or request.GET.get(name) or ""


def _typed_script(request: Request) -> Script | None:
    """Return the script that was chosen, or the version that the page showed when it was filled in."""
    asked = _asked(request, "script")
    if not asked.isdecimal() or len(asked) > LONGEST_KEY:
        return None
    return Script.objects.filter(pk=int(asked)).first()


def _dial(about: _About, row: ContactPoint, whole: str, *, may_reveal: bool) -> Dial:
    name, key = about.reveal
    address = reverse(name, args=[key, row.pk]) if may_reveal and not whole else ""
    return Dial(row, whole or mask_phone(row.value), whole, address)


def _report(page: CallPage) -> reports.Report:
    form = page.form
    values: dict[str, Any] = form.cleaned_data
    names = (
        "token", "outcome", "started_at", "is_broken_off", "note", "promised_at", "promised_to", "correction",
        "purchase", "purchase_kind",
    )  # fmt: skip
    return reports.Report(
        script_id=values["script"], answers=form.answers, point_id=values.get("point"),
        means=Means.VISIT if page.is_visit else Means.PHONE, met_at=values.get("met_at", ""),
        vehicle_id=values.get("vehicle"), problem=values.get("problem", ""),
        problem_words=values.get("problem_words", ""), record=form.record,
        suggestion=values.get("suggestion", ""), suggestion_about=values.get("suggestion_about", ""),
        suggestion_aim=values.get("suggestion_aim", ""),
        **{name: values[name] for name in names},
    )  # fmt: skip


def _onwards(request: Request, back: str) -> str:
    """Return where the agent goes after a call: to the next one if he asked for it and there is one, else back."""
    if request.POST.get("then") != "next":
        return back
    following = queries.next_call(request.actor, clock.now())
    return reverse("contact_centre:make-call", args=[following.pk]) if following else back
