"""Reads of scripts for those who write them: drafts, what a new version begins with, and what is wrong with one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.contact_centre.models import Script, ScriptDraft
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.policy import drafts as policy
from guanxi.contact_centre.policy import scripts
from guanxi.contact_centre.queries import calls as queries
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import NotFound, Problem, Text

NEEDED = _("This is needed.")
WORDS: Mapping[str, Text] = {
    "code": _("A code has small letters, digits and underscores, at least two."),
    "double": _("Another question has this code already."),
    "missing": NEEDED,
    "language": _("Say it in both languages, or in none."),
    "kind": _("Choose one of the values offered."),
    "notice": _("A notice takes no answer"),
    "no_options": _("A choice has options: one on each line."),
    "options": _("Only a choice has options."),
    "too_many": _("At most twenty options."),
    "option_code": _("“%(value)s” is no code of an option: small letters, digits and underscores."),
    "option_double": _("The option “%(value)s” stands there twice."),
    "option_language": _("Name the option “%(value)s” in both languages: code | Chinese | English."),
    "points": _(
        "Points of a hundred for answers that the question takes, and only where it judges somebody; none for 1 to 10."
    ),
    "unknown": _("There is no question “%(value)s”."),
    "itself": _("A question cannot follow on itself."),
    "later": _("“%(value)s” comes later: a branch follows on an earlier question."),
    "no_answer": _("“%(value)s” is no answer to that question."),
}


def may_write(actor: Actor) -> bool:
    return actor.can_everywhere(Verb.WRITE_SCRIPT)


def drafts(actor: Actor) -> list[ScriptDraft]:
    """Return the drafts for those who write or approve scripts, none for others; one query."""
    if not may_write(actor) and not actor.can_everywhere(Verb.APPROVE_SCRIPT):
        return []
    return list(ScriptDraft.objects.order_by("code"))


def draft(actor: Actor, pk: int) -> ScriptDraft:
    """Return one draft, which whoever sees calls may read.

    :raises NotAllowed: the actor may not see calls.
    :raises NotFound: there is none, or not any more.
    """
    check(actor, Verb.VIEW)
    found = ScriptDraft.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def begins(code: str) -> ScriptDraft | Script | None:
    """Return with what the next version of a script begins: its draft, else its last version."""
    return ScriptDraft.objects.filter(code=code).first() or queries.current().get(code)


def taken(fits: Iterable[str], code: str) -> list[str]:
    """Return which of some uses another script has; one query."""
    others = [row for held, row in queries.current().items() if held != code]
    return sorted({fit for row in others for fit in row.fits} & set(fits))


def versions(code: str) -> list[Script]:
    """Return the versions of a script, the newest first; one query."""
    return list(Script.objects.filter(code=code).order_by("-since"))


def flaws(questions: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """Return what is wrong with questions, each at its field: ``questions.<place>.<field>``."""
    return [
        Problem(_said(flaw), f"questions.{flaw.place}.{flaw.field}") for flaw in policy.flaws(scripts.read(questions))
    ]


def _said(flaw: policy.Flaw) -> Text:
    return WORDS[flaw.kind] % {"value": flaw.value} if flaw.value else WORDS[flaw.kind]
