"""The form of a new version of the standard of customer information."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.customers import policy
from guanxi.customers.forms.people import day_field
from guanxi.customers.states import Binding, Field, Kind


def _number(most: int, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(min_value=0, max_value=most, **options)


class StandardForm(forms.Form):
    """When a version begins, what is new in it, the weights of the marks; then three inputs for every field."""

    valid_from = day_field(label=_("Holds from"))
    note = forms.CharField(label=_("What is new"), max_length=200, required=False)
    complete = _number(100, label=_("Complete"))
    valid = _number(100, label=_("Valid"))
    fresh = _number(100, label=_("Fresh"))
    unique = _number(100, label=_("Unique"))
    proven = _number(100, label=_("Proven by use"))
    fresh_days = _number(3650, label=_("Fresh for (days)"))
    stale_days = _number(3650, label=_("Stale after (days)"))

    def __init__(self, data: Any, *, rules: policy.Rules, initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial={**rules.numbers, **initial})
        self.asks = [ask for ask in policy.whole(rules.asks) if ask.field != Field.NAME]
        for ask in self.asks:
            self._add(ask)

    def _add(self, ask: policy.Ask) -> None:
        what = f"{Field(ask.field).label} ({Kind(ask.kind).label})"
        bindings = [
            pair for pair in Binding.choices if ask.field != Field.CONSULTANT or pair[0] != Binding.REQUIRED
        ]  # fmt: skip
        levels = [(category.value, category.label) for category in policy.FROM]
        parts: dict[str, forms.Field] = {
            "": forms.ChoiceField(label=what, choices=bindings, initial=ask.binding),
            "_weight": _number(100, label=f"{what}: {_('Weight')}", initial=ask.weight),
            "_from": forms.ChoiceField(label=f"{what}: {_('From category')}", choices=levels, initial=ask.applies_from),
        }
        for ending, field in parts.items():
            field.widget.attrs |= {"aria-label": field.label, "class": "control"}
            self.fields[f"{ask.kind}_{ask.field}{ending}"] = field

    def rules(self) -> policy.Rules:
        """Return what was typed as a version of the standard says it."""
        values = self.cleaned_data
        asks = []
        for ask in self.asks:
            key = f"{ask.kind}_{ask.field}"
            asks.append(policy.Ask(ask.kind, ask.field, values[key], values[f"{key}_weight"], values[f"{key}_from"]))
        numbers = {name: int(values[name]) for name in (*policy.MARKS, *policy.DAYS)}
        return policy.Rules(numbers, tuple(asks))

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The inputs of the fields as a table: a line for each, the name and three of its inputs."""
        found = []
        for ask in self.asks:
            key = f"{ask.kind}_{ask.field}"
            inputs = [self[key], self[f"{key}_weight"], self[f"{key}_from"]]
            errors = [error for bound in inputs for error in bound.errors]
            found.append({"field": Field(ask.field), "kind": Kind(ask.kind), "inputs": inputs, "errors": errors})
        return found
