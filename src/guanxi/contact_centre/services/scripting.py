"""Writing scripts by hand: a draft of one person, approved by another, becomes a version from its day on."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.contact_centre.models import Call, Script, ScriptDraft
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.policy import drafts
from guanxi.contact_centre.queries import scripting as queries
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.errors import Conflict, Invalid, Problem
from guanxi.records import services as records

LOCK = "contact_centre.scripts"
MOST = 40
ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Wording:
    """What a script says: its names, what it is for, its questions as they are stored, from which day on."""

    name_zh: str
    name_en: str
    fits: Sequence[str]
    questions: Sequence[Mapping[str, Any]]
    valid_from: datetime.date


def write_script(*, actor: Actor, code: str, wording: Wording, at: datetime.datetime) -> ScriptDraft:
    """Write the draft of a script, or change the one that is there: checks the right and everything that it says,
    waits for others, writes, audits. Whoever changed it last has written it; nothing holds before it is approved.

    :raises NotAllowed: the actor may not write scripts everywhere.
    :raises Invalid: everything wrong, each at its field.
    """
    check_everywhere(actor, Verb.WRITE_SCRIPT)
    with db.atomic():
        db.serialise(LOCK)
        _refuse_unfit(code, wording)
        values = {
            "name_zh": wording.name_zh.strip(), "name_en": wording.name_en.strip(), "fits": list(wording.fits),
            "questions": [dict(question) for question in wording.questions], "valid_from": wording.valid_from,
            "written_by_id": actor.user_id, "written_by": actor.name[:160], "written_at": at,
        }  # fmt: skip
        row, _is_new = ScriptDraft.objects.update_or_create(code=code, defaults=values)
        _audit(actor, Verb.WRITE_SCRIPT, row)
    return row


def approve_script(*, actor: Actor, draft_id: int, at: datetime.datetime) -> Script:
    """Approve a draft that somebody else wrote: checks, locks, looks again whether it can be, writes it as the version
    from its day on, ends the one before, removes the draft, audits. A version that was used on the day holds until its
    end; one that has not begun, or was not used, gives way.

    :raises NotAllowed: the actor may not approve scripts everywhere.
    :raises NotFound: there is no such draft.
    :raises Conflict: the actor wrote it.
    :raises Invalid: it cannot be any more, such as when another script is for the same by now.
    """
    check_everywhere(actor, Verb.APPROVE_SCRIPT)
    with db.atomic():
        db.serialise(LOCK)
        draft = db.lock(ScriptDraft.objects.all(), draft_id)
        if not actor.is_system and draft.written_by_id == actor.user_id:
            raise Conflict(_("You wrote this script: somebody else has to approve it."))
        wording = Wording(draft.name_zh, draft.name_en, draft.fits, draft.questions, draft.valid_from)
        _refuse_unfit(draft.code, wording)
        row = _publish(draft, actor, at)
        _audit(actor, Verb.APPROVE_SCRIPT, row)
        draft.delete()
    return row


def discard_script(*, actor: Actor, draft_id: int) -> str:
    """Discard a draft: checks, locks, removes, audits. What holds goes on holding. Return its code.

    :raises NotAllowed: the actor may not write scripts everywhere.
    :raises NotFound: there is no such draft.
    """
    check_everywhere(actor, Verb.WRITE_SCRIPT)
    with db.atomic():
        draft = db.lock(ScriptDraft.objects.all(), draft_id)
        _audit(actor, "contact_centre.discard_script", draft)
        draft.delete()
    return draft.code


def _refuse_unfit(code: str, wording: Wording) -> None:
    problems = [*_wrong(code, wording), *queries.flaws(wording.questions)]
    if problems:
        raise Invalid(problems=problems)


def _wrong(code: str, wording: Wording) -> Iterator[Problem]:
    if not drafts.CODE.fullmatch(code):
        yield Problem(queries.WORDS["code"], "code")
    for name in ("name_zh", "name_en"):
        if not getattr(wording, name).strip():
            yield Problem(queries.NEEDED, name)
    if not wording.fits or not all(drafts.FIT.fullmatch(fit) for fit in wording.fits):
        yield Problem(_("Codes of contact rules or kinds of tasks, or * for any call."), "fits")
    elif taken := queries.taken(wording.fits, code):
        yield Problem(_("Another script is for this already: %(names)s.") % {"names": ", ".join(taken)}, "fits")
    if not 0 < len(wording.questions) <= MOST:
        yield Problem(_("A script has one to forty questions."), "questions")


def _publish(draft: ScriptDraft, actor: Actor, at: datetime.datetime) -> Script:
    """Write the version from its day on, and end the one before it."""
    held = queries.versions(draft.code)
    used = set(Call.objects.filter(script__in=held).values_list("script_id", flat=True))
    began = (row.since + ONE_DAY for row in held if row.pk in used)
    since = max([draft.valid_from, clock.day_of(at), *began])
    Script.objects.filter(pk__in=[row.pk for row in held if row.since >= since]).delete()
    before = next((row for row in held if row.since < since), None)
    if before is not None:
        Script.objects.filter(pk=before.pk).update(until=since)
    return Script.objects.create(
        code=draft.code, name_zh=draft.name_zh, name_en=draft.name_en, since=since, fits=draft.fits,
        questions=draft.questions, source="", made_at=at, written_by_id=draft.written_by_id,
        written_by=draft.written_by, approved_by_id=actor.user_id, approved_by=actor.name[:160],
    )  # fmt: skip


def _audit(actor: Actor, verb: str, row: ScriptDraft | Script) -> None:
    day = row.since if isinstance(row, Script) else row.valid_from
    records.audit(
        actor=actor, verb=verb, subject_type="contact_centre.script", subject_id=row.code, subject_label=row.name_zh,
        after={"from": day.isoformat(), "fits": row.fits, "questions": row.questions, "written_by": row.written_by},
    )  # fmt: skip
