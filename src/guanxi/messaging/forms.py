"""The shape of what is typed in about templates and messages."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.errors import Text
from guanxi.messaging.states import CHANNELS, VARIABLES, Language
from guanxi.privacy.states import Purpose

AREA = {"rows": 4}


def _words(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=4000, widget=forms.Textarea(attrs=AREA), **options)


class TemplateForm(forms.Form):
    """The words of a version of a template."""

    channel = forms.ChoiceField(label=_("Channel"), choices=CHANNELS)
    purpose = forms.ChoiceField(
        label=_("Purpose"), choices=Purpose.choices, help_text=_("Only who agreed to this purpose is written to.")
    )
    name_zh = forms.CharField(label=_("Chinese name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=160, required=False)
    subject_zh = forms.CharField(
        label=_("Chinese subject"), max_length=120, required=False, help_text=_("For e-mail and letters.")
    )
    subject_en = forms.CharField(label=_("English subject"), max_length=160, required=False)
    body_zh = _words(_("Chinese text"), help_text=", ".join(f"{{{name}}}" for name in VARIABLES))
    body_en = _words(_("English text"))
    carrier_code = forms.CharField(
        label=_("Number of the template at WeChat"), max_length=64, required=False,
        help_text=_("For WeChat alone; each line of the text is then a field: keyword1: …"),
    )  # fmt: skip
    valid_from = forms.DateField(
        label=_("Valid from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class NewTemplateForm(TemplateForm):
    code = forms.RegexField(
        r"^[a-z][a-z0-9_]{1,39}$", label=_("Code"), help_text=_("Small letters, digits and underscores.")
    )
    field_order = ("code",)


class _Sending(forms.Form):
    node = forms.ChoiceField(label=_("Sender"), choices=())
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    key = forms.CharField(max_length=120, widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: Sequence[tuple[str, Text]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["node"].choices = list(places)  # type: ignore[attr-defined]


class SendForm(_Sending):
    """A message from a template to one customer, about one of his cars where it says so."""

    template = forms.ChoiceField(label=_("Template"), choices=())
    car = forms.TypedChoiceField(label=_("Car"), choices=(), required=False, coerce=int, empty_value=None)
    field_order = ("template", "car", "node", "language")

    def __init__(
        self, *args: Any, templates: Sequence[tuple[str, Text]], cars: Sequence[tuple[int, Text]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = list(templates)  # type: ignore[attr-defined]
        self.fields["car"].choices = [("", _("The one bought last")), *cars]  # type: ignore[attr-defined]


class WordsForm(_Sending):
    """A message in one's own words to one customer."""

    channel = forms.ChoiceField(label=_("Channel"), choices=CHANNELS)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices)
    subject = forms.CharField(
        label=_("Subject"), max_length=160, required=False, help_text=_("For e-mail and letters.")
    )
    body = _words(_("Text"))
    field_order = ("node", "channel", "purpose", "language", "subject", "body")
