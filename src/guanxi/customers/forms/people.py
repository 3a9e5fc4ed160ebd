"""The forms of a person or a company: entry and change, with what the standard asks for."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.customers import policy
from guanxi.customers.services.standards import ASKED, INPUTS
from guanxi.customers.states import Binding, Category, Channel, Field, Gender, Kind
from guanxi.foundation import clock, divisions
from guanxi.foundation.errors import Text
from guanxi.foundation.values import identity, names, phones

Choices = Sequence[tuple[str, Text]]


def day_field(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def optional(choices: Choices) -> list[tuple[str, Text]]:
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
    gender = forms.ChoiceField(label=_("Gender"), choices=optional(Gender.choices), required=False)
    born_on = day_field(label=_("Birthday"), required=False)
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


class MoreFields(forms.Form):
    """What else may be known of a customer."""

    industry = forms.ChoiceField(label=_("Industry"), choices=(), required=False)
    occupation = forms.CharField(label=_("Occupation"), max_length=40, required=False)
    hobbies = forms.CharField(label=_("Hobbies"), max_length=200, required=False)
    habits = forms.MultipleChoiceField(
        label=_("Spending habits"), choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )
    preferred_channel = forms.ChoiceField(label=_("Preferred channel"), choices=(), required=False)


def hint(asks: Sequence[policy.Ask]) -> Text:
    """Say in a word how far the standard asks for one field, of whom and from when on; nothing where a star says it."""
    required = [ask for ask in asks if ask.binding == Binding.REQUIRED]
    if required and required[0].applies_from != Category.POTENTIAL:
        return _("Required from “%(category)s” on.") % {"category": Category(required[0].applies_from).label}
    if required and len(required) < len(asks):
        return _("Required: %(kind)s.") % {"kind": Kind(required[0].kind).label}
    return _("Expected.") if not required and any(ask.binding == Binding.EXPECTED for ask in asks) else ""


MORE = frozenset({"email", "wechat", "industry", "occupation", "hobbies", "habits", "preferred_channel"})
WHOLE = ("outlet", "habits")  # of which nothing is chosen by choosing nothing


class NewCustomerForm(PersonFields, PlaceFields, MoreFields):
    """Somebody new, and what he is to an outlet. What the standard requires of such a one is required here."""

    use_required_attribute = False  # what is required changes with name and category, which the browser does not know
    outlet = forms.ChoiceField(label=_("Outlet"), choices=())
    mobile = forms.CharField(label=_("Mobile"), max_length=30, required=False)
    landline = forms.CharField(label=_("Landline"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail address"), max_length=120, required=False)
    wechat = forms.CharField(label=_("WeChat"), max_length=120, required=False)
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices, initial=Category.POTENTIAL)
    source = forms.ChoiceField(label=_("Source"), choices=(), required=False)
    consultant = forms.ChoiceField(label=_("Consultant"), choices=(), required=False)
    confirmed = forms.BooleanField(
        label=_("It is somebody else: add anyway"), required=False, widget=forms.HiddenInput()
    )
    field_order = (
        "name", "mobile", "landline", "outlet", "category", "source", "consultant", "gender", "born_on",
        "identity_number", "province", "city", "district", "line", "email", "wechat", "industry", "occupation",
        "hobbies", "habits", "preferred_channel", "confirmed",
    )  # fmt: skip

    def __init__(self, *args: Any, asks: Sequence[policy.Ask], choices: Mapping[str, Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            self.fields[name].choices = offered if name in WHOLE else optional(offered)  # type: ignore[attr-defined]
        self.asks = asks
        self.required = self._required()
        inputs = {**INPUTS, Field.ADDRESS: "city", Field.CONSULTANT: "consultant"}
        for code, name in inputs.items():
            self._mark(code, self.fields[name])

    def _required(self) -> set[str]:
        """Return what the standard requires of whom the form speaks of just now."""
        given = names.clean(str(self.data.get("name", ""))).value or ""
        kind = Kind.COMPANY if names.is_company(given) else Kind.PERSON
        chosen = self.data.get("category", Category.POTENTIAL)
        category = chosen if chosen in Category.values else Category.POTENTIAL
        return set(policy.missing(self.asks, kind=kind, category=category, given=()))

    def _mark(self, code: str, field: forms.Field) -> None:
        said = hint([ask for ask in self.asks if ask.field == code])
        if code == Field.PHONE and code in self.required:
            said = _("Required: a mobile number or a landline.")
        elif code == Field.ADDRESS and code in self.required:
            said = _("Required: the city or the street.")
        elif code in self.required:
            field.required, said = True, ""
            field.error_messages["required"] = ASKED
        field.help_text = " ".join(str(text) for text in (said, field.help_text) if text)

    @property
    def more(self) -> set[str]:
        """The names of the inputs of which the standard says nothing: they stand at the end, folded."""
        said = {INPUTS.get(Field(ask.field)) for ask in self.asks if ask.binding != Binding.OPTIONAL}
        return set(MORE - said - set(self.errors))

    def clean_mobile(self) -> str:
        typed = str(self.cleaned_data["mobile"])
        return read_phone(typed, Channel.MOBILE) if typed else ""

    def clean_landline(self) -> str:
        typed = str(self.cleaned_data["landline"])
        return read_phone(typed, Channel.LANDLINE) if typed else ""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["place"] = self.place()
        reached = any(values.get(name) or name in self.errors for name in ("mobile", "landline"))
        placed = any(values.get(name) or name in self.errors for name in ("city", "line"))
        if Field.PHONE in self.required and not reached:
            self.add_error("mobile", _("Give at least one number."))
        if Field.ADDRESS in self.required and not placed:
            self.add_error("city", ASKED)
        return values

    def ask_again(self) -> None:
        """Show the box that says: it is somebody else."""
        self.fields["confirmed"].widget = forms.CheckboxInput()


class CustomerForm(PersonFields, MoreFields):
    """What is known of a customer; an empty identity number leaves the one that is there."""

    field_order = (
        "name", "gender", "born_on", "identity_number", "industry", "occupation", "hobbies", "habits",
        "preferred_channel",
    )  # fmt: skip

    def __init__(self, *args: Any, channels: Choices, industries: Choices, habits: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["industry"].choices = optional(industries)  # type: ignore[attr-defined]
        self.fields["habits"].choices = habits  # type: ignore[attr-defined]
        self.fields["preferred_channel"].choices = optional(channels)  # type: ignore[attr-defined]
