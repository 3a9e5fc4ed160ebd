"""What is typed in about weekly meetings, wanted questions and limits."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.complaints.forms.cases import Choices, offer, text
from guanxi.complaints.services.questions import ANSWERED
from guanxi.complaints.states import Angle
from guanxi.contact_centre.states import QuestionKind


def day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, help_text=help_text)


class MeetingForm(forms.Form):
    """Which meeting is called."""

    place = forms.ChoiceField(label=_("Outlet"))
    week = forms.ChoiceField(label=_("Week"))
    angle = forms.ChoiceField(label=_("A matter of"), choices=[("", _("All")), *Angle.choices], required=False)

    def __init__(self, *args: Any, places: Choices, weeks: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "place", places)
        offer(self, "week", weeks)


class MinutesForm(forms.Form):
    """Who met and when."""

    held_on = day(_("Held on"))
    chair = forms.CharField(label=_("Chair"), max_length=160)
    attendants = text(_("Who was there"), _("Names, separated by commas."), most=1000, rows=2)
    words = text(_("What was discussed"), required=False)


class MeasureForm(forms.Form):
    """What is done about a complaint of the agenda."""

    cause = text(_("Why it came to it"), most=1000, rows=2, required=False)
    measure = text(_("What we do about it"), most=1000, rows=2)
    person = forms.ChoiceField(
        label=_("Who does it"), required=False, help_text=_("It becomes his work when it is filed.")
    )
    due_on = day(_("By when"), required=False)

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", [("", "–"), *people])


class WantForm(forms.Form):
    """What every customer is to be asked."""

    text = forms.CharField(label=_("Question"), max_length=300)
    category = forms.ChoiceField(label=_("Category"), required=False)

    def __init__(self, *args: Any, categories: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "category", [("", "–"), *categories])


class OutcomeForm(forms.Form):
    """What comes of a limit that was passed."""

    words = text(_("What comes of it"), _("What the outlet changes, by when; what is sanctioned, and why."))


class TakeForm(forms.Form):
    """How a script asks it."""

    script = forms.ChoiceField(label=_("Script"))
    kind = forms.ChoiceField(label=_("Kind of answer"))
    text_zh = forms.CharField(label=_("In Chinese"), max_length=300)
    text_en = forms.CharField(label=_("In English"), max_length=300)

    def __init__(self, *args: Any, scripts: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "script", scripts)
        offer(self, "kind", [(kind.value, kind.label) for kind in QuestionKind if kind in ANSWERED])
