"""The shape of what is typed in about an enquiry."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.contact_centre.states import Aim, EnquiryKind, Intention, Way
from guanxi.foundation.errors import Text

Choices = Sequence[tuple[str, Text]]


def _words(rows: int, **options: Any) -> forms.CharField:
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), required=False, **options)


class NumberForm(forms.Form):
    """The number of who calls, in any spelling."""

    number = forms.CharField(
        label=_("Number of the caller"), max_length=40,
        help_text=_("Type or paste it in any spelling: +86, spaces, area code."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "autofocus": True}),
    )  # fmt: skip


class EnquiryForm(forms.Form):
    """What somebody asked, and what he was told; who he is was chosen before."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    started_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    caller = forms.CharField(label=_("Name of the caller"), max_length=80, required=False)
    is_new = forms.BooleanField(
        label=_("Add as a potential customer"), required=False,
        help_text=_("With name and number, at the outlet below. Otherwise only the enquiry is kept."),
    )  # fmt: skip
    vehicle = forms.TypedChoiceField(label=_("Which car"), coerce=int, empty_value=None, required=False)
    category = forms.ChoiceField(label=_("Category"), widget=forms.Select(attrs={"autofocus": True}))
    kind = forms.ChoiceField(label=_("Kind"), choices=EnquiryKind.choices, initial=EnquiryKind.QUESTION)
    aim = forms.ChoiceField(
        label=_("What is suggested"), choices=[("", "–"), *Aim.choices], required=False,
        help_text=_("Of a suggestion only."),
    )  # fmt: skip
    way = forms.ChoiceField(label=_("Came in"), choices=Way.choices, initial=Way.PHONE)
    words = _words(3, label=_("What the customer said"), max_length=2000)
    answer = _words(3, label=_("What he was told at once"), max_length=2000)
    is_resolved = forms.ChoiceField(
        label=_("Is it resolved?"), widget=forms.RadioSelect,
        choices=[("yes", _("Yes, in this first contact")), ("no", _("No, a department answers"))],
    )  # fmt: skip
    outlet = forms.TypedChoiceField(label=_("Outlet"), coerce=int, empty_value=None, required=False)
    department = forms.ChoiceField(
        label=_("Department"), required=False, help_text=_("Left open: the one that usually answers such enquiries.")
    )
    correction = _words(2, label=_("Data to correct"), max_length=2000)
    purchase = _words(2, label=_("Wants to buy"), max_length=2000)
    purchase_kind = forms.ChoiceField(
        label=_("How he wants to buy"), choices=[("", "–"), *Intention.choices], required=False
    )
    problem = forms.ChoiceField(label=_("Kind of problem"), required=False)
    problem_words = _words(2, label=_("Problem to put right"), max_length=2000)

    def __init__(self, *args: Any, offered: dict[str, Choices], is_known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, some in offered.items():
            blank = [] if name == "category" and len(some) == 1 else [("", "–")]
            self.fields[name].choices = [*blank, *some]  # type: ignore[attr-defined]  # a choice field
        gone = (
            {"caller", "is_new"}
            if is_known
            else {"correction", "purchase", "purchase_kind", "problem", "problem_words"}
        )
        gone |= {"vehicle"} if not offered["vehicle"] else set()
        gone |= {"problem", "problem_words"} if not offered["problem"] else set()
        for name in gone:
            del self.fields[name]


class EnquiryAnswerForm(forms.Form):
    """The answer of a department."""

    words = _words(4, label=_("Answer of the department"), max_length=2000)
    is_told = forms.BooleanField(
        label=_("The customer was told already"), required=False,
        help_text=_("Otherwise whoever took the enquiry gets the task to tell him."),
    )  # fmt: skip


class TransferForm(forms.Form):
    """Passing an enquiry on to another department."""

    department = forms.ChoiceField(label=_("Department"))
    reason = forms.CharField(label=_("Why?"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, departments: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = departments  # type: ignore[attr-defined]  # a choice field
