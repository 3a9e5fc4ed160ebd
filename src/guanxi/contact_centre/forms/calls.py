"""The shape of what is typed in during a call or after a visit: the script, the record, how it ended, what follows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from guanxi.codelists.queries import in_language
from guanxi.contact_centre.policy.scripts import LONGEST, NO, YES, Question
from guanxi.contact_centre.states import ON_A_VISIT, OUTCOMES, Aim, Intention, Means, MetAt, QuestionKind
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


def _moment(**options: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"), **options,
    )  # fmt: skip


def endings(means: str) -> Choices:
    """Return how a call or a visit may end, in its words."""
    said = ON_A_VISIT if means == Means.VISIT else {}
    return [(code.value, said.get(code, code.label)) for code in OUTCOMES[Means(means)]]


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
    """A call or a visit: the answers, how the record was found, how it ended, what was promised and found."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    script = forms.IntegerField(widget=forms.HiddenInput, required=False)
    started_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    point = forms.TypedChoiceField(
        label=_("Number called"), coerce=int, empty_value=None, widget=forms.RadioSelect, required=False
    )
    vehicle = forms.TypedChoiceField(label=_("Which car"), coerce=int, empty_value=None, required=False)
    outcome = forms.ChoiceField(label=_("How did it end?"), choices=endings(Means.PHONE), widget=forms.RadioSelect)
    is_broken_off = forms.BooleanField(label=_("The customer broke off before the end"), required=False)
    promised_at = _moment(
        label=_("Call again at"), required=False,
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

    purchase_kind = forms.ChoiceField(
        label=_("How he wants to buy"), choices=[("", "–"), *Intention.choices], required=False
    )
    suggestion_aim = forms.ChoiceField(label=_("What is suggested"), choices=[("", "–"), *Aim.choices], required=False)
    suggestion_about = forms.ChoiceField(label=_("The suggestion is about"), required=False)
    suggestion = _words(
        2, label=_("Suggestion of the customer"), max_length=2000,
        help_text=_("Goes to the department that is responsible, with a deadline; then the customer is told."),
    )  # fmt: skip
    problem = forms.ChoiceField(label=_("Kind of problem"), required=False)
    problem_words = _words(
        2, label=_("Problem to put right"), max_length=2000,
        help_text=_("Goes to the responsible department as a rectification notice at once."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, questions: Iterable[Question], numbers: Choices, cars: Choices, problems: Choices,
        compared: Iterable[Compared] = (), means: str = Means.PHONE, topics: Choices = (), **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        if means == Means.VISIT:
            self._become_visit()
        self._ask(questions, compared)
        offered = {
            "point": numbers, "vehicle": [("", _("None")), *cars], "problem": [("", "–"), *problems],
            "suggestion_about": [("", "–"), *topics],
        }  # fmt: skip
        for name in offered.keys() & self.fields.keys():
            self.fields[name].choices = offered[name]  # type: ignore[attr-defined]  # a choice field
        gone = [
            *(["vehicle"] if not cars else []), *(["problem", "problem_words"] if not problems else []),
            *(["suggestion", "suggestion_about", "suggestion_aim"] if not topics else []),
        ]  # fmt: skip
        for name in gone:
            del self.fields[name]

    def _ask(self, questions: Iterable[Question], compared: Iterable[Compared]) -> None:
        """Add a field for each question of the script, and two for each field of the record."""
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

    def _become_visit(self) -> None:
        """Ask where and when instead of by which number, and how a visit ended (FUP-02)."""
        del self.fields["point"]
        self.fields["started_at"] = _moment(label=_("When was the visit?"))
        self.fields["met_at"] = forms.ChoiceField(
            label=_("Where was it?"), choices=MetAt.choices, initial=MetAt.HOME, widget=forms.RadioSelect
        )
        self.fields["outcome"] = forms.ChoiceField(
            label=_("How did it end?"), choices=endings(Means.VISIT), widget=forms.RadioSelect
        )
        self.fields["promised_at"].label = _("Come again at")
        self.fields["is_broken_off"].label = _("The customer ended it before the end")

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


class PreviewForm(forms.Form):
    """The questions of a script as an agent sees them, with nothing around them."""

    def __init__(self, *args: Any, questions: Iterable[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions:
            if question.is_asked:
                self.fields[name_of(question.key)] = _field(question)


@dataclass(frozen=True)
class Held:
    """A field of the record beside the fields in which the agent says how it was found."""

    shown: str
    klass: Text
    found: BoundField
    said: BoundField
    is_junk: bool


def held(row: Compared, form: forms.Form) -> Held:
    """Return a field of the record with its fields in a form."""
    return Held(
        row.shown, row.field.get_klass_display(), form[RECORD + row.field.pk], form[SAID + row.field.pk], row.is_junk
    )


@dataclass(frozen=True)
class Line:
    """A question of the script with its field, and when it is asked."""

    question: Question
    field: BoundField | None
    text: str
    hint: str
    only_if: str
    after: str
    answers: str


def lines(questions: Sequence[Question], form: forms.Form) -> Iterator[Line]:
    """Yield the questions of a script with their fields in a form."""
    texts = {question.key: in_language(question.text_zh, question.text_en) for question in questions}
    for question in questions:
        when, name = question.when, name_of(question.key)
        labels = dict(form.fields[name_of(when.question)].choices) if when else {}  # type: ignore[attr-defined]  # a choice field
        words = [str(labels[answer]) for answer in when.answers] if when else []
        only_if = str(_("Only if “%(question)s” is answered with: %(answers)s")) % {
            "question": texts[when.question], "answers": "、".join(words),
        } if when else ""  # fmt: skip
        yield Line(
            question, form[name] if question.kind != QuestionKind.NOTICE else None, texts[question.key],
            in_language(question.hint_zh, question.hint_en), only_if, name_of(when.question) if when else "",
            " ".join(when.answers) if when else "",
        )  # fmt: skip
