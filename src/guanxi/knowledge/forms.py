"""The shape of what is typed in about knowledge."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.errors import Text
from guanxi.knowledge import policy
from guanxi.knowledge.services.confirming import Readers
from guanxi.knowledge.states import DemandKind, DemandState, Urgency

PART = 40


def _text(label: Any, help_text: Any = "", *, most: int, rows: int, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": most})
    return forms.CharField(label=label, max_length=most, help_text=help_text, widget=widget, required=required)


def _choose(form: forms.Form, name: str, choices: Sequence[tuple[str, Text]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices if len(choices) == 1 else [("", "–"), *choices]


class Listed(forms.Field):
    """A list typed in one line, with commas between."""

    widget = forms.TextInput(attrs={"maxlength": 600})

    def __init__(self, label: Any, help_text: Any) -> None:
        super().__init__(label=label, help_text=help_text, required=False)

    def to_python(self, value: Any) -> list[str]:
        """Return the entries, each once.

        :raises ValidationError: one is too long.
        """
        try:
            return policy.listed(str(value or ""), PART)
        except ValueError as error:
            raise forms.ValidationError(_("At most thirty entries of forty signs each.")) from error

    def prepare_value(self, value: Any) -> Any:
        """Show a list as it is typed."""
        return "、".join(value) if isinstance(value, list) else value


class VersionForm(forms.Form):
    """One version of an article in both languages."""

    title_zh = forms.CharField(label=_("Chinese title"), max_length=120)
    title_en = forms.CharField(label=_("English title"), max_length=200)
    question_zh = _text(
        _("Question in Chinese"), _("As customers or colleagues ask it."), most=1000, rows=2, required=False
    )
    question_en = _text(_("Question in English"), most=1000, rows=2, required=False)
    answer_zh = _text(_("Answer in Chinese"), most=10000, rows=9)
    answer_en = _text(_("Answer in English"), most=10000, rows=9)
    keywords = Listed(_("Keywords"), _("Other words for it, with commas between."))
    models_of = Listed(_("Models"), _("For which models it holds; left empty: for all."))
    faults = Listed(_("Fault codes"), _("Codes that the car shows, such as P0301."))
    valid_from = forms.DateField(label=_("Valid from"), widget=forms.DateInput(attrs={"type": "date"}))
    valid_until = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The first day on which it does not hold any more."),
    )  # fmt: skip


class ArticleForm(VersionForm):
    """A new article: who keeps it, and its topic."""

    node = forms.ChoiceField(label=_("Kept by"), help_text=_("Read there and at all places below."))
    topic = forms.ChoiceField(label=_("Topic"))
    field_order = ("node", "topic")

    def __init__(self, *args: Any, choices: dict[str, Sequence[tuple[str, Text]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            _choose(self, name, offered)


class AskForm(forms.Form):
    """A question to an expert. The token makes a form that is sent twice one question."""

    node = forms.ChoiceField(label=_("Asked at"))
    topic = forms.ChoiceField(label=_("Topic"))
    words = _text(_("Question"), _("What you need to know, and what you know already."), most=2000, rows=5)
    models_of = Listed(_("Models"), "")
    faults = Listed(_("Fault codes"), _("Codes that the car shows, such as P0301."))
    token = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: dict[str, Sequence[tuple[str, Text]]], **kwargs: Any) -> None:
        kwargs["initial"] = {"token": uuid.uuid4().hex} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            _choose(self, name, offered)


class ReplyForm(forms.Form):
    """The answer of the expert."""

    words = _text(_("Answer"), most=10000, rows=9)


class AgainForm(forms.Form):
    """What is still open after an answer."""

    verdict = _text(_("What is still open"), most=400, rows=3)


class SendBackForm(forms.Form):
    """Why a version goes back to its author."""

    note = _text(_("Why?"), most=400, rows=3)


class ReadersForm(forms.Form):
    """Who has to read an article and confirm it, and until when."""

    roles = forms.MultipleChoiceField(
        label=_("Who has to confirm"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Everybody who holds one of these roles where the article is kept or at a place below."),
    )  # fmt: skip
    due_on = forms.DateField(
        label=_("To be confirmed until"), widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Whoever gets such a role later has at least seven days."),
    )  # fmt: skip

    def __init__(self, *args: Any, roles: Sequence[tuple[str, Text]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["roles"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = roles

    def readers(self) -> Readers:
        """Return what the services take."""
        return Readers(tuple(self.cleaned_data["roles"]), self.cleaned_data["due_on"])


class DemandForm(forms.Form):
    """What somebody needs of this software. The token makes a form that is sent twice one demand."""

    node = forms.ChoiceField(label=_("Requested at"))
    kind = forms.ChoiceField(label=_("What is it?"), choices=DemandKind.choices, widget=forms.RadioSelect)
    words = _text(_("What is needed, and what for"), _("Which page, what you do there, what is missing."), most=2000,
                  rows=5)  # fmt: skip
    token = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: Sequence[tuple[str, Text]], **kwargs: Any) -> None:
        kwargs["initial"] = {"token": uuid.uuid4().hex} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        _choose(self, "node", places)


class DecideForm(forms.Form):
    """What becomes of a demand."""

    state = forms.ChoiceField(
        label=_("What becomes of it"), choices=[item for item in DemandState.choices if item[0] != DemandState.NEW],
        widget=forms.RadioSelect,
    )  # fmt: skip
    urgency = forms.ChoiceField(label=_("Priority"), choices=Urgency.choices)
    answer = _text(_("In words"), _("Needed for what is there or not done: whoever asked reads it."), most=2000, rows=3,
                   required=False)  # fmt: skip
