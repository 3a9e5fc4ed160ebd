"""What an article was good for: readers say whether it helps, and mark what it solved (KM-08)."""

import datetime

from django.utils.translation import gettext_lazy as _

from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid, NotFound
from guanxi.knowledge.models import Use, Version
from guanxi.knowledge.permissions import Verb
from guanxi.knowledge.queries import articles as queries
from guanxi.knowledge.services.writing import SUBJECT
from guanxi.knowledge.states import VOTES, Stage, Worth
from guanxi.records import services as records
from guanxi.worklist import states as worklist


def vote(*, actor: Actor, article_id: int, worth: str, at: datetime.datetime) -> Use:
    """Say whether an article helps; a later word takes the place of the earlier one: checks, writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises Conflict: nothing of it is published.
    :raises Invalid: no such word.
    """
    check(actor, Verb.VIEW)
    version = _published(actor, article_id)
    if worth not in VOTES:
        raise Invalid(_("Choose one of the values offered."), field="worth")
    with db.atomic():
        made, _is_new = Use.objects.update_or_create(
            article_id=article_id, person_id=actor.user_id, worth__in=VOTES,
            defaults={"worth": worth, "version": version.number, "at": at},
        )  # fmt: skip
        _keep(actor, "knowledge.vote", version, {"worth": worth})
    return made


def mark_solved(*, actor: Actor, article_id: int, subject: tuple[str, int], at: datetime.datetime) -> Use:
    """Note that an article solved a matter, once: checks that the actor sees both, writes, audits.

    :raises NotFound: the article or the matter is none that the actor sees.
    :raises Conflict: nothing of it is published.
    """
    check(actor, Verb.VIEW)
    known = worklist.subject(subject[0])
    if known is None or known.find(actor, subject[1]) is None:
        raise NotFound
    version = _published(actor, article_id)
    with db.atomic():
        made, is_new = Use.objects.get_or_create(
            article_id=article_id, subject_type=subject[0], subject_id=subject[1], worth=Worth.SOLVED,
            defaults={"version": version.number, "at": at, "person_id": actor.user_id},
        )  # fmt: skip
        if is_new:
            _keep(actor, "knowledge.mark_solved", version, {"subject": f"{subject[0]} {subject[1]}"})
    return made


def _published(actor: Actor, article_id: int) -> Version:
    row = queries.article(actor, article_id)
    found = row.versions.filter(stage=Stage.PUBLISHED).first()
    if found is None:
        raise Conflict(_("Nothing of this article is published."))
    return found


def _keep(actor: Actor, verb: str, version: Version, after: dict[str, str]) -> None:
    records.audit(
        actor=actor, verb=verb, subject_type=SUBJECT, subject_id=version.article_id,
        subject_label=version.article.number, node_id=version.article.node_id, after=after,
    )  # fmt: skip
