"""The shape of what is typed in during a call or an enquiry."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.codelists.queries import in_language
from guanxi.contact_centre.policy.reviews import Item
from guanxi.contact_centre.policy.scripts import LONGEST, NO, YES, Question
from guanxi.contact_centre.states import EnquiryKind, Outcome, QuestionKind, Way
from guanxi.foundation.errors import Text
from guanxi.verification.queries.record import Compared
from guanxi.verification.states import Found, Said

Choices = Sequence[tuple[str, Text]]


def name_of(key: str) -> str:
    """Return the name of the field of a question."""
    return f"answers.{key}"


RECORD, SAID = "record.", "said."


def _words(rows: int, **options: Any) -> forms.CharField:
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), required=False, **options)


def choices(question: Question) -> Choices:
    """Return the answers to choose from, in the reader's language; none for words and what is only said."""
    if question.kind == QuestionKind.YES_NO:
        return [(YES, _("Yes")), (NO, _("No"))]
    if question.kind == QuestionKind.SCALE:
        return [(answer, answer) for answer in question.answers]
    return [(option.code, in_language(option.zh, option.en)) for option in question.options]


def _field(question: Question) -> forms.Field:
    """Return the field of a question. None is required here: what has to be asked depends on how the call ended."""
    label, hint = in_language(question.text_zh, question.text_en), in_language(question.hint_zh, question.hint_en)
    if question.kind == QuestionKind.TEXT:
        return _words(2, label=label, help_text=hint, max_length=LONGEST)
    return forms.ChoiceField(
        label=label, help_text=hint, widget=forms.RadioSelect, choices=choices(question), required=False
    )


class CallForm(forms.Form):
    """A call: the answers to a script, how the record was found, how it ended, what was promised and found."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    script = forms.IntegerField(widget=forms.HiddenInput, required=False)
    started_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    point = forms.TypedChoiceField(
        label=_("Number called"), coerce=int, empty_value=None, widget=forms.RadioSelect, required=False
    )
    vehicle = forms.TypedChoiceField(label=_("Which car"), coerce=int, empty_value=None, required=False)
    outcome = forms.ChoiceField(label=_("How did it end?"), choices=Outcome.choices, widget=forms.RadioSelect)
    is_broken_off = forms.BooleanField(label=_("The customer broke off before the end"), required=False)
    promised_at = forms.DateTimeField(
        label=_("Call again at"), required=False, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("As promised to the customer. Without a moment the task comes back by itself."),
    )  # fmt: skip
    promised_to = forms.CharField(label=_("Promised to"), max_length=80, required=False)
    note = _words(3, label=_("Note"), max_length=2000)
    correction = _words(
        2,
        label=_("Data to correct"),
        max_length=2000,
        help_text=_("Becomes a correction order for the customer's outlet."),
    )
    purchase = _words(
        2, label=_("Wants to buy"), max_length=2000, help_text=_("Becomes a task for the customer's outlet at once.")
    )

    problem = forms.ChoiceField(label=_("Kind of problem"), required=False)
    problem_words = _words(
        2, label=_("Problem to put right"), max_length=2000,
        help_text=_("Goes to the responsible department as a rectification notice at once."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, questions: Iterable[Question], numbers: Choices, cars: Choices, problems: Choices,
        compared: Iterable[Compared] = (), **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        for question in questions:
            if question.is_asked:
                self.fields[name_of(question.key)] = _field(question)
        for row in compared:
            self.fields[RECORD + row.field.pk] = forms.ChoiceField(
                label=row.field.name, help_text=row.ask, widget=forms.RadioSelect, choices=Found.choices, required=False
            )
            self.fields[SAID + row.field.pk] = forms.CharField(
                label=_("%(field)s: the customer says") % {"field": row.field.name}, max_length=400, required=False
            )
        for name, choices in (
            ("point", numbers), ("vehicle", [("", _("None")), *cars]), ("problem", [("", "–"), *problems]),
        ):  # fmt: skip
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a choice field
        if not cars:
            del self.fields["vehicle"]
        if not problems:
            del self.fields["problem"], self.fields["problem_words"]

    @property
    def answers(self) -> dict[str, str]:
        """The answers as they were typed, by the key of their question."""
        start = name_of("")
        return {name.removeprefix(start): value for name, value in self.cleaned_data.items() if name.startswith(start)}

    @property
    def record(self) -> dict[str, Said]:
        """How the fields of the record were found, as it was typed."""
        given = {
            name.removeprefix(RECORD): value for name, value in self.cleaned_data.items() if name.startswith(RECORD)
        }
        return {code: Said(found, self.cleaned_data.get(SAID + code, "")) for code, found in given.items() if found}


class NumberForm(forms.Form):
    """The number of who calls, in any spelling."""

    number = forms.CharField(
        label=_("Number of the caller"), max_length=40,
        help_text=_("Type or paste it in any spelling: +86, spaces, area code."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "autofocus": True}),
    )  # fmt: skip


class EnquiryForm(forms.Form):
    """What somebody asked, and what he was told; who he is was chosen before."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    started_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    caller = forms.CharField(label=_("Name of the caller"), max_length=80, required=False)
    is_new = forms.BooleanField(
        label=_("Add as a potential customer"), required=False,
        help_text=_("With name and number, at the outlet below. Otherwise only the enquiry is kept."),
    )  # fmt: skip
    vehicle = forms.TypedChoiceField(label=_("Which car"), coerce=int, empty_value=None, required=False)
    category = forms.ChoiceField(label=_("Category"), widget=forms.Select(attrs={"autofocus": True}))
    kind = forms.ChoiceField(label=_("Kind"), choices=EnquiryKind.choices, initial=EnquiryKind.QUESTION)
    way = forms.ChoiceField(label=_("Came in"), choices=Way.choices, initial=Way.PHONE)
    words = _words(3, label=_("What the customer said"), max_length=2000)
    answer = _words(3, label=_("What he was told at once"), max_length=2000)
    is_resolved = forms.ChoiceField(
        label=_("Is it resolved?"), widget=forms.RadioSelect,
        choices=[("yes", _("Yes, in this first contact")), ("no", _("No, a department answers"))],
    )  # fmt: skip
    outlet = forms.TypedChoiceField(label=_("Outlet"), coerce=int, empty_value=None, required=False)
    department = forms.ChoiceField(
        label=_("Department"), required=False, help_text=_("Left open: the one that usually answers such enquiries.")
    )
    correction = _words(2, label=_("Data to correct"), max_length=2000)
    purchase = _words(2, label=_("Wants to buy"), max_length=2000)
    problem = forms.ChoiceField(label=_("Kind of problem"), required=False)
    problem_words = _words(2, label=_("Problem to put right"), max_length=2000)

    def __init__(self, *args: Any, offered: dict[str, Choices], is_known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, some in offered.items():
            blank = [] if name == "category" and len(some) == 1 else [("", "–")]
            self.fields[name].choices = [*blank, *some]  # type: ignore[attr-defined]  # a choice field
        gone = {"caller", "is_new"} if is_known else {"correction", "purchase", "problem", "problem_words"}
        gone |= {"vehicle"} if not offered["vehicle"] else set()
        gone |= {"problem", "problem_words"} if not offered["problem"] else set()
        for name in gone:
            del self.fields[name]


class EnquiryAnswerForm(forms.Form):
    """The answer of a department."""

    words = _words(4, label=_("Answer of the department"), max_length=2000)
    is_told = forms.BooleanField(
        label=_("The customer was told already"), required=False,
        help_text=_("Otherwise whoever took the enquiry gets the task to tell him."),
    )  # fmt: skip


class TransferForm(forms.Form):
    """Passing an enquiry on to another department."""

    department = forms.ChoiceField(label=_("Department"))
    reason = forms.CharField(label=_("Why?"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, departments: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = departments  # type: ignore[attr-defined]  # a choice field


class DrawForm(forms.Form):
    """Which calls are drawn: of a place and everything below, of one week."""

    place = forms.TypedChoiceField(label=_("Place"), coerce=int)
    week = forms.DateField(
        label=_("Week from Monday"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("A week that is over. The draw follows from the week alone: drawn again, it adds nothing."),
    )  # fmt: skip

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places  # type: ignore[attr-defined]  # a choice field


def score_of(code: str) -> str:
    """Return the name of the field of an item."""
    return f"scores.{code}"


class ReviewForm(forms.Form):
    """The points of a call by a sheet, and a note."""

    note = _words(3, label=_("Note"), max_length=2000)

    def __init__(self, *args: Any, items: Iterable[Item], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in items:
            self.fields[score_of(item.code)] = forms.IntegerField(
                label=in_language(item.zh, item.en), min_value=0, max_value=item.points,
                help_text=_("At most %(points)s") % {"points": item.points},
            )  # fmt: skip
        self.order_fields([name for name in self.fields if name != "note"] + ["note"])

    @property
    def scores(self) -> dict[str, int]:
        """The points as they were typed, by the code of their item."""
        start = score_of("")
        return {name.removeprefix(start): value for name, value in self.cleaned_data.items() if name.startswith(start)}
