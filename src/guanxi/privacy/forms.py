"""The shape of what is typed in about consent."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.network.models import Node
from guanxi.privacy.models import ConsentText
from guanxi.privacy.states import Medium, Purpose, Standing


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class ConsentForm(forms.Form):
    """What a customer decided; several channels at once."""

    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices)
    channels = forms.MultipleChoiceField(
        label=_("Channels"), choices=Medium.choices, widget=forms.CheckboxSelectMultiple
    )  # fmt: skip
    standing = forms.ChoiceField(
        label=_("Decision"), widget=forms.RadioSelect, initial=Standing.GIVEN,
        choices=[choice for choice in Standing.choices if choice[0] != Standing.WITHDRAWN],
    )  # fmt: skip
    recipient = forms.ChoiceField(label=_("Towards"), choices=())
    text = forms.ChoiceField(
        label=_("Text agreed to"), choices=(), required=False,
        help_text=_("Empty: the text of the purpose that held on the day."),
    )  # fmt: skip
    day = _day(label=_("Decided on"))
    proof = forms.CharField(
        label=_("Proof"), max_length=200, help_text=_("Number of the signed form, of the recording, of the message.")
    )

    def __init__(self, *args: Any, recipients: list[Node], texts: list[ConsentText], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipient"].choices = [(str(node.pk), node.name) for node in recipients]  # type: ignore[attr-defined]
        self.fields["text"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((str(row.pk), f"{row.get_purpose_display()} · {row.version}") for row in texts),
        ]


class WithdrawForm(forms.Form):
    proof = forms.CharField(
        label=_("Proof of the withdrawal"), max_length=200,
        help_text=_("Number of the signed form, of the recording, of the message."),
    )  # fmt: skip


class TextForm(forms.Form):
    """A new version of the words that customers agree to."""

    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices)
    version = forms.CharField(label=_("Version"), max_length=20)
    text_zh = forms.CharField(label=_("Chinese text"), widget=forms.Textarea(attrs={"rows": 6}))
    text_en = forms.CharField(label=_("English text"), required=False, widget=forms.Textarea(attrs={"rows": 6}))
    valid_from = _day(label=_("Valid from"))
