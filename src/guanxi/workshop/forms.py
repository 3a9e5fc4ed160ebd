"""The shape of what is typed in about a visit."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.actor import Actor
from guanxi.vehicles.queries import finding
from guanxi.workshop.states import LineKind

SPARE, MOST_LINES = 4, 200


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def _amount(**options: Any) -> forms.DecimalField:
    return forms.DecimalField(min_value=0, max_digits=12, decimal_places=2, required=False, **options)


class VisitForm(forms.Form):
    """What is written down about a visit, without the lines of its bill."""

    order_no = forms.CharField(label=_("Order number"), max_length=40)
    category = forms.ChoiceField(label=_("Category"), choices=())
    entered_on = _day(label=_("Came on"))
    left_on = _day(label=_("Left on"), required=False)
    km = forms.IntegerField(label=_("Mileage (km)"), min_value=0, max_value=5_000_000, required=False)
    advisor_name = forms.CharField(label=_("Service advisor"), max_length=40, required=False)
    brought_by = forms.CharField(
        label=_("Brought by"), max_length=80, required=False,
        help_text=_("If it was somebody else than the owner or a known driver."),
    )  # fmt: skip
    brought_by_phone = forms.CharField(label=_("Telephone of who brought it"), max_length=30, required=False)
    labour = _amount(label=_("Labour"))
    parts = _amount(label=_("Parts"))
    total = _amount(label=_("Total"), help_text=_("Empty: the sum of labour, parts and other lines."))
    words = forms.CharField(
        label=_("The customer's words"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    remark = forms.CharField(
        label=_("Remark"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, categories: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", "—"), *categories]  # type: ignore[attr-defined]


class NewVisitForm(VisitForm):
    """A visit that is recorded: also which car it was, and where."""

    car = forms.CharField(
        label=_("Car"), max_length=30, help_text=_("The plate or the VIN, or at least the last four signs of one.")
    )
    outlet = forms.ChoiceField(label=_("Outlet"), choices=())
    field_order = ("car", "outlet")

    def __init__(self, *args: Any, actor: Actor, outlets: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["outlet"].choices = [("", "—"), *outlets]  # type: ignore[attr-defined]

    def clean_car(self) -> int:
        """Return the one car that is meant.

        :raises forms.ValidationError: none is found, or several are.
        """
        found = finding.found(self.actor, str(self.cleaned_data["car"]), 4)
        if not found:
            raise forms.ValidationError(_("No car of your customers ends so: add the car first."))
        if len(found) > 1:
            names = ", ".join(f"{row} ({row.vin})" for row in found)
            raise forms.ValidationError(_("Several cars end so: %(cars)s.") % {"cars": names})
        return found[0].pk


class LineForm(forms.Form):
    """One line of the bill; one without words does not count."""

    kind = forms.ChoiceField(label=_("Kind"), choices=LineKind.choices, required=False)
    code = forms.CharField(label=_("Number"), max_length=40, required=False)
    name = forms.CharField(label=_("What"), max_length=120, required=False)
    quantity = forms.DecimalField(
        label=_("Quantity"), min_value=0, max_digits=9, decimal_places=2, required=False, initial=1
    )
    amount = _amount(label=_("Amount"))
    is_warranty = forms.BooleanField(label=_("Paid by warranty"), required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("name") and (values.get("amount") is not None or values.get("code")):
            self.add_error("name", _("Say what it is."))
        if values.get("name") and values.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Say what it costs; nothing is 0."))
        return values


LineFormSet = forms.formset_factory(LineForm, extra=SPARE, max_num=MOST_LINES, absolute_max=MOST_LINES + SPARE)
