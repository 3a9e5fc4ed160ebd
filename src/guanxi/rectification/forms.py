"""The shape of what is typed in about a notice."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.errors import Text


def _text(label: Any, help_text: Any = "", *, most: int = 2000, rows: int = 3) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": most})
    return forms.CharField(label=label, max_length=most, help_text=help_text, widget=widget)


def _choice(form: forms.Form, name: str, choices: Sequence[tuple[str, Text]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class IssueForm(forms.Form):
    """A notice to a department. The token makes a form that is sent twice one notice."""

    outlet = forms.ChoiceField(label=_("Outlet"))
    problem = forms.ChoiceField(label=_("Kind of problem"))
    department = forms.ChoiceField(
        label=_("Department"), required=False, help_text=_("Left open: the department whose such problems usually are.")
    )
    vehicle = forms.ChoiceField(label=_("Car"), required=False)
    words = _text(_("What is wrong"), _("In the customer's words, so that the department can check it."), rows=5)
    days = forms.IntegerField(
        label=_("Answer within (working days)"), min_value=1, max_value=60, required=False,
        help_text=_("Left open: as usual for such a problem."),
    )  # fmt: skip
    token = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: dict[str, Sequence[tuple[str, Text]]], **kwargs: Any) -> None:
        kwargs["initial"] = {"token": uuid.uuid4().hex} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            blank: list[tuple[str, Text]] = [] if self.fields[name].required and len(offered) == 1 else [("", "–")]
            _choice(self, name, [*blank, *offered])
        if not choices["vehicle"]:
            del self.fields["vehicle"]


class AnswerForm(forms.Form):
    """The answer of the department."""

    cause = _text(_("Cause"), _("Why it happened."))
    measure = _text(_("What was done"), _("For this customer, and so that it does not happen again."))
    proof = _text(_("Proof"), _("What shows it: an order number, a date, who saw it."), most=400, rows=2)


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = _text(_("Why?"), most=400, rows=2)


class InsistForm(ReasonForm):
    """Sending a refused notice out again."""

    department = forms.ChoiceField(label=_("Department"))
    field_order = ("department", "reason")

    def __init__(self, *args: Any, departments: Sequence[tuple[str, Text]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choice(self, "department", departments)


class VerifyForm(forms.Form):
    """What the customer says when he is asked again."""

    is_satisfied = forms.ChoiceField(
        label=_("Is it put right?"), choices=[("yes", _("Yes, the customer confirms")), ("no", _("No, ask again"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    words = _text(_("Word of the customer"))
