"""Sending what waits: one message after the other, each step kept before the next begins.

A killed sender leaves at most one message in hand. It may or may not have gone, so it is marked as uncertain and not
sent again.
"""

import datetime
from collections import Counter
from collections.abc import Callable

from django.utils import timezone

from guanxi.foundation import clock, db, jobs
from guanxi.foundation.actor import Actor
from guanxi.messaging import policy
from guanxi.messaging.channels import choosing
from guanxi.messaging.channels.choosing import Lines
from guanxi.messaging.channels.outgoing import Outgoing, Refused, Unavailable
from guanxi.messaging.models import Message
from guanxi.messaging.queries import messages as queries
from guanxi.messaging.queries import templates
from guanxi.messaging.services import dropping, receiving, reports
from guanxi.messaging.services.receiving import LOCK
from guanxi.messaging.states import MOVES, State
from guanxi.records import services as records

BATCH = 200
PAUSE = datetime.timedelta(minutes=5)  # before a channel that was not to be had is tried again


def send_waiting(*, actor: Actor, now: Callable[[], datetime.datetime]) -> Counter[str]:
    """Send what waits and may go by now, a batch at most, and store the job for the rest: marks what a dead sender left
    in hand, drops whom consent no longer covers, then sends each; audits once. Nothing if another sender is at work, or
    in the quiet hours. ``now`` is asked before each message.
    """
    done: Counter[str] = Counter()
    with db.alone(LOCK) as is_alone:
        if not is_alone:
            return done
        with db.scoped(actor):
            if not queries.under_way().exists():
                return done
            done["uncertain"] = queries.under_way().filter(state=State.SENDING).update(state=State.UNCERTAIN)
            if _is_quiet(now()):
                return _told(actor, done)
            done["dropped"] = dropping.drop(queries.due(now())[:BATCH], clock.day_of(now()))
        with choosing.lines() as lines:
            _send_batch(actor, lines, now, done)
    with db.scoped(actor):
        return _told(actor, done)


def _send_batch(actor: Actor, lines: Lines, now: Callable[[], datetime.datetime], done: Counter[str]) -> None:
    for _number in range(BATCH - done["dropped"]):
        at = now()
        with db.scoped(actor):
            row = None if _is_quiet(at) else _claim(at)
        if row is None:
            break
        state = _send(actor, row, lines, now)
        done[state] += 1
        receiving.hear(actor=actor, lines=lines, now=now)
        if state == State.QUEUED:
            break
    else:
        with db.scoped(actor):
            jobs.enqueue("messaging.send", queueing_lock="messaging.send")


def _told(actor: Actor, done: Counter[str]) -> Counter[str]:
    after = {str(name): number for name, number in done.items() if number}
    if after:
        records.audit(
            actor=actor, verb="messaging.send_waiting", subject_type="messaging.outbox", subject_id="all", after=after
        )  # fmt: skip
    return +done


def _is_quiet(at: datetime.datetime) -> bool:
    terms = templates.terms(clock.day_of(at))
    return policy.is_quiet(timezone.localtime(at), terms.quiet_from, terms.quiet_until)


def _claim(at: datetime.datetime) -> Message | None:
    """Take the message that waits longest and mark it as being sent."""
    row = queries.due(at).select_for_update(skip_locked=True).first()
    if row is not None:
        row.state, row.carrier, row.error = State.SENDING, choosing.carrier(row.channel), ""
        row.save(update_fields=["state", "carrier", "error"])
    return row


def _send(actor: Actor, row: Message, lines: Lines, now: Callable[[], datetime.datetime]) -> State:
    """Hand one message to its channel and keep what came of it. What nobody foresaw leaves it uncertain."""
    code = row.template.carrier_code if row.template else ""
    outgoing = Outgoing(row.pk, row.address, row.subject, row.body, code)
    try:
        taken = lines.send(row.carrier, outgoing)
    except Refused as error:
        state = _keep(actor, row, State.FAILED, error=str(error))
        if error.is_dead:
            with db.scoped(actor):
                reports.mark_dead(actor=actor, message=row, at=now())
        return state
    except Unavailable as error:
        return _keep(actor, row, State.QUEUED, error=str(error), not_before=now() + PAUSE)
    except Exception as error:  # noqa: BLE001 -- a broken connection says nothing about whether the message went
        return _keep(actor, row, State.UNCERTAIN, error=f"{type(error).__name__}: {error}")
    return _keep(
        actor, row, State.SENT, sent_at=now(), reference=taken.reference[:200], parts=list(taken.parts), arrived=[]
    )


def _keep(actor: Actor, row: Message, state: State, **values: object) -> State:
    if state not in MOVES[State(row.state)]:
        msg = f"{row.state} does not become {state}"
        raise RuntimeError(msg)
    values["error"] = str(values.get("error", ""))[:400]
    with db.scoped(actor):
        Message.objects.filter(pk=row.pk, state=row.state).update(state=state, **values)
    return state
