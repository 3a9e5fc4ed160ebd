"""The shape of what is typed in about a crisis."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.crisis.states import BY_HAND, Act, Medium, Reached, Risk
from guanxi.foundation.errors import Text

Choices = Sequence[tuple[str, Text]]


def text(label: Any, help_text: Any = "", *, most: int = 2000, rows: int = 3) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": most})
    return forms.CharField(label=label, max_length=most, help_text=help_text, widget=widget)


def offer(form: forms.Form, **offered: Choices) -> None:
    """Give fields their choices; what may stay empty begins with a dash."""
    for name, choices in offered.items():
        field = form.fields[name]
        assert isinstance(field, forms.ChoiceField)
        is_single = not isinstance(field, forms.MultipleChoiceField)
        field.choices = [("", "–"), *choices] if is_single and not field.required else list(choices)


def moment(label: Any, help_text: Any = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, help_text=help_text, widget=widget)


class AssessmentForm(forms.Form):
    """What is known of a crisis."""

    title = forms.CharField(label=_("What it is about"), max_length=160)
    types = forms.MultipleChoiceField(
        label=_("Types of crisis"), widget=forms.CheckboxSelectMultiple, help_text=_("One is enough for a crisis.")
    )
    risk = forms.ChoiceField(label=_("Risk"), choices=Risk.choices)
    model = forms.ChoiceField(label=_("Model"), required=False)
    matter = forms.ChoiceField(label=_("Part or matter"), required=False)
    amount = forms.DecimalField(
        label=_("Possible damage"), min_value=0, max_digits=14, decimal_places=2, required=False
    )
    currency = forms.RegexField(r"^[A-Z]{3}\Z", label=_("Currency"), max_length=3, initial="CNY")
    spokesperson = forms.CharField(
        label=_("Spokesperson"), max_length=160, required=False, help_text=_("The one voice to the outside.")
    )
    authority = forms.CharField(label=_("Authority or media"), max_length=200, required=False)

    def __init__(self, *args: Any, choices: dict[str, Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, **choices)


class OpenForm(AssessmentForm):
    """A new crisis: where, what, who leads it."""

    place = forms.ChoiceField(label=_("Place"))
    owner = forms.ChoiceField(label=_("In charge"), required=False, help_text=_("Nobody: the role that leads crises."))
    words = text(_("What has happened so far"), _("The first line of the log; it stays as it is."))
    field_order = (
        "place", "title", "words", "types", "risk", "owner", "model", "matter", "amount", "currency", "spokesperson",
        "authority",
    )  # fmt: skip


class ChangeForm(AssessmentForm):
    """Another assessment, and why."""

    reason = text(_("Why?"), rows=2)


class NoteForm(forms.Form):
    """A line of the log."""

    act = forms.ChoiceField(
        label=_("What"), choices=[choice for choice in Act.choices if choice[0] in BY_HAND], widget=forms.RadioSelect
    )
    words = text(_("In words"), _("The log is kept as it is written: nothing is changed or removed."), rows=4)


class WhyForm(forms.Form):
    """A reason in words."""

    reason = text(_("Why?"), rows=2)


class SayForm(forms.Form):
    """Words."""

    words = text(_("In words"), rows=4)


class DraftForm(forms.Form):
    """A version of the statement."""

    words = text(
        _("Statement"), _("True, lawful, and what the customer may read. Somebody else approves it."), most=4000, rows=8
    )


class SaidForm(forms.Form):
    """To whom and when a statement was made."""

    said_to = forms.CharField(label=_("Said to"), max_length=200, help_text=_("The customer, a newspaper, an office."))
    said_at = moment(_("Said at"))


class PersonForm(forms.Form):
    """A person."""

    person = forms.ChoiceField(label=_("Person"))

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, person=people)


class RestrictForm(forms.Form):
    """To whom the room is closed, and why."""

    people = forms.MultipleChoiceField(
        label=_("These people"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Beside them: you, who is in charge, who owes work in it, who leads crises at headquarters."),
    )  # fmt: skip
    reason = text(_("Why?"), rows=2)

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, people=people)


class ChargeForm(PersonForm):
    """Who leads from now on."""

    reason = text(_("Why?"), rows=2)


class WorkForm(PersonForm):
    """Work for somebody, by a moment."""

    words = text(_("What is to be done"))
    due_at = moment(_("Due"))


class LinkForm(forms.Form):
    """A complaint that belongs to a crisis."""

    complaint = forms.ChoiceField(label=_("Complaint"))

    def __init__(self, *args: Any, complaints: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, complaint=complaints)


class CarsForm(forms.Form):
    """Which cars are affected; all that is said has to hold."""

    model = forms.ChoiceField(label=_("Model"), required=False)
    vin_from = forms.CharField(label=_("VIN from"), max_length=17, required=False)
    vin_to = forms.CharField(
        label=_("VIN up to"), max_length=17, required=False, help_text=_("The first characters are enough.")
    )
    below = forms.ChoiceField(label=_("Outlet or branch"), required=False)
    sold_from = forms.DateField(
        label=_("Days of sale from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    sold_to = forms.DateField(
        label=_("Days of sale until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, choices: dict[str, Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, **choices)


class CallsForm(forms.Form):
    """Who calls, and what is to be said."""

    role = forms.ChoiceField(label=_("Who calls"))
    words = text(_("What is to be said"), _("The outlets read this, not the crisis."))

    def __init__(self, *args: Any, roles: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, role=roles)


class MarkForm(forms.Form):
    """How far an owner was reached."""

    state = forms.ChoiceField(label=_("State"), choices=Reached.choices)
    note = forms.CharField(label=_("Note"), max_length=400, required=False)


class ReportForm(forms.Form):
    """An article or a post."""

    place = forms.ChoiceField(label=_("Place"))
    medium = forms.ChoiceField(label=_("Medium"), choices=Medium.choices)
    source = forms.CharField(label=_("Newspaper, site or account"), max_length=120)
    address = forms.CharField(label=_("Address on the network"), max_length=400, required=False)
    title = forms.CharField(label=_("Title"), max_length=200)
    day = forms.DateField(label=_("Published on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    words = text(_("What it says"), _("As it stands there; it is kept so."), rows=4)

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, place=places)


class AttachForm(forms.Form):
    """To which complaint or crisis a report belongs."""

    crisis = forms.ChoiceField(label=_("Crisis event"), required=False)
    complaint = forms.ChoiceField(label=_("Complaint"), required=False)

    def __init__(self, *args: Any, choices: dict[str, Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, **choices)
