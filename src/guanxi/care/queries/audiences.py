"""The language of audiences for other capabilities: conditions as they are stored, typed, said and asked of the
database.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.care.policy import audience
from guanxi.care.queries import facts
from guanxi.foundation.errors import Text

Stored = Sequence[Mapping[str, Any]]
MOST = audience.MOST
OPS: Sequence[tuple[str, Text]] = (
    (audience.ANY, _("is one of")), (audience.NONE, _("is none of")), (audience.BETWEEN, _("is between")),
    (audience.YES, _("yes")), (audience.NO, _("no")),
)  # fmt: skip
PARTS = re.compile(r"[,，、;；]")


def choices() -> list[tuple[str, Text]]:
    """Return the facts that can be asked for."""
    return [(fact.key, fact.label) for fact in facts.FACTS.values()]


def compiled(stored: Stored) -> tuple[list[str], dict[str, Any]]:
    """Return conditions as SQL over ``m``, ``c``, ``r`` and ``v`` (``queries.facts``), and their parameters."""
    texts: list[str] = []
    values: dict[str, Any] = {}
    for number, condition in enumerate(audience.read(stored)):
        text, more = facts.compiled(condition, number)
        texts.append(text)
        values |= more
    return texts, values


def faulty(stored: Stored) -> int | None:
    """Return the number of the first condition that cannot be read; None if all can."""
    conditions = audience.read(stored)
    return next((n for n, item in enumerate(conditions) if audience.fault(item, facts.KINDS)), None)


def sentences(stored: Stored) -> list[str]:
    """Return conditions as people say them; at most one query a fact."""
    conditions = audience.read(stored)
    words = facts.words(conditions)
    return [facts.sentence(condition, words) for condition in conditions]


def typed(key: str, op: str, text: str) -> audience.Condition:
    """Return a condition from what somebody typed: codes or their names, or a span such as 12-36."""
    fact = facts.FACTS[key]
    if fact.kind == "flag":
        return audience.Condition(key, op)
    if fact.kind == "number":
        low, _dash, high = (part.strip() for part in text.replace("–", "-").replace("~", "-").partition("-"))
        return audience.Condition(key, audience.BETWEEN, (low, high))
    codes = {str(label): code for code, label in fact.options()}
    for label in sorted((label for label in codes if PARTS.search(label)), key=len, reverse=True):
        text = text.replace(label, codes[label])  # a name that holds what separates names
    values = [part.strip() for part in PARTS.split(text) if part.strip()]
    return audience.Condition(key, op, tuple(codes.get(value, value) for value in values))


def stored(rows: Sequence[tuple[str, str, str]]) -> list[dict[str, Any]]:
    """Return typed rows as they are stored; a row without a fact is none."""
    return audience.write(typed(*row) for row in rows if row[0])


def shown(kept: Stored) -> list[tuple[str, str, str]]:
    """Return stored conditions as somebody would type them: fact, comparison, values."""
    conditions = audience.read(kept)
    words = facts.words(conditions)
    found = []
    for condition in conditions:
        said = [str(words.get(condition.fact, {}).get(value, value)) for value in condition.values]
        text = "-".join(said) if condition.op == audience.BETWEEN else "、".join(said)
        found.append((condition.fact, condition.op, text))
    return found
