"""What is published has to be read: who is asked until when, who confirms, who is reminded (INFO-16)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed
from guanxi.knowledge.events import ReadingAsked
from guanxi.knowledge.models import Article, Confirmation, Reading, Version
from guanxi.knowledge.permissions import Verb
from guanxi.knowledge.queries import articles, readings
from guanxi.knowledge.services.writing import SUBJECT, locked
from guanxi.knowledge.states import Stage
from guanxi.records import services as records


@dataclass(frozen=True)
class Readers:
    """Who has to confirm, at all places from the keeper's down, and until which day."""

    roles: Sequence[str]
    due_on: datetime.date


def ask_readers(*, actor: Actor, article_id: int, readers: Readers, at: datetime.datetime) -> Reading:
    """Have what is published confirmed by people of some roles: locks, checks the right, the roles and the day, writes
    it in place of what was asked before (for the same version what is confirmed holds), audits, publishes ReadingAsked
    for those who have not confirmed.

    :raises NotFound: there is no such article, or not for this actor.
    :raises NotAllowed: the actor does not publish articles there.
    :raises Conflict: nothing of it is published.
    :raises Invalid: no role that reads articles there, or a day that is over.
    """
    with db.atomic():
        held = locked(actor, article_id, Verb.REVIEW)
        row = _published(held)
        _refuse_unfit(held, readers, clock.day_of(at))
        Reading.objects.filter(article=held, is_current=True).exclude(since=row.number).update(is_current=False)
        values: dict[str, Any] = {
            "roles": list(readers.roles), "due_on": readers.due_on, "is_current": True, "asked_at": at,
            "asked_by_id": actor.user_id, "asked_by": actor.name[:160], "reminded_on": None,
        }  # fmt: skip
        made, _is_new = Reading.objects.update_or_create(article=held, since=row.number, defaults=values)
        _keep(actor, "knowledge.ask_readers", made)
        _tell(actor, made, row, at)
    return made


def remind_readers(*, actor: Actor, article_id: int, at: datetime.datetime) -> int:
    """Remind those who have not confirmed, once a day at most: locks, checks the right, writes the day, audits,
    publishes ReadingAsked for them. Return how many.

    :raises NotFound: there is no such article, or not for this actor.
    :raises NotAllowed: the actor does not publish articles there.
    :raises Conflict: nobody is asked, they were told today already, or everybody has confirmed.
    """
    today = clock.day_of(at)
    with db.atomic():
        held = locked(actor, article_id, Verb.REVIEW)
        reading = _asked(held)
        if today in {reading.reminded_on, clock.day_of(reading.asked_at)}:
            raise Conflict(_("They were told today; once a day is enough."))
        reading.reminded_on = today
        reading.save(update_fields=["reminded_on"])
        count = _tell(actor, reading, _published(held), at, is_reminder=True)
        if not count:
            raise Conflict(_("Everybody has confirmed."))
        _keep(actor, "knowledge.remind_readers", reading, {"people": count})
    return count


def lift_reading(*, actor: Actor, article_id: int) -> Reading:
    """Ask nobody any more to confirm an article: locks, checks the right, writes, audits. What is confirmed stays.

    :raises NotFound: there is no such article, or not for this actor.
    :raises NotAllowed: the actor does not publish articles there.
    :raises Conflict: nobody is asked.
    """
    with db.atomic():
        reading = _asked(locked(actor, article_id, Verb.REVIEW))
        reading.is_current = False
        reading.save(update_fields=["is_current"])
        _keep(actor, "knowledge.lift_reading", reading)
    return reading


def confirm_read(*, actor: Actor, article_id: int, version: int, at: datetime.datetime) -> Confirmation:
    """Confirm that one has read a version of an article: checks that it is the one in force and asked for, writes it
    once, audits. Said again it stays as it was.

    :raises NotAllowed: the actor does not read articles, or is nobody who could have read one.
    :raises NotFound: there is no such article, or not for this actor.
    :raises Conflict: another version is in force by now, or nobody asks this actor.
    """
    check(actor, Verb.VIEW)
    if actor.user_id is None:
        raise NotAllowed
    held = articles.article(actor, article_id)
    row = _published(held)
    if row.number != version:
        raise Conflict(_("Another version is in force by now: read that one."))
    with db.atomic():
        earlier = Confirmation.objects.filter(version=row, person_id=actor.user_id).first()
        if earlier is not None:
            return earlier
        if readings.duty(actor, article_id, clock.day_of(at)) is None:
            raise Conflict(_("Nobody asks you to confirm this article."))
        made, is_new = Confirmation.objects.get_or_create(
            version=row, person_id=actor.user_id, defaults={"at": at}
        )  # fmt: skip
        if is_new:
            records.audit(
                actor=actor, verb="knowledge.confirm_read", subject_type=SUBJECT, subject_id=held.pk,
                subject_label=held.number, node_id=actor.home_id, after={"version": row.number},
            )  # fmt: skip
    return made


def _published(held: Article) -> Version:
    row = held.versions.filter(stage=Stage.PUBLISHED).first()
    if row is None:
        raise Conflict(_("Nothing of this article is published."))
    return row


def _asked(held: Article) -> Reading:
    """Return what is asked of the readers of a locked article, locked itself.

    :raises Conflict: nothing.
    """
    reading = Reading.objects.select_for_update().filter(article=held, is_current=True).first()
    if reading is None:
        raise Conflict(_("Nobody is asked to confirm this article."))
    reading.article = held
    return reading


def _refuse_unfit(held: Article, readers: Readers, day: datetime.date) -> None:
    known = {code for code, _name in readings.roles_for(held.node, day)}
    if not readers.roles or set(readers.roles) - known:
        raise Invalid(_("Choose roles that read articles there."), field="roles")
    if readers.due_on < day:
        raise Invalid(_("This day is over."), field="due_on")


def _tell(actor: Actor, reading: Reading, row: Version, at: datetime.datetime, *, is_reminder: bool = False) -> int:
    """Publish who has to be told where the actor publishes; return how many people."""
    rows = readings.people(reading, clock.day_of(at), actor.where(Verb.REVIEW)).filter(confirmed_at=None)
    people = sorted(set(rows.values_list("user_id", flat=True)))
    if people:
        due = reading.due_on.isoformat()
        events.publish(ReadingAsked(reading.article_id, row.title_zh, row.title_en, due, people, is_reminder))
    return len(people)


def _keep(actor: Actor, verb: str, reading: Reading, more: dict[str, Any] | None = None) -> None:
    after = {"since": reading.since, "roles": list(reading.roles), "due_on": reading.due_on.isoformat()}
    records.audit(
        actor=actor, verb=verb, subject_type=SUBJECT, subject_id=reading.article_id,
        subject_label=reading.article.number, node_id=reading.article.node_id, after=after | (more or {}),
    )  # fmt: skip
