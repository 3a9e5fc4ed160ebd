"""The shape of what is typed in about the network."""

import datetime
import re
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import slots
from guanxi.network import policy
from guanxi.network.models import Node, OpeningHours
from guanxi.network.states import Kind, PartnerType, UnitType

DAYS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class NodeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A place, shown with its code and name."""

    def label_from_instance(self, obj: Node) -> str:
        return f"{obj.name} ({obj.code})"


class NodeForm(forms.Form):
    """A new place."""

    kind = forms.ChoiceField(label=_("Kind"), choices=())
    parent = NodeChoice(label=_("Stands under"), queryset=Node.objects.none())
    code = forms.CharField(
        label=_("Code"), max_length=20, help_text=_("Capital letters and digits, unique in the network.")
    )
    name_zh = forms.CharField(label=_("Chinese name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=160, required=False)
    function = forms.ChoiceField(label=_("Function"), required=False, choices=())
    valid_from = _day(label=_("Open from"))
    sells = forms.BooleanField(label=_("Sales"), required=False)
    serves = forms.BooleanField(label=_("Service"), required=False)

    def __init__(self, *args: Any, parents: QuerySet[Node], kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, Kind(kind).label) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]
        self.fields["function"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            (_("Outlet departments"), UnitType.choices),
            (_("Partners"), PartnerType.choices),
        ]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip().upper()
        if not re.fullmatch(r"[A-Z0-9][A-Z0-9._-]*", code):
            raise forms.ValidationError(_("The code is made of capital letters, digits, dot and hyphen."))
        return code

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        kind, function = values.get("kind"), values.get("function")
        if kind == Kind.OUTLET and not (values.get("sells") or values.get("serves")):
            self.add_error("sells", _("An outlet sells or serves, or both."))
        if kind == Kind.PARTNER and function not in PartnerType.values:
            self.add_error("function", _("Choose what the partner does."))
        if kind == Kind.UNIT and function not in UnitType.values:
            self.add_error("function", _("Choose which department it is."))
        return values


class MoveForm(forms.Form):
    """Where a place stands from a day on."""

    parent = NodeChoice(label=_("New place above"), queryset=Node.objects.none())
    effective_on = _day(label=_("From this day"), help_text=_("Earlier days keep the old place, also in all figures."))

    def __init__(self, *args: Any, parents: QuerySet[Node], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    on = _day(label=_("Closed from"), help_text=_("The first day on which it is closed."))


class NamesForm(forms.Form):
    name_zh = forms.CharField(label=_("Chinese name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=160, required=False)


class ProfileForm(NamesForm):
    """What an outlet offers and where it is."""

    sells = forms.BooleanField(label=_("Sales"), required=False)
    serves = forms.BooleanField(label=_("Service"), required=False)
    is_key = forms.BooleanField(label=_("Key outlet"), required=False)
    province = forms.ChoiceField(label=_("Province"), required=False)
    city_zh = forms.CharField(label=_("City (Chinese)"), max_length=40, required=False)
    city_en = forms.CharField(label=_("City (English)"), max_length=60, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    hotline = forms.CharField(label=_("Service hotline"), max_length=30, required=False)
    latitude = forms.DecimalField(
        label=_("Latitude"), min_value=-90, max_value=90, max_digits=9, decimal_places=6, required=False
    )
    longitude = forms.DecimalField(
        label=_("Longitude"), min_value=-180, max_value=180, max_digits=9, decimal_places=6, required=False
    )
    service_radius_km = forms.IntegerField(label=_("Service radius (km)"), min_value=0, max_value=1000, required=False)
    services = forms.MultipleChoiceField(
        label=_("Services offered"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, offered: list[tuple[str, str]], may_decide: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provinces = slots.ask("provinces", default={})
        self.fields["province"].choices = [("", "—"), *provinces.items()]  # type: ignore[attr-defined]
        self.fields["services"].choices = offered  # type: ignore[attr-defined]
        if not may_decide:
            for name in ("sells", "serves", "is_key"):
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Decided above the outlet.")


class HoursForm(forms.Form):
    """A week of opening hours: one line a day, intervals separated by commas."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for desk in OpeningHours.Desk:
            for day, label in enumerate(DAYS):
                self.fields[f"{desk}_{day}"] = forms.CharField(
                    label=label,
                    required=False,
                    max_length=60,
                    widget=forms.TextInput(attrs={"placeholder": "08:30-12:00, 13:30-18:00", "autocomplete": "off"}),
                )

    def intervals(self, desk: str) -> list[policy.Interval]:
        """Return the intervals of one desk from the cleaned lines."""
        return [item for day in range(7) for item in self.cleaned_data.get(f"{desk}_{day}", [])]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name in list(self.fields):
            day = int(name.rpartition("_")[2])
            try:
                values[name] = policy.read_intervals(str(values.get(name) or ""), day)
            except ValueError:
                self.add_error(name, _("Write intervals like 08:30-12:00, 13:30-18:00."))
                values[name] = []
            if policy.overlapping(values[name]):
                self.add_error(name, _("Two intervals of one day overlap."))
        return values


def write_intervals(pairs: list[tuple[datetime.time, datetime.time]]) -> str:
    return ", ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in pairs)


class ImportForm(forms.Form):
    file = forms.FileField(label=_("Excel file"), widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls"}))
