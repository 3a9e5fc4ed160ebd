"""The shape of what is typed in about codes."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.codelists import queries
from guanxi.foundation.errors import Text

_HINT = _("Capitals, digits and underscores; it never changes.")


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def _choices(entries: Sequence[queries.Entry], none: Text) -> list[tuple[str, Text]]:
    marked = [(entry.code, f"{'　' * (entry.level - 1)}{entry.name} ({entry.code})") for entry in entries]
    return [("", none), *marked]


class PlaceFields(forms.Form):
    """Where a code stands; lists without levels have a position only."""

    parent = forms.ChoiceField(label=_("Under"), required=False)
    position = forms.IntegerField(
        label=_("Position"), min_value=0, max_value=100_000, help_text=_("Small numbers come first.")
    )

    def __init__(self, *args: Any, above: Sequence[queries.Entry] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parent"]
        if above is None or not isinstance(field, forms.ChoiceField):
            del self.fields["parent"]
        else:
            field.choices = _choices(above, _("Top of the list"))

    @property
    def parent_code(self) -> str:
        return str(self.cleaned_data.get("parent") or "")


class WordsForm(forms.Form):
    """What a code says in both languages."""

    name_zh = forms.CharField(label=_("Chinese name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=160)


class AddForm(WordsForm, PlaceFields):
    """A new central code."""

    code = forms.CharField(label=_("Code"), max_length=40, help_text=_HINT)
    valid_from = _day(label=_("Valid from"))
    field_order: Iterable[str] | None = ("code", "name_zh", "name_en", "parent", "position", "valid_from")

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip().upper()


class ExtendForm(AddForm):
    """A new code of an outlet or a branch."""

    node_id = forms.TypedChoiceField(label=_("For"), coerce=int)
    field_order: Iterable[str] | None = ("node_id", "code", "name_zh", "name_en", "parent", "position", "valid_from")

    def __init__(self, *args: Any, places: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["node_id"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(places)
        self.fields["code"].help_text = _("Begins with X_; the prefix is added for you.")
        self.fields["code"].max_length = 38  # type: ignore[attr-defined]


class RenameForm(WordsForm):
    """A new wording from a day on."""

    on = _day(label=_("From this day"), help_text=_("Earlier days keep the old wording."))


class RetireForm(forms.Form):
    on = _day(
        label=_("No longer valid from"), help_text=_("The first day on which the code cannot be chosen any more.")
    )


class MoveForm(PlaceFields):
    """Another place in the list."""


def as_of(text: str | None, today: datetime.date) -> datetime.date:
    """Return the day asked for, or today when it is none."""
    try:
        return datetime.date.fromisoformat(text or "")
    except ValueError:
        return today
