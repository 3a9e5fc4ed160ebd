"""Remembered API replies, and how many calls a key makes in a minute."""

import datetime

from django.db import connection
from django.utils.translation import gettext as _

from guanxi.foundation import clock
from guanxi.foundation.errors import Conflict
from guanxi.records.models import Reply


def remembered(*, person_id: int, key: str, fingerprint: str) -> Reply | None:
    """Return the first answer given under this idempotency key, or None.

    :raises Conflict: the key was used for another request.
    """
    reply = Reply.objects.filter(person_id=person_id, key=key).first()
    if reply and reply.fingerprint != fingerprint:
        raise Conflict(_("This idempotency key was used for a different request."))
    return reply


def remember(*, person_id: int, key: str, fingerprint: str, status: int, body: str) -> None:
    """Keep an answer in the caller's transaction, so that it exists exactly if its effect does."""
    Reply.objects.create(
        person_id=person_id, key=key, fingerprint=fingerprint, status=status, body=body, at=clock.now()
    )


def count_call(*, key: str, at: datetime.datetime) -> int:
    """Count one API call under a key and return how many there were in this minute.

    Called before the request's transaction opens, so that it commits at once and nobody waits for it.
    """
    minute = int(at.timestamp() // 60)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_calls AS c (key, minute, calls) VALUES (%s, %s, 1)"
            " ON CONFLICT (key, minute) DO UPDATE SET calls = c.calls + 1 RETURNING calls",
            [key, minute],
        )
        return int(cursor.fetchone()[0])


def forget_replies(*, at: datetime.datetime) -> int:
    """Delete answers older than a day, and the counts of calls; return how many answers."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_calls WHERE minute < %s", [int(at.timestamp() // 60) - 5])
    return Reply.objects.filter(at__lt=at - datetime.timedelta(days=1)).delete()[0]
