"""The form of somebody of a customer's family."""

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.customers.states import Kin


class FamilyForm(forms.Form):
    """Who it is and on which day he has his birthday; the year only if the customer tells it."""

    kin = forms.ChoiceField(label=_("Who it is"), choices=Kin.choices)
    name = forms.CharField(label=_("Name"), max_length=80, required=False)
    month = forms.TypedChoiceField(label=_("Month"), coerce=int, choices=[(n, str(n)) for n in range(1, 13)])
    day = forms.IntegerField(label=_("Day of the month"), min_value=1, max_value=31)
    year = forms.IntegerField(
        label=_("Year"), min_value=1900, max_value=2200, required=False,
        help_text=_("Only if the customer tells it; a greeting needs none."),
    )  # fmt: skip
