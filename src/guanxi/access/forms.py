"""The shape of what is typed in about people and rights."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Role
from guanxi.network.models import Node


class RoleChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Role) -> str:
        return obj.name


class PlaceChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Node) -> str:
        return f"{obj.name} ({obj.code})"


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class HoldingForm(forms.Form):
    """A role at a place."""

    role = RoleChoice(label=_("Role"), queryset=Role.objects.none())
    node = PlaceChoice(label=_("At"), queryset=Node.objects.none())

    def __init__(self, *args: Any, roles: QuerySet[Role], nodes: QuerySet[Node], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = roles  # type: ignore[attr-defined]
        self.fields["node"].queryset = nodes  # type: ignore[attr-defined]


class InviteForm(HoldingForm):
    name = forms.CharField(label=_("Name"), max_length=80)
    field_order = ("name", "role", "node")


class GrantForm(HoldingForm):
    valid_from = _day(label=_("From"))


class IntegrationForm(HoldingForm):
    username = forms.CharField(
        label=_("User name"), max_length=39, help_text=_("Small letters, digits, dots or hyphens.")
    )
    name = forms.CharField(label=_("Name"), max_length=80)
    field_order = ("name", "username", "role", "node")


class EndForm(forms.Form):
    on = _day(label=_("Until before"))


class PersonForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    employee_no = forms.CharField(label=_("Employee number"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)


class WelcomeForm(forms.Form):
    """The first sign-in: a user name and a password."""

    username = forms.CharField(
        label=_("User name"), max_length=39, help_text=_("Small letters, digits, dots or hyphens."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )
    again = forms.CharField(
        label=_("Password again"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )

    def __init__(self, *args: Any, is_recovery: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_recovery:
            del self.fields["username"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("password") and values.get("again") and values["password"] != values["again"]:
            self.add_error("again", _("The two passwords differ."))
        return values


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What it is for: you will know it again by this.")
    )
    days = forms.IntegerField(label=_("Lasts (days)"), min_value=1, max_value=366, initial=90)
    verbs = forms.MultipleChoiceField(label=_("Rights"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, verbs: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verbs"].choices = verbs  # type: ignore[attr-defined]
