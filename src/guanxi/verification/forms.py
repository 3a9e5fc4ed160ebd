"""The shape of what is typed in about a correction order, and about a file that is said to be false."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.errors import Text


def _text(label: Any, help_text: Any = "", *, most: int = 2000, rows: int = 3) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": most})
    return forms.CharField(label=label, max_length=most, help_text=help_text, widget=widget)


class CorrectForm(forms.Form):
    """The outlet corrected the record."""

    measure = _text(_("What was corrected"), _("Correct the record on its own page first; this only reports it."))
    proof = _text(_("Proof"), _("What shows it: a copy of the licence, an invoice, who was asked."), most=400, rows=2)


class DisputeForm(forms.Form):
    """The outlet says that the record is right."""

    measure = _text(_("Why the record is right"), _("Whoever issued the order decides."))


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = _text(_("Why?"), most=400, rows=2)


class VerifyForm(forms.Form):
    """What the customer says of the corrected record."""

    is_right = forms.ChoiceField(
        label=_("Is the record right now?"), widget=forms.RadioSelect,
        choices=[("yes", _("Yes, the customer confirms")), ("no", _("No, order it again"))],
    )  # fmt: skip
    words = _text(_("Word of the customer"))


class MarkForm(forms.Form):
    """The file of a customer is false."""

    outlet = forms.ChoiceField(label=_("Filed by"))
    check = forms.ChoiceField(label=_("Check that shows it"), required=False)
    evidence = _text(_("Evidence"), _("What shows that the file is false, so that another person can decide."), rows=5)

    def __init__(
        self, *args: Any, outlets: Sequence[tuple[str, Text]], checks: Sequence[tuple[str, Text]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("outlet", outlets), ("check", [("", "–"), *checks])):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a choice field


class DecideForm(forms.Form):
    """Whether a marked file is false."""

    is_false = forms.ChoiceField(
        label=_("Is the file false?"), widget=forms.RadioSelect,
        choices=[("yes", _("Yes, it was filed falsely")), ("no", _("No, the file is right"))],
    )  # fmt: skip
    words = _text(_("Reason of the decision"))
