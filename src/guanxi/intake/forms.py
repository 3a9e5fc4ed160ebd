"""The shape of what is typed in about imports."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.errors import Text
from guanxi.intake.services.kinds import Field
from guanxi.network.models import Node

NONE = ""
ACCEPTED = ".xlsx,.xlsm,.xls,.csv,.tsv,.txt,.htm,.html,.xml,.et"


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(item, initial) for item in files]


class UploadForm(forms.Form):
    place = forms.TypedChoiceField(
        label=_("Whose customers these are"), coerce=int,
        help_text=_("An outlet; or a place above it, if a column of the file names the outlets."),
    )  # fmt: skip
    source = forms.CharField(
        label=_("From which system"),
        max_length=40,
        help_text=_("The same name each time: the next file then brings up to date what this one brought."),
    )
    file = FilesField(
        label=_("Files"),
        help_text=_("Excel or text (.xlsx, .xls, .csv, .txt), up to 500 MB. Several at once, or dropped here."),
        widget=Files(attrs={"class": "drop", "multiple": True, "accept": ACCEPTED}),
    )

    def __init__(self, *args: Any, places: Sequence[Node], sources: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(place.pk), f"{place.code} {place.name}") for place in places]
        self.fields["place"].choices = choices if len(choices) == 1 else [("", "—"), *choices]  # type: ignore[attr-defined]
        self.fields["source"].initial = sources[0] if sources else "DMS"


class SheetForm(forms.Form):
    """Which sheet, where its headings stand, what it holds; asked for by its address, so that it can be looked at."""

    sheet = forms.TypedChoiceField(label=_("Sheet"), coerce=int)
    header_row = forms.IntegerField(label=_("Row of the headings"), min_value=0, max_value=1_000_000)
    kind = forms.ChoiceField(label=_("What it holds"))

    def __init__(self, *args: Any, sheets: Sequence[str], kinds: Sequence[tuple[str, Text]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [(str(at), name) for at, name in enumerate(sheets)]  # type: ignore[attr-defined]
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]


class ColumnsForm(forms.Form):
    """One choice of a column for each field of a kind."""

    def __init__(
        self, *args: Any, fields: Sequence[Field], headings: Sequence[str], chosen: Mapping[str, int],
        required: Sequence[str], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        named = [(str(at), f"{_letter(at)} · {heading or '…'}") for at, heading in enumerate(headings)]
        for item in fields:
            self.fields[item.key] = forms.ChoiceField(
                label=str(item.label), choices=[(NONE, "—"), *named], required=item.key in required,
                initial=str(chosen[item.key]) if item.key in chosen else NONE,
            )  # fmt: skip

    def mapping(self) -> dict[str, int]:
        """Return the columns that were chosen."""
        return {key: int(at) for key, at in self.cleaned_data.items() if at != NONE}


def _letter(at: int) -> str:
    """Return the name of a column as a spreadsheet has it: A, Z, AA."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
