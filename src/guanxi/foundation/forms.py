"""Pages with one form: what they show, and how a refusal finds its field."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from guanxi.foundation import pages
from guanxi.foundation.errors import DomainError, NotAllowed, NotFound, Text


@dataclass(frozen=True)
class FormPage:
    """One form, its button, the way back, and the help beside it."""

    form: forms.Form
    title: Text
    submit: Text
    back: str
    note: Text = ""
    crumbs: Sequence[tuple[Text, str]] = ()


def refuse(form: forms.Form, error: DomainError) -> None:
    """Put a refusal where the reader looks: at its field, or above the form.

    :raises NotAllowed, NotFound: what is no matter of the form goes on up.
    """
    if isinstance(error, NotAllowed | NotFound):
        raise error
    for problem in error.problems:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem.message))


def answer(
    request: HttpRequest,
    page: FormPage,
    act: Callable[[], object],
    *,
    message: Text,
    template: str = "ui/form.html",
    block: str | None = None,
) -> HttpResponseBase:
    """Show the form, or do what it asks for; a refusal is put where the reader looks.

    ``act`` is called with the form valid; an address that it returns is where the reader goes next,
    otherwise the way back.
    """
    if request.method == "POST" and page.form.is_valid():
        try:
            to = act()
        except DomainError as error:
            refuse(page.form, error)
        else:
            return pages.done(request, to if isinstance(to, str) else page.back, message)
    return show(request, template, page, block=block)


def show(request: HttpRequest, template: str, page: Any, *, block: str | None = None) -> HttpResponse:
    """Answer with a form page: 422 when something in the form is wrong."""
    return pages.render(request, template, page, block=block, status=422 if page.form.errors else 200)
