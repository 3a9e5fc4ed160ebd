"""What is typed in about supports."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.campaigns.states import SupportDesk, SupportKind
from guanxi.foundation.errors import Text

Choices = Sequence[tuple[str, Text]]


def _text(label: Any, help_text: Any = "", rows: int = 4) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": 2000})
    return forms.CharField(label=label, max_length=2000, help_text=help_text, widget=widget)


def _offer(form: forms.Form, name: str, choices: Choices) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class AskSupportForm(forms.Form):
    """What is asked for. The token makes a form that is sent twice one support."""

    node = forms.ChoiceField(label=_("Requested at"))
    desk = forms.ChoiceField(label=_("Department"), choices=SupportDesk.choices, widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_("Kind of support"), choices=SupportKind.choices, widget=forms.RadioSelect)
    words = _text(_("What is needed, and what for"), _("Which customers, which aim, what you will do with it."))
    wanted_by = forms.DateField(
        label=_("Wanted by"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )  # fmt: skip
    token = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "node", places)


class GiveSupportForm(forms.Form):
    """What is given for it."""

    answer = _text(_("What is given"), _("The information, the suggestion, or where it is found."))
    campaign = forms.ChoiceField(
        label=_("Campaign"), required=False, help_text=_("If a list of customers goes with it: the campaign holds it.")
    )

    def __init__(self, *args: Any, lists: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "campaign", [("", "–"), *lists])


class DeclineSupportForm(forms.Form):
    """Why it is declined."""

    answer = _text(_("Why?"), rows=3)


class JudgeSupportForm(forms.Form):
    """How much it helped."""

    score = forms.ChoiceField(
        label=_("How much it helped"), choices=[(str(n), str(n)) for n in range(5, 0, -1)], widget=forms.RadioSelect,
        help_text=_("From 5, very much, to 1, not at all."),
    )  # fmt: skip
    outcome = _text(_("What came of it"), _("How many came, what was sold, what was learned."), rows=3)
