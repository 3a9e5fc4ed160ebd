"""What comes up often becomes a question to every customer (必问项目, CMP-16): wanted by a meeting, put into a script
by headquarters, in force once a second person approved the script.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.complaints.models import Category, Question
from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries import meetings
from guanxi.complaints.states import Asking
from guanxi.contact_centre.permissions import Verb as Scripts
from guanxi.contact_centre.queries import scripting as scripts
from guanxi.contact_centre.services import scripting
from guanxi.contact_centre.services.scripting import Wording
from guanxi.contact_centre.states import QuestionKind
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check, check_everywhere
from guanxi.foundation.errors import Conflict, Invalid, words_of
from guanxi.records import services as records

SUBJECT = "complaints.question"
ANSWERED = (QuestionKind.YES_NO, QuestionKind.SCALE, QuestionKind.TEXT)
ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """How a script asks: which script, what kind of answer it takes, in both languages."""

    script: str
    kind: str
    text_zh: str
    text_en: str


def want_question(
    *, actor: Actor, meeting_id: int, text: str, category: str = "", at: datetime.datetime
) -> Question:  # fmt: skip
    """Want every customer to be asked something, as a meeting: checks, writes, audits. Also after it was filed.

    :raises NotFound: there is no such meeting, or not for this actor.
    :raises NotAllowed: the actor keeps no minutes there.
    :raises Invalid: no words, or no such category.
    """
    said = words_of(text, "text", _("Say what is to be asked."))[:300]
    with db.atomic():
        row = meetings.meeting(actor, meeting_id)
        check(actor, Verb.MEET, row.place_id)
        if category and not Category.objects.filter(pk=category, is_active=True).exists():
            raise Invalid(_("Choose one of the values offered."), field="category")
        made = Question.objects.create(
            meeting=row, place_id=row.place_id, category_id=category or None, text=said, wanted_at=at,
            wanted_by_id=actor.user_id, wanted_by=actor.name[:160],
        )  # fmt: skip
        _audit(actor, "complaints.want_question", made, {"text": said})
    return made


def take_question(*, actor: Actor, question_id: int, asked: Asked, at: datetime.datetime) -> Question:
    """Put a question into the draft of a script as one that has to be answered: locks, checks, writes the draft through
    the contact centre, notes it, audits. Somebody else approves the draft there.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not write scripts.
    :raises Conflict: it is decided already.
    :raises Invalid: no such script, or what the contact centre refuses, each at its field.
    """
    check_everywhere(actor, Scripts.WRITE_SCRIPT)
    with db.atomic():
        row = _locked(actor, question_id)
        scripting.write_script(actor=actor, code=asked.script, wording=_wording(row, asked, at), at=at)
        row.state, row.script = Asking.TAKEN, asked.script
        _decide(actor, row, "complaints.take_question", at)
    return row


def decline_question(*, actor: Actor, question_id: int, reason: str, at: datetime.datetime) -> Question:
    """Say why something is not asked of every customer: locks, checks, writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not write scripts.
    :raises Conflict: it is decided already.
    :raises Invalid: no reason.
    """
    check_everywhere(actor, Scripts.WRITE_SCRIPT)
    said = words_of(reason, "reason", _("Say why."))
    with db.atomic():
        row = _locked(actor, question_id)
        row.state, row.reason = Asking.DECLINED, said[:1000]
        _decide(actor, row, "complaints.decline_question", at)
    return row


def _locked(actor: Actor, question_id: int) -> Question:
    row = db.lock(meetings.questions(actor), question_id)
    if row.state != Asking.WANTED:
        raise Conflict(_("It is decided already."))
    return row


def _wording(row: Question, asked: Asked, at: datetime.datetime) -> Wording:
    """Return what the script says next: what it says, and this question at its end."""
    held = scripts.begins(asked.script)
    if held is None:
        raise Invalid(_("Choose one of the values offered."), field="script")
    if asked.kind not in ANSWERED:
        raise Invalid(_("Choose one of the values offered."), field="kind")
    for name in ("text_zh", "text_en"):
        words_of(getattr(asked, name), name, _("Say it in both languages."))
    question: dict[str, Any] = {
        "key": f"must_{row.pk}", "kind": asked.kind, "text_zh": asked.text_zh.strip(), "text_en": asked.text_en.strip(),
        "mandatory": True,
    }  # fmt: skip
    others = [item for item in held.questions if item["key"] != question["key"]]
    begins = max(getattr(held, "valid_from", clock.day_of(at)), clock.day_of(at) + ONE_DAY)
    return Wording(held.name_zh, held.name_en, held.fits, [*others, question], begins)


def _decide(actor: Actor, row: Question, verb: str, at: datetime.datetime) -> None:
    row.decided_at, row.decided_by = at, actor.name[:160]
    row.save()
    _audit(actor, verb, row, {"state": row.state, "script": row.script, "reason": row.reason})


def _audit(actor: Actor, verb: str, row: Question, after: dict[str, Any]) -> None:
    records.audit(
        actor=actor, verb=verb, subject_type=SUBJECT, subject_id=row.pk, subject_label=row.text[:80],
        node_id=row.place_id, after=after,
    )  # fmt: skip
