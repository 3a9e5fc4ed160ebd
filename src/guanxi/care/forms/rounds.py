"""The shape of what is typed in about a round."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.care.models import Answer, CheckItem
from guanxi.care.policy.checklists import LONGEST, Reply
from guanxi.care.states.checklists import Finding


class RoundForm(forms.Form):
    """The answers of a round: for each item how it was found, and what is wrong if it is not fulfilled. Whether all of
    it fits together is decided where it is filed.
    """

    day = forms.DateField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, items: Sequence[CheckItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            self.fields[f"result_{item.code}"] = forms.ChoiceField(
                label=item.name, choices=Finding.choices, widget=forms.RadioSelect, required=False
            )
            self.fields[f"remark_{item.code}"] = forms.CharField(
                label=_("What is wrong?"), max_length=LONGEST, required=False, strip=True,
                widget=forms.TextInput(attrs={"autocomplete": "off", "enterkeyhint": "next"}),
            )  # fmt: skip

    def lines(self) -> Iterator[Sequence[forms.BoundField]]:
        """Return the two fields of each item for the page."""
        for item in self.items:
            yield self[f"result_{item.code}"], self[f"remark_{item.code}"]

    def replies(self) -> dict[str, Reply]:
        """Return what was said of each item."""
        data = self.cleaned_data
        return {item.code: Reply(data[f"result_{item.code}"], data[f"remark_{item.code}"]) for item in self.items}


def said(answers: Sequence[Answer]) -> dict[str, str]:
    """Return what the form shows of a round that was filed."""
    found = {f"result_{answer.item.code}": answer.finding for answer in answers}
    return found | {f"remark_{answer.item.code}": answer.remark for answer in answers}
