"""Pages and buttons that work on a task: one verb each."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import NotAllowed, NotFound, Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.worklist import states
from guanxi.worklist.forms import (
    AttemptForm,
    FinishForm,
    PersonForm,
    PostponeForm,
    SkipForm,
    TaskForm,
    people_choices,
)
from guanxi.worklist.models import Task
from guanxi.worklist.panels import may_work
from guanxi.worklist.permissions import Verb
from guanxi.worklist.queries import people
from guanxi.worklist.queries import tasks as queries
from guanxi.worklist.services import adding, sharing, working
from guanxi.worklist.views.days import tomorrow


@dataclass(frozen=True)
class ActPage(FormPage):
    """A form about one task; it stands beside what the task is about."""

    task: Task | None = None
    why: str = ""


def _url(task_id: int) -> str:
    return reverse("worklist:task", args=[task_id])


def _back(request: Request, task_id: int) -> str:
    """Where the reader came from: the day, the list, or the task."""
    return pages.next_url(request, _url(task_id))


def _about(request: Request, task: Task, form: forms.Form, label: Text, submit: Text) -> ActPage:
    crumbs: list[tuple[Text, str]] = [(_("My day"), reverse("worklist:my-day")), (task.title, _url(task.pk))]
    return ActPage(form, label, submit, _back(request, task.pk), "", crumbs, task, task.why)


def _workable(request: Request, pk: int) -> Task:
    """Return a visible task that the actor may work on, before a form is shown."""
    task = queries.task(request.actor, pk)
    if task.is_live and not may_work(request.actor, task):
        raise NotAllowed(Verb.WORK)
    return task


def _press(request: Request, pk: int, act: Callable[[], object], message: Text) -> HttpResponseBase:
    if request.method != "POST":
        raise NotFound
    act()
    return pages.done(request, _back(request, pk), message)


def claim(request: Request, pk: int) -> HttpResponseBase:
    """POST only: take a task up."""
    return _press(request, pk, lambda: working.claim(actor=request.actor, task_id=pk), _("It is yours now."))


def release(request: Request, pk: int) -> HttpResponseBase:
    """POST only: give a task back to its role."""
    return _press(
        request, pk, lambda: working.release(actor=request.actor, task_id=pk), _("Colleagues can take it now.")
    )


def record_attempt(request: Request, pk: int) -> HttpResponseBase:
    task = _workable(request, pk)
    form = AttemptForm(request.POST or None)

    def act() -> None:
        values = form.cleaned_data
        working.record_attempt(
            actor=request.actor, task_id=pk, outcome=values["outcome"], note=values["note"],
            next_try_at=values["next_try_at"], at=clock.now(),
        )  # fmt: skip

    page = _about(request, task, form, _("Write down an attempt"), _("Save the attempt"))
    return answer(request, page, act, message=_("The attempt is saved."), template="worklist/act.html")


def postpone(request: Request, pk: int) -> HttpResponseBase:
    task = _workable(request, pk)
    form = PostponeForm(request.POST or None, initial={"to": tomorrow(max(clock.now(), task.due_at))})

    def act() -> None:
        values = form.cleaned_data
        working.postpone(actor=request.actor, task_id=pk, to=values["to"], reason=values["reason"], at=clock.now())

    page = _about(request, task, form, _("Postpone"), _("Postpone"))
    return answer(request, page, act, message=_("Postponed."), template="worklist/act.html")


def finish(request: Request, pk: int) -> HttpResponseBase:
    task = _workable(request, pk)
    form = FinishForm(request.POST or None, outcomes=states.kind(task.kind).outcomes)

    def act() -> None:
        values = form.cleaned_data
        ending = working.Ending(values["outcome"], values["note"], values["next_step"], values["next_due_at"])
        working.finish(actor=request.actor, task_id=pk, ending=ending, at=clock.now())

    page = _about(request, task, form, _("Done"), _("Done"))
    return answer(request, page, act, message=_("Done."), template="worklist/act.html")


def skip(request: Request, pk: int) -> HttpResponseBase:
    task = _workable(request, pk)
    form = SkipForm(request.POST or None)

    def act() -> None:
        working.skip(actor=request.actor, task_id=pk, reason=form.cleaned_data["reason"], at=clock.now())

    page = _about(request, task, form, _("Leave undone"), _("Leave undone"))
    return answer(
        request, page, act, message=_("The task is left undone; the reason is kept."), template="worklist/act.html"
    )


def assign(request: Request, pk: int) -> HttpResponseBase:
    task = queries.task(request.actor, pk)
    check(request.actor, Verb.ASSIGN, task.node_id)
    team = people_choices(people.at_place(task.node_id, clock.today()))
    form = PersonForm(request.POST or None, people=team, initial={"person": task.owner_id})

    def act() -> None:
        sharing.assign(actor=request.actor, task_id=pk, person_id=form.cleaned_data["person"], at=clock.now())

    page = _about(request, task, form, _("Give to somebody"), _("Give it"))
    return answer(request, page, act, message=_("The task is given on."), template="worklist/act.html")


def _subject(request: Request) -> tuple[str, int] | None:
    kind, _colon, number = (request.GET.get("subject") or "").partition(":")
    return (kind, int(number)) if kind and number.isdecimal() and len(number) < 19 else None  # noqa: PLR2004 -- a bigint


def add_task(request: Request) -> HttpResponseBase:
    """A task by hand, for oneself or a colleague; about what the address names."""
    actor, at = request.actor, clock.now()
    check(actor, Verb.ADD_TASK)
    subject = _subject(request)
    known = states.subject(subject[0]) if subject else None
    label = known.find(actor, subject[1]) if known and subject else None
    if subject and label is None:
        raise NotFound
    form = TaskForm(
        request.POST or None, initial={"due_at": tomorrow(at), "owner": actor.user_id},
        people=people_choices(people.colleagues(actor, clock.day_of(at))),
    )  # fmt: skip
    back = reverse(known.url_name, args=[subject[1]]) if known and subject else reverse("worklist:my-day")

    def act() -> None:
        values = form.cleaned_data
        node_id = people.common_place(actor, values["owner"], clock.day_of(at))
        adding.add_by_hand(
            actor=actor, node_id=node_id, owner_id=values["owner"], note=values["note"], due_at=values["due_at"],
            subject=subject, at=at,
        )  # fmt: skip

    crumbs = [(label, back)] if label else [(_("My day"), reverse("worklist:my-day"))]
    page = FormPage(form, _("A task for somebody"), _("Write the task"), back, _("The person is told at once."), crumbs)
    return answer(request, page, act, message=_("The task is written."))
