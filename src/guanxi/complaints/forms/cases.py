"""The shape of what is typed in about a complaint."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.complaints.states import Angle, Checked, Kind, Level, Liability, Party
from guanxi.foundation.errors import Text

Choices = Sequence[tuple[str, Text]]
FIRST = {"kind": Kind.COMPLAINT, "level": Level.NORMAL, "channel": "PHONE"}


def text(label: Any, help_text: Any = "", *, most: int = 2000, rows: int = 3, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": most})
    return forms.CharField(label=label, max_length=most, help_text=help_text, widget=widget, required=required)


def offer(form: forms.Form, name: str, choices: Choices) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class IntakeForm(forms.Form):
    """What a customer brings, in the order in which he says it. The token makes a form sent twice one complaint."""

    caller_name = forms.CharField(label=_("Name of the caller"), max_length=80, required=False)
    caller_phone = forms.CharField(
        label=_("Number of the caller"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    caller_car = forms.CharField(label=_("Plate of the caller"), max_length=40, required=False)
    words = text(_("In the customer's words"), _("Repeat to him what you wrote, so that it is right."), rows=4)
    kind = forms.ChoiceField(label=_("What is it?"), choices=Kind.choices)
    angle = forms.ChoiceField(label=_("A matter of"), choices=[("", "–"), *Angle.choices])
    outlet = forms.ChoiceField(label=_("Outlet"))
    vehicle = forms.ChoiceField(label=_("Car"), required=False)
    visit = forms.ChoiceField(
        label=_("Visit to the workshop"),
        required=False,
        help_text=_("If it is about one; of the car and outlet above."),
    )
    category = forms.ChoiceField(label=_("Category"), required=False, help_text=_("May be said later."))
    level = forms.ChoiceField(label=_("Severity"), choices=[c for c in Level.choices if c[0] != Level.CRISIS])
    channel = forms.ChoiceField(label=_("Channel"))
    desk = forms.ChoiceField(
        label=_("Outside desk"), required=False, help_text=_("If it came through one, such as 12315 or a newspaper.")
    )
    desk_number = forms.CharField(label=_("Number at the desk"), max_length=40, required=False)
    answer_by = forms.DateField(
        label=_("To be answered there by"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The day that the desk named; the solution is due before it is over."),
    )  # fmt: skip
    named = forms.CharField(
        label=_("People named"), max_length=200, required=False, help_text=_("Staff whom the customer speaks of.")
    )
    parties = forms.MultipleChoiceField(
        label=_("Who else is involved"), choices=Party.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    amount = forms.DecimalField(
        label=_("Damage claimed (yuan)"), min_value=0, max_digits=12, decimal_places=2, required=False
    )
    is_another = forms.BooleanField(label=_("It is another matter than those above"), required=False)
    token = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: dict[str, Choices], is_known: bool, has_alike: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {"token": uuid.uuid4().hex, **FIRST} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            blank: Choices = [] if self.fields[name].required and len(offered) == 1 else [("", "–")]
            offer(self, name, [*blank, *offered])
        if is_known:
            for name in ("caller_name", "caller_phone", "caller_car"):
                del self.fields[name]
        for name in ("vehicle", "visit"):
            if not choices[name]:
                del self.fields[name]
        if not has_alike:
            del self.fields["is_another"]
        first = self.fields["words" if is_known else "caller_name"]
        first.widget.attrs["autofocus"] = True


class WordsForm(forms.Form):
    """What the customer says, or said again."""

    words = text(_("In the customer's words"), rows=4)


class AnswerForm(forms.Form):
    """The answer to what is no complaint; of a suggestion and of praise also what came of it."""

    words = text(_("Answer to the customer"), rows=4)
    outcome = forms.ChoiceField(label=_("What came of it"), widget=forms.RadioSelect)
    is_told = forms.ChoiceField(
        label=_("Was the customer told?"), widget=forms.RadioSelect, initial="yes",
        choices=[("yes", _("Yes")), ("no", _("No: unknown, not reached, or wants no answer"))],
    )  # fmt: skip

    def __init__(self, *args: Any, outcomes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "outcome", outcomes)
        if not outcomes:
            del self.fields["outcome"]


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = text(_("Why?"), rows=2)


class VisitForm(forms.Form):
    """Which visit to the workshop a complaint is about."""

    visit = forms.ChoiceField(label=_("Visit to the workshop"), required=False)

    def __init__(self, *args: Any, visits: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "visit", [("", "–"), *visits])


class ContactForm(forms.Form):
    """The first contact."""

    words = text(_("What was said"), _("Apologise, let him tell everything, repeat it; say what comes next and when."))


class ValidityForm(forms.Form):
    """Whether a complaint is valid."""

    is_right = forms.ChoiceField(
        label=_("Is the complaint valid?"),
        choices=[("yes", _("Yes")), ("no", _("No, it was explained to the customer"))], widget=forms.RadioSelect,
    )  # fmt: skip
    words = text(_("Why, and what was explained"), _("What is not valid is closed with these words."))


class CauseForm(forms.Form):
    """The cause that was found."""

    category = forms.ChoiceField(label=_("What is it about?"))
    cause = forms.ChoiceField(label=_("Cause"))
    system = forms.ChoiceField(
        label=_("System of the car"), required=False, help_text=_("A product problem needs one.")
    )  # fmt: skip
    part = forms.CharField(
        label=_("Part of the car"), max_length=80, required=False, help_text=_("Its number or name.")
    )
    fault_code = forms.CharField(
        label=_("Fault code"), max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )  # fmt: skip
    words = text(_("Analysis of the cause"), _("What was looked at: the car, the part, the place, the papers."))

    def __init__(self, *args: Any, categories: Choices, causes: Choices, systems: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "category", [("", "–"), *categories])
        offer(self, "cause", [("", "–"), *causes])
        offer(self, "system", [("", "–"), *systems])


class InsideForm(forms.Form):
    """Whether the outlet can solve it by itself."""

    is_inside = forms.ChoiceField(
        label=_("Can it be solved inside?"),
        choices=[("yes", _("Yes")), ("no", _("No, report it outside at once"))], widget=forms.RadioSelect,
    )  # fmt: skip
    words = text(_("Why?"), rows=2)


class PlanForm(forms.Form):
    """The plan that was agreed with the customer."""

    words = text(_("Plan agreed with the customer"), _("What will be done, by whom, by when."))


class ApproveForm(forms.Form):
    """A compensation up to an amount."""

    amount = forms.DecimalField(label=_("Up to (yuan)"), min_value=0, max_digits=12, decimal_places=2)
    words = text(_("Why?"), rows=2)


class ResolveForm(forms.Form):
    """What was done."""

    words = text(_("What was done about it"), _("For this customer, and so that it does not happen again."))
    compensation = forms.DecimalField(
        label=_("Compensation (yuan)"), min_value=0, max_digits=12, decimal_places=2, required=False
    )


class RevisitForm(forms.Form):
    """What the customer says when he is asked."""

    is_satisfied = forms.ChoiceField(
        label=_("Is the customer satisfied?"),
        choices=[("yes", _("Yes, he confirms it")), ("no", _("No, find the cause again"))], widget=forms.RadioSelect,
    )  # fmt: skip
    words = text(_("Word of the customer"), _("Of the result, and of how it was handled."))
    summary = text(_("Summary"), _("What we learn from it; when he is satisfied."), rows=2, required=False)


class HandOverForm(ReasonForm):
    """To whom a complaint is given."""

    person = forms.ChoiceField(label=_("New responsible person"))
    field_order = ("person", "reason")

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people)


class RecheckForm(forms.Form):
    """What a customer says when he is asked once more."""

    result = forms.ChoiceField(label=_("Is it settled?"), choices=Checked.choices, widget=forms.RadioSelect)
    words = text(_("Word of the customer"), _("Not reached: say when it was tried."))


class JudgeForm(forms.Form):
    """Whether somebody is at fault."""

    liability = forms.ChoiceField(label=_("Is somebody at fault?"), choices=Liability.choices, widget=forms.RadioSelect)
    liable = forms.CharField(label=_("Person at fault"), max_length=160, required=False)
    words = text(_("Why?"), rows=2)
    fine = forms.DecimalField(label=_("Fine (yuan)"), min_value=0, max_digits=8, decimal_places=2, required=False)
    late_fine = forms.DecimalField(
        label=_("Fine for lateness (yuan)"), min_value=0, max_digits=8, decimal_places=2, required=False
    )

    def __init__(self, *args: Any, fines: tuple[Any, Any, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        least, most, late = fines
        if least is None:
            del self.fields["fine"]
        else:
            values = {"least": f"{least:,.0f}", "most": f"{most:,.0f}"}
            self.fields["fine"].help_text = _("From %(least)s to %(most)s, only for who is at fault.") % values
        if late is None:
            del self.fields["late_fine"]
        else:
            self.fields["late_fine"].help_text = _("%(amount)s, when contact or solution came too late.") % {
                "amount": f"{late:,.0f}"
            }
