"""The shape of what is typed in about a file."""

from django import forms
from django.utils.translation import gettext_lazy as _


class WithdrawForm(forms.Form):
    """Why a file is withdrawn."""

    reason = forms.CharField(
        label=_("Why?"), max_length=400, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 400}),
        help_text=_("The file stays on the list with this reason; nobody but an auditor can open it any more."),
    )  # fmt: skip
