"""The forms of what hangs on a customer: numbers, address, relations, ties, notes, verification, merging."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.customers.forms.people import Choices, PlaceFields, day_field, optional, read_phone
from guanxi.customers.states import AddressKind, Category, Channel, PointState, Tie, Verification


class PointForm(forms.Form):
    """One more way to reach somebody."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    value = forms.CharField(label=_("Number or address"), max_length=120)
    label = forms.CharField(
        label=_("Whose or when"), max_length=40, required=False, help_text=_("For example: his wife, evenings.")
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        channel, typed = values.get("channel", ""), str(values.get("value", ""))
        if typed:
            try:
                values["value"] = _read_value(channel, typed)
            except forms.ValidationError as error:
                self.add_error("value", error)
        return values


def _read_value(channel: str, typed: str) -> str:
    if channel in {Channel.MOBILE, Channel.LANDLINE}:
        return read_phone(typed, channel)
    return str(forms.EmailField().clean(typed)).lower() if channel == Channel.EMAIL else typed.strip()


class PointStateForm(forms.Form):
    state = forms.ChoiceField(label=_("State"), choices=[*PointState.choices, ("REACHED", _("Reached just now"))])


class AddressForm(PlaceFields):
    """An address of a customer."""

    kind = forms.ChoiceField(label=_("Kind"), choices=AddressKind.choices)
    postcode = forms.RegexField(r"^\d{6}$", label=_("Postcode"), required=False)
    field_order = ("kind", "province", "city", "district", "line", "postcode")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["place"] = {**self.place(), "postcode": values.get("postcode", "")}
        return values


class RelationForm(forms.Form):
    """What a customer is to an outlet."""

    category = forms.ChoiceField(label=_("Category"), choices=Category.choices)
    source = forms.ChoiceField(label=_("Source"), choices=(), required=False)
    consultant = forms.ChoiceField(label=_("Consultant"), choices=(), required=False)
    tags = forms.CharField(
        label=_("Tags"), max_length=200, required=False, help_text=_("Separated by commas, for example: fleet, VIP.")
    )
    holds_material = forms.NullBooleanField(label=_("Holds our leaflet or card"))
    knows_location = forms.NullBooleanField(label=_("Knows our place and products"))
    has_no_grudge = forms.NullBooleanField(label=_("Has no bad impression"))
    has_contact_plan = forms.NullBooleanField(label=_("Has a plan of regular contact"))

    def __init__(self, *args: Any, sources: Choices, consultants: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = optional(sources)  # type: ignore[attr-defined]
        self.fields["consultant"].choices = optional(consultants)  # type: ignore[attr-defined]

    def clean_tags(self) -> list[str]:
        text = str(self.cleaned_data["tags"]).replace("，", ",").replace("、", ",")
        return [tag.strip() for tag in text.split(",") if tag.strip()]


class ManyForm(forms.Form):
    """What changes for many customers at once."""

    consultant = forms.ChoiceField(label=_("Consultant"), choices=(), required=False)
    tag = forms.CharField(label=_("Tag"), max_length=24, required=False)

    def __init__(self, *args: Any, consultants: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consultant"].choices = optional(consultants)  # type: ignore[attr-defined]


class RelateForm(forms.Form):
    outlet = forms.ChoiceField(label=_("Outlet"), choices=())
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices, initial=Category.BASE)

    def __init__(self, *args: Any, outlets: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outlet"].choices = outlets  # type: ignore[attr-defined]


class EndForm(forms.Form):
    day = day_field(label=_("Ended on"), help_text=_("From then on the outlet no longer sees the customer."))


class AssociationForm(forms.Form):
    """Whom a customer belongs to; the other is found by number or name first."""

    tie = forms.ChoiceField(label=_("Relation"), choices=Tie.choices)
    other = forms.CharField(
        label=_("Other customer"),
        max_length=40,
        help_text=_("Telephone, plate, name or pinyin; must fit one customer."),
    )


class NoteForm(forms.Form):
    body = forms.CharField(label=_("Note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class VerifyForm(forms.Form):
    verification = forms.ChoiceField(label=_("Verification"), choices=Verification.choices)


class MergeForm(forms.Form):
    """Field by field, whose value stays."""

    def __init__(self, *args: Any, names: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in names:
            self.fields[name] = forms.ChoiceField(choices=[("kept", ""), ("gone", "")], required=False)
