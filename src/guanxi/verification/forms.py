"""The shape of what is typed in about a correction order, and about a file that is said to be false."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.customers.states import Gender
from guanxi.foundation.errors import Text
from guanxi.verification.models import Line
from guanxi.verification.services.rewriting import place
from guanxi.verification.states import Place, Source, Typed

PARTS = {"province": _("Province"), "city": _("City"), "district": _("District"), "line": _("Street and number")}


def _text(label: Any, help_text: Any = "", *, most: int = 2000, rows: int = 3) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": most})
    return forms.CharField(label=label, max_length=most, help_text=help_text, widget=widget)


class CorrectForm(forms.Form):
    """The outlet corrects the record: the right value of each wrong field, what was done, and what shows it."""

    measure = _text(_("What was corrected"), _("In words. What has no field here is corrected on its own page first."))
    proof = _text(_("Proof"), _("What shows it: a copy of the licence, an invoice, who was asked."), most=400, rows=2)

    def __init__(
        self,
        *args: Any,
        lines: Sequence[Line],
        held: Mapping[str, str],
        trims: Sequence[tuple[Any, Any]],
        **kwargs: Any,
    ) -> None:
        """``lines``: the wrong fields that can be corrected here; ``held``: the divisions of the address."""
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            for part, field in _inputs(line, held, trims):
                self.fields[place(line.field_id, part)] = field
        self.order_fields([name for name in self.fields if name not in {"measure", "proof"}])

    def values(self) -> dict[str, Typed]:
        """Return the values that were typed in, by field; what was left empty is none."""
        found: dict[str, Typed] = {}
        for line in self.lines:
            if line.field.source == Source.ADDRESS:
                typed = Place(*(self._typed(line, part) for part in PARTS))
                if typed.line:
                    found[line.field_id] = typed
            elif text := self._typed(line):
                found[line.field_id] = text
        return found

    def _typed(self, line: Line, part: str = "") -> str:
        return str(self.cleaned_data.get(place(line.field_id, part)) or "").strip()


def _inputs(
    line: Line, held: Mapping[str, str], trims: Sequence[tuple[Any, Any]]
) -> Iterator[tuple[str, forms.Field]]:  # fmt: skip
    """Yield the inputs of one wrong field; an address has one for each division and one for the street."""
    label = _("%(field)s: the right value") % {"field": line.field.name}
    told = _("The customer says: %(words)s. Leave it empty if it is right in the record already.") % {
        "words": line.said
    }
    source = Source(line.field.source)
    if source == Source.ADDRESS:
        for part, name in PARTS.items():
            words = f"{line.field.name} · {name}"
            hint = told if part == "line" else ""
            yield (
                part,
                forms.CharField(
                    label=words, required=False, max_length=160, initial=held.get(part, ""), help_text=hint
                ),
            )
    elif source in {Source.GENDER, Source.MODEL}:
        chosen = [("", "–"), *Gender.choices] if source == Source.GENDER else [("", "–"), *trims]
        yield "", forms.ChoiceField(label=label, required=False, choices=chosen, help_text=told)
    elif source in {Source.BIRTHDAY, Source.SOLD_ON}:
        day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        yield "", forms.DateField(label=label, required=False, widget=day, help_text=told)
    else:
        yield "", forms.CharField(label=label, required=False, max_length=120, help_text=told)


class DisputeForm(forms.Form):
    """The outlet says that the record is right."""

    measure = _text(_("Why the record is right"), _("Whoever issued the order decides."))


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = _text(_("Why?"), most=400, rows=2)


class VerifyForm(forms.Form):
    """What the customer says of the corrected record."""

    is_right = forms.ChoiceField(
        label=_("Is the record right now?"), widget=forms.RadioSelect,
        choices=[("yes", _("Yes, the customer confirms")), ("no", _("No, order it again"))],
    )  # fmt: skip
    words = _text(_("Word of the customer"))


class MarkForm(forms.Form):
    """The file of a customer is false."""

    outlet = forms.ChoiceField(label=_("Filed by"))
    check = forms.ChoiceField(label=_("Check that shows it"), required=False)
    evidence = _text(_("Evidence"), _("What shows that the file is false, so that another person can decide."), rows=5)

    def __init__(
        self, *args: Any, outlets: Sequence[tuple[str, Text]], checks: Sequence[tuple[str, Text]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("outlet", outlets), ("check", [("", "–"), *checks])):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a choice field


class DecideForm(forms.Form):
    """Whether a marked file is false."""

    is_false = forms.ChoiceField(
        label=_("Is the file false?"), widget=forms.RadioSelect,
        choices=[("yes", _("Yes, it was filed falsely")), ("no", _("No, the file is right"))],
    )  # fmt: skip
    words = _text(_("Reason of the decision"))
