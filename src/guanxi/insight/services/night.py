"""The nightly pass: facts into the datasets, states out of them, what changed back into the database."""

import datetime
from dataclasses import dataclass

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.columnar import Connection, run
from guanxi.foundation.errors import Invalid
from guanxi.foundation.values.months import later
from guanxi.insight import datasets
from guanxi.insight.models import Night, Touched
from guanxi.insight.services import effects, working
from guanxi.records import services as records

LOCK = "insight"
CAUGHT_UP = 7  # so many missed nights are worked out one by one


@dataclass(frozen=True)
class Passed:
    """What a pass did: the days it worked out, rows read into the datasets, rows and states changed."""

    days: tuple[datetime.date, ...]
    read: int
    owners: int
    cars: int
    changes: int
    effects: int


def pass_night(*, actor: Actor, day: datetime.date, at: datetime.datetime) -> Passed:
    """Work out what all owners and cars are on a day: waits for other passes, reads what changed into the datasets,
    works out and merges each day that is missing, counts, remembers the day, works out the effect of contact rules,
    audits. One transaction: killed, it leaves everything as it was, and the next begins anew; done twice, it changes
    nothing.

    The first pass also works out the day a month ago, so that there is something to compare with. Of missed nights the
    last seven are worked out one by one; the days on which states changed are those of the facts in any case.

    :raises Invalid: a later day was worked out already.
    """
    with db.atomic(), connection.cursor() as cursor:
        db.serialise(LOCK)
        last = Night.objects.order_by("-day").values_list("day", flat=True).first()
        if last is not None and day < last:
            raise Invalid(_("A later day was worked out already."), field="day")
        Touched.objects.all().delete()
        folder = datasets.place()
        with datasets.opened(folder) as duck:
            read = sum(datasets.export(cursor, duck, folder).values())
            run(duck, "DROP TABLE IF EXISTS delta")
            _read_small(cursor, duck)
            days = missing(last, day)
            done = [_work_out(duck, one, at, is_held=one == days[0] and last is not None) for one in days]
            changed = effects.work_out(duck, folder, days[-1])
        owners, cars, changes = (sum(column) for column in zip(*done, strict=True))
        passed = Passed(days, read, owners, cars, changes, changed)
        after = {name: getattr(passed, name) for name in ("read", "owners", "cars", "changes", "effects")}
        records.audit(
            actor=actor, verb="insight.pass_night", subject_type="night", subject_id=day.isoformat(), after=after
        )  # fmt: skip
    return passed


def missing(last: datetime.date | None, day: datetime.date) -> tuple[datetime.date, ...]:
    """Return the days to work out up to ``day`` when ``last`` was the last."""
    if last is None:
        return later(day, -1), day
    first = max(min(day, last + datetime.timedelta(days=1)), day - datetime.timedelta(days=CAUGHT_UP - 1))
    return tuple(first + datetime.timedelta(days=ahead) for ahead in range((day - first).days + 1))


def _read_small(cursor: CursorWrapper, duck: Connection) -> None:
    for fact in datasets.FACTS:
        if fact.small:
            path = datasets.root() / f"{fact.name}.csv"
            datasets.copy_out(cursor, fact.select, {}, path)
            datasets.read_in(duck, fact, path, fact.name)


def _work_out(duck: Connection, day: datetime.date, at: datetime.datetime, *, is_held: bool) -> tuple[int, int, int]:
    """Work out a day; what is held is known for the first one of a pass, before anything of it is merged."""
    folder = datasets.root()
    for fact in (*datasets.FACTS, *datasets.HELD):
        if not fact.small:
            datasets.view(duck, fact, day, datasets.files(fact, folder))
    working.lay_paces(duck)
    working.habits(duck, folder)
    working.prepare(duck, day)
    merged = working.merge(duck, folder, day, is_held=is_held)
    values = {"done_at": at, "owners": merged.owners, "cars": merged.cars, "changes": merged.changes}
    Night.objects.update_or_create(day=day, defaults=values)
    return merged.owners, merged.cars, merged.changes
