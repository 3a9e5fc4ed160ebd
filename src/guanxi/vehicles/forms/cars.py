"""The shape of what is typed in about cars."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries as customers
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.values import plates, vins
from guanxi.vehicles.models import Trim
from guanxi.vehicles.queries import finding
from guanxi.vehicles.states import Condition, Role

Choices = Sequence[tuple[str, Text]]
MOST_FOUND = 8


def day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def price(**options: Any) -> forms.DecimalField:
    return forms.DecimalField(min_value=0, max_digits=12, decimal_places=2, required=False, **options)


def trim_choices(trims: Iterable[Trim]) -> list[tuple[Any, Any]]:
    """Return the trims by series, as a select shows them."""
    groups: dict[str, list[tuple[str, Text]]] = {}
    for row in trims:
        group = groups.setdefault(row.model.series.name, [])
        group.append((str(row.pk), f"{row.model.name} · {row.name}"))
    return [("", "—"), *groups.items()]


class PersonForm(forms.Form):
    """Names one customer: by a word that finds exactly one, or by a choice among those whom it finds."""

    who = forms.CharField(
        label=_("Customer"), max_length=60, required=False, help_text=_("Name, pinyin or the end of a phone number.")
    )
    customer = forms.ChoiceField(label=_("Which of them?"), widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, actor: Actor, chosen: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        typed = str(self.data.get("who") or "").strip()
        found = [hit.customer.pk for hit in customers.find(actor, typed, MOST_FOUND)] if typed else []
        offered = list(dict.fromkeys([*([chosen] if chosen else []), *found]))
        self.offered = self._named(offered)
        if self.offered:
            self.fields["customer"].choices = self.offered  # type: ignore[attr-defined]
            self.initial.setdefault("customer", str(chosen) if chosen else self.offered[0][0])
        else:
            del self.fields["customer"]

    def _named(self, ids: list[int]) -> list[tuple[str, Text]]:
        rows = {row.pk: row for row in customers.visible_to(self.actor).filter(pk__in=ids)}
        numbers = finding.phones(list(rows))
        return [(str(pk), f"{rows[pk].name} · {_end(numbers[pk])}") for pk in ids if pk in rows]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        picked = str(values.get("customer") or "")
        if not picked and len(self.offered) == 1:
            picked = self.offered[0][0]
        if not picked and not self.errors:
            many = _("Several are found by this: choose one of them.")
            self.add_error("who", many if self.offered else _("Nobody is found by this."))
        values["customer_id"] = int(picked) if picked.isdecimal() else None
        return values


def _end(numbers: Sequence[str]) -> str:
    """Show the end of the first number: enough to tell two people apart."""
    return f"**** {numbers[0][-4:]}" if numbers else "–"


class CarFields(forms.Form):
    """What is on a car and its papers."""

    vin = forms.CharField(label=_("VIN"), max_length=30, widget=forms.TextInput(attrs={"autocapitalize": "characters"}))
    trim = forms.ChoiceField(label=_("Model"), required=False, choices=())
    model_text = forms.CharField(
        label=_("Model as written"), max_length=60, required=False,
        help_text=_("For a car that is not in the catalogue."),
    )  # fmt: skip
    colour = forms.CharField(label=_("Colour"), max_length=30, required=False)
    engine_no = forms.CharField(label=_("Engine number"), max_length=40, required=False)
    made_on = day(label=_("Made on"), required=False)

    def __init__(self, *args: Any, trims: Iterable[Trim], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["trim"].choices = trim_choices(trims)  # type: ignore[attr-defined]

    def clean_vin(self) -> str:
        vin = vins.clean(self.cleaned_data["vin"]).value
        if vin is None:
            raise forms.ValidationError(_("A VIN has 17 letters and digits, without I, O and Q."))
        return vin

    def car(self) -> dict[str, Any]:
        """Return the cleaned values as the service takes them."""
        names = ("vin", "model_text", "colour", "engine_no", "made_on")
        trim = self.cleaned_data["trim"]
        return {**{name: self.cleaned_data[name] for name in names}, "trim_id": int(trim) if trim else None}


def read_plate(text: str) -> str:
    """Return a plate in its one form.

    :raises forms.ValidationError: it is none.
    """
    found = plates.clean(text)
    if found.flaw:
        raise forms.ValidationError(_("This is not a plate: a province, a letter and five or six signs."))
    return found.value or ""


class NewCarForm(PersonForm, CarFields):
    """A car that is added, with its owner."""

    plate = forms.CharField(label=_("Plate"), max_length=20, required=False)
    since = day(label=_("Owned since"), required=False)
    field_order = (
        "who", "customer", "vin", "plate", "trim", "model_text", "colour", "engine_no", "made_on", "since",
    )  # fmt: skip

    def clean_plate(self) -> str:
        return read_plate(self.cleaned_data["plate"])


class ChangeCarForm(CarFields):
    """What is on a car that is there."""


class PlateForm(forms.Form):
    number = forms.CharField(
        label=_("New plate"), max_length=20, required=False, help_text=_("Empty: the car has no plate any more.")
    )
    since = day(label=_("Since"))

    def clean_number(self) -> str:
        return read_plate(self.cleaned_data["number"])


class DatesForm(forms.Form):
    insured_until = day(label=_("Insured until"), required=False)
    inspected_until = day(label=_("Inspection due"), required=False)


class ConditionForm(forms.Form):
    condition = forms.ChoiceField(label=_("Condition"), choices=Condition.choices, widget=forms.RadioSelect)
    on = day(label=_("On"))


class ReadingForm(forms.Form):
    km = forms.IntegerField(label=_("Mileage (km)"), min_value=0, max_value=5_000_000)
    on = day(label=_("Read on"))


class OwnerForm(PersonForm):
    """Who owns a car from a day on."""

    on = day(label=_("Owner since"))
    others_leave = forms.BooleanField(
        label=_("The drivers, payers and contacts leave too"), required=False, initial=True
    )  # fmt: skip


class ParticipantForm(PersonForm):
    """Who drives, pays for or answers for a car."""

    role = forms.ChoiceField(label=_("Role"), choices=[choice for choice in Role.choices if choice[0] != Role.OWNER])
    since = day(label=_("Since"))
    field_order = ("who", "customer", "role", "since")


class EndForm(forms.Form):
    on = day(label=_("Last day"))


class SaleForm(forms.Form):
    """A sale by an outlet to one of the car's people."""

    buyer = forms.ChoiceField(label=_("Buyer"), choices=())
    outlet = forms.ChoiceField(label=_("Outlet"), choices=())
    sold_on = day(label=_("Sold on"))
    order_no = forms.CharField(label=_("Sales order"), max_length=40, required=False)
    price = price(label=_("Price"))
    use = forms.ChoiceField(label=_("Use"), choices=(), required=False)
    consultant_name = forms.CharField(label=_("Consultant"), max_length=40, required=False)

    def __init__(self, *args: Any, choices: Mapping[str, Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]


class CoverForm(forms.Form):
    name = forms.CharField(label=_("Cover"), max_length=60)
    since = day(label=_("Since"))
    until = day(label=_("Until"))
    km = forms.IntegerField(label=_("Up to (km)"), min_value=1, max_value=5_000_000, required=False)
