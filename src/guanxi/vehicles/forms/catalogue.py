"""The shape of what is typed in about the catalogue."""

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.vehicles.forms.cars import day, price
from guanxi.vehicles.states import FeatureKind, GuaranteeClass, Line, MaintenanceKind, Powertrain


class PartForm(forms.Form):
    """What every row of the catalogue has."""

    name_zh = forms.CharField(label=_("Chinese name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=160, required=False)
    code = forms.RegexField(
        r"^[A-Z0-9][A-Z0-9._-]*$", label=_("Code"), max_length=30,
        error_messages={"invalid": _("The code is made of capital letters, digits, dot and hyphen.")},
    )  # fmt: skip


class SeriesForm(PartForm):
    line = forms.ChoiceField(label=_("Product line"), choices=Line.choices)
    guarantee = forms.ChoiceField(label=_("Three guarantees"), choices=GuaranteeClass.choices)
    is_current = forms.BooleanField(label=_("Sold today"), required=False, initial=True)


class ModelForm(PartForm):
    powertrain = forms.ChoiceField(label=_("Powertrain"), choices=Powertrain.choices)
    aliases = forms.CharField(
        label=_("Other names"), max_length=400, required=False,
        help_text=_("As other systems write it, separated by commas; imports read them."),
    )  # fmt: skip
    sold_from = day(label=_("Sold from"), required=False)
    sold_to = day(label=_("Sold until before"), required=False)


class TrimForm(PartForm):
    list_price = price(label=_("List price"))
    is_current = forms.BooleanField(label=_("Sold today"), required=False, initial=True)


class FeatureForm(PartForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=FeatureKind.choices)
    price = price(label=_("Price"))


class LimitForm(PartForm):
    """What ends after months or kilometres, whichever comes first."""

    months = forms.IntegerField(label=_("Months"), min_value=1, max_value=600, required=False)
    km = forms.IntegerField(label=_("Kilometres"), min_value=1, max_value=5_000_000, required=False)


class WarrantyForm(LimitForm):
    is_whole_car = forms.BooleanField(label=_("Decides the warranty end of the car"), required=False)
    valid_from = day(label=_("For cars sold from"))


class StepForm(LimitForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=MaintenanceKind.choices)
    is_free = forms.BooleanField(label=_("Free of charge"), required=False)
    position = forms.IntegerField(label=_("Position"), min_value=0, max_value=999, initial=0)


FORMS: dict[str, type[PartForm]] = {
    "series": SeriesForm, "model": ModelForm, "trim": TrimForm, "feature": FeatureForm, "warranty": WarrantyForm,
    "step": StepForm,
}  # fmt: skip
