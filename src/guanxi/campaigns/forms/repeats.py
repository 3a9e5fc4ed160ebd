"""What is typed in to repeat a campaign."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RepeatForm(forms.Form):
    """When the next one goes out, and whether it leaves out whom the last one addressed."""

    first_on = forms.DateField(
        label=_("Day of the first wave"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The other waves, and the end of its codes, move with it."),
    )  # fmt: skip
    skips_previous = forms.BooleanField(
        label=_("Leave out whom the last one addressed"), required=False,
        help_text=_("Else the whole audience as it is on the day of the start."),
    )  # fmt: skip
