"""The watch over complaints: alarms when one thing is complained of more than its own past lets expect; crises when
normal handling does not remove a complaint (CRIS-01).
"""

import datetime
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from guanxi.complaints.models import Category
from guanxi.crisis import policy
from guanxi.crisis.models import Alarm, Crisis, Terms
from guanxi.crisis.permissions import Verb
from guanxi.crisis.policy import Counted, Rise
from guanxi.crisis.queries import alarms, counting
from guanxi.crisis.services import asking, opening
from guanxi.crisis.services.asking import SUBJECT
from guanxi.crisis.services.opening import NewCrisis
from guanxi.crisis.states import COUNTED, AlarmState, Cell
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check, check_everywhere
from guanxi.foundation.errors import Conflict, words_of
from guanxi.network.models import Node
from guanxi.network.states import Kind
from guanxi.records import services as records
from guanxi.vehicles.models import CarModel

PLACED = (Cell.OUTLET, Cell.MEDIA)  # the key is a place


def watch(*, actor: Actor, at: datetime.datetime) -> int:
    """Count the complaints up to today and write an alarm for each rise that chance would hardly make: checks the
    right, waits for others, counts by set, decides by pure policy, writes them with the tasks to judge them, audits,
    publishes AlarmRaised for each who judges. What has an open alarm, or had one
    within the days looked at, gets none: the same night again writes nothing. Return how many were written.

    :raises NotAllowed: the actor does not work for the whole network.
    """
    check_everywhere(actor, Verb.HANDLE)
    with db.atomic():
        db.serialise("crisis.watch")
        day = clock.day_of(at)
        terms = alarms.terms(day)
        if terms is None:
            return 0
        found = [
            (cell, item) for cell in COUNTED for item in counting.counted(cell, day, terms.window_days, terms.base_days)
        ]
        rises = policy.rises(
            [item for _cell, item in found], per_month=float(terms.per_month), least=terms.least
        )  # fmt: skip
        cells = {id(item): cell for cell, item in found}
        lately = alarms.lately(day - datetime.timedelta(days=terms.window_days))
        new = [(cells[id(rise.counted)], rise) for rise in rises]
        made = _write([(cell, rise) for cell, rise in new if (cell, rise.counted.key) not in lately], terms, day)
        asking.ask(made, at)
        if made:
            records.audit(
                actor=actor, verb="crisis.watch", subject_type=SUBJECT, subject_id=day.isoformat(),
                after={"alarms": [f"{row.cell} {row.key}" for row in made]},
            )  # fmt: skip
    return len(made)


def _write(rises: Sequence[tuple[Cell, Rise]], terms: Terms, day: datetime.date) -> list[Alarm]:
    top = Node.objects.filter(kind=Kind.GROUP).order_by("pk").values_list("pk", flat=True)[:1].get() if rises else 0
    names = _names(rises)
    return Alarm.objects.bulk_create(
        Alarm(
            cell=cell, key=rise.counted.key, label=names.get((cell, rise.counted.key), rise.counted.key)[:160],
            place_id=int(rise.counted.key) if cell in PLACED else top, day=day, seen=rise.counted.seen,
            before=rise.counted.before, exposure=rise.counted.exposure, exposure_before=rise.counted.exposure_before,
            expected=rise.counted.expected, chance=rise.chance, limit=rise.limit, cells=rise.cells,
            window_days=terms.window_days, base_days=terms.base_days,
        )
        for cell, rise in rises
    )  # fmt: skip


def watch_media(*, actor: Actor, place_id: int, at: datetime.datetime) -> Alarm | None:
    """Write an alarm if as many media reports about a place were published in the days looked at as the terms name:
    checks the right, waits for others, counts, writes it with the task to judge it, audits, publishes AlarmRaised for
    each who judges. A place that has an open alarm, or had one within these days, gets none.

    :raises NotAllowed: the actor does not work for the whole network.
    """
    check_everywhere(actor, Verb.HANDLE)
    with db.atomic():
        db.serialise("crisis.watch")
        day, key = clock.day_of(at), str(place_id)
        terms = alarms.terms(day)
        if terms is None:
            return None
        seen, before = alarms.reported(place_id, day, terms)
        lately = alarms.lately(day - datetime.timedelta(days=terms.window_days))
        if seen < terms.media_least or (Cell.MEDIA, key) in lately:
            return None
        counted = Counted(key, seen, before, float(terms.window_days), float(terms.base_days))
        row = _write([(Cell.MEDIA, policy.threshold(counted))], terms, day)[0]
        asking.ask([row], at)
        records.audit(
            actor=actor, verb="crisis.watch", subject_type=SUBJECT, subject_id=row.pk, subject_label=row.label,
            node_id=place_id, after={"alarms": [f"{row.cell} {row.key}"], "seen": seen},
        )  # fmt: skip
    return row


def _names(rises: Iterable[tuple[Cell, Rise]]) -> dict[tuple[Cell, str], str]:
    """Return what the things that rose are called."""
    wanted: dict[Cell, list[str]] = {cell: [] for cell in Cell}
    for cell, rise in rises:
        wanted[cell].append(rise.counted.key)
    return {
        **{(Cell.MODEL, str(row.pk)): row.name_zh for row in CarModel.objects.filter(pk__in=wanted[Cell.MODEL])},
        **{(Cell.MATTER, row.pk): row.name_zh for row in Category.objects.filter(pk__in=wanted[Cell.MATTER])},
        **{
            (cell, str(row.pk)): row.name_zh
            for cell in PLACED
            for row in (Node.objects.filter(pk__in=wanted[cell]) if wanted[cell] else ())
        },
    }


def open_repeated(*, actor: Actor, at: datetime.datetime) -> int:
    """Open a crisis for each complaint that normal handling does not remove: said again, or its solution rejected, as
    often as the terms say. Checks the right, finds them by set; each opening audits and publishes. Return how many.

    :raises NotAllowed: the actor does not work for the whole network.
    """
    check_everywhere(actor, Verb.OPEN)
    terms = alarms.terms(clock.day_of(at))
    found = alarms.repeated(terms) if terms else []
    opened = [opening.open_from_complaint(actor=actor, complaint_id=pk, is_repeated=True, at=at) for pk in found]
    return len([row for row in opened if row is not None])


def dismiss(*, actor: Actor, alarm_id: int, reason: str, at: datetime.datetime) -> Alarm:
    """Dismiss an alarm with a reason: locks, checks, writes, ends the task to judge it, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle crises there.
    :raises Conflict: it was decided already.
    :raises Invalid: no reason.
    """
    said = words_of(reason, "reason")
    with db.atomic():
        row = _locked(actor, alarm_id, Verb.HANDLE)
        row.state, row.reason = AlarmState.DISMISSED, said
        _decide(actor, row, Verb.HANDLE, at)
    return row


def open_crisis(*, actor: Actor, alarm_id: int, new: NewCrisis, at: datetime.datetime) -> Crisis:
    """Open a crisis from an alarm: locks, checks, opens it, writes which, ends the task to judge it, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not open crises there.
    :raises Conflict: it was decided already.
    :raises Invalid: something is none of what is offered.
    """
    with db.atomic():
        row = _locked(actor, alarm_id, Verb.OPEN)
        made = opening.open_crisis(actor=actor, new=new, at=at)
        row.state, row.crisis = AlarmState.CRISIS, made
        _decide(actor, row, Verb.OPEN, at)
    return made


def _locked(actor: Actor, alarm_id: int, verb: Verb) -> Alarm:
    row = db.lock(alarms.visible_to(actor), alarm_id)
    check(actor, verb, row.place_id)
    if row.state != AlarmState.OPEN:
        raise Conflict(_("This alarm was decided already."))
    return row


def _decide(actor: Actor, row: Alarm, verb: Verb, at: datetime.datetime) -> None:
    row.decided_at, row.decided_by = at, actor.name[:160]
    row.save()
    asking.end(row, at)
    acted = "crisis.dismiss" if verb == Verb.HANDLE else "crisis.open_from_alarm"
    records.audit(
        actor=actor, verb=acted, subject_type=SUBJECT, subject_id=row.pk, subject_label=row.label,
        node_id=row.place_id, after={"state": row.state, "reason": row.reason, "crisis": row.crisis_id},
    )  # fmt: skip
