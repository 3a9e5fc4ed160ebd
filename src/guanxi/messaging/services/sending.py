"""Sending what waits: one message after the other, each step kept before the next begins.

A killed sender leaves at most one message in hand. It may or may not have gone, so it is marked as uncertain and not
sent again.
"""

import datetime
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from guanxi.foundation import clock, db, jobs
from guanxi.foundation.actor import Actor
from guanxi.messaging import policy
from guanxi.messaging.channels import choosing
from guanxi.messaging.channels.choosing import Lines
from guanxi.messaging.channels.outgoing import Outgoing, Refused, Unavailable
from guanxi.messaging.models import Message, Terms
from guanxi.messaging.queries import messages as queries
from guanxi.messaging.queries import templates
from guanxi.messaging.services import dropping, receiving, reports
from guanxi.messaging.services.receiving import LOCK
from guanxi.messaging.states import MOVES, State
from guanxi.records import services as records

BATCH = 200
PAUSE = datetime.timedelta(minutes=5)  # before a channel that was not to be had is tried again
KEEP = """
UPDATE messaging_message SET state = %(state)s, error = %(error)s, not_before = coalesce(%(not_before)s, not_before),
  sent_at = coalesce(%(sent_at)s, sent_at), reference = coalesce(%(reference)s, reference),
  parts = coalesce(%(parts)s::text[], parts), arrived = coalesce(%(arrived)s::text[], arrived)
WHERE id = %(pk)s AND state = 'SENDING'
"""
CLAIM = """
UPDATE messaging_message m SET state = 'SENDING', carrier = %(carriers)s::jsonb ->> m.channel, error = ''
WHERE m.id = (
  SELECT o.id FROM messaging_message o
  WHERE o.state = 'QUEUED' AND NOT (o.channel = 'LETTER') AND o.not_before <= %(at)s
    AND (NOT %(quiet)s OR EXISTS (SELECT 1 FROM messaging_template t WHERE t.id = o.template_id AND t.at_any_hour))
  ORDER BY o.not_before, o.id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING m.id, m.carrier, m.address, m.subject, m.body,
  coalesce((SELECT t.carrier_code FROM messaging_template t WHERE t.id = m.template_id), '')
"""


UNSAID = dict.fromkeys(("not_before", "sent_at", "reference", "parts", "arrived"))


@dataclass(frozen=True)
class Held:
    """A message in hand."""

    pk: int
    carrier: str
    outgoing: Outgoing


@dataclass(frozen=True)
class Ended:
    """What came of a message in hand."""

    pk: int
    state: State
    error: str
    values: Mapping[str, Any] = field(default_factory=dict)
    is_dead: bool = False

    @property
    def kept(self) -> dict[str, Any]:
        """What is written down of it."""
        return {**UNSAID, **self.values, "pk": self.pk, "state": self.state, "error": self.error[:400]}


def send_waiting(*, actor: Actor, now: Callable[[], datetime.datetime]) -> Counter[str]:
    """Send what waits and may go by now, a batch at most, and store the job for the rest: marks what a dead sender left
    in hand, drops whom consent no longer covers, then sends each; audits once. Nothing if another sender is at work, or
    in the quiet hours, but for what goes at any hour. ``now`` is asked before each message.
    """
    done: Counter[str] = Counter()
    with db.alone(LOCK) as is_alone:
        if not is_alone:
            return done
        with db.scoped(actor):
            if not queries.under_way().exists():
                return done
            done["uncertain"] = queries.under_way().filter(state=State.SENDING).update(state=State.UNCERTAIN)
            if _is_quiet(now()) and not queries.due(now()).filter(template__at_any_hour=True).exists():
                return _told(actor, done)
            done["dropped"] = dropping.drop(queries.due(now())[:BATCH], clock.day_of(now()))
        with choosing.lines() as lines:
            _send_batch(actor, lines, now, done)
    with db.scoped(actor):
        return _told(actor, done)


def _send_batch(actor: Actor, lines: Lines, now: Callable[[], datetime.datetime], done: Counter[str]) -> None:
    """Send one after the other. What came of one is kept in the transaction that takes the next in hand, or before
    something is heard that may be about it.
    """
    ends: list[Ended] = []
    terms = cache(templates.terms)

    def settle() -> None:
        if ends:
            with db.scoped(actor):
                _keep(actor, ends, now())

    for _number in range(BATCH - done["dropped"]):
        with db.scoped(actor):
            if done[State.QUEUED] or (ends and ends[0].is_dead):
                _keep(actor, ends, now())
            row = None if done[State.QUEUED] else _claim(now(), is_quiet=_is_quiet(now(), terms), ends=ends)
        if row is None:
            return
        ends.append(_send(row, lines, now))
        done[ends[0].state] += 1
        receiving.hear(actor=actor, lines=lines, now=now, first=settle)
    with db.scoped(actor):
        _keep(actor, ends, now())
        jobs.enqueue("messaging.send", queueing_lock="messaging.send")


def _told(actor: Actor, done: Counter[str]) -> Counter[str]:
    after = {str(name): number for name, number in done.items() if number}
    if after:
        records.audit(
            actor=actor, verb="messaging.send_waiting", subject_type="messaging.outbox", subject_id="all", after=after
        )  # fmt: skip
    return +done


def _is_quiet(at: datetime.datetime, terms: Callable[[datetime.date], Terms] = templates.terms) -> bool:
    held = terms(clock.day_of(at))
    return policy.is_quiet(timezone.localtime(at), held.quiet_from, held.quiet_until)


def _claim(at: datetime.datetime, *, is_quiet: bool, ends: list[Ended]) -> Held | None:
    """Take the message that waits longest and mark it as being sent; in the quiet hours only what goes at any hour. In
    the same statement write down what came of the one before.
    """
    ended = ends.pop() if ends else None
    values: dict[str, Any] = {"at": at, "quiet": is_quiet, "carriers": json.dumps(settings.MESSAGE_CARRIERS)}
    with connection.cursor() as cursor:
        if ended is None:
            cursor.execute(CLAIM, values)
        else:
            cursor.execute(f"WITH kept AS ({KEEP}) {CLAIM}", _refuse(ended).kept | values)
        found = cursor.fetchone()
    return Held(found[0], found[1], Outgoing(found[0], *found[2:])) if found else None


def _send(row: Held, lines: Lines, now: Callable[[], datetime.datetime]) -> Ended:
    """Hand one message to its carrier; say what came of it. What nobody foresaw leaves it uncertain."""
    try:
        taken = lines.send(row.carrier, row.outgoing)
    except Refused as error:
        return Ended(row.pk, State.FAILED, str(error), is_dead=error.is_dead)
    except Unavailable as error:
        return Ended(row.pk, State.QUEUED, str(error), {"not_before": now() + PAUSE})
    except Exception as error:  # noqa: BLE001 -- a broken connection says nothing about whether the message went
        return Ended(row.pk, State.UNCERTAIN, f"{type(error).__name__}: {error}")
    said = {"sent_at": now(), "reference": taken.reference[:200], "parts": list(taken.parts), "arrived": []}
    return Ended(row.pk, State.SENT, "", said)


def _keep(actor: Actor, ends: list[Ended], at: datetime.datetime) -> None:
    """Write down what came of a message in hand, if there is one."""
    while ends:
        ended = _refuse(ends.pop())
        with connection.cursor() as cursor:
            cursor.execute(KEEP, ended.kept)
        if ended.is_dead:
            reports.mark_dead(actor=actor, message=Message.objects.get(pk=ended.pk), at=at)


def _refuse(ended: Ended) -> Ended:
    """Refuse what cannot come of a message in hand."""
    if ended.state not in MOVES[State.SENDING]:
        msg = f"what is being sent does not become {ended.state}"
        raise RuntimeError(msg)
    return ended
