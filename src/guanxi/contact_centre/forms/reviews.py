"""The shape of what is typed in about listening samples."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.codelists.queries import in_language
from guanxi.contact_centre.policy.reviews import Item
from guanxi.foundation.errors import Text

Choices = Sequence[tuple[str, Text]]


class DrawForm(forms.Form):
    """Which calls are drawn: of a place and everything below, of one week."""

    place = forms.TypedChoiceField(label=_("Place"), coerce=int)
    week = forms.DateField(
        label=_("Week from Monday"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("A week that is over. The draw follows from the week alone: drawn again, it adds nothing."),
    )  # fmt: skip

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places  # type: ignore[attr-defined]  # a choice field


def score_of(code: str) -> str:
    """Return the name of the field of an item."""
    return f"scores.{code}"


class ReviewForm(forms.Form):
    """The points of a call by a sheet, and a note."""

    note = forms.CharField(label=_("Note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), required=False)

    def __init__(self, *args: Any, items: Iterable[Item], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in items:
            self.fields[score_of(item.code)] = forms.IntegerField(
                label=in_language(item.zh, item.en), min_value=0, max_value=item.points,
                help_text=_("At most %(points)s") % {"points": item.points},
            )  # fmt: skip
        self.order_fields([name for name in self.fields if name != "note"] + ["note"])

    @property
    def scores(self) -> dict[str, int]:
        """The points as they were typed, by the code of their item."""
        start = score_of("")
        return {name.removeprefix(start): value for name, value in self.cleaned_data.items() if name.startswith(start)}
