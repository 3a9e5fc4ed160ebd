"""The shape of what is typed in about a rescue."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.errors import Text
from guanxi.rescue import policy
from guanxi.rescue.states import Result

YES_NO = (("yes", _("Yes")), ("no", _("No")))


def _text(label: Any, help_text: Any = "", *, most: int = 2000, rows: int = 3) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": most})
    return forms.CharField(label=label, max_length=most, help_text=help_text, widget=widget)


def _asked(label: Any, help_text: Any = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, help_text=help_text, choices=YES_NO, widget=forms.RadioSelect, coerce=lambda value: value == "yes"
    )


def choose(form: forms.Form, name: str, choices: Sequence[tuple[str, Text]], *, blank: bool = True) -> None:
    """Offer the choices of a field."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices if len(choices) == 1 or not blank else [("", "–"), *choices]


class PositionField(forms.CharField):
    """A position, as a map gives it: latitude, longitude."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Position on the map"), required=False, max_length=60,
            help_text=_("Latitude and longitude as a map gives them: 31.2304, 121.4737."),
        )  # fmt: skip

    def clean(self, value: Any) -> Any:
        """Return latitude and longitude, or None.

        :raises ValidationError: something else was typed.
        """
        try:
            return policy.position(str(super().clean(value)))
        except ValueError as error:
            raise forms.ValidationError(_("This is no position: 31.2304, 121.4737 is one.")) from error


class TakeForm(forms.Form):
    """A call for help: safety first. The token makes a form that is sent twice one rescue."""

    is_hurt = _asked(_("Is anybody hurt?"), _("If so: first 120 and 122."))
    is_safe = _asked(_("Is everybody behind the barrier, away from the traffic?"))
    on_expressway = _asked(_("Is it on an expressway?"))
    people = forms.IntegerField(label=_("How many people"), min_value=1, max_value=99, initial=1)
    where = forms.CharField(
        label=_("Where"), max_length=200, help_text=_("Road, direction, kilometre post, the nearest sign.")
    )
    position = PositionField()
    caller = forms.CharField(label=_("Name of the caller"), max_length=80)
    phone = forms.CharField(label=_("Call back number"), max_length=30)
    plate = forms.CharField(
        label=_("Plate"), max_length=12, required=False, help_text=_("The car on file is found by it, and its owner.")
    )
    help = forms.ChoiceField(label=_("What is needed"))
    can_move = _asked(_("Can the car move by itself?"))
    words = _text(_("Course of events"), _("Which lamps are lit, what was heard, what was tried."))
    place = forms.ChoiceField(label=_("Taken at"))
    token = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: dict[str, Sequence[tuple[str, Text]]], **kwargs: Any) -> None:
        kwargs["initial"] = {"token": uuid.uuid4().hex} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            choose(self, name, offered)


class AcceptForm(forms.Form):
    """Who comes, and when."""

    minutes = forms.IntegerField(label=_("At the place in (minutes)"), min_value=1, max_value=600)
    name = forms.CharField(label=_("Who comes"), max_length=80, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    truck = forms.CharField(label=_("Plate of the truck"), max_length=12, required=False)


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = _text(_("Why?"), most=400, rows=2)


class FinishForm(forms.Form):
    """How it ended at the place."""

    result = forms.ChoiceField(label=_("Result"), choices=Result.choices, widget=forms.RadioSelect)
    destination = forms.ChoiceField(label=_("Towed to"), required=False)
    settled = forms.DecimalField(label=_("Settled"), min_value=0, decimal_places=2, max_digits=8, required=False)
    settled_customer = forms.DecimalField(
        label=_("Paid by the customer"), min_value=0, decimal_places=2, max_digits=8, required=False
    )

    def __init__(self, *args: Any, workshops: Sequence[tuple[str, Text]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["destination"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *workshops]


class CallBackForm(forms.Form):
    """What the customer says of it."""

    score = forms.TypedChoiceField(
        label=_("How satisfied is the customer?"), coerce=int, widget=forms.RadioSelect,
        choices=[
            (5, _("5, very satisfied")), (4, _("4, satisfied")), (3, _("3, neither")), (2, _("2, not satisfied")),
            (1, _("1, not satisfied at all")),
        ],
    )  # fmt: skip
    words = _text(_("Word of the customer"))


class ProviderForm(forms.Form):
    """Who helps on the road."""

    node = forms.ChoiceField(label=_("Outlet or partner"))
    phone = forms.CharField(label=_("Telephone"), max_length=30)
    helps = forms.MultipleChoiceField(label=_("Helps with"), widget=forms.CheckboxSelectMultiple)
    position = PositionField()
    radius_km = forms.IntegerField(
        label=_("Reach (km)"), min_value=1, max_value=1000, required=False, help_text=_("Left open: as far as needed.")
    )
    is_day_and_night = forms.BooleanField(
        label=_("Day and night"), required=False, help_text=_("Otherwise while its service desk is open.")
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, choices: dict[str, Sequence[tuple[str, Text]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            choose(self, name, offered, blank=name == "node")
