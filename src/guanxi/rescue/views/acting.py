"""Forms and buttons of rescues: one verb each."""

from collections.abc import Callable

from django import forms
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.rescue.forms import AcceptForm, CallBackForm, FinishForm, ReasonForm
from guanxi.rescue.models import Rescue
from guanxi.rescue.permissions import Verb
from guanxi.rescue.queries import providers, rescues
from guanxi.rescue.services import answering, closing, sending


def _address(pk: int) -> str:
    return reverse("rescue:rescue", args=[pk])


def _about(request: Request, pk: int, verb: Verb) -> Rescue:
    """Return a visible rescue on whose side the actor stands, before a form is shown."""
    row = rescues.rescue(request.actor, pk)
    check(request.actor, verb, row.provider_id or 0 if verb == Verb.ANSWER else row.place_id)
    return row


def _page(row: Rescue, form: forms.Form, title: Text, submit: Text) -> FormPage:
    crumbs: list[tuple[Text, str]] = [(_("Rescues"), reverse("rescue:rescues")), (row.number, _address(row.pk))]
    return FormPage(form, title, submit, _address(row.pk), f"{row.help.name} · {row.where}", crumbs)


@require_POST
def send(request: Request, pk: int) -> HttpResponseBase:
    """Send a provider."""
    chosen = request.POST.get("provider", "")
    provider_id = int(chosen) if chosen.isdecimal() and len(chosen) < 10 else 0  # noqa: PLR2004 -- digits of a key
    sending.send(actor=request.actor, rescue_id=pk, provider_id=provider_id, at=clock.now())
    return pages.done(request, _address(pk), _("Sent; now he has to accept."))


@require_POST
def arrive(request: Request, pk: int) -> HttpResponseBase:
    """Note that the provider is at the place."""
    answering.arrive(actor=request.actor, rescue_id=pk, at=clock.now())
    return pages.done(request, _address(pk), _("Arrived."))


def _with_reason(
    request: Request, row: Rescue, titles: tuple[Text, Text], act: Callable[[str], object], message: Text,
    to: str | None = None,
) -> HttpResponseBase:  # fmt: skip
    form = ReasonForm(request.POST or None)

    def do() -> str | None:
        act(form.cleaned_data["reason"])
        return to

    return answer(request, _page(row, form, *titles), do, message=message)


def recall(request: Request, pk: int) -> HttpResponseBase:
    """Recall who was sent, with a reason."""
    row = _about(request, pk, Verb.DISPATCH)

    def act(reason: str) -> None:
        sending.recall(actor=request.actor, rescue_id=pk, reason=reason, at=clock.now())

    return _with_reason(request, row, (_("Recall who was sent"), _("Recall")), act, _("Recalled. Send another."))


def cancel(request: Request, pk: int) -> HttpResponseBase:
    """Cancel a rescue with a reason."""
    row = _about(request, pk, Verb.DISPATCH)

    def act(reason: str) -> None:
        sending.cancel(actor=request.actor, rescue_id=pk, reason=reason, at=clock.now())

    return _with_reason(request, row, (_("Cancel the rescue"), _("Cancel the rescue")), act, _("Cancelled."))


def refuse(request: Request, pk: int) -> HttpResponseBase:
    """Refuse a rescue with a reason; it goes out of the provider's sight."""
    row = _about(request, pk, Verb.ANSWER)

    def act(reason: str) -> None:
        answering.refuse(actor=request.actor, rescue_id=pk, reason=reason, at=clock.now())

    told, to = _("Refused; another is sent."), reverse("rescue:rescues")
    return _with_reason(request, row, (_("Refuse the rescue"), _("Turn down")), act, told, to)


def fail(request: Request, pk: int) -> HttpResponseBase:
    """Say that the provider cannot help at the place, with a reason."""
    row = _about(request, pk, Verb.ANSWER)

    def act(reason: str) -> None:
        answering.fail(actor=request.actor, rescue_id=pk, reason=reason, at=clock.now())

    told, to = _("Given back; another is sent."), reverse("rescue:rescues")
    return _with_reason(request, row, (_("Cannot help at the place"), _("Give it back")), act, told, to)


def accept(request: Request, pk: int) -> HttpResponseBase:
    """Accept a rescue: who comes, and when."""
    row = _about(request, pk, Verb.ANSWER)
    form = AcceptForm(request.POST or None)

    def act() -> None:
        crew = answering.Crew(**form.cleaned_data)
        answering.accept(actor=request.actor, rescue_id=pk, crew=crew, at=clock.now())

    page = _page(row, form, _("Accept the rescue"), _("Accept"))
    return answer(request, page, act, message=_("Accepted. Whoever waits sees it."))


def finish(request: Request, pk: int) -> HttpResponseBase:
    """Note how it ended at the place."""
    row = _about(request, pk, Verb.ANSWER)
    start = {"settled": row.quoted, "settled_customer": row.quoted_customer}
    form = FinishForm(request.POST or None, workshops=providers.workshops(clock.today()), initial=start)

    def act() -> None:
        values = form.cleaned_data
        to = int(values["destination"]) if values["destination"] else None
        report = answering.Report(values["result"], to, values["settled"], values["settled_customer"])
        answering.finish(actor=request.actor, rescue_id=pk, report=report, at=clock.now())

    page = _page(row, form, _("How it ended"), _("Finish"))
    return answer(request, page, act, message=_("Finished; the customer will be called back."))


def call_back(request: Request, pk: int) -> HttpResponseBase:
    """Note what the customer says of it."""
    row = _about(request, pk, Verb.CALL_BACK)
    form = CallBackForm(request.POST or None)

    def act() -> None:
        closing.call_back(actor=request.actor, rescue_id=pk, at=clock.now(), **form.cleaned_data)

    page = _page(row, form, _("Call back"), _("Save"))
    return answer(request, page, act, message=_("Saved."))
