"""Forms of what is done in the room of a crisis: one verb each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guanxi.crisis.forms import ChargeForm, DraftForm, LinkForm, NoteForm, SaidForm, SayForm, WhyForm, WorkForm
from guanxi.crisis.models import Crisis
from guanxi.crisis.permissions import Verb
from guanxi.crisis.queries import choosing, rooms
from guanxi.crisis.services import leading, leaving_alone, statements
from guanxi.foundation import clock
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request, done


@dataclass(frozen=True)
class Said:
    """What the page of a step says: its title, its button, and what is told when it is done."""

    title: Text
    submit: Text
    done: Text


def address(pk: int) -> str:
    return reverse("crisis:room", args=[pk])


def about(request: Request, pk: int, verb: Verb) -> Crisis:
    """Return a visible crisis at whose place the actor holds a right, before a form is shown."""
    row = rooms.crisis(request.actor, pk)
    check(request.actor, verb, row.place_id)
    return row


def step(
    request: Request, row: Crisis, form: forms.Form, said: Said, act: Callable[..., object]
) -> HttpResponseBase:  # fmt: skip
    """Show the form of a step, or take it: ``act`` is called with what was typed in."""
    crumbs: list[tuple[Text, str]] = [(_("Crises"), reverse("crisis:crises")), (row.number, address(row.pk))]

    def do() -> None:
        act(actor=request.actor, at=clock.now(), **_typed(form))

    page = FormPage(form, said.title, said.submit, address(row.pk), row.title, crumbs)
    return answer(request, page, do, message=said.done)


def _typed(form: forms.Form) -> dict[str, Any]:
    """Return what was typed in; who or which was chosen becomes a key."""
    keys = {"person": "person_id", "complaint": "complaint_id"}
    return {keys.get(name, name): int(value) if name in keys else value for name, value in form.cleaned_data.items()}


def _in(pk: int, act: Callable[..., object]) -> Callable[..., object]:
    return lambda **values: act(crisis_id=pk, **values)


def note(request: Request, pk: int) -> HttpResponseBase:
    """A line of the log."""
    row = about(request, pk, Verb.HANDLE)
    said = Said(_("Write into the log"), _("Note it"), _("Noted."))
    return step(request, row, NoteForm(request.POST or None), said, _in(pk, leading.note))


def _people(row: Crisis, *, without: int | None = None) -> list[tuple[str, Text]]:
    names = choosing.leaders(row.place_id, clock.today())
    return [(str(key), name) for key, name in names.items() if key != without]


def put_in_charge(request: Request, pk: int) -> HttpResponseBase:
    """Who leads from now on."""
    row = about(request, pk, Verb.HANDLE)
    form = ChargeForm(request.POST or None, people=_people(row, without=row.owner_id))
    said = Said(_("Put somebody in charge"), _("Put in charge"), _("Saved."))
    return step(request, row, form, said, _in(pk, leading.put_in_charge))


def give_work(request: Request, pk: int) -> HttpResponseBase:
    """Work for somebody, by a moment."""
    row = about(request, pk, Verb.HANDLE)
    form = WorkForm(request.POST or None, people=_people(row))
    said = Said(_("Give work"), _("Give work"), _("The work is given."))
    return step(request, row, form, said, _in(pk, leading.give_work))


def link(request: Request, pk: int) -> HttpResponseBase:
    """A complaint that belongs to the crisis."""
    row = about(request, pk, Verb.HANDLE)
    form = LinkForm(request.POST or None, complaints=choosing.to_link(request.actor))
    return step(request, row, form, Said(_("Link a complaint"), _("Link it"), _("Linked.")), _in(pk, leading.link))


def unlink(request: Request, pk: int, complaint_id: int) -> HttpResponseBase:
    """A complaint that does not belong to the crisis."""
    row = about(request, pk, Verb.HANDLE)
    said = Said(_("Take the complaint off"), _("Take off"), _("Taken off."))

    def act(**values: Any) -> None:
        leading.unlink(crisis_id=pk, complaint_id=complaint_id, **values)

    return step(request, row, WhyForm(request.POST or None), said, act)


def allow_contact(request: Request, pk: int) -> HttpResponseBase:
    """Let offers and care go on, or stop them again."""
    row = about(request, pk, Verb.HANDLE)
    title = _("Stop offers and care") if row.may_contact else _("Let offers and care go on")

    def act(**values: Any) -> None:
        leaving_alone.allow_contact(crisis_id=pk, is_allowed=not row.may_contact, **values)

    return step(request, row, WhyForm(request.POST or None), Said(title, title, _("Saved.")), act)


def calm(request: Request, pk: int) -> HttpResponseBase:
    """It has calmed down."""
    row = about(request, pk, Verb.HANDLE)
    said = Said(_("It has calmed down"), _("Calmed down"), _("Saved."))
    return step(request, row, SayForm(request.POST or None), said, _in(pk, leading.calm))


def close(request: Request, pk: int) -> HttpResponseBase:
    """The conclusion."""
    row = about(request, pk, Verb.HANDLE)
    said = Said(_("Close with a conclusion"), _("Close"), _("The crisis is closed."))
    return step(request, row, SayForm(request.POST or None), said, _in(pk, leading.close))


def reopen(request: Request, pk: int) -> HttpResponseBase:
    """Open it again."""
    row = about(request, pk, Verb.OPEN)
    said = Said(_("Open it again"), _("Open it again"), _("The crisis is open again."))
    return step(request, row, WhyForm(request.POST or None), said, _in(pk, leading.reopen))


def draft(request: Request, pk: int) -> HttpResponseBase:
    """A further version of the statement, beginning with the last one."""
    row = about(request, pk, Verb.HANDLE)
    last = next(iter(rooms.statements(row)), None)
    form = DraftForm(request.POST or None, initial={"words": last.words if last else ""})
    said = Said(_("Write the statement"), _("Save as a draft"), _("Saved; somebody else approves it."))
    return step(request, row, form, said, _in(pk, statements.draft))


@require_POST
def approve(request: Request, pk: int) -> HttpResponseBase:
    """Approve a version that somebody else wrote."""
    held = statements.approve(actor=request.actor, statement_id=pk, at=clock.now())
    return done(request, address(held.crisis_id), _("Approved."))


def say(request: Request, pk: int) -> HttpResponseBase:
    """To whom and when a statement was made."""
    held = rooms.statement(request.actor, pk)
    row = about(request, held.crisis_id, Verb.HANDLE)
    form = SaidForm(request.POST or None, initial={"said_at": clock.local_now()})

    def act(**values: Any) -> None:
        statements.say(statement_id=pk, **values)

    return step(request, row, form, Said(_("The statement was made"), _("Save"), _("Saved.")), act)
