"""A version is reviewed by somebody else than its author, published, sent back or retired (KM-03, KM-08)."""

import datetime

from django.utils.translation import gettext_lazy as _

from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Conflict, Invalid
from guanxi.foundation.values import months
from guanxi.knowledge import policy
from guanxi.knowledge.events import ArticlePublished
from guanxi.knowledge.models import Article, Version
from guanxi.knowledge.permissions import Verb
from guanxi.knowledge.services.confirming import Readers, ask_readers
from guanxi.knowledge.services.writing import audit, locked
from guanxi.knowledge.states import UNPUBLISHED, Stage

SHORT = 400


def submit(*, actor: Actor, article_id: int) -> Version:
    """Send the draft of an article to review: locks, checks, writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not write articles there.
    :raises Conflict: there is no draft.
    """
    with db.atomic():
        row = _moved(locked(actor, article_id, Verb.WRITE), Stage.IN_REVIEW)
        row.note = ""
        row.save()
        audit(actor, "knowledge.submit", row)
    return row


def publish(
    *, actor: Actor, article_id: int, readers: Readers | None = None, at: datetime.datetime
) -> Version:  # fmt: skip
    """Publish the version that is being reviewed, in place of the one before: locks, checks, retires the one before,
    writes when it is to be checked again, audits, publishes ArticlePublished; asks ``readers`` to confirm it.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not review articles there.
    :raises Conflict: nothing is being reviewed, or the actor wrote it.
    :raises Invalid: readers who cannot be.
    """
    with db.atomic():
        held = locked(actor, article_id, Verb.REVIEW)
        row = _moved(held, Stage.PUBLISHED)
        if not actor.is_system and row.author_id == actor.user_id:
            raise Conflict(_("You wrote this text: somebody else has to review it."))
        held.versions.filter(stage=Stage.PUBLISHED).update(stage=Stage.RETIRED)
        row.check_on = months.later(clock.day_of(at), held.topic.check_months)
        row.reviewer_id, row.reviewer, row.reviewed_at = actor.user_id, actor.name[:160], at
        row.save()
        audit(actor, "knowledge.publish", row)
        events.publish(ArticlePublished(held.pk, row.number, held.node_id))
        if readers is not None:
            ask_readers(actor=actor, article_id=article_id, readers=readers, at=at)
    return row


def send_back(*, actor: Actor, article_id: int, note: str) -> Version:
    """Send the version that is being reviewed back to its author with a word: locks, checks, writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not review articles there.
    :raises Conflict: nothing is being reviewed.
    :raises Invalid: no word.
    """
    words = " ".join(note.split())[:SHORT]
    if not words:
        raise Invalid(_("Say why."), field="note")
    with db.atomic():
        row = _moved(locked(actor, article_id, Verb.REVIEW), Stage.DRAFT)
        row.note = words
        row.save()
        audit(actor, "knowledge.send_back", row)
    return row


def confirm(*, actor: Actor, article_id: int, at: datetime.datetime) -> Version:
    """Note that what is published is still right: locks, checks, writes when it is to be checked again, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not review articles there.
    :raises Conflict: nothing is published.
    """
    with db.atomic():
        held = locked(actor, article_id, Verb.REVIEW)
        row = held.versions.filter(stage=Stage.PUBLISHED).first()
        if row is None:
            raise Conflict(_("Nothing of this article is published."))
        row.check_on = months.later(clock.day_of(at), held.topic.check_months)
        row.save()
        audit(actor, "knowledge.confirm", row)
    return row


def retire(*, actor: Actor, article_id: int) -> Article:
    """Retire an article with every version: locks, checks, writes, audits. It is found no more, and stays to be read.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not review articles there.
    :raises Conflict: it is retired already.
    """
    with db.atomic():
        held = locked(actor, article_id, Verb.REVIEW)
        rows = held.versions.exclude(stage=Stage.RETIRED).order_by("-number")
        last = rows.first()
        if last is None:
            raise Conflict(_("This article is retired already."))
        rows.update(stage=Stage.RETIRED)
        last.stage = Stage.RETIRED
        audit(actor, "knowledge.retire", last)
    return held


def _moved(held: Article, stage: Stage) -> Version:
    """Return the unpublished version of a locked article in its new stage, unsaved.

    :raises Conflict: there is none, or it cannot go there.
    """
    row = held.versions.filter(stage__in=UNPUBLISHED).first()
    if row is None or not policy.may_become(row.stage, stage):
        raise Conflict(_("This cannot follow on how the article stands now."))
    row.stage = stage
    return row
