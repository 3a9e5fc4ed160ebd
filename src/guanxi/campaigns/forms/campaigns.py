"""The shape of what is typed in about a campaign."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.campaigns.models import Campaign, Kind, Wave
from guanxi.campaigns.policy import LETTERS, MOST_MONTHS, MOST_WAVES
from guanxi.campaigns.policy import Wave as Planned
from guanxi.campaigns.services.planning import SAID, Plan
from guanxi.campaigns.states import Channel
from guanxi.care.queries import audiences
from guanxi.foundation.errors import Text
from guanxi.privacy.states import Purpose

SPARE = 3
MOST_BYTES = 2_000_000
MOST_TEXTS = len(LETTERS) - 1
ROWS = ("fact_", "op_", "value_", "wave_", "text_")
Choices = Sequence[tuple[str, Text]]
LISTED = {"node_id": "node", "role_id": "role"}


def _money(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_digits=12, decimal_places=2, **more)


def _number(label: Any, low: int, high: int, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=low, max_value=high, **more)


class CampaignForm(forms.Form):
    """What a campaign says; its conditions are rows of a fact, a comparison and values, its waves of a day and a
    share.
    """

    name = forms.CharField(label=_("Name of the campaign"), max_length=120)
    aim = forms.CharField(label=_("Aim"), max_length=400)
    node = forms.ChoiceField(label=_("For the customers of"))
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices, help_text=_("The consent that it needs."))
    template = forms.ChoiceField(
        label=_("Template"), required=False, help_text=_("For messages: of the same channel and purpose.")
    )
    words = forms.CharField(
        label=_("What is to be said"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For calls, letters and visits."),
    )  # fmt: skip
    role = forms.ChoiceField(label=_("Whose tasks"), required=False, help_text=_("For calls, letters and visits."))
    offer = forms.CharField(label=_("Offer"), required=False, max_length=200)
    offer_code = forms.RegexField(
        r"^[A-Za-z0-9-]{3,24}$", label=_("Offer code"), required=False,
        help_text=_("Letters, digits and hyphens. Who names it at the outlet has answered."),
    )  # fmt: skip
    has_own_codes = forms.BooleanField(
        label=_("A code for each customer"), required=False,
        help_text=_("Drawn when the campaign starts, redeemed once; the template names {offer_code}."),
    )  # fmt: skip
    offer_until = forms.DateField(
        label=_("Codes valid until"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), help_text=_("Left open: no end."),
    )  # fmt: skip
    budget = _money(_("Budget (yuan)"), required=False, help_text=_("Left open: no limit."))
    unit_cost = _money(_("Cost per contact (yuan)"), initial=0)
    fixed_cost = _money(_("Fixed cost (yuan)"), initial=0)
    control = _number(
        _("Control group (percent)"), 0, 50, initial=10,
        help_text=_("Left out at random, so that the effect can be told from chance."),
    )  # fmt: skip
    visit_days = _number(_("Visits count within (days)"), 1, 366)
    sale_days = _number(_("Sales count within (days)"), 1, 731)
    every_months = _number(
        _("Comes again every (months)"), 0, MOST_MONTHS, required=False,
        help_text=_("Each time as a draft of its own with a fresh audience. Left open: it does not come again."),
    )  # fmt: skip

    def __init__(self, *args: Any, choices: dict[str, Choices], rows: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("node", choices["node"])
        self._choose("template", [("", "–"), *choices["template"]])
        self._choose("role", [("", "–"), *choices["role"]])
        self.rows = min(rows + SPARE, audiences.MOST)
        chosen = [("", "–"), *audiences.choices()]
        for number in range(self.rows):
            self.fields[f"fact_{number}"] = forms.ChoiceField(
                label=_("Condition of the audience"), choices=chosen, required=False
            )
            self.fields[f"op_{number}"] = forms.ChoiceField(
                label=_("Comparison"), choices=audiences.OPS, required=False
            )
            self.fields[f"value_{number}"] = forms.CharField(label=_("Values"), max_length=300, required=False)
        for number in range(MOST_TEXTS):
            self.fields[f"text_template_{number}"] = forms.ChoiceField(
                label=_("Further text"), choices=[("", "–"), *choices["template"]], required=False
            )
            self.fields[f"text_share_{number}"] = _number(_("Share of the text (percent)"), 1, 99, required=False)
        for number in range(MOST_WAVES):
            day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            self.fields[f"wave_on_{number}"] = forms.DateField(label=_("Day"), required=False, widget=day)
            self.fields[f"wave_share_{number}"] = _number(_("Share of the wave (percent)"), 1, 100, required=False)

    def _choose(self, name: str, choices: Choices) -> None:
        found = self.fields[name]
        assert isinstance(found, forms.ChoiceField)
        found.choices = list(choices)

    def conditions(self) -> Iterator[Sequence[forms.BoundField]]:
        """Return the rows of conditions for the page."""
        for number in range(self.rows):
            yield self[f"fact_{number}"], self[f"op_{number}"], self[f"value_{number}"]

    def waves(self) -> Iterator[Sequence[forms.BoundField]]:
        """Return the rows of waves for the page."""
        for number in range(MOST_WAVES):
            yield self[f"wave_on_{number}"], self[f"wave_share_{number}"]

    def texts(self) -> Iterator[tuple[str, Sequence[forms.BoundField]]]:
        """Return the rows of further texts for the page, each with its letter."""
        for number in range(MOST_TEXTS):
            yield LETTERS[number + 1], (self[f"text_template_{number}"], self[f"text_share_{number}"])

    def plain(self) -> Iterator[forms.BoundField]:
        """Return the other fields."""
        return (field for field in self if not field.name.startswith(ROWS))

    def plan(self) -> Plan:
        """Return what the campaign says, as the services take it."""
        data = self.cleaned_data
        values = {name: data[name] for name in SAID if name in data}
        typed = [
            tuple(str(data.get(f"{part}_{number}", "")) for part in ("fact", "op", "value"))
            for number in range(self.rows)
        ]
        found = audiences.stored([(fact, op, value) for fact, op, value in typed])
        waves = [
            Planned(data[f"wave_on_{number}"], data.get(f"wave_share_{number}") or 0)
            for number in range(MOST_WAVES)
            if data.get(f"wave_on_{number}")
        ]
        texts = [
            {"template": data[f"text_template_{number}"], "share": data.get(f"text_share_{number}") or 0}
            for number in range(MOST_TEXTS)
            if data.get(f"text_template_{number}")
        ]
        values["every_months"] = data["every_months"] or 0
        own = {"node_id": int(data["node"]), "role_id": data["role"] or None, "audience": found, "variants": texts}
        return Plan(values | own, waves)


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = forms.CharField(label=_("Why?"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class AnswerForm(forms.Form):
    """What a customer answered, in words."""

    note = forms.CharField(
        label=_("In words"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )


class RedeemForm(AnswerForm):
    """An offer code, who names it, and for what."""

    code = forms.CharField(label=_("Offer code"), max_length=24)
    who = forms.CharField(
        label=_("Customer"), max_length=80, required=False,
        help_text=_("Phone, plate, VIN or name. Not needed for a code of the customer's own."),
    )  # fmt: skip
    on = forms.DateField(
        label=_("Redeemed on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    order_no = forms.CharField(label=_("Order number"), max_length=40, required=False)
    amount = _money(_("Amount (yuan)"), required=False)
    field_order = ("code", "who", "on", "order_no", "amount", "note")


class RecallForm(forms.Form):
    """What a recall says."""

    name = forms.CharField(label=_("Name of the campaign"), max_length=120)
    reference = forms.CharField(label=_("Number of the authority or maker"), max_length=40, required=False)
    about = forms.CharField(
        label=_("What is to be done"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It is also what the owner is told."),
    )  # fmt: skip
    node = forms.ChoiceField(label=_("For the customers of"))
    is_safety = forms.BooleanField(
        label=_("Safety: needs no consent"), required=False, help_text=_("For calls, letters and visits.")
    )
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, initial=Channel.PHONE)
    template = forms.ChoiceField(
        label=_("Template"), required=False, help_text=_("For messages: of the same channel and purpose.")
    )
    role = forms.ChoiceField(label=_("Whose tasks"), initial="follow_up_agent")

    def __init__(self, *args: Any, choices: dict[str, Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(offered) if field.required else [("", "–"), *offered]

    def values(self) -> dict[str, Any]:
        """Return what the recall says, as the service takes it."""
        data = dict(self.cleaned_data)
        return data | {"node_id": int(data.pop("node")), "role_id": data.pop("role")}


class CarsForm(forms.Form):
    """A list of VINs, pasted or in a file."""

    vins = forms.CharField(
        label=_("VINs"), required=False, max_length=600_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One on each line; of a table the first column."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Text or CSV file"), required=False, widget=forms.ClearableFileInput(attrs={"accept": ".txt,.csv"})
    )

    def clean(self) -> dict[str, Any]:
        """Take the text of the file, if there is one; a list is needed."""
        data = super().clean() or {}
        file = data.get("file")
        if file is not None and file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is too large."))
        text = str(data.get("vins", ""))
        if file is not None:
            text += "\n" + file.read().decode("utf-8-sig", errors="replace")
        if not text.strip():
            raise forms.ValidationError(_("Paste a list or choose a file."))
        return data | {"text": text.replace("\x00", "")}


class DoneForm(forms.Form):
    """The visit with which a car was carried out."""

    visit = forms.ChoiceField(
        label=_("Visit of the car"), help_text=_("Visits of the car since the recall was opened, at your outlets.")
    )

    def __init__(self, *args: Any, visits: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["visit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(visits)


class RefusedForm(forms.Form):
    """Why an owner refuses."""

    note = forms.CharField(label=_("Why?"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


def begins(kind: Kind, node_id: int | None) -> dict[str, Any]:
    """Return what the form of a new campaign shows: what its kind proposes."""
    return {
        "name": kind.name, "aim": kind.aim, "node": node_id, "channel": kind.channel, "purpose": kind.purpose,
        "role": kind.role_id, "control": kind.control, "visit_days": kind.visit_days, "sale_days": kind.sale_days,
        "every_months": kind.every_months,
        "unit_cost": Decimal(0), "fixed_cost": Decimal(0), "wave_share_0": 100,
    } | _conditions(kind.audience)  # fmt: skip


def initial(row: Campaign, waves: Sequence[Wave]) -> dict[str, Any]:
    """Return what the form shows of a campaign."""
    values = {LISTED.get(name, name): getattr(row, name) for name in SAID if name not in {"audience", "variants"}}
    for number, text in enumerate(row.variants):
        values |= {f"text_template_{number}": text["template"], f"text_share_{number}": text["share"]}
    for number, wave in enumerate(waves):
        values |= {f"wave_on_{number}": wave.on, f"wave_share_{number}": wave.share}
    return values | _conditions(row.audience)


def _conditions(stored: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for number, (fact, op, text) in enumerate(audiences.shown(stored)):
        values |= {f"fact_{number}": fact, f"op_{number}": op, f"value_{number}": text}
    return values
