"""The shape of what is typed in about a proposal of a lecture."""

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.care.states.gatherings import ByHand


class AcceptForm(forms.Form):
    """The day for which a lecture is planned."""

    planned_on = forms.DateField(
        label=_("Planned day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Until this day is over the list may still change."),
    )  # fmt: skip


class DeclineForm(forms.Form):
    """Why no lecture is held."""

    reason = forms.CharField(label=_("Why?"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class ExcludeForm(forms.Form):
    """Why somebody is not invited."""

    reason = forms.ChoiceField(
        label=_("Why not?"), choices=ByHand.choices, widget=forms.RadioSelect,
        help_text=_("A complaint keeps this person off later lists of the outlet too, unless somebody puts them back."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("In words"), max_length=200, required=False, help_text=_("Needed for another reason.")
    )  # fmt: skip
