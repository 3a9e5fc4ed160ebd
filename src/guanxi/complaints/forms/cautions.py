"""The shape of what is typed in about a caution."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.complaints.forms.cases import Choices, offer, text
from guanxi.complaints.states import CautionReason


class CautionForm(forms.Form):
    """Why whoever meets a customer should be careful."""

    reason = forms.ChoiceField(label=_("Why?"), choices=CautionReason.choices, widget=forms.RadioSelect)
    words = text(_("What happened"), _("Only those who have the right to read cautions read it."))
    place = forms.ChoiceField(
        label=_("Place"), help_text=_("Where he was met; whoever reviews cautions there decides.")
    )

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "place", places)


class KeepCautionForm(forms.Form):
    """The plan of a caution, its owner, and when it is looked at again."""

    plan = text(
        _("How to deal with him"), _("Read by everybody who sees the customer: who speaks to him, where, and what not.")
    )
    owner = forms.ChoiceField(
        label=_("Decides alone"), help_text=_("One person; whatever the customer asks goes to him.")
    )
    review_on = forms.DateField(
        label=_("Next review"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    words = text(_("Why?"), rows=2)

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner", [("", "–"), *people])


class ReviewCautionForm(KeepCautionForm):
    """Whether a caution is needed; the plan of one that is."""

    is_needed = forms.ChoiceField(
        label=_("Is a caution needed?"),
        choices=[("yes", _("Yes, put it in force")), ("no", _("No"))], widget=forms.RadioSelect,
    )  # fmt: skip
    field_order = ("is_needed", "words", "plan", "owner", "review_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("plan", "owner", "review_on"):
            self.fields[name].required = False
