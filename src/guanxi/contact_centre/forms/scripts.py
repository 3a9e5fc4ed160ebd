"""The shape of a script that is written by hand: its names and use, and a row of fields for each question."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from guanxi.contact_centre.models import Script, ScriptDraft
from guanxi.contact_centre.policy.drafts import read_options, read_points, shown_options, shown_points
from guanxi.contact_centre.services.scripting import MOST, Wording
from guanxi.contact_centre.states import Judged, QuestionKind

Row = Mapping[str, Any]
GROUPS = (
    ("key", "kind", "mandatory"), ("text_zh", "text_en", "options"), ("hint_zh", "hint_en"), ("after", "answers"),
    ("judges", "points"),
)  # fmt: skip
PARTS = tuple(part for group in GROUPS for part in group)
BLANK: Row = {"kind": QuestionKind.YES_NO}


def _line(label: Any, longest: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=False, **more)


def _area(label: Any, longest: int, **more: Any) -> forms.CharField:
    return _line(label, longest, widget=forms.Textarea(attrs={"rows": 2}), **more)


class ScriptForm(forms.Form):
    """A script; ``rows`` says how many questions the page shows. What is missing in them is said by the service, all of
    it at once.
    """

    code = forms.RegexField(
        r"^[a-z][a-z0-9_]{1,39}$", label=_("Code"), help_text=_("Small letters, digits and underscores.")
    )
    name_zh = forms.CharField(label=_("Chinese name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=160)
    fits = forms.CharField(
        label=_("Used for"), max_length=1000,
        help_text=_("Codes of contact rules and kinds of tasks, separated by commas; * for any call without its own."),
    )  # fmt: skip
    valid_from = forms.DateField(
        label=_("Valid from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("At the earliest the day of the approval; a script that was used that day holds until its end."),
    )  # fmt: skip
    rows = forms.IntegerField(min_value=0, max_value=MOST, widget=forms.HiddenInput)

    def __init__(self, *args: Any, typed: Sequence[Row], focus: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.many = len(typed)
        keys = [str(row.get("key", "")) for row in typed]
        for place, row in enumerate(typed):
            others = [key for key in dict.fromkeys([*keys, str(row.get("after", ""))]) if key]
            for part, field in _fields([("", "–"), *((key, key) for key in others)]).items():
                self.fields[f"questions.{place}.{part}"] = field
            if place == focus:
                self.fields[f"questions.{place}.key"].widget.attrs["autofocus"] = True

    def plain(self) -> Iterator[forms.BoundField]:
        """Return the fields that are not about a question."""
        return (field for field in self if not field.name.startswith("questions."))

    def questions(self) -> Iterator[Sequence[Sequence[forms.BoundField]]]:
        """Return the fields of each question, in groups that stand beside each other."""
        for place in range(self.many):
            yield [[self[f"questions.{place}.{part}"] for part in group] for group in GROUPS]

    def stored(self) -> list[dict[str, Any]]:
        """Return the questions as scripts keep them: only what is said of each."""
        return [
            _stored({part: self.cleaned_data.get(f"questions.{place}.{part}", "") for part in PARTS})
            for place in range(self.many)
        ]

    def wording(self) -> Wording:
        """Return what the script says, as the service takes it."""
        data = self.cleaned_data
        fits = [fit.strip() for fit in data["fits"].replace("，", ",").split(",") if fit.strip()]
        return Wording(data["name_zh"], data["name_en"], fits, self.stored(), data["valid_from"])


def _fields(targets: Sequence[tuple[str, str]]) -> dict[str, forms.Field]:
    """Return the fields of one question, new each time."""
    return {
        "key": _line(_("Code"), 40), "kind": forms.ChoiceField(label=_("Kind"), choices=QuestionKind.choices),
        "text_zh": _area(_("In Chinese"), 300), "text_en": _area(_("In English"), 400),
        "hint_zh": _line(_("Hint in Chinese"), 300), "hint_en": _line(_("Hint in English"), 400),
        "options": forms.CharField(
            label=_("Options"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("Of a choice, one on each line: code | Chinese | English"),
        ),
        "after": forms.ChoiceField(label=_("Only after the question"), choices=targets, required=False),
        "answers": _line(
            _("answered with"), 400, help_text=_("Codes, separated by commas: yes or no, 1 to 10, codes of options.")
        ),
        "judges": forms.ChoiceField(
            label=_("Judges the work of"), choices=[("", _("nobody")), *Judged.choices], required=False
        ),
        "points": _line(
            _("Points of a hundred"), 400,
            help_text=_("For each answer, such as: yes 100, no 0. A number from 1 to 10 counts ten points each."),
        ),
        "mandatory": forms.BooleanField(label=_("Must be asked"), required=False),
    }  # fmt: skip


def _stored(row: Row) -> dict[str, Any]:
    values: dict[str, Any] = {part: str(row[part]).strip() for part in ("key", "kind", "text_zh", "text_en")}
    values |= {part: hint for part in ("hint_zh", "hint_en") if (hint := str(row[part]).strip())}
    if row["mandatory"]:
        values["mandatory"] = True
    if options := read_options(str(row["options"])):
        values["options"] = [vars(option) for option in options]
    if row["judges"]:
        values["judges"] = row["judges"]
    if points := read_points(str(row["points"])):
        values["points"] = points
    if row["after"]:
        answers = str(row["answers"]).replace("，", ",").split(",")
        values["when"] = {
            "question": row["after"], "answers": [answer.strip() for answer in answers if answer.strip()],
        }  # fmt: skip
    return values


def typed_rows(data: QueryDict) -> list[Row]:
    """Return the questions as they were typed, whatever was typed."""
    many = data.get("rows", "")
    count = min(int(many), MOST) if many.isdecimal() and len(many) < len("1000") else 0
    return [{part: data.get(f"questions.{place}.{part}", "") for part in PARTS} for place in range(count)]


def shown_rows(script: Script | ScriptDraft) -> list[Row]:
    """Return the questions of a script as they are typed."""
    return [
        row | {
            "options": shown_options(row.get("options", [])), "after": row.get("when", {}).get("question", ""),
            "answers": ", ".join(row.get("when", {}).get("answers", [])), "points": shown_points(row.get("points", {})),
        }
        for row in script.questions
    ]  # fmt: skip


def initial(plain: Row, rows: Sequence[Row]) -> dict[str, Any]:
    """Return what the form shows."""
    values = {**plain, "rows": len(rows)}
    for place, row in enumerate(rows):
        values |= {f"questions.{place}.{part}": row.get(part, "") for part in PARTS}
    return values
