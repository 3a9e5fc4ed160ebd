"""Weather notices: giving one, withdrawing one."""

import datetime
from dataclasses import dataclass

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from guanxi.care.events import NoticeGiven, NoticeWithdrawn
from guanxi.care.models import Notice
from guanxi.care.permissions import Verb
from guanxi.care.queries import notices as queries
from guanxi.care.states.weather import Level, Weather
from guanxi.foundation import clock, db, divisions, events
from guanxi.foundation.actor import Actor, check, check_everywhere
from guanxi.foundation.errors import Conflict, Invalid
from guanxi.records import services as records

EARLIEST, LATEST, LONGEST = (datetime.timedelta(days=number) for number in (3, 15, 30))


@dataclass(frozen=True)
class NewNotice:
    """What a notice says. ``region``: a code of two digits (province) or four (city); empty: wherever they live."""

    kind: str
    starts_on: datetime.date
    ends_on: datetime.date
    region: str = ""
    level: str = ""
    words_zh: str = ""
    words_en: str = ""


def give_notice(*, actor: Actor, node_id: int | None, notice: NewNotice, at: datetime.datetime) -> Notice:
    """Write a notice for the customers of a place, or of all: checks the right there and what it says, writes, audits,
    publishes NoticeGiven, from which the rules on weather make their tasks.

    :raises NotAllowed: the actor may not give notices there.
    :raises Invalid: the weather, the region or the days cannot be.
    :raises Conflict: the same notice is there already.
    """
    _check(actor, node_id)
    _refuse(notice, clock.day_of(at))
    values = vars(notice) | {name: " ".join(getattr(notice, name).split()) for name in ("words_zh", "words_en")}
    row = Notice(node_id=node_id, author=actor.name[:160], made_at=at, **values)
    with db.atomic():
        try:
            with db.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            raise Conflict(_("This notice is there already."), field="kind") from error
        _audit(actor, Verb.GIVE_NOTICE, row)
        events.publish(NoticeGiven(row.pk))
    return row


def withdraw_notice(*, actor: Actor, notice_id: int, at: datetime.datetime) -> Notice:
    """Withdraw a notice: locks, checks, marks it, audits, publishes NoticeWithdrawn, which ends the tasks that have no
    other reason.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not give notices at its place.
    :raises Conflict: it was withdrawn already.
    """
    with db.atomic():
        _check(actor, queries.notice(actor, notice_id).node_id)
        row = db.lock(queries.visible_to(actor), notice_id)
        if row.withdrawn_at is not None:
            raise Conflict(_("This notice was withdrawn already."))
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
        _audit(actor, "care.withdraw_notice", row)
        events.publish(NoticeWithdrawn(row.pk))
    return row


def _check(actor: Actor, node_id: int | None) -> None:
    if node_id is None:
        check_everywhere(actor, Verb.GIVE_NOTICE)
    else:
        check(actor, Verb.GIVE_NOTICE, node_id)


def _refuse(notice: NewNotice, today: datetime.date) -> None:
    """Refuse a notice that cannot be.

    :raises Invalid: the first thing wrong, at its field.
    """
    wrong = (
        (notice.kind not in Weather.values, "kind", _("Choose one of the values offered.")),
        (notice.level not in {"", *Level.values}, "level", _("Choose one of the values offered.")),
        (bool(notice.region) and _unknown(notice.region), "region", _("There is no such region.")),
        (notice.ends_on < notice.starts_on, "ends_on", _("It ends before it begins.")),
        (
            not today - EARLIEST <= notice.starts_on <= today + LATEST, "starts_on",
            _("A notice begins at most three days ago and fifteen days ahead."),
        ),
        (notice.ends_on - notice.starts_on > LONGEST, "ends_on", _("A notice lasts thirty days at most.")),
    )  # fmt: skip
    for is_wrong, field, message in wrong:
        if is_wrong:
            raise Invalid(message, field=field)


def _unknown(region: str) -> bool:
    found = divisions.get(region)
    return found is None or found.level == divisions.Level.DISTRICT


def _audit(actor: Actor, verb: str, row: Notice) -> None:
    records.audit(
        actor=actor, verb=verb, subject_type="care.notice", subject_id=row.pk, subject_label=str(row),
        node_id=row.node_id, after={"kind": row.kind, "level": row.level, "region": row.region,
        "starts_on": row.starts_on.isoformat(), "ends_on": row.ends_on.isoformat()},
    )  # fmt: skip
