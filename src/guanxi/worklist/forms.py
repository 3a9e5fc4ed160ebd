"""The shape of what is typed in on the worklist."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import User
from guanxi.foundation.errors import Text
from guanxi.worklist.policy.hours import DAYS
from guanxi.worklist.states import ATTEMPTS

Choices = Sequence[tuple[str, Text]]
WEEKDAYS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def _moment(**options: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **options)


def _words(rows: int = 3, *, focus: bool = False, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows} | ({"autofocus": True} if focus else {}))
    return forms.CharField(widget=widget, max_length=2000, **options)


def _radio(**options: Any) -> forms.ChoiceField:
    """A choice whose first answer has the focus, so that arrows and Enter are enough."""
    return forms.ChoiceField(widget=forms.RadioSelect(attrs={"autofocus": True}), **options)


def people_choices(people: Iterable[User], empty: Text | None = None) -> list[tuple[str, Text]]:
    """Return people to choose from."""
    first: list[tuple[str, Text]] = [] if empty is None else [("", empty)]
    return first + [(str(person.pk), person.name) for person in people]


class AttemptForm(forms.Form):
    """A try, how it ended, and when to try again."""

    outcome = _radio(label=_("How did it end?"), choices=ATTEMPTS)
    note = _words(label=_("Note"), required=False)
    next_try_at = _moment(label=_("Try again"), required=False, help_text=_("Until then the task waits."))


class PostponeForm(forms.Form):
    """A later deadline, and why."""

    to = _moment(label=_("Postpone to"))
    reason = _words(2, focus=True, label=_("Why does it have to wait?"))


class FinishForm(forms.Form):
    """What came of a task, and what is to be done next."""

    outcome = _radio(label=_("What came of it?"), choices=())
    note = _words(label=_("In words"), required=False)
    next_step = forms.CharField(label=_("Next step"), max_length=300, required=False)
    next_due_at = _moment(
        label=_("Next step until"), required=False, help_text=_("With a moment, the next step becomes a task of yours.")
    )

    def __init__(self, *args: Any, outcomes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = outcomes  # type: ignore[attr-defined]  # a choice field
        self.fields["outcome"].initial = outcomes[0][0]


class SkipForm(forms.Form):
    """Why a task is left undone."""

    reason = _words(2, focus=True, label=_("Why is it left undone?"))


class PersonForm(forms.Form):
    """A person to give a task to."""

    person = forms.TypedChoiceField(label=_("Give it to"), coerce=int, choices=())

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = people  # type: ignore[attr-defined]  # a choice field


class HandOverForm(PersonForm):
    """A colleague who takes over open work, until a day."""

    until = _day(label=_("What is due until"), required=False, help_text=_("Without a day: all open work."))


class TaskForm(forms.Form):
    """A task by hand."""

    note = _words(label=_("What is to be done?"))
    owner = forms.TypedChoiceField(label=_("Who does it?"), coerce=int, choices=())
    due_at = _moment(label=_("Until"))

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = people  # type: ignore[attr-defined]  # a choice field


class ShareForm(forms.Form):
    """People among whom waiting work is shared out."""

    people = forms.TypedMultipleChoiceField(coerce=int, choices=(), widget=forms.CheckboxSelectMultiple)
    task = forms.TypedMultipleChoiceField(coerce=int, choices=(), required=False)

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = people  # type: ignore[attr-defined]  # a choice field


class AbsenceForm(forms.Form):
    """Days away, and who stands in."""

    person = forms.TypedChoiceField(label=_("Who is away?"), coerce=int, choices=())
    first_day = _day(label=_("First day"))
    last_day = _day(label=_("Last day"))
    deputy = forms.TypedChoiceField(
        label=_("Deputy"), coerce=int, choices=(), required=False, empty_value=None,
        help_text=_("New work goes to the deputy until the last day; without one it waits for the role."),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, people: Choices, deputies: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = people  # type: ignore[attr-defined]  # a choice field
        self.fields["deputy"].choices = deputies  # type: ignore[attr-defined]  # a choice field


class WeekForm(forms.Form):
    """The hours of seven days as lines, from a day on."""

    since = _day(label=_("From"))
    keeps_holidays = forms.BooleanField(label=_("Closed on public holidays"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(DAYS):
            self.fields[f"day_{number}"] = forms.CharField(
                label=WEEKDAYS[number], required=False, max_length=100,
                widget=forms.TextInput(attrs={"placeholder": _("closed")}),
            )  # fmt: skip

    @property
    def days(self) -> list[str]:
        return [self.cleaned_data[f"day_{number}"] for number in range(DAYS)]


class InheritForm(forms.Form):
    """The day from which a place follows those above it again."""

    since = _day(label=_("From"))


class DaysForm(forms.Form):
    """Days with other hours than usual, or none."""

    first = _day(label=_("First day"))
    last = _day(label=_("Last day"), required=False, help_text=_("Empty: only the first day."))
    hours = forms.CharField(
        label=_("Hours"), required=False, max_length=100,
        help_text=_("Empty: closed. Otherwise like 09:00-12:00, 13:30-18:00."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=120)

    def clean_last(self) -> datetime.date | None:
        return self.cleaned_data.get("last") or self.cleaned_data.get("first")
