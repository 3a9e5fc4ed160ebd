"""Long answers come in parts, in any order, some twice: they are kept until all are there, and then as one answer. What
is not whole in time is kept as it stands, with the gap told; a fragment stops nothing.
"""

import datetime
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.messaging.channels.outgoing import Piece
from guanxi.messaging.channels.smpp import coding
from guanxi.messaging.models import AnswerPart
from guanxi.messaging.permissions import Verb
from guanxi.messaging.services import replies
from guanxi.privacy.states import Medium

WAITS = datetime.timedelta(minutes=30)  # for the other parts; the page of answers says so
KNOWN = datetime.timedelta(days=1)  # so long a part that comes again is known
GAP = " […] "
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Series:
    """Which long answer of whom a part belongs to."""

    address: str
    series: str
    total: int


def take_part(*, actor: Actor, piece: Piece, at: datetime.datetime) -> bool:
    """Keep a part: checks the right, waits for others of its series, writes; if it was the last, keeps the answer. A
    part that is known changes nothing. One of the same number that says something else begins a new answer: what waited
    is kept as it stands. Return whether the answer is whole now.

    :raises Invalid: the answer cannot be kept.
    """
    check_everywhere(actor, Verb.RECEIVE_REPLY)
    of = Series(piece.address[:120], piece.series, piece.total)
    with db.atomic():
        db.serialise(f"messaging.part.{of.address}.{of.series}")
        same = AnswerPart.objects.filter(address=of.address, series=of.series, total=of.total, number=piece.number)
        if any(bytes(row.octets) == piece.octets for row in same.filter(came_at__gte=at - KNOWN)):
            return False
        if same.filter(joined_at=None).exists():
            _keep(actor, of, at)
        AnswerPart.objects.create(
            address=of.address, series=of.series, number=piece.number, total=of.total, coding=piece.coding,
            octets=piece.octets, reference=piece.reference, came_at=at,
        )  # fmt: skip
        is_whole = len(_waiting(of)) == of.total
        if is_whole:
            _keep(actor, of, at)
    return is_whole


def keep_late(*, actor: Actor, at: datetime.datetime) -> int:
    """Keep what is not whole in time as it stands, each in a transaction of its own; forget parts that were joined long
    ago. Checks the right. Return how many answers have a gap.

    :raises NotAllowed: the actor may not report answers.
    """
    check_everywhere(actor, Verb.RECEIVE_REPLY)
    late = AnswerPart.objects.filter(joined_at=None, came_at__lte=at - WAITS)
    found = [Series(*row) for row in late.values_list("address", "series", "total").distinct()]
    for of in found:
        with db.atomic():
            db.serialise(f"messaging.part.{of.address}.{of.series}")
            _keep(actor, of, at)
    AnswerPart.objects.filter(joined_at__lt=at - KNOWN).delete()
    return len(found)


def _waiting(of: Series) -> list[AnswerPart]:
    rows = AnswerPart.objects.filter(address=of.address, series=of.series, total=of.total, joined_at=None)
    return list(rows.order_by("number"))


def _keep(actor: Actor, of: Series, at: datetime.datetime) -> None:
    """Keep the parts that wait as one answer, in their order, with what is missing between them."""
    rows = _waiting(of)
    if not rows:
        return
    first = min(rows, key=lambda row: (row.came_at, row.pk))
    missing = of.total - len(rows)
    if missing:
        log.warning("a long answer lacks %s of %s parts", missing, of.total)
    reply = replies.NewReply(Medium.SMS, of.address, _text(rows), first.came_at, first.reference, missing)
    replies.receive_reply(actor=actor, reply=reply, at=at)
    AnswerPart.objects.filter(pk__in=[row.pk for row in rows]).update(joined_at=at)


def _text(rows: Sequence[AnswerPart]) -> str:
    """Return what the parts say; a gap, also at the beginning or the end, is shown."""
    runs: list[list[AnswerPart]] = []
    for row in rows:
        if runs and runs[-1][-1].number == row.number - 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    said = [coding.text((row.coding, bytes(row.octets)) for row in run) for run in runs]
    before, after = GAP if rows[0].number > 1 else "", GAP if rows[-1].number < rows[-1].total else ""
    return f"{before}{GAP.join(said)}{after}".strip()
