"""The shape of a check list that is written by hand: what it says, and a row of fields for each of its points."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Role
from guanxi.care.forms.rules import Named
from guanxi.care.models import CheckList
from guanxi.care.policy.checklists import LONGEST_EN, LONGEST_ZH, MOST, MOST_EVERY, ON_CALL, Point
from guanxi.care.services.checklists import LONGEST_TERM, Wording
from guanxi.care.states.checklists import WEEK, Outlets, Within
from guanxi.network.models import Node

Row = Mapping[str, Any]
PARTS = ("code", "name_zh", "name_en")
BLANK: Row = {}
OWN = (
    "name_zh", "name_en", "is_on", "outlets", "every", "by", "within", "unit", "assumed_zh", "assumed_en",
)  # fmt: skip


class CheckListForm(forms.Form):
    """A check list; ``typed`` are its points as the page shows them. What is wrong with points is said by the service,
    all of it at once.
    """

    name_zh = forms.CharField(label=_("Chinese name"), max_length=LONGEST_ZH)
    name_en = forms.CharField(label=_("English name"), max_length=LONGEST_EN)
    valid_from = forms.DateField(
        label=_("Valid from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("At the earliest today, or tomorrow if the list of today is asked for or gone through already."),
    )  # fmt: skip
    outlets = forms.ChoiceField(label=_("At"), choices=Outlets.choices)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days of the week"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        choices=list(enumerate(WEEK, 1)), help_text=_("None: every so many working days."),
    )  # fmt: skip
    every = forms.IntegerField(
        label=_("Every so many working days"), min_value=ON_CALL, max_value=MOST_EVERY, initial=1,
        help_text=_("0: an inspection. Nobody is asked for it; whoever has the role comes unannounced."),
    )  # fmt: skip
    by = forms.TimeField(label=_("Done by"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    role = Named(label=_("Gone through by"), queryset=Role.objects.none())
    fixer = Named(label=_("Put right by"), queryset=Role.objects.none())
    within = forms.IntegerField(label=_("Put right within"), min_value=1, max_value=LONGEST_TERM, initial=1)
    unit = forms.ChoiceField(label=_("Unit"), choices=Within.choices, initial=Within.WORKING_DAYS)
    assumed_zh = forms.CharField(label=_("Why assumed, in Chinese"), max_length=200, required=False)
    assumed_en = forms.CharField(label=_("Why assumed, in English"), max_length=300, required=False)
    is_on = forms.BooleanField(label=_("Switched on"), required=False, initial=True)
    rows = forms.IntegerField(min_value=0, max_value=MOST, widget=forms.HiddenInput)

    def __init__(self, *args: Any, typed: Sequence[Row], focus: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.many = len(typed)
        roles = Role.objects.filter(is_current=True).order_by("position", "code")
        for name in ("role", "fixer"):
            self.model(name).queryset = roles
        for place in range(self.many):
            for part, field in _fields().items():
                self.fields[f"points.{place}.{part}"] = field
            if place == focus:
                self.fields[f"points.{place}.name_zh"].widget.attrs["autofocus"] = True

    def model(self, name: str) -> "forms.ModelChoiceField[Any]":
        """Return a field that chooses among rows."""
        found = self.fields[name]
        assert isinstance(found, forms.ModelChoiceField)
        return found

    def plain(self) -> Iterator[forms.BoundField]:
        """Return the fields that are not about a point."""
        return (field for field in self if not field.name.startswith("points."))

    def points(self) -> Iterator[Sequence[forms.BoundField]]:
        """Return the fields of each point."""
        for place in range(self.many):
            yield [self[f"points.{place}.{part}"] for part in PARTS]

    def wording(self) -> Wording:
        """Return what the list says, as the service takes it."""
        data = self.cleaned_data
        values = {name: data[name] for name in OWN} | {
            "weekdays": sorted(data["weekdays"]), "role_id": data["role"].pk, "fixer_id": data["fixer"].pk,
            "is_assumed": bool(data["assumed_zh"]),
        }  # fmt: skip
        points = [Point(*(data.get(f"points.{place}.{part}", "") for part in PARTS)) for place in range(self.many)]
        return Wording(values, points, data["valid_from"])


class NewCheckListForm(CheckListForm):
    """A check list that does not exist yet: its code, and the place where it holds."""

    code = forms.RegexField(
        r"^[a-z][a-z0-9_]{1,39}$", label=_("Code"), help_text=_("The code of an outlet's own list begins with x_.")
    )
    node = Named(label=_("Holds at"), queryset=Node.objects.none(), required=False)
    field_order = ("code", "node")

    def __init__(self, *args: Any, places: Any, everywhere: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        node = self.model("node")
        node.queryset, node.required = places, not everywhere
        node.empty_label = str(_("Everywhere")) if everywhere else "–"


def _fields() -> dict[str, forms.Field]:
    """Return the fields of one point, new each time."""
    return {
        "code": forms.CharField(max_length=40, required=False, widget=forms.HiddenInput),
        "name_zh": forms.CharField(label=_("In Chinese"), max_length=LONGEST_ZH, required=False),
        "name_en": forms.CharField(label=_("In English"), max_length=LONGEST_EN, required=False),
    }


def typed_rows(data: QueryDict) -> list[Row]:
    """Return the points as they were typed, whatever was typed."""
    many = data.get("rows", "")
    count = min(int(many), MOST) if many.isdecimal() and len(many) < len("1000") else 0
    return [{part: data.get(f"points.{place}.{part}", "") for part in PARTS} for place in range(count)]


def shown_rows(points: Sequence[Point]) -> list[Row]:
    """Return the points of a list as they are typed."""
    return [vars(point) for point in points]


def plain(row: CheckList) -> Row:
    """Return what the form shows of a list, beside its points."""
    return {name: getattr(row, name) for name in OWN} | {
        "weekdays": row.weekdays,
        "role": row.role_id,
        "fixer": row.fixer_id,
    }


def initial(values: Row, rows: Sequence[Row]) -> dict[str, Any]:
    """Return what the form shows."""
    found = {**values, "rows": len(rows)}
    for place, row in enumerate(rows):
        found |= {f"points.{place}.{part}": row.get(part, "") for part in PARTS}
    return found
