"""The shape of what is typed in about a contact rule."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Role
from guanxi.care.models import CapGroup, Rule
from guanxi.care.policy import sampling
from guanxi.care.queries import audiences, wording
from guanxi.care.states.rules import Anchor, Channel, Phase, Unit, Where
from guanxi.messaging.queries import templates
from guanxi.network.models import Node
from guanxi.privacy.states import Purpose
from guanxi.worklist.states import Priority

SPARE = 3


def _number(label: Any, low: int, high: int, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=low, max_value=high, **more)


class Named(forms.ModelChoiceField):  # type: ignore[type-arg]  # the class takes no parameters when it runs
    """A choice among rows that have a name in both languages."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name in the reader's language."""
        return str(obj.name)


class RuleForm(forms.Form):
    """What a rule says; its conditions are rows of a fact, a comparison and values."""

    name_zh = forms.CharField(label=_("Chinese name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=160, required=False)
    anchor = forms.ChoiceField(label=_("Counts from"), choices=Anchor.choices)
    of = forms.MultipleChoiceField(
        label=_("Which ones"), required=False,
        help_text=_(
            "Visits, festivals, solar terms, states of owners, weather or endings of complaints;"
            " none: all visits or complaints."
        ),
    )  # fmt: skip
    phase = forms.ChoiceField(label=_("Phase of the car"), required=False, choices=[("", _("any")), *Phase.choices])
    months = _number(_("Months after"), 0, 120, initial=0)
    opens = _number(_("Opens, days after"), -400, 400, initial=0, help_text=_("Negative: before."))
    due = _number(_("Due within"), -400, 2000, initial=3)
    unit = forms.ChoiceField(label=_("Unit"), choices=Unit.choices)
    every = _number(_("Every so many months"), 1, 60, required=False)
    first_month = _number(_("From month"), 1, 240, required=False)
    last_month = _number(_("To month"), 1, 240, required=False)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    fallback = forms.ChoiceField(label=_("Otherwise by"), required=False, choices=[("", "–"), *Channel.choices])
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices, help_text=_("The consent that it needs."))
    is_exempt = forms.BooleanField(label=_("Safety: needs no consent"), required=False)
    template = forms.ChoiceField(
        label=_("Sends itself with the template"), required=False,
        help_text=_("A message or letter of an outlet then goes by itself; whoever cannot be written to stays a task."),
    )  # fmt: skip
    where = forms.ChoiceField(label=_("Carried out at"), choices=Where.choices)
    role = Named(label=_("Role"), queryset=Role.objects.none())
    is_consultants = forms.BooleanField(label=_("By the customer's own consultant"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), choices=Priority.choices, initial="3")
    cap = Named(label=_("Budget"), queryset=CapGroup.objects.none())
    coverage = _number(_("Coverage in percent"), 1, 100, initial=100)
    margin = _number(
        _("Margin in percentage points"), sampling.MARGINS[0], sampling.MARGINS[-1], required=False,
        help_text=_(
            "So many that each outlet, model and month is known to this margin, with 95 percent confidence."
            " The coverage holds while it is unknown how many there are."
        ),
    )  # fmt: skip
    replaces = forms.BooleanField(
        label=_("Replaces whom it does not reach"), required=False,
        help_text=_("Once, by the next of the same outlet, model and month who was left out."),
    )  # fmt: skip
    control = _number(_("Control group in percent"), 0, 50, initial=0)
    assumed_zh = forms.CharField(label=_("Why assumed, in Chinese"), max_length=200, required=False)
    assumed_en = forms.CharField(label=_("Why assumed, in English"), max_length=300, required=False)
    script = forms.CharField(
        label=_("Script"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One line for each point: Chinese | English."),
    )  # fmt: skip

    def __init__(self, *args: Any, rows: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choice("of").choices = wording.choices()
        self._choice("template").choices = [("", "–"), *templates.choices()]
        self._model("role").queryset = Role.objects.filter(is_current=True).order_by("position", "code")
        self._model("cap").queryset = CapGroup.objects.order_by("code")
        chosen = [("", "–"), *audiences.choices()]
        self.rows = min(rows + SPARE, audiences.MOST)
        for number in range(self.rows):
            self.fields[f"fact_{number}"] = forms.ChoiceField(label=_("Condition"), choices=chosen, required=False)
            self.fields[f"op_{number}"] = forms.ChoiceField(
                label=_("Comparison"), choices=audiences.OPS, required=False
            )
            self.fields[f"value_{number}"] = forms.CharField(label=_("Values"), max_length=300, required=False)

    def _choice(self, name: str) -> forms.ChoiceField:
        found = self.fields[name]
        assert isinstance(found, forms.ChoiceField)
        return found

    def _model(self, name: str) -> "forms.ModelChoiceField[Any]":
        found = self.fields[name]
        assert isinstance(found, forms.ModelChoiceField)
        return found

    def conditions(self) -> Iterator[Sequence[forms.BoundField]]:
        """Return the rows of conditions for the page."""
        for number in range(self.rows):
            yield self[f"fact_{number}"], self[f"op_{number}"], self[f"value_{number}"]

    def plain(self) -> Iterator[forms.BoundField]:
        """Return the other fields."""
        for field in self:
            if not field.name.startswith(("fact_", "op_", "value_")):
                yield field

    def _condition(self, number: int) -> tuple[str, str, str]:
        key, op, text = (str(self.cleaned_data.get(f"{part}_{number}", "")) for part in ("fact", "op", "value"))
        return key, op, text

    def values(self) -> dict[str, Any]:
        """Return what the rule says, as the service takes it."""
        own = {field.name for field in self.plain()} - {"code", "node", "role", "cap", "script", "priority"}
        data = {name: self.cleaned_data[name] for name in own}
        found = audiences.stored([self._condition(number) for number in range(self.rows)])
        return data | {
            "role_id": self.cleaned_data["role"].pk, "cap_id": self.cleaned_data["cap"].pk,
            "priority": int(self.cleaned_data["priority"]), "is_assumed": bool(data["assumed_zh"]),
            "audience": found, "script": _items(self.cleaned_data["script"]),
        }  # fmt: skip


class NewRuleForm(RuleForm):
    """A rule that does not exist yet: its code, and the place where it holds."""

    code = forms.RegexField(
        r"^[a-z][a-z0-9_]{1,39}$", label=_("Code"), help_text=_("The code of an outlet's own rule begins with x_.")
    )
    node = Named(label=_("Holds at"), queryset=Node.objects.none(), required=False)
    field_order = ("code", "node")

    def __init__(self, *args: Any, places: Any, everywhere: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        node = self._model("node")
        node.queryset, node.required = places, not everywhere
        node.empty_label = str(_("Everywhere")) if everywhere else "–"


def _items(text: str) -> list[dict[str, str]]:
    """Return the points of a script from its lines."""
    lines = [line.partition("|") for line in text.splitlines() if line.strip()]
    return [{"zh": zh.strip(), "en": en.strip()} for zh, _bar, en in lines]


def initial(row: Rule) -> dict[str, Any]:
    """Return what the form shows of a rule."""
    names = [name for name in RuleForm.base_fields if name not in {"script", "role", "cap"}]
    values: dict[str, Any] = {name: getattr(row, name) for name in names}
    values |= {
        "role": row.role_id, "cap": row.cap_id,
        "script": "\n".join(f"{item['zh']} | {item['en']}" for item in row.script),
    }  # fmt: skip
    for number, (fact, op, text) in enumerate(audiences.shown(row.audience)):
        values |= {f"fact_{number}": fact, f"op_{number}": op, f"value_{number}": text}
    return values
