"""The shape of what is typed in about customers."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.customers.states import AddressKind, Category, Channel, Gender, PointState, Tie, Verification
from guanxi.foundation import clock, divisions
from guanxi.foundation.errors import Text
from guanxi.foundation.values import identity, names, phones

Choices = Sequence[tuple[str, Text]]


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def _optional(choices: Choices) -> list[tuple[str, Text]]:
    return [("", "—"), *choices]


def read_phone(text: str, channel: str) -> str:
    """Return the one number that was typed, in the form in which it is kept.

    :raises forms.ValidationError: it is none, or not one of this kind.
    """
    found = phones.clean(text).value
    number = None
    if found:
        number = found.mobile if channel == Channel.MOBILE else found.landline
    if number is None:
        if channel == Channel.MOBILE:
            raise forms.ValidationError(_("A mobile number has eleven digits and begins with 13 to 19."))
        raise forms.ValidationError(_("Write a landline with its area code, such as 021-62345678."))
    return number


class PlaceFields(forms.Form):
    """Where somebody lives or works: the divisions by name, full or short."""

    province = forms.CharField(label=_("Province"), max_length=20, required=False)
    city = forms.CharField(label=_("City"), max_length=30, required=False)
    district = forms.CharField(label=_("District"), max_length=30, required=False)
    line = forms.CharField(label=_("Street and number"), max_length=160, required=False)

    def place(self) -> dict[str, str]:
        """Return the codes of the divisions and the line; complains where a name is unknown."""
        values = self.cleaned_data
        typed = {name: values.get(name, "") for name in ("province", "city", "district")}
        found = divisions.resolve(typed["province"], typed["city"], typed["district"])
        codes = {}
        for name in ("province", "city", "district"):
            division = getattr(found, name)
            if typed[name] and division is None:
                self.add_error(name, _("No division has this name."))
            codes[name] = division.code if division else ""
        return {**codes, "line": values.get("line", "")}


class PersonFields(forms.Form):
    """What is known of a person or a company."""

    name = forms.CharField(label=_("Name"), max_length=80)
    gender = forms.ChoiceField(label=_("Gender"), choices=_optional(Gender.choices), required=False)
    born_on = _day(label=_("Birthday"), required=False)
    identity_number = forms.CharField(
        label=_("Identity number"), max_length=30, required=False, help_text=_("Kept sealed; only its end is shown.")
    )

    def clean_name(self) -> str:
        name = names.clean(self.cleaned_data["name"]).value
        if not name:
            raise forms.ValidationError(_("This is not a name."))
        return name

    def clean_born_on(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["born_on"]
        if day and not datetime.date(1900, 1, 1) <= day <= clock.today():
            raise forms.ValidationError(_("Nobody was born on this day."))
        return day

    def clean_identity_number(self) -> str:
        typed = str(self.cleaned_data["identity_number"])
        if typed and not identity.clean(typed).value:
            raise forms.ValidationError(_("This is not an identity number: its digits do not fit together."))
        return typed


class NewCustomerForm(PersonFields, PlaceFields):
    """Somebody new, and what he is to an outlet."""

    outlet = forms.ChoiceField(label=_("Outlet"), choices=())
    mobile = forms.CharField(label=_("Mobile"), max_length=30, required=False)
    landline = forms.CharField(label=_("Landline"), max_length=30, required=False)
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices, initial=Category.POTENTIAL)
    source = forms.ChoiceField(label=_("Source"), choices=(), required=False)
    consultant = forms.ChoiceField(label=_("Consultant"), choices=(), required=False)
    confirmed = forms.BooleanField(
        label=_("It is somebody else: add anyway"), required=False, widget=forms.HiddenInput()
    )
    field_order = (
        "name", "mobile", "landline", "outlet", "category", "source", "consultant", "gender", "born_on",
        "identity_number", "province", "city", "district", "line", "confirmed",
    )  # fmt: skip

    def __init__(self, *args: Any, outlets: Choices, sources: Choices, consultants: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Mapping[str, Choices] = {
            "outlet": outlets, "source": _optional(sources), "consultant": _optional(consultants),
        }  # fmt: skip
        for name, choices in chosen.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_mobile(self) -> str:
        typed = str(self.cleaned_data["mobile"])
        return read_phone(typed, Channel.MOBILE) if typed else ""

    def clean_landline(self) -> str:
        typed = str(self.cleaned_data["landline"])
        return read_phone(typed, Channel.LANDLINE) if typed else ""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["place"] = self.place()
        if not self.errors and not (values.get("mobile") or values.get("landline")):
            self.add_error("mobile", _("Give at least one number."))
        return values

    def ask_again(self) -> None:
        """Show the box that says: it is somebody else."""
        self.fields["confirmed"].widget = forms.CheckboxInput()


class CustomerForm(PersonFields):
    """What is known of a customer; an empty identity number leaves the one that is there."""

    industry = forms.CharField(label=_("Industry"), max_length=40, required=False)
    occupation = forms.CharField(label=_("Occupation"), max_length=40, required=False)
    hobbies = forms.CharField(label=_("Hobbies"), max_length=200, required=False)
    preferred_channel = forms.ChoiceField(label=_("Preferred channel"), choices=(), required=False)

    def __init__(self, *args: Any, channels: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["preferred_channel"].choices = _optional(channels)  # type: ignore[attr-defined]


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
        self.fields["source"].choices = _optional(sources)  # type: ignore[attr-defined]
        self.fields["consultant"].choices = _optional(consultants)  # type: ignore[attr-defined]

    def clean_tags(self) -> list[str]:
        text = str(self.cleaned_data["tags"]).replace("，", ",").replace("、", ",")
        return [tag.strip() for tag in text.split(",") if tag.strip()]


class ManyForm(forms.Form):
    """What changes for many customers at once."""

    consultant = forms.ChoiceField(label=_("Consultant"), choices=(), required=False)
    tag = forms.CharField(label=_("Tag"), max_length=24, required=False)

    def __init__(self, *args: Any, consultants: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consultant"].choices = _optional(consultants)  # type: ignore[attr-defined]


class RelateForm(forms.Form):
    outlet = forms.ChoiceField(label=_("Outlet"), choices=())
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices, initial=Category.BASE)

    def __init__(self, *args: Any, outlets: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outlet"].choices = outlets  # type: ignore[attr-defined]


class EndForm(forms.Form):
    day = _day(label=_("Ended on"), help_text=_("From then on the outlet no longer sees the customer."))


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
