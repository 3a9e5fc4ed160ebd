"""Scripts: which one suits a task, which of its questions are asked, and which answers stand."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from guanxi.contact_centre.states import Judged, QuestionKind

ANY = "*"
YES, NO = "yes", "no"
LOWEST, HIGHEST = 1, 10
LONGEST = 1000
FULL = 100  # points of the best answer


@dataclass(frozen=True)
class Option:
    """One answer to choose."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Condition:
    """Asked only if an earlier question has one of some answers."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One thing to ask or to say, in both languages. ``judges``: whose work the answer judges, with ``points`` of a
    hundred; an answer without any counts for nobody, a number of a scale is ten points each.
    """

    key: str
    kind: str
    text_zh: str
    text_en: str
    hint_zh: str = ""
    hint_en: str = ""
    mandatory: bool = False
    options: tuple[Option, ...] = ()
    when: Condition | None = None
    judges: str = ""
    points: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_asked(self) -> bool:
        """Say whether it takes an answer; a notice is only said."""
        return self.kind != QuestionKind.NOTICE

    @property
    def answers(self) -> tuple[str, ...]:
        """The answers it takes; none for words."""
        if self.kind == QuestionKind.YES_NO:
            return YES, NO
        if self.kind == QuestionKind.SCALE:
            return tuple(str(number) for number in range(LOWEST, HIGHEST + 1))
        return tuple(option.code for option in self.options)

    @property
    def is_judged_rightly(self) -> bool:
        """Say whether its points can be: only of answers that it takes, and only where it judges somebody."""
        if not self.judges:
            return not self.points
        if self.judges not in Judged.values or self.kind == QuestionKind.SCALE:
            return self.judges in Judged.values and not self.points
        known = set(self.points) <= set(self.answers)
        return bool(self.points) and known and all(0 <= points <= FULL for points in self.points.values())


class Fitting(Protocol):
    """What choosing needs to know of a script."""

    @property
    def code(self) -> str: ...

    @property
    def fits(self) -> Sequence[str]: ...


T = TypeVar("T", bound=Fitting)


@dataclass(frozen=True)
class Answers:
    """What stands: the answers to questions that were asked, the keys of wrong ones, the mandatory ones missing."""

    given: Mapping[str, str] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def read(rows: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Return questions as they are stored."""
    return tuple(_question(row) for row in rows)


def _question(row: Mapping[str, Any]) -> Question:
    when = row.get("when")
    options = tuple(Option(**option) for option in row.get("options", ()))
    rest = {key: value for key, value in row.items() if key not in {"when", "options"}}
    condition = Condition(when["question"], tuple(when["answers"])) if when else None
    return Question(**rest, options=options, when=condition)


def choose(scripts: Iterable[T], keys: Sequence[str]) -> T | None:
    """Return the script for the first of some keys that has one, the most telling key first; else that for any."""
    held = sorted(scripts, key=lambda script: script.code)
    for key in (*keys, ANY):
        found = next((script for script in held if key in script.fits), None)
        if found is not None:
            return found
    return None


def shown(questions: Iterable[Question], answers: Mapping[str, str]) -> Iterator[Question]:
    """Yield the questions that are asked, given the answers: those of a branch that was not taken are left out."""
    asked: set[str] = set()
    for question in questions:
        when = question.when
        if when is None or (when.question in asked and answers.get(when.question) in when.answers):
            asked.add(question.key)
            yield question


def settle(questions: Sequence[Question], answers: Mapping[str, Any]) -> Answers:
    """Return which of the typed answers stand: trimmed, in their form, and asked for."""
    typed = {key: str(value).strip() for key, value in answers.items() if value is not None and str(value).strip()}
    given: dict[str, str] = {}
    wrong, missing = [], []
    for question in shown(questions, typed):
        if not question.is_asked:
            continue
        answer = typed.get(question.key, "")
        if answer and not _takes(question, answer):
            wrong.append(question.key)
        elif answer:
            given[question.key] = answer
        elif question.mandatory:
            missing.append(question.key)
    return Answers(given, tuple(wrong), tuple(missing))


def _takes(question: Question, answer: str) -> bool:
    if question.kind == QuestionKind.TEXT:
        return len(answer) <= LONGEST
    return answer in question.answers


def judged(questions: Iterable[Question], given: Mapping[str, str]) -> Iterator[tuple[Question, int]]:
    """Yield the answered questions that judge somebody, each with the points of a hundred that the answer gives."""
    for question in questions:
        answer = given.get(question.key, "")
        if not question.judges or answer not in question.answers:
            continue
        if question.kind == QuestionKind.SCALE:
            yield question, int(answer) * FULL // HIGHEST
        elif answer in question.points:
            yield question, question.points[answer]
