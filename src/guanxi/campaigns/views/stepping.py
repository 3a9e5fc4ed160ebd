"""How a campaign or a recall takes a step that needs no more than a button or a reason."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponseBase

from guanxi.campaigns import forms
from guanxi.foundation import pages
from guanxi.foundation.errors import Conflict, Invalid, Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request


@dataclass(frozen=True)
class Subject:
    """What takes the step: its page, its name, what is said of it, and the list in which it stands."""

    address: str
    name: str
    note: str
    above: tuple[Text, str]


def step(request: Request, address: str, act: Callable[[], object], message: Text) -> HttpResponseBase:
    """Take a step that needs no form: a refusal is said on the page of its subject."""
    try:
        act()
    except (Conflict, Invalid) as error:
        return pages.done(request, address, error.message)
    return pages.done(request, address, message)


def with_reason(
    request: Request, subject: Subject, title: Text, act: Callable[[str], object], message: Text
) -> HttpResponseBase:  # fmt: skip
    """Ask for a reason, then take the step."""
    form = forms.ReasonForm(request.POST or None)

    def do() -> None:
        act(form.cleaned_data["reason"])

    page = FormPage(form, title, title, subject.address, subject.note, [subject.above, (subject.name, subject.address)])
    return answer(request, page, do, message=message)
