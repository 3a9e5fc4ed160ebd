"""Templates: written by one person, approved by another, retired; a version is never changed once it is approved."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.errors import Conflict, Invalid, Problem
from guanxi.messaging import policy
from guanxi.messaging.models import Template
from guanxi.messaging.permissions import Verb
from guanxi.messaging.queries import templates as queries
from guanxi.messaging.states import CHANNELS, DRAFT_MOVES, VARIABLES, WITH_SUBJECT, Draft
from guanxi.privacy.states import Medium, Purpose
from guanxi.records import services as records

CODE, LONGEST = 40, 4000


@dataclass(frozen=True)
class Words:
    """What a version of a template says."""

    channel: str
    purpose: str
    name_zh: str
    name_en: str
    body_zh: str
    body_en: str
    valid_from: datetime.date
    subject_zh: str = ""
    subject_en: str = ""
    carrier_code: str = ""


def write_template(*, actor: Actor, code: str, words: Words, at: datetime.datetime) -> Template:
    """Write the draft of a template, or of its next version: checks the right and the words, waits for others, writes,
    audits.

    :raises Invalid: the words name something unknown, or something is missing.
    :raises Conflict: there is a draft of it already.
    """
    check_everywhere(actor, Verb.WRITE_TEMPLATE)
    _refuse_unfit(words)
    with db.atomic():
        db.serialise(f"messaging.template.{code}")
        before = queries.newest([code]).get(code)
        if before is not None and before.state == Draft.DRAFT:
            raise Conflict(_("There is a draft of this template already: change that one."), field="code")
        row = Template(
            code=code, version=before.version + 1 if before else 1, written_by_id=actor.user_id,
            at_any_hour=before is not None and before.at_any_hour,
            written_by=actor.name[:160], written_at=at, **_values(words),
        )  # fmt: skip
        try:
            with db.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            raise Conflict(_("There is a draft of this template already: change that one."), field="code") from error
        _audit(actor, Verb.WRITE_TEMPLATE, row)
    return row


def change_template(*, actor: Actor, template_id: int, words: Words, at: datetime.datetime) -> Template:
    """Change a draft: checks the right and the words, locks, writes, audits. Whoever changes it has written it.

    :raises Conflict: it is no draft any more.
    :raises Invalid: the words name something unknown, or something is missing.
    """
    check_everywhere(actor, Verb.WRITE_TEMPLATE)
    _refuse_unfit(words)
    with db.atomic():
        row = db.lock(queries.visible_to(actor), template_id)
        if row.state != Draft.DRAFT:
            raise Conflict(_("Only a draft can be changed: write a new version."))
        for name, value in _values(words).items():
            setattr(row, name, value)
        row.written_by_id, row.written_by, row.written_at = actor.user_id, actor.name[:160], at
        row.save()
        _audit(actor, Verb.WRITE_TEMPLATE, row)
    return row


def approve_template(*, actor: Actor, template_id: int, at: datetime.datetime) -> Template:
    """Approve a draft that somebody else wrote (NFR-12): checks, locks, writes, audits. It holds from its day on.

    :raises Conflict: it is no draft, or the actor wrote it.
    """
    check_everywhere(actor, Verb.APPROVE_TEMPLATE)
    with db.atomic():
        row = db.lock(queries.visible_to(actor), template_id)
        _move(row, Draft.APPROVED)
        if not actor.is_system and row.written_by_id == actor.user_id:
            raise Conflict(_("You wrote this text: somebody else has to approve it."))
        row.approved_by_id, row.approved_by, row.approved_at = actor.user_id, actor.name[:160], at
        row.save()
        _audit(actor, Verb.APPROVE_TEMPLATE, row)
    return row


def retire_template(*, actor: Actor, template_id: int) -> Template:
    """Retire a version with all before it, so that none of them comes back: checks, locks, writes, audits. What waits
    to be sent goes out.

    :raises Conflict: it is retired already.
    """
    check_everywhere(actor, Verb.APPROVE_TEMPLATE)
    with db.atomic():
        row = db.lock(queries.visible_to(actor), template_id)
        _move(row, Draft.RETIRED)
        row.save()
        Template.objects.filter(code=row.code, version__lt=row.version).update(state=Draft.RETIRED)
        _audit(actor, "messaging.retire_template", row)
    return row


def _refuse_unfit(words: Words) -> None:
    """Refuse words that cannot be a template.

    :raises Invalid: everything wrong, each at its field.
    """
    problems = list(_flaws(words))
    if problems:
        raise Invalid(problems=problems)


def _flaws(words: Words) -> Iterator[Problem]:
    if words.channel not in dict(CHANNELS):
        yield Problem(_("Choose one of the values offered."), "channel")
    if words.purpose not in Purpose.values:
        yield Problem(_("Choose one of the values offered."), "purpose")
    needed = ["name_zh", "body_zh", "body_en"]
    needed += ["subject_zh", "subject_en"] if words.channel == Medium.EMAIL else []
    needed += ["carrier_code"] if words.channel == Medium.WECHAT else []
    yield from (Problem(_("This is needed."), name) for name in needed if not getattr(words, name).strip())
    for name in ("subject_zh", "subject_en", "body_zh", "body_en"):
        yield from text_flaws(getattr(words, name), name)
    if words.channel == Medium.WECHAT:
        for name in ("body_zh", "body_en"):
            if not policy.is_named(getattr(words, name)):
                yield Problem(
                    _("Each line of a template of WeChat begins with the name of its field: keyword1: …"), name
                )


def text_flaws(text: str, field: str) -> Iterator[Problem]:
    """Yield what is wrong with the variables of a text."""
    unknown = policy.unknown(text, VARIABLES)
    if unknown:
        values = {"names": ", ".join(unknown), "known": ", ".join(f"{{{name}}}" for name in VARIABLES)}
        yield Problem(_("Unknown: %(names)s. There are %(known)s.") % values, field)
    if not policy.is_balanced(text):
        yield Problem(_("A brace stands alone: a variable is written {customer}, with both braces."), field)
    if len(text) > LONGEST:
        yield Problem(_("At most 4000 signs."), field)


def _values(words: Words) -> dict[str, object]:
    values = {name: value.strip() if isinstance(value, str) else value for name, value in vars(words).items()}
    if words.channel not in WITH_SUBJECT:
        values |= {"subject_zh": "", "subject_en": ""}
    if words.channel != Medium.WECHAT:
        values["carrier_code"] = ""
    return values


def _move(row: Template, to: Draft) -> None:
    if to not in DRAFT_MOVES[Draft(row.state)]:
        raise Conflict(
            _("This version is “%(state)s”: that cannot be done any more.") % {"state": row.get_state_display()}
        )
    row.state = to


def _audit(actor: Actor, verb: str, row: Template) -> None:
    records.audit(
        actor=actor, verb=verb, subject_type="messaging.template", subject_id=row.pk, subject_label=str(row),
        after={"state": row.state, "channel": row.channel, "purpose": row.purpose, "body_zh": row.body_zh,
        "body_en": row.body_en, "valid_from": row.valid_from.isoformat()},
    )  # fmt: skip
