"""A script that a person writes: what is wrong with its questions, and options as they are typed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from guanxi.contact_centre.policy.scripts import FULL, Option, Question
from guanxi.contact_centre.states import QuestionKind

CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")
FIT = re.compile(r"\*|[a-z][a-z0-9_.]{1,59}")
LONGEST_ZH, LONGEST_EN = 80, 120
MOST_OPTIONS, PARTS = 20, 3


@dataclass(frozen=True)
class Flaw:
    """One thing wrong with a question: which one, where in it, what, and with which word."""

    place: int
    field: str
    kind: str
    value: str = ""


def flaws(questions: Sequence[Question]) -> Iterator[Flaw]:
    """Yield everything that is wrong with the questions of a script, each where it can be put right."""
    keys = [question.key for question in questions]
    for place, question in enumerate(questions):
        if not CODE.fullmatch(question.key):
            yield Flaw(place, "key", "code")
        elif question.key in keys[:place]:
            yield Flaw(place, "key", "double")
        yield from _wording(place, question)
        yield from _options(place, question)
        if not question.is_judged_rightly:
            yield Flaw(place, "points", "points")
        if question.when is not None:
            yield from _branch(place, question, keys, questions)


def _wording(place: int, question: Question) -> Iterator[Flaw]:
    for field in ("text_zh", "text_en"):
        if not getattr(question, field):
            yield Flaw(place, field, "missing")
    if bool(question.hint_zh) != bool(question.hint_en):
        yield Flaw(place, "hint_en" if question.hint_zh else "hint_zh", "language")
    if question.kind not in QuestionKind.values:
        yield Flaw(place, "kind", "kind")
    if question.kind == QuestionKind.NOTICE and question.mandatory:
        yield Flaw(place, "mandatory", "notice")


def _options(place: int, question: Question) -> Iterator[Flaw]:
    if (question.kind == QuestionKind.CHOICE) != bool(question.options):
        yield Flaw(place, "options", "no_options" if question.kind == QuestionKind.CHOICE else "options")
    if len(question.options) > MOST_OPTIONS:
        yield Flaw(place, "options", "too_many")
    seen: set[str] = set()
    for option in question.options:
        if not CODE.fullmatch(option.code):
            yield Flaw(place, "options", "option_code", option.code)
        elif option.code in seen:
            yield Flaw(place, "options", "option_double", option.code)
        elif not 0 < len(option.zh) <= LONGEST_ZH or not 0 < len(option.en) <= LONGEST_EN:
            yield Flaw(place, "options", "option_language", option.code)
        seen.add(option.code)


def _branch(place: int, question: Question, keys: Sequence[str], questions: Sequence[Question]) -> Iterator[Flaw]:
    """Look at a branch: it follows on an answer that an earlier question takes, so that none goes in a circle."""
    when = question.when
    assert when is not None
    if when.question not in keys:
        yield Flaw(place, "after", "unknown", when.question)
    elif when.question == question.key:
        yield Flaw(place, "after", "itself")
    elif when.question not in keys[:place]:
        yield Flaw(place, "after", "later", when.question)
    elif not when.answers:
        yield Flaw(place, "answers", "missing")
    else:
        taken = questions[keys.index(when.question)].answers
        for answer in when.answers:
            if answer not in taken:
                yield Flaw(place, "answers", "no_answer", answer)


def read_options(text: str) -> tuple[Option, ...]:
    """Return the options that are typed one a line: ``code | Chinese | English``; what is missing stays empty."""
    found = []
    for line in text.splitlines():
        if line.strip():
            code, zh, en = ([part.strip() for part in line.split("|", 2)] + [""] * PARTS)[:PARTS]
            found.append(Option(code, zh, en))
    return tuple(found)


def shown_options(options: Sequence[Mapping[str, str]]) -> str:
    """Return stored options as they are typed."""
    return "\n".join(f"{option['code']} | {option['zh']} | {option['en']}" for option in options)


def read_points(text: str) -> dict[str, int]:
    """Return the points that are typed as ``yes 100, no 0``; what is no number counts as too many, to be refused."""
    found = {}
    for part in text.replace("，", ",").split(","):
        code, _space, points = part.strip().partition(" ")
        if code:
            found[code] = int(points) if points.strip().isdecimal() and len(points) < len("10000") else FULL + 1
    return found


def shown_points(points: Mapping[str, int]) -> str:
    """Return stored points as they are typed."""
    return ", ".join(f"{code} {many}" for code, many in points.items())
