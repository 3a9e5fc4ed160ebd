"""The page on which a call is made: who, why, what was said before, the script, and how it ended."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.codelists.queries import in_language
from guanxi.contact_centre import queries
from guanxi.contact_centre.forms import RECORD, SAID, CallForm, name_of
from guanxi.contact_centre.models import Script
from guanxi.contact_centre.policy.scripts import Question
from guanxi.contact_centre.services import calling
from guanxi.contact_centre.states import QuestionKind
from guanxi.customers import queries as customers
from guanxi.customers.models import ContactPoint, Customer
from guanxi.customers.permissions import Verb as Customers
from guanxi.customers.services import reaching
from guanxi.foundation import clock, pages, slots
from guanxi.foundation.errors import NotFound, Text
from guanxi.foundation.forms import FormPage, answer, show
from guanxi.foundation.pages import Request
from guanxi.foundation.personal_data import mask_phone
from guanxi.rectification import queries as notices
from guanxi.rectification.permissions import Verb as Notices
from guanxi.vehicles.models import Vehicle
from guanxi.verification.queries import record
from guanxi.verification.queries.record import Compared
from guanxi.worklist.models import Task
from guanxi.worklist.queries import tasks

FEW = 8
SEEN = _("Shown whole. That you saw it is written on the audit trail.")
TEMPLATE = "contact_centre/make_call.html"


@dataclass(frozen=True)
class Dial:
    """A number: masked, or whole and to be dialled with one click once it was revealed."""

    row: ContactPoint
    shown: str
    whole: str
    reveal_url: str


@dataclass(frozen=True)
class Line:
    """A question of the script with its field, and when it is asked."""

    question: Question
    field: BoundField | None
    text: str
    hint: str
    only_if: str
    after: str
    answers: str


@dataclass(frozen=True)
class Held:
    """A field of the record beside the fields in which the agent says how it was found."""

    shown: str
    klass: Text
    found: BoundField
    said: BoundField
    is_junk: bool


@dataclass(frozen=True)
class CallPage(FormPage):
    """Everything that the agent needs during one call."""

    form: CallForm
    task: Task | None = None
    customer: Customer | None = None
    cars: Sequence[Vehicle] = ()
    dials: Sequence[Dial] = ()
    moments: Sequence[slots.Moment] = ()
    open_tasks: Sequence[Task] = ()
    script: Script | None = None
    lines: Sequence[Line] = ()
    occasion: str = ""
    compared: Sequence[Held] = ()
    may_record: bool = False
    owner: str = ""


def make_call(request: Request, task_id: int) -> HttpResponseBase:
    """Show what the agent needs for a call, and record it; then the next call, or back."""
    task = queries.task_to_call(request.actor, task_id)
    page = _page(request, task, {})

    def act() -> str:
        calling.record_call(actor=request.actor, task_id=task_id, report=_report(page.form), at=clock.now())
        return _onwards(request, page.back)

    return answer(request, page, act, message=_("The call is saved."), template=TEMPLATE)


def reveal_number(request: Request, task_id: int, point_id: int) -> HttpResponseBase:
    """POST only: show a number of the customer whole, ready to be dialled, with a line on the trail."""
    if request.method != "POST":
        raise NotFound
    task = queries.task_to_call(request.actor, task_id)
    value = reaching.reveal_point(actor=request.actor, customer_id=task.subject_id or 0, point_id=point_id)
    return pages.toast(show(request, TEMPLATE, _page(request, task, {point_id: value}, is_new=True)), SEEN)


def _page(request: Request, task: Task, revealed: Mapping[int, str], *, is_new: bool = False) -> CallPage:
    actor, at = request.actor, clock.now()
    customer = customers.customer(actor, task.subject_id or 0)
    script = _script(task, request.POST)
    numbers, cars = queries.phones(customer.pk), queries.cars_of(task)
    verified = queries.verified_in(actor, task, customer, clock.day_of(at))
    compared = record.compared(verified) if verified else []
    first = next(iter(revealed), numbers[0].pk if numbers else None)
    start = {
        "token": uuid.uuid4(), "script": script.pk, "started_at": at.isoformat(), "point": first,
        "vehicle": cars[0].pk if cars else None,
    }  # fmt: skip
    typed = {name: value for name, value in request.POST.items() if value} if is_new else {}
    form = CallForm(
        None if is_new else request.POST or None, initial=start | typed, questions=script.asked,
        numbers=[(str(row.pk), mask_phone(row.value)) for row in numbers],
        cars=[(str(car.pk), str(car)) for car in cars],
        problems=notices.problems() if actor.can(Notices.ISSUE, queries.outlet_of(actor, customer.pk, task.node_id))
        else [],
        compared=compared,
    )  # fmt: skip
    may_reveal = customers.may(actor, Customers.REVEAL_PHONE, customers.relations(actor, [customer.pk]))
    return CallPage(
        form, customer.name, _("Save"), pages.next_url(request, reverse("worklist:my-day")), task.why,
        [(_("My day"), reverse("worklist:my-day")), (task.kind_label, reverse("worklist:task", args=[task.pk]))],
        task=task, customer=customer, cars=cars,
        dials=[_dial(task, row, revealed.get(row.pk, ""), may_reveal=may_reveal) for row in numbers],
        moments=slots.moments(actor, customer.pk, FEW),
        open_tasks=[row for row in tasks.about(actor, "customer", customer.pk, FEW) if row.is_live and row != task],
        script=script, lines=list(_lines(script.asked, form)), occasion=verified.occasion.name if verified else "",
        compared=[_held(row, form) for row in compared], may_record=queries.may_record(actor, task),
        owner=tasks.names([task.owner_id]).get(task.owner_id or 0, ""),
    )  # fmt: skip


def _script(task: Task, typed: Mapping[str, Any]) -> Script:
    """Return the script of a task: the version that the page showed when it was filled in."""
    asked = typed.get("script", "")
    if asked.isdecimal() and len(asked) < 19:  # noqa: PLR2004 -- a bigint
        found = Script.objects.filter(pk=int(asked)).first()
        if found is not None:
            return found
    return queries.script_for(task, clock.today())


def _dial(task: Task, row: ContactPoint, whole: str, *, may_reveal: bool) -> Dial:
    address = reverse("contact_centre:reveal-number", args=[task.pk, row.pk]) if may_reveal and not whole else ""
    return Dial(row, whole or mask_phone(row.value), whole, address)


def _lines(questions: Sequence[Question], form: CallForm) -> Iterator[Line]:
    texts = {question.key: in_language(question.text_zh, question.text_en) for question in questions}
    for question in questions:
        when, name = question.when, name_of(question.key)
        labels = dict(form.fields[name_of(when.question)].choices) if when else {}  # type: ignore[attr-defined]  # a choice field
        words = [str(labels[answer]) for answer in when.answers] if when else []
        only_if = str(_("Only if “%(question)s” is answered with: %(answers)s")) % {
            "question": texts[when.question], "answers": "、".join(words),
        } if when else ""  # fmt: skip
        yield Line(
            question, form[name] if question.kind != QuestionKind.NOTICE else None, texts[question.key],
            in_language(question.hint_zh, question.hint_en), only_if, name_of(when.question) if when else "",
            " ".join(when.answers) if when else "",
        )  # fmt: skip


def _held(row: Compared, form: CallForm) -> Held:
    return Held(
        row.shown, row.field.get_klass_display(), form[RECORD + row.field.pk], form[SAID + row.field.pk], row.is_junk
    )


def _report(form: CallForm) -> calling.Report:
    values: dict[str, Any] = form.cleaned_data
    names = (
        "token", "outcome", "started_at", "is_broken_off", "note", "promised_at", "promised_to", "correction",
        "purchase",
    )  # fmt: skip
    return calling.Report(
        script_id=values["script"], answers=form.answers, point_id=values["point"],
        vehicle_id=values.get("vehicle"), problem=values.get("problem", ""),
        problem_words=values.get("problem_words", ""), record=form.record, **{name: values[name] for name in names},
    )  # fmt: skip


def _onwards(request: Request, back: str) -> str:
    """Return where the agent goes after a call: to the next one if he asked for it and there is one, else back."""
    if request.POST.get("then") != "next":
        return back
    following = queries.next_call(request.actor, clock.now())
    return reverse("contact_centre:make-call", args=[following.pk]) if following else back
